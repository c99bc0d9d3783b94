// SPDX-License-Identifier: Apache-2.0

// Derive holds "sieve derive" to what programs really do: it builds the programs of the corpus,
// has each do what it is for, sees its calls with strace, with what sieve record
// is made of and, for arm64, with qemu-user's -strace, and compares them with the calls
// that were derived from the sources.
//
//	go run ./derive                        the table, as markdown
//	go run ./derive -all                   large programs as well
//	go run ./derive -write FILE            the table, in its place in a document
//	go run ./derive -only walker,caddy     some programs: words of their names
//
// A call that was seen and not derived fails. Nothing is written but in a temporary
// folder.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

func main() {
	watchIfAsked()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "derive:", err)
		os.Exit(1)
	}
}

func run() error {
	all := flag.Bool("all", false, "large programs as well")
	only := flag.String("only", "", "programs whose names have one of these words, separated by commas")
	arches := flag.String("arch", "amd64,arm64", "GOARCHs")
	sieve := flag.String("sieve", "", "the command; built if it is not named")
	write := flag.String("write", "", "put the table into this document")
	limit := flag.Duration("timeout", 30*time.Minute, "of everything together")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, unix.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, *limit)
	defer cancel()
	dir, err := os.MkdirTemp("", "derive")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b, err := newBench(ctx, dir, *sieve)
	if err != nil {
		return err
	}
	var rows []row
	var failed error
	for _, p := range chosen(*only, *all) {
		for goarch := range strings.SplitSeq(*arches, ",") {
			if p.large && goarch != "amd64" {
				continue
			}
			r, err := b.measure(p, goarch)
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("%s, %s: %w", p.name, goarch, err))
				continue
			}
			fmt.Fprintln(os.Stderr, r)
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 && failed == nil {
		return errors.New("no such program")
	}
	if failed != nil || *write == "" {
		fmt.Print(table(rows))
		return failed
	}
	return writeTable(*write, rows)
}

// chosen are the programs that the flags name.
func chosen(only string, all bool) []program {
	words := strings.FieldsFunc(only, func(r rune) bool { return r == ',' })
	return slices.DeleteFunc(slices.Clone(programs), func(p program) bool {
		if len(words) == 0 {
			return p.large && !all
		}
		return !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(p.name, w) })
	})
}
