// SPDX-License-Identifier: Apache-2.0

package grant

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/profile"
)

// waiting tries what a rule's includes and excludes wait for: capabilities to have
// or not to have, and a kernel.
func (f *changeFinder) waiting(i int) {
	doc := &f.p.Syscalls[i]
	applies, action := f.resolved(i)
	if applies == action.Runs() {
		return // it does all that it can
	}
	if !applies {
		f.meet(i, doc.Includes, doc.Excludes)
		return
	}
	f.fail(i, doc.Includes, doc.Excludes)
}

// meet makes a rule apply that would allow.
//
// includes asks for all of its capabilities, and excludes drops the rule on any: so all
// missing ones are granted and all excluded ones dropped, in one change. The place is the
// first name that asks for something.
func (f *changeFinder) meet(i int, includes, excludes *profile.Selector) {
	var grant, drop []string
	t := f.target
	t.Caps = slices.Clone(t.Caps)
	var texts []string
	kind, path := GrantCapability, ""
	if includes != nil {
		for j, c := range includes.Caps {
			if slices.Contains(t.Caps, c) {
				continue
			}
			if len(grant) == 0 {
				path = fmt.Sprintf("%s.includes.caps[%d]", resolution.RulePath(i), j)
			}
			grant = append(grant, c)
			t.Caps = append(t.Caps, c)
		}
	}
	if excludes != nil {
		for j, c := range excludes.Caps {
			if !slices.Contains(t.Caps, c) {
				continue
			}
			if path == "" {
				kind, path = DropCapability, fmt.Sprintf("%s.excludes.caps[%d]", resolution.RulePath(i), j)
			}
			drop = append(drop, c)
			t.Caps = slices.DeleteFunc(t.Caps, func(has string) bool { return has == c })
		}
	}
	if len(grant) > 0 {
		texts = append(texts, "grant "+strings.Join(grant, " and "))
	}
	if len(drop) > 0 {
		texts = append(texts, "drop "+strings.Join(drop, " and "))
	}
	if text := f.kernel(&t, includes, excludes); text != "" {
		texts = append(texts, text)
		if path == "" {
			kind, path = OtherKernel, resolution.RulePath(i)
		}
	}
	if len(texts) > 0 {
		f.aboutTarget(kind, texts, append(grant, drop...), t, f.place(path))
	}
}

// kernel moves the target to a kernel for which a rule is there, and says how.
//
// The nearest such kernel is the one that the document names, or the one before it.
func (f *changeFinder) kernel(t *profile.Target, includes, excludes *profile.Selector) string {
	if includes != nil && includes.MinKernel != nil && t.Kernel < *includes.MinKernel {
		t.Kernel = *includes.MinKernel
		return "run on Linux " + t.Kernel.String() + " or later"
	}
	if excludes != nil && excludes.MinKernel != nil && t.Kernel >= *excludes.MinKernel && *excludes.MinKernel > 1 {
		t.Kernel = before(*excludes.MinKernel)
		return "run on Linux before " + excludes.MinKernel.String()
	}
	return ""
}

// before is a version that is older than another.
//
// A Kernel is its two numbers as one, so before 5.0 that is 4.255: no release, but older
// than 5.0.
func before(k arch.Kernel) arch.Kernel { return k - 1 }

// fail makes a rule not apply that denies: one capability is enough.
//
// Each capability is a change of its own.
func (f *changeFinder) fail(i int, includes, excludes *profile.Selector) {
	if excludes != nil {
		for j, c := range excludes.Caps {
			if f.full() {
				return
			}
			t := f.target
			t.Caps = append(slices.Clip(t.Caps), c)
			at := f.place(fmt.Sprintf("%s.excludes.caps[%d]", resolution.RulePath(i), j))
			f.aboutTarget(GrantCapability, []string{"grant " + c}, []string{c}, t, at)
		}
	}
	if includes != nil {
		for j, c := range includes.Caps {
			if f.full() {
				return
			}
			t := f.target
			t.Caps = slices.DeleteFunc(slices.Clone(t.Caps), func(has string) bool { return has == c })
			at := f.place(fmt.Sprintf("%s.includes.caps[%d]", resolution.RulePath(i), j))
			f.aboutTarget(DropCapability, []string{"drop " + c}, []string{c}, t, at)
		}
	}
}

// aboutTarget tries another target. Its breadth is how many names of rules it
// brings in or takes out.
//
// A capability that sixty names of rules wait for is wider than one for two, and comes
// behind it.
func (f *changeFinder) aboutTarget(kind Kind, texts, caps []string, t profile.Target, place profile.Place) {
	change := Change{Kind: kind, Text: strings.Join(texts, ", and "), Place: place}
	if f.full() || f.known(&change) {
		return
	}
	for j, c := range caps {
		if j > 0 {
			change.JSON += "\n"
		}
		change.JSON += valueJSON(c)
	}
	there, _ := f.resolve(f.p, t)
	breadth := 0
	for j := range f.p.Syscalls {
		if applied(f.Resolution, j) != applied(there, j) {
			breadth += len(f.p.Syscalls[j].Names)
		}
	}
	f.try(classTarget, breadth, f.p, t, change)
}
