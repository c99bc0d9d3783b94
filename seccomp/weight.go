// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/decision"
)

// evenly weighs the numbers of a token's ABIs: each call counts the same. x32 is
// all but unused and counts little.
func evenly(token uint32) decision.Weigh {
	abi, _ := arch.Of(token, 0)
	return func(first, last uint32) uint32 {
		weight := 64 * within(abi.Base(), first, last)
		if abi == arch.X86_64 {
			weight += within(arch.X32.Base(), first, last)
		}
		return weight
	}
}

// within is how many calls of an ABI have numbers from first to last. Every ABI
// has its calls in the first 472 numbers above its base, but for ARM's private
// ones.
func within(base, first, last uint32) uint32 {
	first, last = max(first, base), min(last, base+471)
	if first > last {
		return 0
	}
	return last - first + 1
}
