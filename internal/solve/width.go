// SPDX-License-Identifier: Apache-2.0

package solve

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// AsRead is a condition on what the kernel reads of an argument, false if it reads
// all.
//
// socket's family is an int: EQ 2 of 64 bits becomes EQ 2 of the low 32. The constant
// 0xffffffffffffffff, which is -1 as C extends it, becomes 0xffffffff. Arguments of fewer than 32 bits
// are compared through a mask, where the operator has a form with one.
func AsRead(name string, c seccomp.Arg) (seccomp.Arg, bool) {
	bits, ok := arch.Width(name, c.Index)
	if !ok || bits > 32 {
		return c, false
	}
	c.Narrow = true
	if int64(c.Value) == int64(int32(c.Value)) {
		c.Value = uint64(uint32(c.Value))
	}
	if most := uint64(1)<<bits - 1; bits < 32 && c.Value <= most {
		switch c.Op {
		case seccomp.EQ:
			c.Op, c.Mask = seccomp.MaskedEQ, most
		case seccomp.MaskedEQ:
			c.Mask &= most
		}
	}
	return c, true
}
