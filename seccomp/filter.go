// SPDX-License-Identifier: Apache-2.0

package seccomp

import "github.com/gosieve/sieve/bpf"

// Filter is a compiled policy: one program, or a stack where 4096 instructions
// are not enough. The kernel runs all programs of a stack, the last installed
// first, and the most restrictive answer counts.
type Filter []bpf.Program

// Run says what the kernel does with a call under the filter. An empty filter
// allows all.
func (f Filter) Run(c *Call) Action {
	d := c.Data()
	answer := Allow
	for i := len(f) - 1; i >= 0; i-- {
		// The kernel keeps the first of equal rank, and compares without data.
		if a := Action(f[i].Run(&d)); i == len(f)-1 || a.Rank() < answer.Rank() {
			answer = a
		}
	}
	return answer
}
