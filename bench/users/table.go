// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// A row is a suite of a user's, or a value that was measured, on each side.
type row struct {
	user, what string
	results    []tally
	measured   []string
}

// printTable fails if something is worse with Sieve.
func printTable(w io.Writer, rows []row) error {
	fmt.Fprintf(w, "| user | what | libseccomp-golang on libseccomp %s | Sieve in its place |\n", installed())
	fmt.Fprintln(w, "|---|---|---|---|")
	worse := 0
	for _, row := range rows {
		cells := row.measured
		for _, t := range row.results {
			cells = append(cells, t.String())
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s |\n", row.user, row.what, cells[0], cells[1])
		for _, t := range row.results {
			if t.output != "" {
				fmt.Fprintf(os.Stderr, "%s, %s:\n%s\n", row.user, row.what, t.output)
			}
		}
		if len(row.results) > 0 && row.results[1].worse(row.results[0]) {
			worse++
		}
	}
	if worse > 0 {
		return fmt.Errorf("%d suites are worse with Sieve", worse)
	}
	return nil
}

// installed is the version of the C library.
func installed() string {
	out, err := exec.Command("pkg-config", "--modversion", "libseccomp").Output()
	if err != nil {
		return "(version unknown)"
	}
	return strings.TrimSpace(string(out))
}
