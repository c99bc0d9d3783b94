// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// unnamed writes a policy with another answer for the numbers that no kernel has, since
// many dialects have rules by name only. It tries answers in turn and takes the first
// that can be written. If none can, the error is the first that is about something else,
// or the given one.
func unnamed(d *document.Contract, p *seccomp.Policy, o Options, err error) ([]byte, error) {
	var first error
	for _, a := range answers(d, p) {
		q := answering(p, a)
		doc, failed := d.Write(q, o.writing())
		var e *profile.UnsayableError
		switch {
		case failed == nil:
			note, failed := change(p, q)
			if failed != nil {
				return nil, failed
			}
			o.Unnamed(note)
			return doc, nil
		case !errors.As(failed, &e):
			return nil, failed
		case first == nil:
			first = failed
		}
	}
	if first == nil {
		return nil, err
	}
	return nil, first
}

// answers are the answers to try: the tool's own, and those of the policy that deny.
// Where no document can choose another answer, the tool's comes first.
func answers(d *document.Contract, p *seccomp.Policy) []seccomp.Action {
	var list []seccomp.Action
	var own seccomp.Action
	always := false
	if d.Unnamed != nil {
		if own, always = d.Unnamed(document.Machine(p)); always {
			list = append(list, own)
		}
	}
	for _, s := range unnamedOf(p) {
		if s.action.Denies() && !slices.Contains(list, s.action) {
			list = append(list, s.action)
		}
	}
	if d.Unnamed != nil && !slices.Contains(list, own) {
		list = append(list, own)
	}
	return list
}

// answering returns the policy with one action for all numbers that no kernel has and
// that it denies. Only denials are replaced, and by denials: no such number begins to
// run. The number -1 is an exception, as it is no call on any ABI: a tracer writes it to
// skip a call.
func answering(p *seccomp.Policy, a seccomp.Action) *seccomp.Policy {
	q := *p
	q.Rules = nil
	for _, s := range unnamedOf(p) {
		if s.action != a && (s.action.Denies() || s.numbers.From == 1<<32-1) {
			q.Rules = append(q.Rules, seccomp.Rule{Arches: []arch.Arch{s.abi}, Numbers: []seccomp.Range{s.numbers}, Action: a})
		}
	}
	q.Rules = append(q.Rules, p.Rules...)
	return &q
}

// span is a range of numbers of an ABI that have no name and that a policy decides alike.
type span struct {
	abi     arch.Arch
	numbers seccomp.Range
	action  seccomp.Action
}

// unnamedOf returns the numbers without a name in spans, without those that have conditions:
// a dialect that has no numbers cannot say those at all.
func unnamedOf(p *seccomp.Policy) []span {
	var list []span
	for _, a := range p.Arches {
		bounds := edges(p, a)
		for i, from := range bounds {
			to := uint64(1<<32 - 1)
			if i+1 < len(bounds) {
				to = bounds[i+1] - 1
			}
			numbers := seccomp.Range{From: uint32(from), To: uint32(to)}
			if _, named := a.Name(numbers.From); named {
				continue
			}
			if action, ok := decided(p, a, numbers.From); ok {
				list = append(list, span{a, numbers, action})
			}
		}
	}
	return list
}

// edges are the numbers at which a decision may begin: 0, each number with a name and the
// one behind it, and the ends of the policy's ranges. Between two neighbours all is
// decided alike.
func edges(p *seccomp.Policy, a arch.Arch) []uint64 {
	list := []uint64{0, 1<<32 - 1}
	add := func(from, to uint32) { list = append(list, uint64(from), uint64(to)+1) }
	for nr := range a.Calls() {
		add(nr, nr)
	}
	for i := range p.Rules {
		for _, n := range p.Rules[i].Numbers {
			add(n.From, n.To)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return slices.DeleteFunc(list, func(n uint64) bool { return n == 1<<32 })
}

// decided returns the action for a number; it is false if that has conditions. The first rule
// that names the number is enough, as in Policy.Evaluate.
func decided(p *seccomp.Policy, a arch.Arch, nr uint32) (seccomp.Action, bool) {
	for i := range p.Rules {
		if r := &p.Rules[i]; r.Names(a, nr) {
			return r.Action, len(r.Args) == 0
		}
	}
	return p.Default, true
}

// unnamedCode is the code of what Options.Unnamed gets.
const unnamedCode profile.Code = "convert-unnamed"

// change says what differs between a policy and the one that was written in its place. The
// proof finds the differences, so the message is what is true, not what was intended.
func change(p, q *seccomp.Policy) (profile.Diagnostic, error) {
	var abis []string
	was := map[string][]string{} // by what they get
	for d, err := range proof.Diff(proof.Of(p), proof.Of(q)) {
		if err != nil {
			return profile.Diagnostic{}, err
		}
		if len(d.Names) > 0 {
			return profile.Diagnostic{}, fmt.Errorf("dialect: %v is not about numbers alone", d) // which does not happen
		}
		if a, b := d.A.String(), d.B.String(); !slices.Contains(was[b], a) {
			was[b] = append(was[b], a)
		}
		if s := d.ABI.String(); !slices.Contains(abis, s) {
			abis = append(abis, s)
		}
	}
	var kinds []string
	for _, b := range slices.Sorted(maps.Keys(was)) {
		kinds = append(kinds, b+" instead of "+strings.Join(was[b], " or "))
	}
	return profile.Diagnostic{Severity: profile.Info, Code: unnamedCode, Message: fmt.Sprintf(
		"numbers that no kernel up to %v has, on %s, get %s", arch.Newest, strings.Join(abis, ", "), strings.Join(kinds, ", "))}, nil
}
