// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"cmp"
	"maps"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// policy is what the filter means.
func (f *ScmpFilter) policy() *seccomp.Policy {
	p := &seccomp.Policy{Default: f.attributes.defaultAction, BadArch: f.attributes.badArchAction}
	for _, t := range f.tables {
		p.Arches = append(p.Arches, t.abi)
		p.Rules = append(p.Rules, t.policy(f.attributes.defaultAction)...)
	}
	return p
}

// policy is the rules of the ABI: first the calls that have conditions, then the others,
// by action.
func (t *table) policy(defaultAction seccomp.Action) []seccomp.Rule {
	var rules []seccomp.Rule
	whole := map[seccomp.Action][]uint32{}
	calls := t.numbered(defaultAction)
	for _, nr := range slices.Sorted(maps.Keys(calls)) {
		if picks := calls[nr]; always(picks) {
			whole[picks[0].action] = append(whole[picks[0].action], nr)
			continue
		}
		for _, p := range ordered(calls[nr], t.abi.Bits()) {
			rules = append(rules, seccomp.Rule{
				Arches: []arch.Arch{t.abi}, Numbers: []seccomp.Range{{From: nr, To: nr}}, Args: p.conds, Action: p.action,
			})
		}
	}
	for _, action := range slices.Sorted(maps.Keys(whole)) {
		rules = append(rules, seccomp.Rule{Arches: []arch.Arch{t.abi}, Numbers: ranges(whole[action]), Action: action})
	}
	return rules
}

// ranges are sorted numbers as ranges.
func ranges(numbers []uint32) (list []seccomp.Range) {
	for _, nr := range numbers {
		if last := len(list) - 1; last >= 0 && list[last].To == nr-1 {
			list[last].To = nr
			continue
		}
		list = append(list, seccomp.Range{From: nr, To: nr})
	}
	return list
}

// numbered are the rules of the ABI by number, with those that stand for calls made
// through socketcall(2) and ipc(2).
func (t *table) numbered(defaultAction seccomp.Action) map[uint32][]pick {
	calls := map[uint32][]pick{}
	var through []call
	for c, picks := range t.calls {
		if c.direct {
			calls[c.nr] = picks
		}
		if c.mux != "" {
			through = append(through, c)
		}
	}
	slices.SortFunc(through, func(a, b call) int {
		return cmp.Or(cmp.Compare(a.mux, b.mux), cmp.Compare(a.sub, b.sub))
	})
	for _, c := range through {
		nr, _ := t.abi.Number(c.mux)
		action := strictest(t.calls[c], defaultAction)
		if action == defaultAction || always(calls[nr]) {
			continue
		}
		calls[nr] = append(slices.Clip(calls[nr]), pick{[]seccomp.Arg{c.chooses()}, action})
	}
	return calls
}

// chooses is the condition on the multiplexer's first argument that chooses the call. The
// kernel reads 32 bits of socketcall's and 16 of ipc's.
func (c call) chooses() seccomp.Arg {
	mask := uint64(1<<32 - 1)
	if c.mux == "ipc" {
		mask = 1<<16 - 1
	}
	return seccomp.Arg{Op: seccomp.MaskedEQ, Value: uint64(c.sub), Mask: mask}
}

// strictest is the action of a call whose arguments cannot be seen: the most restrictive
// that any could get.
func strictest(picks []pick, defaultAction seccomp.Action) seccomp.Action {
	if always(picks) {
		return picks[0].action
	}
	action := defaultAction
	for _, p := range picks {
		if p.action.Rank() < action.Rank() {
			action = p.action
		}
	}
	return action
}
