// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// A row is what is known of a program on an architecture.
type row struct {
	program, goarch string
	recorded        []string
	without         []string // why a way of recording was not gone
}

func (b *bench) measure(p program, goarch string) (row, error) {
	r := row{program: p.name, goarch: goarch}
	binary := filepath.Join(b.dir, "program-"+goarch)
	if err := b.build(filepath.Join(b.root, p.dir), p.pkg, goarch, "", binary); err != nil {
		return r, err
	}
	seen, without, err := b.seen(p, binary, goarch)
	r.recorded, r.without = names(seen), without
	return r, err
}

func (r row) String() string {
	return fmt.Sprintf("%s, %s: %d calls recorded: %s %s", r.program, r.goarch, len(r.recorded), strings.Join(r.recorded, " "), strings.Join(r.without, "; "))
}

func printTable(w io.Writer, rows []row) {
	fmt.Fprintln(w, "| program | GOARCH | recorded |\n|---|---|---|")
	for _, r := range rows {
		fmt.Fprintf(w, "| %s | %s | %d |\n", r.program, r.goarch, len(r.recorded))
	}
}
