// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/wording"
)

// ErrPolicy is what errors about an invalid policy wrap.
var ErrPolicy = errors.New("invalid policy")

// Policy says what to do with every system call. Its meaning is Evaluate.
//
// The zero Policy lists no ABI, and so kills every thread that makes a call.
type Policy struct {
	// Arches are the ABIs that the rules speak of. A call through any other
	// gets BadArch, never Default. The first is that of the machine: Evaluate does not
	// ask it, but a dialect whose documents hold for one machine is written for this one,
	// and the programs of a stack are ordered for a launcher that calls its seccomp(2).
	Arches []arch.Arch
	// Rules are tried in order; the first that matches decides.
	Rules []Rule
	// Default is for calls through a listed ABI that no rule matches.
	Default Action
	// BadArch is for calls through an ABI that is not listed.
	BadArch Action
}

// Rule gives an action to some calls, by name, by number or both, if all of its
// argument conditions hold.
type Rule struct {
	// Arches are the ABIs that the rule applies to; none means all of the policy's.
	Arches []arch.Arch
	// Syscalls are names as the kernel spells them. A name that an ABI lacks
	// is skipped there; one that no ABI has makes the policy invalid.
	Syscalls []string
	// Numbers are call numbers as the kernel sees them, an ABI's base included
	// (0x40000000 on x32, 4000 on MIPS o32).
	Numbers []Range
	// Args must all hold; none means always.
	Args []Arg
	// Action is the answer.
	Action Action
	// Origin says where the rule comes from.
	Origin Origin
}

// Range is a range of call numbers, both ends included.
type Range struct{ From, To uint32 }

// Arg is a condition on one argument. Comparisons are unsigned, on 64 bits. On
// a 32-bit ABI an argument is its low 32 bits, while Value and Mask keep all of
// theirs: LT 1<<40 always holds there and EQ 1<<40 never does.
type Arg struct {
	Index int    // 0 to 5
	Op    Op     // how Value is compared
	Value uint64 // what the argument is compared with
	Mask  uint64 // MaskedEQ only: the bits that are compared
	// Narrow compares the low 32 bits on every ABI, for an argument that the
	// kernel reads as an int (arch.Width).
	Narrow bool
}

// Op compares an argument with a value. The zero Op is invalid.
type Op uint8

// The operators.
const (
	EQ       Op = iota + 1 // argument == Value
	NE                     // argument != Value
	LT                     // argument < Value
	LE                     // argument <= Value
	GT                     // argument > Value
	GE                     // argument >= Value
	MaskedEQ               // argument & Mask == Value & Mask
)

var opNames = [...]string{EQ: "EQ", NE: "NE", LT: "LT", LE: "LE", GT: "GT", GE: "GE", MaskedEQ: "MASKED_EQ"}

// String is the operator's name without libseccomp's prefix SCMP_CMP_.
func (o Op) String() string {
	if o < EQ || o > MaskedEQ {
		return fmt.Sprintf("Op(%d)", uint8(o))
	}
	return opNames[o]
}

// Validate returns an error that wraps ErrPolicy and names the place if the policy
// cannot be compiled: an unknown ABI, operator, action or name, an ABI that is
// listed twice, an argument index above 5, a range whose ends are swapped, or a
// rule without names and numbers. A nil policy is refused too.
func (p *Policy) Validate() error { return p.validate(arch.Known) }

// validate is Validate; known says whether a system call's name is.
func (p *Policy) validate(known func(name string) bool) error {
	if p == nil {
		return fmt.Errorf("%w: it is nil", ErrPolicy)
	}
	if err := p.Default.Validate(); err != nil {
		return fmt.Errorf("default: %w", err)
	}
	if err := p.BadArch.Validate(); err != nil {
		return fmt.Errorf("bad arch: %w", err)
	}
	seen := map[arch.Arch]bool{}
	for _, a := range p.Arches {
		if seen[a] {
			return fmt.Errorf("arches: %w: %v is listed twice", ErrPolicy, a)
		}
		seen[a] = true
		if !a.Valid() {
			return fmt.Errorf("arches: %w: unknown ABI %v", ErrPolicy, a)
		}
	}
	for i := range p.Rules {
		if err := p.Rules[i].check(known); err != nil {
			return fmt.Errorf("%s: %w", wording.Rule(i, p.Rules[i].Origin.String()), err)
		}
	}
	return nil
}

// check is validate for one rule.
func (r *Rule) check(known func(name string) bool) error {
	for _, a := range r.Arches {
		if !a.Valid() {
			return fmt.Errorf("%w: unknown ABI %v", ErrPolicy, a)
		}
	}
	if len(r.Syscalls) == 0 && len(r.Numbers) == 0 {
		return fmt.Errorf("%w: no calls: want names or numbers", ErrPolicy)
	}
	for _, name := range r.Syscalls {
		if !known(name) {
			return unknownCall(name)
		}
	}
	for _, n := range r.Numbers {
		if n.From > n.To {
			return fmt.Errorf("%w: numbers %d to %d: the first is the larger", ErrPolicy, n.From, n.To)
		}
	}
	for i := range r.Args {
		if err := r.Args[i].check(); err != nil {
			return err
		}
	}
	return r.Action.Validate()
}

func unknownCall(name string) error {
	if near := wording.NearestCall(name); near != "" {
		return fmt.Errorf("%w: unknown system call %q, nearest is %q", ErrPolicy, name, near)
	}
	return fmt.Errorf("%w: unknown system call %q", ErrPolicy, name)
}

func (a *Arg) check() error {
	if a.Index < 0 || a.Index > 5 {
		return fmt.Errorf("%w: argument %d, want 0 to 5", ErrPolicy, a.Index)
	}
	if a.Op < EQ || a.Op > MaskedEQ {
		return fmt.Errorf("%w: argument %d: unknown operator %v", ErrPolicy, a.Index, a.Op)
	}
	return nil
}
