// SPDX-License-Identifier: Apache-2.0

package review

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Which rules decide a set of calls is found by asking the policy about calls of the set:
// the witnesses of its regions and, for each rule that names the call, one that the rule's
// conditions and the set's have in common. So each rule that is named does decide for a call.
// A rule can be missed if rules before it take the calls that are tried.

// mostRules is how many rules of a call are tried. Docker's default has 30 for socket; a
// document with thousands is told by those that come first.
const mostRules = 256

// Side is one of the two: a policy, with what its rules come from, or a filter.
type Side struct {
	Policy *seccomp.Policy
	Filter seccomp.Filter
}

// Of is the side as package proof takes it.
func (s Side) Of() proof.Side {
	if s.Policy != nil {
		return proof.Of(s.Policy)
	}
	return proof.Of(s.Filter)
}

// computes says whether a filter has an instruction that returns what was computed.
func (s Side) computes() bool {
	for _, program := range s.Filter {
		for _, i := range program {
			if i.Op&0x1f == 0x16 { // BPF_RET | BPF_A
				return true
			}
		}
	}
	return false
}

// deciders finds which rules of a policy decide for calls of one ABI.
type deciders struct {
	policy *seccomp.Policy
	abi    arch.Arch
	named  map[uint32][]int // rules by number, in order
	ranges []int            // rules that have Numbers
	left   *int             // how many rules may still be asked
}

// newDeciders reads the rules for an ABI; nil for a filter.
func newDeciders(s Side, abi arch.Arch, left *int) *deciders {
	if s.Policy == nil {
		return nil
	}
	d := &deciders{policy: s.Policy, abi: abi, named: map[uint32][]int{}, left: left}
	if !slices.Contains(s.Policy.Arches, abi) {
		return d
	}
	for i := range s.Policy.Rules {
		r := &s.Policy.Rules[i]
		if len(r.Arches) > 0 && !slices.Contains(r.Arches, abi) {
			continue
		}
		for _, name := range r.Syscalls {
			nr, ok := abi.Number(name)
			if list := d.named[nr]; ok && (len(list) == 0 || list[len(list)-1] != i) {
				d.named[nr] = append(list, i)
			}
		}
		if len(r.Numbers) > 0 {
			d.ranges = append(d.ranges, i)
		}
	}
	return d
}

// rules are those of the policy that are about one call, as a policy that means the same for
// it and is faster to ask, and their indices in the whole.
func (d *deciders) rules(nr uint32) (*seccomp.Policy, []int) {
	at := slices.Clone(d.named[nr])
	for _, i := range d.ranges {
		if d.policy.Rules[i].Names(d.abi, nr) {
			at = append(at, i)
		}
	}
	slices.Sort(at)
	at = slices.Compact(at)
	p := *d.policy
	p.Rules = make([]seccomp.Rule, len(at))
	for j, i := range at {
		p.Rules[j] = d.policy.Rules[i]
		p.Rules[j].Syscalls, p.Rules[j].Numbers = nil, []seccomp.Range{{From: nr, To: nr}}
	}
	return &p, at
}

// answer is who decides for the calls of a subject, the first region's witness first.
func (d *deciders) answer(action seccomp.Action, s *subject) Answer {
	a := Answer{Action: action}
	if d == nil {
		return a
	}
	q := inquiry{deciders: d, answer: &a, seen: map[int]bool{}}
	q.about(s.regions)
	// Other numbers without a name may have other rules.
	for _, nr := range d.firsts(s.numbers) {
		regions := slices.Clone(s.regions)
		for i := range regions {
			regions[i].witness.Nr = nr
		}
		if meets(regions[0].where, &regions[0].witness) {
			q.about(regions)
		}
	}
	slices.Sort(a.Others)
	return a
}

// firsts are numbers at which other rules may begin to decide.
func (d *deciders) firsts(ranges []seccomp.Range) []uint32 {
	var list []uint32
	for _, r := range ranges {
		list = append(list, r.From)
		for _, i := range d.ranges {
			for _, n := range d.policy.Rules[i].Numbers {
				if r.From < n.From && n.From <= r.To {
					list = append(list, n.From)
				}
				if r.From <= n.To && n.To < r.To {
					list = append(list, n.To+1)
				}
			}
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return list[:min(len(list), mostRules)]
}

// inquiry asks a policy about calls, and writes down who decides.
type inquiry struct {
	*deciders
	answer *Answer
	seen   map[int]bool // rules
}

// about asks about regions of one number, until all have been seen that can decide for them.
func (q *inquiry) about(regions []region) {
	p, at := q.rules(regions[0].witness.Nr)
	for i := range regions[:min(len(regions), mostRules)] {
		q.ask(p, at, &regions[i].witness)
	}
	var open []int // rules of p that may decide for some
	for j := range p.Rules {
		if r := &p.Rules[j]; len(open) < mostRules && !q.seen[at[j]] && alike(r.Action, q.answer.Action) {
			open = append(open, j)
		}
		if len(p.Rules[j].Args) == 0 {
			break // it decides for all that is left
		}
	}
	for i := range regions[:min(len(regions), 16)] {
		for _, j := range open {
			if *q.left -= 16; *q.left < 0 { // what looking for a call costs
				break
			}
			if c, ok := common(&regions[i], &p.Rules[j], q.abi); ok {
				q.ask(p, at, c)
			}
		}
	}
	missing := alike(p.Default, q.answer.Action) && !q.seen[-1] || slices.ContainsFunc(open, func(j int) bool { return !q.seen[at[j]] })
	for i := range regions[:min(len(regions), 16)] {
		if missing {
			q.search(p, at, &regions[i])
		}
	}
}

// search asks about the calls of a region at which a rule may begin or end to hold, with one
// argument changed at a time.
func (q *inquiry) search(p *seccomp.Policy, at []int, r *region) {
	var values [6][]uint64
	for j := range p.Rules[:min(len(p.Rules), mostRules)] {
		for _, w := range Conditions(q.abi, p.Rules[j].Args) {
			for _, m := range w.Any {
				values[w.Index] = append(values[w.Index], m.From-1, m.From, m.To, m.To+1, m.From^m.Mask&-m.Mask)
			}
		}
	}
	for index, list := range values {
		slices.Sort(list)
		list = slices.Compact(list)
		for _, x := range list[:min(len(list), mostRules)] {
			c := r.witness
			c.Args[index] = x
			if meets(r.where, &c) {
				q.ask(p, at, &c)
			}
		}
	}
}

// alike says whether the kernel does the same for two answers; the second is as the
// prover gives it, without what the kernel does not read.
func alike(a, effective seccomp.Action) bool {
	switch a.Kind() {
	case seccomp.Errno(0):
		a = seccomp.Errno(min(a.Data(), seccomp.MaxErrno))
	case seccomp.Trap(0), seccomp.Trace(0):
	default:
		a = a.Kind()
	}
	return a == effective
}

// ask asks about one call. p has some of the policy's rules, and at says which.
func (q *inquiry) ask(p *seccomp.Policy, at []int, c *seccomp.Call) {
	if *q.left -= len(p.Rules) + 1; *q.left < 0 && q.answer.By != nil {
		return
	}
	decision := p.Explain(c)
	if decision.Rule >= 0 {
		decision.Rule = at[decision.Rule]
	}
	switch a := q.answer; {
	case a.By == nil:
		a.By = &decision
		if decision.Rule >= 0 {
			a.Origin = q.policy.Rules[decision.Rule].Origin
		}
	case q.seen[decision.Rule]:
	case decision.Rule >= 0:
		a.Others = append(a.Others, decision.Rule)
	default:
		a.Else = true
	}
	q.seen[decision.Rule] = true
}

// common is a call of a region that meets a rule's conditions, if one is found. Of each
// argument the values are tried at which a condition of either may begin or end.
func common(r *region, rule *seccomp.Rule, abi arch.Arch) (*seccomp.Call, bool) {
	c := r.witness
	where := slices.Concat(r.where, Conditions(abi, rule.Args))
	for index := range c.Args {
		var own []proof.Constraint
		for _, w := range where {
			if w.Index == index {
				own = append(own, w)
			}
		}
		try := func(x uint64) bool {
			c.Args[index] = x
			return meets(own, &c)
		}
		if !try(c.Args[index]) && !slices.ContainsFunc(candidates(own), try) {
			return nil, false
		}
	}
	return &c, true
}

// candidates are values at which conditions may begin or end, and what two of them have in
// common.
func candidates(list []proof.Constraint) []uint64 {
	const enough = 64
	values := []uint64{0}
	for _, w := range list {
		var next []uint64
		for _, r := range w.Any[:min(len(w.Any), enough)] {
			for _, x := range values[:min(len(values), enough)] {
				next = append(next, x&^r.Mask|r.From, x&^r.Mask|r.To)
			}
			next = append(next, r.From, r.To)
		}
		values = append(values, next...)
	}
	return values
}
