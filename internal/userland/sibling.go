// SPDX-License-Identifier: Apache-2.0

package userland

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// Detour is a call that does what rules keep another from doing, by the argument that
// they look at.
type Detour struct {
	ABI      arch.Arch
	Aspect   *Aspect
	From, To Seen         // the call with rules, and the one that goes round them
	Denied   seccomp.Call // a call that the rules deny
	Witness  seccomp.Call // and one that does the same
}

// Unseen says whether no rule could look at what the other call does.
func (d *Detour) Unseen() bool { return d.To.On(d.ABI) == Hidden }

// Detours are those of a policy, on an ABI with kernels up to one (0: any).
//
// Looking for denied calls takes the square of the number of conditions on one call. Spend
// counts such steps and is false when no more are to be made: whole is false then, and there
// may be more detours.
func Detours(p *seccomp.Policy, abi arch.Arch, kernel arch.Kernel, spend func(steps int) bool) (list []Detour, whole bool) {
	for i := range Aspects {
		t := &Aspects[i]
		for _, from := range t.In {
			if from.On(abi) == Hidden {
				continue
			}
			if !spend(0) {
				return list, false
			}
			denied, ok := t.kept(p, abi, from, spend)
			if !ok {
				continue
			}
			for _, to := range t.In {
				if to.Call == from.Call || slices.ContainsFunc(list, func(d Detour) bool { return d.From.Call == from.Call && d.To.Call == to.Call }) {
					continue
				}
				d := Detour{ABI: abi, Aspect: t, From: from, To: to, Denied: denied}
				if d.open(p, kernel) {
					list = append(list, d)
				}
			}
		}
	}
	return list, spend(0)
}

// open says whether the other call does what is denied, and makes a witness of it.
//
// The witness has the denied value in its own argument and 0 in all others, and it must
// run.
func (d *Detour) open(p *seccomp.Policy, kernel arch.Kernel) bool {
	o := OutcomesOf(p, d.ABI, d.To.Call)
	if o == nil {
		return false
	}
	nr, _ := d.ABI.Number(d.To.Call)
	if kernel != 0 && max(d.ABI.Since(nr), d.To.since) > kernel {
		return false
	}
	d.Witness = seccomp.Call{Audit: d.ABI.Audit(), Nr: nr}
	if at := d.To.On(d.ABI); at != Hidden {
		d.Witness.Args[at] = d.Denied.Args[d.From.On(d.ABI)]
	}
	return p.Evaluate(&d.Witness).Runs()
}

// kept is a call that is denied for the aspect's sake: with another value in its
// argument it is allowed.
func (t *Aspect) kept(p *seccomp.Policy, abi arch.Arch, s Seen, spend func(steps int) bool) (denied seccomp.Call, ok bool) {
	o := OutcomesOf(p, abi, s.Call)
	at := s.On(abi)
	nr, _ := abi.Number(s.Call)
	own := o.policy(abi, nr)
	for i := range o {
		values := t.values(o[i].Args, at)
		if len(values) == 0 {
			continue
		}
		if !spend(len(values) * len(o)) {
			return denied, false
		}
		call := seccomp.Call{Audit: abi.Audit(), Nr: nr, Args: meeting(o[i].Args)}
		found, allowed := false, false
		for _, v := range values {
			call.Args[at] = v
			switch {
			case own.Evaluate(&call).Runs():
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

// values are those on both sides of what conditions say of an argument, so that a condition
// is met by some of them and not by others.
//
// For EQ 8 these are 8, 9, 7, all bits but 8, the lowest bit of the mask, and 0. Only bits of
// the aspect count: namespaces are some bits of clone's flags.
func (t *Aspect) values(args []seccomp.Arg, index int) []uint64 {
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

// Open are the calls of a family that are allowed whatever their arguments. A call that some
// rule denies, even for some arguments only, is taken for what is meant. Calls that came with
// a later kernel than the target's are left out: there they do not run.
func (f *Family) Open(p *seccomp.Policy, abi arch.Arch, kernel arch.Kernel) []string {
	var list []string
	for _, name := range slices.Concat(f.Calls, f.also) {
		o := OutcomesOf(p, abi, name)
		nr, _ := abi.Number(name)
		if o == nil || kernel != 0 && abi.Since(nr) > kernel || o.Some(func(a seccomp.Action) bool { return !a.Runs() }) {
			continue
		}
		list = append(list, name)
	}
	return list
}
