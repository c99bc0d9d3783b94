// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
)

// table is the rows as markdown. What a machine decides stands in the last columns.
func table(rows []row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| program | GOARCH | calls derived | unknown places | missing | calls recorded | surplus | functions reachable | s | MB |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "%s %d | %d | %d | %.1f | %d |\n", r.fixed(), len(r.recorded), r.surplus(), r.functions, r.cost.processor.Seconds(), r.cost.memory>>20)
	}
	return b.String()
}

// fixed are the columns that are the same on every machine with one release of Go.
func (r row) fixed() string {
	return fmt.Sprintf("| %s | %s | %d | %d | %d |", r.program, r.goarch, len(r.derived), len(r.unknown), len(r.missing))
}

// What is measured stands in the document between comments, of which the first says what
// writes it.
const (
	tableBegins  = "<!-- go run ./derive -all -write ../docs/derive.md -->\n"
	holesBegin   = "<!-- go test ./derive -run TestHoles -update -->\n"
	updateBegins = "<!-- go test ./derive -run TestUpdate -update -->\n"
	sectionEnds  = "<!-- end -->\n"
)

// writeTable puts the table in its place in a document.
func writeTable(file string, rows []row) error {
	return replaceSection(file, tableBegins, fmt.Sprintf("\nWith %s:\n\n%s\n", rows[0].version, table(rows)))
}

// replaceSection puts a text between a comment and the next end.
func replaceSection(file, begins, section string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, ok := bytes.Cut(text, []byte(begins))
	_, after, ends := bytes.Cut(rest, []byte(sectionEnds))
	if !ok || !ends {
		return fmt.Errorf("%s: no place for what follows %q", file, begins)
	}
	return os.WriteFile(file, append([]byte(string(before)+begins+section+sectionEnds), after...), 0o644)
}

// holes are the mutants that derive does not find yet, as a list.
func holes(list []mutant) string {
	var b strings.Builder
	for _, m := range list {
		if m.hole != "-" {
			fmt.Fprintf(&b, "- %s (`%s`)\n", m.hole, m.name)
		}
	}
	return b.String()
}
