// SPDX-License-Identifier: Apache-2.0

package decompile

import (
	"math/bits"
	"slices"

	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
)

// pattern is the values of an argument whose bits in mask are those of value.
type pattern struct{ mask, value uint64 }

// pattern is the condition of a cube on an argument.
func (c *cover) pattern(cube *symbolic.Cube, index int) pattern {
	high, low := diagram.Words(c.abi, index)
	return pattern{
		uint64(cube.Mask[high])<<32 | uint64(cube.Mask[low]),
		uint64(cube.Value[high])<<32 | uint64(cube.Value[low]),
	}
}

// only is the pattern with the bits in mask alone.
func (b pattern) only(mask uint64) pattern { return pattern{b.mask & mask, b.value & mask} }

// args are the conditions that hold in the pattern; most is the argument's largest value.
func (b pattern) args(index int, most uint64) []seccomp.Arg {
	switch b.mask {
	case 0:
		return nil
	case most:
		return []seccomp.Arg{{Index: index, Op: seccomp.EQ, Value: b.value}}
	}
	return []seccomp.Arg{{Index: index, Op: seccomp.MaskedEQ, Value: b.value, Mask: b.mask}}
}

// subpatterns are patterns with fewer bits, beside which an interval may be wide. They are
// no bits, either half, and the lowest 1, 2, 3, ... bits (an alignment), with and
// without the upper half. A pattern of nearly all bits is a value: no subpattern but the
// halves is worth its time there.
func (b pattern) subpatterns() []pattern {
	const low = uint64(diagram.MaxWord)
	most := 16
	switch n := bits.OnesCount64(b.mask); {
	case n > 48:
		most = 0 // a value
	case n > 16:
		most = 4
	}
	var list []pattern
	add := func(mask uint64) {
		if p := b.only(mask); p.mask != b.mask && !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	add(0)
	add(low << 32)
	add(low)
	mask := uint64(0)
	for range min(bits.OnesCount64(b.mask), most) {
		rest := b.mask &^ mask
		mask |= rest & -rest
		add(mask)
		add(mask | low<<32)
	}
	return list
}

// halved is the upper half of a mask's set bits, and the lower half of them.
func halved(mask uint64) (upper, lower uint64) {
	upper = mask
	for range bits.OnesCount64(mask) / 2 {
		lower |= upper & -upper
		upper &= upper - 1
	}
	return upper, lower
}
