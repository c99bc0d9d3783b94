// SPDX-License-Identifier: Apache-2.0

// Command arch writes arch/tables.go from the files in arch/data. It runs in the folder of
// package arch:
//
//	go generate ./arch
//
// Each .tsv file of arch/data is a table for people: one call a line, so that a change
// shows in a diff. The generated tables are for the program: names once for all ABIs, in
// one string; numbers, names and first kernels as small integers; a hash table of the
// names whose slots are computed here. They need no work when a program starts, and about
// 75 kB of a binary.
//
// It reads only what stands in the tree. It checks the form of every row, and that no name
// and no argument stands twice; whether the facts are true is for the tests of package
// arch (TestTablesOfReference, TestNumber).
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run("data", "tables.go"); err != nil {
		fmt.Fprintln(os.Stderr, "generate arch:", err)
		os.Exit(1)
	}
}

// run reads the folder data and writes the Go file out.
func run(data, out string) error {
	s, err := read(data)
	if err != nil {
		return err
	}
	text, err := s.source()
	if err != nil {
		return err
	}
	return os.WriteFile(out, text, 0o644)
}
