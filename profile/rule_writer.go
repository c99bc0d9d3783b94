// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/seccomp"
)

// ruleWriter writes a policy's rules.
//
// It turns parts into rules of a seccomp.Policy, which decides by the first rule that
// matches. Parts that a rule without conditions shadows are left out for the ABIs where
// it does.
type ruleWriter struct {
	*resolver
	out     []seccomp.Rule
	names   arena[string]
	masks   []uint32 // of the names of the rule being written
	sets    []archSet
	through []companion
	told    [][2]uint32 // multiplexed calls that were reported
}

// archSet is a list of ABIs and the set that it stands for: bit a for arches[a].
type archSet struct {
	mask uint32
	list []arch.Arch
}

// prepare finds the numbers and calls that get rules beside those of the document, as
// writeRule asks for them.
func (w *ruleWriter) prepare() {
	w.out = make([]seccomp.Rule, 0, len(w.rules)+len(w.arches))
	most := 0
	for i := range w.rules {
		most = max(most, w.rules[i].Calls())
	}
	w.masks = make([]uint32, 0, most)
	w.findMissing()    // enosys.go
	w.findCompanions() // multiplexer.go
}

// writeRanked writes the rules by how restrictive they are: for a call with conditional
// rules the order is theirs, and another call has one rule.
//
// The sort is stable, so of two rules of one rank the first in the document decides, as
// RestrictOverlaps says.
func (w *ruleWriter) writeRanked() {
	order := make([]int, len(w.rules))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(w.rules[a].Action.Rank(), w.rules[b].Action.Rank())
	})
	for _, i := range order {
		w.writeRule(i)
	}
}

// writeRule writes a rule for the calls for which it counts.
//
// A rule for [socket, accept4] on x86 and s390x, where another rule decides socket on
// s390x, becomes two: socket on x86, and accept4 on both.
func (w *ruleWriter) writeRule(i int) {
	part := &w.rules[i]
	if part.Default {
		return
	}
	w.masks = w.masks[:0]
	shadowed := false
	for j := range part.Calls() {
		var here, lost uint32
		for a, ref := range w.index.Row(part, j) {
			if ref >= 0 {
				here |= 1 << a
				if !w.index.Entries[ref].Keeps(i) {
					lost |= 1 << a
				}
			}
		}
		mask := part.Arches & w.all() &^ lost // an ABI without the call is no reason for a list
		if here&^lost == 0 {
			mask = 0
		}
		shadowed = shadowed || lost != 0
		w.masks = append(w.masks, mask)
	}
	if shadowed {
		w.noteShadowed(i)
	}
	w.writeSets(part)
}

// writeSets writes a rule for each set of ABIs in masks, with the names and numbers that have
// it.
func (w *ruleWriter) writeSets(part *resolution.Part) {
	for j := range w.masks {
		mask := w.masks[j]
		if mask == 0 {
			continue
		}
		rule := seccomp.Rule{Arches: w.set(mask), Syscalls: w.having(part, mask), Args: part.Args, Action: part.Action}
		for k, nr := range part.Numbers {
			if w.masks[len(part.Names)+k] == mask {
				rule.Numbers = append(rule.Numbers, seccomp.Range{From: nr, To: nr})
			}
		}
		for k := range w.masks {
			if w.masks[k] == mask {
				w.masks[k] = 0
			}
		}
		w.appendRule(part.Doc, seccomp.Written, "", rule)
	}
}

// having is the names that have a mask. Where all have it they are the part's list.
func (w *ruleWriter) having(part *resolution.Part, mask uint32) []string {
	count := 0
	for _, m := range w.masks[:len(part.Names)] {
		if m == mask {
			count++
		}
	}
	if count == len(part.Names) {
		return part.Names
	}
	names := w.names.room(count)
	for k, name := range part.Names {
		if w.masks[k] == mask {
			names = append(names, name)
		}
	}
	return names
}

// appendRule adds a rule whose origin is a rule of the document, if doc is one. The reason
// and the note are those of its origin.
//
// sieve explain shows the origin, so each rule of the policy leads to the line of the
// document that it comes from.
func (w *ruleWriter) appendRule(doc int, reason seccomp.Reason, note string, rule seccomp.Rule) {
	rule.Origin = seccomp.Origin{Reason: reason, Note: note}
	if doc >= 0 {
		place := w.ruleAt(doc)
		rule.Origin.File, rule.Origin.Line, rule.Origin.Column = place.File, place.Line, place.Column
		if place.Line == 0 {
			rule.Origin.File, rule.Origin.Path = "", place.Path
		}
	}
	w.out = append(w.out, rule)
}

// writeHeld writes the rules equal to the default that keep ENOSYS or a companion from
// a call.
//
// A rule equal to the default is else not written, as the default says the same. Here it
// must stand before the range that gives ENOSYS, and before the companions.
func (w *ruleWriter) writeHeld() {
	for i := range w.rules {
		part := &w.rules[i]
		if !part.Default {
			continue
		}
		w.masks = w.masks[:0]
		any := false
		for j := range part.Calls() {
			mask := uint32(0)
			for a := range w.arches {
				ref := w.index.Of(part, j, a)
				if ref >= 0 && (w.missing[a].Contain(w.index.Entries[ref].Nr) || w.hasCompanions(a, part.Call(j))) {
					mask |= 1 << a
				}
			}
			any = any || mask != 0
			w.masks = append(w.masks, mask)
		}
		if any {
			w.writeSets(part)
		}
	}
}

// all is the set of all ABIs.
func (w *ruleWriter) all() uint32 { return 1<<len(w.arches) - 1 }

// set is the list of a set's ABIs: nil, which means all, for all.
//
// Equal sets share one list: a document has few, and hundreds of rules.
func (w *ruleWriter) set(mask uint32) []arch.Arch {
	if mask == w.all() {
		return nil
	}
	i := slices.IndexFunc(w.sets, func(s archSet) bool { return s.mask == mask })
	if i < 0 {
		list := make([]arch.Arch, 0, bits.OnesCount32(mask))
		for a, abi := range w.arches {
			if mask&(1<<a) != 0 {
				list = append(list, abi)
			}
		}
		i = len(w.sets)
		w.sets = append(w.sets, archSet{mask, list})
	}
	return w.sets[i].list
}
