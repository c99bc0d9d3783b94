// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/seccompdata"
)

// Filter is a compiled policy: one program, or a stack where 4096 instructions
// are not enough. The kernel runs all programs of a stack, the last installed
// first, and the most restrictive answer counts.
type Filter []bpf.Program

// Run says what the kernel does with a call under the filter. An empty filter
// allows all. A nil call is the zero one.
func (f Filter) Run(c *Call) Action {
	if c == nil {
		c = new(Call)
	}
	d := seccompdata.Of(c.Audit, c.Nr, c.IP, &c.Args)
	answer := Allow
	for i := len(f) - 1; i >= 0; i-- {
		// The kernel keeps the first of equal rank, and compares without data.
		if a := Action(f[i].Run(&d)); i == len(f)-1 || a.Rank() < answer.Rank() {
			answer = a
		}
	}
	return answer
}

// Program is the filter's one program, for callers that can hand on no more than one. A
// stack is refused with an error that wraps bpf.ErrTooLong: none of its programs decides
// as the filter does. An empty filter wraps ErrFilter.
func (f Filter) Program() (bpf.Program, error) {
	switch len(f) {
	case 0:
		return nil, fmt.Errorf("seccomp: %w: no programs", ErrFilter)
	case 1:
		return f[0], nil
	}
	total := 0
	for _, p := range f {
		total += len(p)
	}
	return nil, fmt.Errorf("seccomp: %w: a stack of %d programs with %d instructions, want one program of at most %d",
		bpf.ErrTooLong, len(f), total, bpf.MaxInstructions)
}
