// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
)

// A mutant is a program that makes one rare call in a way of its own, and what deriving
// must say of it: derive/testdata/mutants/expect.tsv, whose head has the meaning of each field.
type mutant struct {
	name         string
	arches       []string
	flags        map[string]string
	expect, made string
	hole         string // what deriving does not do yet, or "-"
}

// call is the rare call.
func (m mutant) call() string {
	if _, call, ok := strings.Cut(m.expect, ":"); ok {
		return call
	}
	return "acct"
}

// title is the name, with the tag if there is one.
func (m mutant) title() string { return strings.TrimSuffix(m.name+"."+m.flags["tags"], ".") }

func readMutants(file string) ([]mutant, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []mutant
	scanner := bufio.NewScanner(f)
	for n := 1; scanner.Scan(); n++ {
		if strings.HasPrefix(scanner.Text(), "#") {
			continue
		}
		m, err := parseMutant(scanner.Text())
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, n, err)
		}
		list = append(list, m)
	}
	return list, scanner.Err()
}

func parseMutant(text string) (mutant, error) {
	fields := strings.Split(text, "\t")
	if len(fields) != 6 {
		return mutant{}, fmt.Errorf("%d fields, want 6", len(fields))
	}
	m := mutant{name: fields[0], arches: strings.Split(fields[1], ","), flags: map[string]string{}, expect: fields[3], made: fields[4], hole: fields[5]}
	kind, _, _ := strings.Cut(m.expect, ":")
	switch {
	case !slices.Contains([]string{"call", "seen", "unknown", "absent", "may", "exec", "cgo", "plugin"}, kind):
		return mutant{}, fmt.Errorf("%s: expects %q", m.name, m.expect)
	case !slices.Contains([]string{"yes", "no", "maybe"}, m.made):
		return mutant{}, fmt.Errorf("%s: made is %q, want yes, no or maybe", m.name, m.made)
	}
	for flag := range strings.SplitSeq(fields[2], ",") {
		if key, value, ok := strings.Cut(flag, "="); ok {
			m.flags[key] = value
		} else if flag != "-" {
			return mutant{}, fmt.Errorf("%s: flag %q", m.name, flag)
		}
	}
	return m, nil
}
