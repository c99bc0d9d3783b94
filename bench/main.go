// SPDX-License-Identifier: Apache-2.0

// Bench measures Sieve side by side with the other compilers of seccomp
// filters: the same documents, on the same machine, in the same run.
//
//	go run -tags seccomp .                     one table a workload
//	go run -tags seccomp . -workloads W1,W4    of some only
//	go run -tags seccomp . -plot ../docs       and plots
//	go run -tags seccomp . -dump DIR           every program, nothing measured
//
// README.md says what has to be installed and what the columns mean.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
)

type options struct {
	workloads, compilers   []string
	runs, attaches, slices int
	format, plot, dump     string
}

func main() {
	do := run
	if os.Getenv(childEnv) != "" {
		do = child
	}
	if err := do(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	o := flags()
	ws, err := workloads(o.workloads)
	if err != nil {
		return err
	}
	cs, err := compilers(o.compilers)
	if err != nil {
		return err
	}
	if o.dump != "" {
		return dump(o.dump, ws, cs)
	}
	r := report{Machine: machine()}
	if err := r.measure(o, ws, cs); err != nil {
		return err
	}
	if o.plot != "" {
		if err := plots(o.plot, r.Rows); err != nil {
			return err
		}
	}
	if o.format == "json" {
		e := json.NewEncoder(os.Stdout)
		e.SetIndent("", " ")
		return e.Encode(r)
	}
	return r.write(os.Stdout)
}

func flags() options {
	var o options
	list := func(to *[]string) func(string) error {
		return func(s string) error { *to = strings.Split(s, ","); return nil }
	}
	flag.Func("workloads", "`W1,W1m,..`: the workloads (default all)", list(&o.workloads))
	flag.Func("peers", "`sieve,libseccompO2,..`: the compilers (default all)", list(&o.compilers))
	flag.IntVar(&o.runs, "runs", 30, "how often each document is compiled")
	flag.IntVar(&o.attaches, "attaches", 30, "how many fresh children attach each filter; 0 leaves the kernel alone")
	flag.IntVar(&o.slices, "slices", 8, "slices of 4000 calls of each kind that each of these children makes")
	flag.StringVar(&o.format, "format", "markdown", "markdown or json")
	flag.StringVar(&o.plot, "plot", "", "write SVG plots into this `directory`")
	flag.StringVar(&o.dump, "dump", "", "write the programs into this `directory` and stop")
	flag.Parse()
	return o
}
