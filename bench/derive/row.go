// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// A row is what is known of a program on an architecture.
type row struct {
	program, goarch string
	version         string // of Go
	functions       int
	derived         []string
	unknown         []string
	executes        bool // derive names a place that starts other programs
	recorded        []string
	missing         []string // recorded and not derived: a hole
	without         []string // why a way of recording was not gone
	cost            cost
	confined        string // how the load ended under the profile, "passed" or why it was not run
}

// measure derives the calls of a program, runs it in all ways, and compares.
func (b *bench) measure(p program, goarch string) (row, error) {
	r, err := b.deriveRow(p, goarch)
	if err != nil {
		return r, err
	}
	binary := filepath.Join(b.dir, "program-"+goarch)
	if err := b.build(filepath.Join(b.root, p.dir), p.pkg, goarch, "", binary); err != nil {
		return r, err
	}
	seen, without, err := b.seen(p, binary, goarch)
	if err != nil {
		return r, err
	}
	r.without = without
	r.compare(seen)
	return r, errors.Join(r.wrong(p), b.confine(p, binary, goarch, &r))
}

// deriveRow has what the sources alone tell.
func (b *bench) deriveRow(p program, goarch string) (row, error) {
	r := row{program: p.name, goarch: goarch}
	d, err := b.derive(b.ctx, filepath.Join(b.root, p.dir), p.pkg, goarch)
	if err != nil {
		return r, err
	}
	if d.Functions == 0 {
		return r, fmt.Errorf("sieve derive: status %d\n%s", d.status, d.complaints)
	}
	r.version, r.functions, r.derived, r.cost = d.Go, d.Functions, names(d.calls()), d.cost
	for _, u := range d.Unknown {
		r.unknown = append(r.unknown, fmt.Sprintf("%s: %s (%s): %s", u.Function, u.File, u.Kind, u.Message))
	}
	r.executes = len(d.Children) > 0
	if open := len(d.Unknown)+len(d.Children) > 0; open != (d.status == 2) {
		return r, fmt.Errorf("status %d with %d unknown places and %d that start programs", d.status, len(d.Unknown), len(d.Children))
	}
	return r, nil
}

// compare notes what was seen and not derived.
func (r *row) compare(seen map[string]bool) {
	r.recorded = names(seen)
	derived := map[string]bool{}
	for _, name := range r.derived {
		derived[name] = true
	}
	r.missing = slices.DeleteFunc(slices.Clone(r.recorded), func(name string) bool { return derived[name] })
}

// surplus is how many calls were derived and not seen.
func (r *row) surplus() int { return len(r.derived) - (len(r.recorded) - len(r.missing)) }

// wrong is an error for a row that must not be.
func (r *row) wrong(p program) error {
	var err error
	if len(r.missing) > 0 {
		err = errors.Join(err, fmt.Errorf("seen and not derived: %s", strings.Join(r.missing, " ")))
	}
	if len(r.unknown) > 0 && p.open == "" {
		err = errors.Join(err, fmt.Errorf("unknown places in a pure Go program:\n\t%s", strings.Join(r.unknown, "\n\t")))
	}
	if len(r.unknown) == 0 && p.open != "" && r.goarch == "amd64" {
		err = errors.Join(err, fmt.Errorf("no unknown place any more: %s", p.open))
	}
	return err
}

// confine runs the load under the profile, with which any other call ends the process.
func (b *bench) confine(p program, binary, goarch string, r *row) error {
	if len(ways(goarch)) == 1 {
		r.confined = "not run: an emulator has no filters"
		return nil
	}
	profile, err := b.profile(b.ctx, p, goarch)
	if err != nil {
		return err
	}
	if _, err := b.record(p, binary, "", confining(b.sieve, profile)); err != nil {
		return err
	}
	r.confined = "passed"
	return nil
}

func (r row) String() string {
	return fmt.Sprintf("%s, %s: %d functions, %d calls derived, %d recorded, %d unknown; %.1f s, %d MB; under its profile: %s %s",
		r.program, r.goarch, r.functions, len(r.derived), len(r.recorded), len(r.unknown), r.cost.processor.Seconds(), r.cost.memory>>20, r.confined, strings.Join(r.without, "; "))
}
