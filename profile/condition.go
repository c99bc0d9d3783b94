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

// noteArgs says what is to be known of each condition of a rule: a repeated argument, a
// mask, a constant that a 32-bit ABI cannot meet.
func (r *resolver) noteArgs(i int) {
	doc := &r.p.Syscalls[i]
	seen := 0
	for j := range doc.Args {
		c := doc.Args[j].condition()
		if seen&(1<<c.Index) != 0 {
			r.noteRepeated(i, j, c.Index)
		}
		seen |= 1 << c.Index
		r.noteMask(i, j, c)
		if outside(c)>>32 != 0 && r.narrowABI(doc.Names) {
			r.note(Warning, "constant-too-wide", doc.Args[j].value, resolution.ArgPath(i, j)+".value", "",
				"%s of a constant of more than 32 bits: on a 32-bit ABI no argument has them, libseccomp cuts them off", c.Op)
		}
	}
}

// outside is the bits of a condition that an argument of 32 bits cannot meet
// if they are above.
//
// Of MASKED_EQ only the bits in the mask are compared. A bit above 31 that is wanted to
// be 0 is met, as arguments are zero-extended.
func outside(c seccomp.Arg) uint64 {
	if c.Op == seccomp.MaskedEQ {
		return c.Mask & c.Value
	}
	return c.Value
}

// narrowABI says whether a 32-bit ABI of the target has one of the calls.
func (r *resolver) narrowABI(names []string) bool {
	return slices.ContainsFunc(r.arches, func(a arch.Arch) bool {
		return a.Bits() == 32 && slices.ContainsFunc(names, func(name string) bool {
			_, ok := a.Number(name)
			return ok
		})
	})
}

// noteRepeated says that a second condition on an argument is not joined by "and".
// Authors mostly mean a range, such as GE 1 and LE 5, which as "or" is met by every
// value.
func (r *resolver) noteRepeated(i, j, index int) {
	at := r.p.Syscalls[i].Args[j].at
	if r.And {
		r.note(Info, "repeated-arg", at, resolution.ArgPath(i, j), "", "another condition on argument %d: all must hold, where runc takes one", index)
		return
	}
	r.note(Warning, "repeated-arg", at, resolution.ArgPath(i, j), "give each alternative a rule of its own, or ask for all to hold",
		"another condition on argument %d: so any one of the rule's conditions is enough, as in runc", index)
}

// noteMask looks for operands of MASKED_EQ in the wrong order. value is the mask and
// valueTwo the datum, and the doc comment of libseccomp-golang says the opposite.
//
// A mask of 0, or a datum that has all bits of the mask and at least two more, looks
// swapped. A datum with other bits outside of the mask is legal for libseccomp, which
// drops them.
func (r *resolver) noteMask(i, j int, c seccomp.Arg) {
	if c.Op != seccomp.MaskedEQ {
		return
	}
	arg := &r.p.Syscalls[i].Args[j]
	path, at := resolution.ArgPath(i, j), cmp.Or(arg.value, arg.at)
	swapped := c.Mask&^c.Value == 0 && bits.OnesCount64(c.Value) > bits.OnesCount64(c.Mask)+1
	switch {
	case c.Mask == 0 && c.Value != 0:
		r.mend(writing(path+".value", c.Value), writing(path+".valueTwo", c.Mask))
		r.note(Warning, "mask-zero", at, path+".value", "swap value, the mask, and valueTwo",
			"the mask is 0, so the condition always holds; %d in valueTwo looks like the mask", c.Value)
	case c.Mask == 0:
		r.mend(removing(path))
		r.note(Warning, "mask-zero", at, path+".value", "remove the condition", "the mask is 0, so the condition always holds")
	case swapped:
		r.mend(writing(path+".value", c.Value), writing(path+".valueTwo", c.Mask))
		r.note(Warning, "datum-outside-mask", arg.valueTwo, path+".valueTwo", "swap value, the mask, and valueTwo",
			"bits %#x are not in the mask %#x and do not count; %d looks like the mask", c.Value&^c.Mask, c.Mask, c.Value)
	case c.Value&^c.Mask != 0:
		r.mend(writing(path+".valueTwo", c.Value&c.Mask))
		r.note(Warning, "datum-outside-mask", arg.valueTwo, path+".valueTwo", "clear them",
			"bits %#x are not in the mask %#x and do not count", c.Value&^c.Mask, c.Mask)
	}
}
