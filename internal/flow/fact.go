// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"github.com/gosieve/sieve/arch"
)

// fact is what is certain whenever an instruction is reached, whichever way a call came there.
type fact struct {
	reached bool
	acc     accumulator
	numbers map[arch.Arch]Set // of the calls that come here, by ABI; 0 is any
}

// note adds a way to an instruction. What is known on one way only is forgotten.
func (e *explorer) note(pc int, acc accumulator, abi arch.Arch, numbers Set) {
	f := &e.facts[pc]
	if !f.reached {
		*f = fact{true, acc, map[arch.Arch]Set{}}
	}
	if f.acc != acc {
		f.acc = unknown
	}
	e.spend(len(numbers) + len(f.numbers[abi]))
	f.numbers[abi] = f.numbers[abi].union(numbers)
}
