// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// detour is a call that does what rules keep another from doing, by the argument that
// they look at.
type detour struct {
	abi      arch.Arch
	aspect   *aspect
	from, to seen         // the call with rules, and the one that goes round them
	denied   seccomp.Call // a call that the rules deny
	witness  seccomp.Call // and one that does the same
}

// unseen says whether no rule could look at what the other call does.
func (d *detour) unseen() bool { return d.to.on(d.abi) == hidden }

// detours are those of a policy, on an ABI with kernels up to one (0: any).
func detours(p *seccomp.Policy, abi arch.Arch, kernel arch.Kernel) []detour {
	var list []detour
	for i := range aspects {
		t := &aspects[i]
		for _, from := range t.in {
			if from.on(abi) == hidden {
				continue
			}
			denied, ok := t.kept(p, abi, from)
			if !ok {
				continue
			}
			for _, to := range t.in {
				if to.call == from.call || slices.ContainsFunc(list, func(d detour) bool { return d.from.call == from.call && d.to.call == to.call }) {
					continue
				}
				d := detour{abi: abi, aspect: t, from: from, to: to, denied: denied}
				if d.open(p, kernel) {
					list = append(list, d)
				}
			}
		}
	}
	return list
}

// open says whether the other call does what is denied, and makes a witness of it.
func (d *detour) open(p *seccomp.Policy, kernel arch.Kernel) bool {
	o := outcomesOf(p, d.abi, d.to.call)
	if o == nil {
		return false
	}
	nr, _ := d.abi.Number(d.to.call)
	if kernel != 0 && max(d.abi.Since(nr), d.to.since) > kernel {
		return false
	}
	d.witness = seccomp.Call{Audit: d.abi.Audit(), Nr: nr}
	if at := d.to.on(d.abi); at != hidden {
		d.witness.Args[at] = d.denied.Args[d.from.on(d.abi)]
	}
	return p.Evaluate(&d.witness).Runs()
}

// kept is a call that is denied for the aspect's sake: with another value in its
// argument it is allowed.
func (t *aspect) kept(p *seccomp.Policy, abi arch.Arch, s seen) (denied seccomp.Call, ok bool) {
	o := outcomesOf(p, abi, s.call)
	at := s.on(abi)
	nr, _ := abi.Number(s.call)
	for i := range o {
		values := t.values(o[i].Args, at)
		if len(values) == 0 {
			continue
		}
		call := seccomp.Call{Audit: abi.Audit(), Nr: nr, Args: meeting(o[i].Args)}
		found, allowed := false, false
		for _, v := range values {
			call.Args[at] = v
			switch {
			case p.Evaluate(&call).Runs():
				allowed = true
			case !found && (t.bits == 0 || v&t.bits != 0):
				denied, found = call, true
			}
		}
		if found && allowed {
			return denied, true
		}
	}
	return denied, false
}

// values are those on both sides of what conditions say of an argument.
func (t *aspect) values(args []seccomp.Arg, index int) []uint64 {
	var list []uint64
	for _, a := range args {
		if a.Index != index {
			continue
		}
		value, mask := a.Value, ^uint64(0)
		if a.Op == seccomp.MaskedEQ {
			mask = a.Mask
		}
		for _, v := range []uint64{value, value + 1, value - 1, ^value & mask, mask & -mask, 0} {
			if t.bits != 0 {
				v &= t.bits
			}
			list = append(list, v)
		}
	}
	return list
}

// meeting are arguments for which conditions hold, as far as each is alone on its
// argument.
func meeting(args []seccomp.Arg) (list [6]uint64) {
	for _, a := range args {
		switch v := a.Value; a.Op {
		case seccomp.NE, seccomp.GT:
			list[a.Index] = v + 1
		case seccomp.LT:
			list[a.Index] = v - 1
		default:
			list[a.Index] = v
		}
	}
	return list
}
