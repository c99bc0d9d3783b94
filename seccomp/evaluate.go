// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"slices"

	"github.com/gosieve/sieve/arch"
)

// Decision is an action and what decided it.
type Decision struct {
	Action Action
	By     Decider
	Rule   int // index into Policy.Rules, where By is ByRule; else -1
}

// Decider is the part of a policy that decided.
type Decider uint8

// The parts of a policy, in the order in which they are asked.
const (
	ByBadArch Decider = iota // the call's ABI is not listed
	ByRule                   // a rule matched
	ByDefault                // none did
)

// Evaluate says what the policy means for a call. It is the specification that
// the compiler, the interpreter, the prover and the kernel are held to. The kernel asks
// no filter about uretprobe and uprobe of x86_64 (335 since Linux 6.14, 336 since
// 6.18, and in some older ones that the change went back to; kernel/seccomp.c).
func (p *Policy) Evaluate(c *Call) Action { return p.Explain(c).Action }

// Explain is Evaluate and says what decided. Where it comes upon a rule that
// Validate refuses, the answer is KillProcess; so it is if the policy is nil. A nil
// call is the zero one.
func (p *Policy) Explain(c *Call) Decision {
	if p == nil {
		return Decision{KillProcess, ByBadArch, -1}
	}
	if c == nil {
		c = new(Call)
	}
	abi, ok := arch.Of(c.Audit, c.Nr)
	if !ok || !slices.Contains(p.Arches, abi) {
		return Decision{p.BadArch, ByBadArch, -1}
	}
	for i := range p.Rules {
		r := &p.Rules[i]
		if !r.Names(abi, c.Nr) {
			continue
		}
		if r.check(arch.Known) != nil {
			return Decision{KillProcess, ByRule, i}
		}
		if r.holds(abi, c) {
			return Decision{r.Action, ByRule, i}
		}
	}
	return Decision{p.Default, ByDefault, -1}
}

// Names says whether the rule speaks of the ABI's call nr, with some arguments or all.
func (r *Rule) Names(abi arch.Arch, nr uint32) bool {
	if r == nil {
		return false
	}
	if len(r.Arches) > 0 && !slices.Contains(r.Arches, abi) {
		return false
	}
	return slices.ContainsFunc(r.Syscalls, func(name string) bool {
		n, ok := abi.Number(name)
		return ok && n == nr
	}) || slices.ContainsFunc(r.Numbers, func(n Range) bool {
		return n.From <= nr && nr <= n.To
	})
}

// holds says whether all of the rule's conditions do.
func (r *Rule) holds(abi arch.Arch, c *Call) bool {
	for i := range r.Args {
		if !r.Args[i].holds(abi, c) {
			return false
		}
	}
	return true
}

func (a *Arg) holds(abi arch.Arch, c *Call) bool {
	x := c.Args[a.Index]
	if a.Narrow || abi.Bits() == 32 {
		x &= 0xffffffff
	}
	switch a.Op {
	case EQ:
		return x == a.Value
	case NE:
		return x != a.Value
	case LT:
		return x < a.Value
	case LE:
		return x <= a.Value
	case GT:
		return x > a.Value
	case GE:
		return x >= a.Value
	}
	return x&a.Mask == a.Value&a.Mask // MaskedEQ: check has refused all else
}
