// SPDX-License-Identifier: Apache-2.0

// Command arch writes the tables of package arch from the files in its folder
// data. It runs in that package's folder:
//
//	go generate ./arch
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
