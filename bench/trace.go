// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/seccompdata"
	"github.com/gosieve/sieve/seccomp"
)

// trace is what a program called, on x86_64.
type trace struct {
	Workload string `json:"workload"`
	Total    int    `json:"total"`
	Calls    []struct {
		Name    string      `json:"name"`
		Nr      uint32      `json:"nr"`
		Count   int         `json:"count"`
		Samples [][6]uint64 `json:"samples"`
	} `json:"calls"`
}

func traces() ([]trace, error) {
	files, err := fs.Glob(data, "testdata/traces/*.json")
	if err != nil {
		return nil, err
	}
	var list []trace
	for _, f := range files {
		raw, err := data.ReadFile(f)
		if err != nil {
			return nil, err
		}
		var t trace
		if err := json.Unmarshal(raw, &t); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		list = append(list, t)
	}
	return list, nil
}

// steps is the mean number of instructions that a recorded call executes. Each
// call weighs as often as it was made, its samples alike.
func (t *trace) steps(f seccomp.Filter) float64 {
	var sum float64
	for _, c := range t.Calls {
		if len(c.Samples) == 0 {
			continue
		}
		n := 0
		for _, args := range c.Samples {
			n += steps(f, &seccomp.Call{Audit: arch.X86_64.Audit(), Nr: c.Nr, Args: args})
		}
		sum += float64(c.Count) * float64(n) / float64(len(c.Samples))
	}
	return sum / float64(t.Total)
}

// steps is the number of instructions that a call executes in all programs.
func steps(f seccomp.Filter, c *seccomp.Call) int {
	d, n := seccompdata.Of(c.Audit, c.Nr, c.IP, &c.Args), 0
	for _, p := range f {
		p.Trace(&d, func(int) { n++ })
	}
	return n
}

// eligible says whether the kernel answers the call from its bitmap of constant
// actions, without running the filter.
func eligible(f seccomp.Filter, audit, nr uint32) bool {
	return !slices.ContainsFunc(f, func(p bpf.Program) bool { return !p.Constant(audit, nr) })
}
