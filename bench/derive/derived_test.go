// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestMutantsDerived holds derive to the table of mutants: a call in silence is a hole.
func TestMutantsDerived(t *testing.T) {
	b := testBench(t)
	for _, goarch := range []string{"amd64", "arm64"} {
		for _, m := range mutantsFor(t, goarch) {
			t.Run(m.title()+"/"+goarch, func(t *testing.T) {
				t.Parallel()
				var flags []string
				if tags := m.flags["tags"]; tags != "" {
					flags = []string{"--tags", tags}
				}
				d, err := b.derive(t.Context(), filepath.Join(b.root, "derive/testdata/mutants"), "./"+m.name, goarch, flags...)
				if err == nil {
					err = m.check(d)
				}
				switch {
				case m.hole != "-" && err != nil:
					t.Skip("a known hole: ", m.hole)
				case m.hole != "-":
					t.Errorf("no hole any more: expect.tsv and %s have it as %q", document, m.hole)
				case err != nil:
					t.Error(err)
				}
			})
		}
	}
}

// check compares a derivation with what is expected.
func (m mutant) check(d *derivation) error {
	found := d.calls()[m.call()]
	reported := len(d.Unknown) > 0 && d.status == 2
	kind, _, _ := strings.Cut(m.expect, ":")
	ok := true
	switch kind {
	case "call":
		ok = found && !reported
	case "seen":
		ok = found || reported
	case "unknown":
		ok = reported
	case "absent":
		ok = !found && d.status == 0 && d.Functions > 0
	case "may":
		ok = d.status == 0 && d.Functions > 0
	case "exec":
		ok = len(d.Children) > 0 && d.status == 2
	case "plugin":
		ok = reported && strings.Contains(d.complaints, "plugin")
	case "cgo":
		ok = d.status == 2 && strings.Contains(d.complaints, "example.com/mutants/dep/inc") && strings.Contains(d.complaints, "cgo")
	}
	if !ok {
		return fmt.Errorf("expected %s: found %t, %d unknown places, status %d\n%s", m.expect, found, len(d.Unknown), d.status, d.complaints)
	}
	return nil
}

// TestHoles has the document list what derive does not find.
func TestHoles(t *testing.T) {
	list, err := readMutants(filepath.Join(mutantsDir, "expect.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := replaceSection(document, holesBegin, holes(list)); err != nil {
			t.Fatal(err)
		}
	}
	if want := holesBegin + holes(list) + sectionEnds; !strings.Contains(documented(t), want) {
		t.Errorf("%s has not\n%s", document, want)
	}
}
