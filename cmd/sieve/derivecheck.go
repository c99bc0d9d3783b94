// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// check compares the program with a profile, over all calls (proof.Diff). What the program
// can do and the profile denies comes first, with its path, and makes the exit status 1.
// What the profile allows and the program cannot do follows.
func (d *derivation) check(ctx context.Context) error {
	var denied, unused []proof.Difference
	foreign := map[string]bool{} // ABIs that the program makes no calls through
	for x, err := range proof.Diff(proof.Of(d.policy), d.side, within(ctx, d.cmd)) {
		switch {
		case err != nil:
			return err
		case x.A.Runs() && !x.B.Runs():
			denied = append(denied, x)
		case x.B.Runs() && !x.A.Runs() && x.ABI == d.result.Arch:
			unused = append(unused, x)
		case x.B.Runs() && !x.A.Runs():
			foreign[x.ABI.String()] = true
		}
	}
	var b strings.Builder
	for i := range denied {
		d.denial(&b, &denied[i])
	}
	for i := range unused {
		fmt.Fprintf(&b, "unused: %s\n", where(&unused[i]))
	}
	for _, abi := range slices.Sorted(maps.Keys(foreign)) {
		fmt.Fprintf(&b, "unused: calls through %s: the program makes none\n", abi)
	}
	if err := writeDocument(d.cmd, []byte(b.String())); err != nil {
		return err
	}
	if err := d.open(); err != nil {
		return err
	}
	if len(denied) > 0 {
		return &statusError{statusNo, nil}
	}
	return nil
}

// denial writes what the profile denies, and how the program comes to it.
func (d *derivation) denial(b *strings.Builder, x *proof.Difference) {
	for _, name := range x.Names {
		c := d.result.Call(name)
		told := d.told[name]
		d.told[name] = true
		fmt.Fprintf(b, "denied: %s: the profile answers %v\n", conditions(name, x), x.B)
		if c == nil || len(c.Places) == 0 || told {
			continue
		}
		if !slices.Equal(c.Modules, []string{"std"}) {
			fmt.Fprintf(b, "  needed by %s\n", strings.Join(c.Modules, ", "))
		}
		b.WriteString(story(&c.Places[0], name))
	}
}

// conditions is a call with the arguments for which the two sides differ.
func conditions(name string, x *proof.Difference) string {
	for _, w := range x.Where {
		name += fmt.Sprintf(" if %v", w)
	}
	return name
}

// where is a set of calls in words.
func where(x *proof.Difference) string {
	if x.ABI == 0 || len(x.Names) == 0 {
		return fmt.Sprintf("calls of ABI %v, numbers %v", x.ABI, spans(x.Numbers))
	}
	return conditions(strings.Join(x.Names, " "), x)
}

func spans(list []seccomp.Range) string {
	var words []string
	for _, r := range list {
		if r.From == r.To {
			words = append(words, fmt.Sprint(r.From))
		} else {
			words = append(words, fmt.Sprintf("%d-%d", r.From, r.To))
		}
	}
	return strings.Join(words, ", ")
}
