// SPDX-License-Identifier: Apache-2.0

package proof_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	xbpf "golang.org/x/net/bpf"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// opcodes are all that the kernel accepts.
var opcodes = []uint16{
	0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0c, 0x14, 0x15, 0x16, 0x1c, 0x1d, 0x20, 0x24, 0x25, 0x2c, 0x2d, 0x34, 0x35,
	0x3c, 0x3d, 0x44, 0x45, 0x4c, 0x4d, 0x54, 0x5c, 0x60, 0x61, 0x64, 0x6c, 0x74, 0x7c, 0x80, 0x81, 0x84, 0x87, 0xa4, 0xac,
}

// mutants are the programs that differ from p in one instruction: an offset or
// the constant by one, the offsets swapped, another opcode, or the instruction
// gone, with the jumps across it as they were and with the jumps to what they led to.
func mutants(p bpf.Program, yield func(what string, q bpf.Program)) {
	for pc, ins := range p {
		change := func(what string, i xbpf.RawInstruction) {
			q := slices.Clone(p)
			q[pc] = i
			yield(fmt.Sprintf("instruction %d: %s", pc, what), q)
		}
		with := func(f func(i *xbpf.RawInstruction)) xbpf.RawInstruction { f(&ins); i := ins; ins = p[pc]; return i }
		change("jt+1", with(func(i *xbpf.RawInstruction) { i.Jt++ }))
		change("jt-1", with(func(i *xbpf.RawInstruction) { i.Jt-- }))
		change("jf+1", with(func(i *xbpf.RawInstruction) { i.Jf++ }))
		change("jf-1", with(func(i *xbpf.RawInstruction) { i.Jf-- }))
		change("k+1", with(func(i *xbpf.RawInstruction) { i.K++ }))
		change("k-1", with(func(i *xbpf.RawInstruction) { i.K-- }))
		change("swapped", with(func(i *xbpf.RawInstruction) { i.Jt, i.Jf = i.Jf, i.Jt }))
		for _, op := range opcodes {
			if op != ins.Op {
				change(fmt.Sprintf("opcode %#x", op), with(func(i *xbpf.RawInstruction) { i.Op = op }))
			}
		}
		yield(fmt.Sprintf("instruction %d: dropped", pc), slices.Delete(slices.Clone(p), pc, pc+1))
		yield(fmt.Sprintf("instruction %d: dropped, jumps kept", pc), without(p, pc))
	}
}

// without is the program without an instruction, jumps leading where they did.
func without(p bpf.Program, pc int) bpf.Program {
	q := slices.Clone(p)
	for i := range q[:pc] {
		if q[i].Op&7 == 5 {
			if q[i].Op == 5 && i+1+int(q[i].K) > pc {
				q[i].K--
			}
			if q[i].Op != 5 && i+1+int(q[i].Jt) > pc {
				q[i].Jt--
			}
			if q[i].Op != 5 && i+1+int(q[i].Jf) > pc {
				q[i].Jf--
			}
		}
	}
	return slices.Delete(q, pc, pc+1)
}

// TestProveMutants changes filters in every single instruction. What the kernel
// would still accept is either proved equal, and then agrees at every boundary
// of the policy, or caught with a call that Run and Evaluate confirm.
func TestProveMutants(t *testing.T) {
	names := []string{"W1-docker", "W4-args", "W5-sentry"}
	if !shared.Long() {
		names = names[:1]
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			p := workload(t, name)
			filter, err := p.Compile()
			require.NoError(t, err)
			require.Len(t, filter, 1)
			calls := slices.Collect(boundary.Calls(p))
			refused, equal, caught := 0, 0, 0
			mutants(filter[0], func(what string, q bpf.Program) {
				if q.Check() != nil {
					refused++
					return
				}
				f := seccomp.Filter{q}
				var found *proof.Counterexample
				switch err := proof.Prove(f, p); {
				case err == nil:
					equal++
					for _, c := range calls[:min(len(calls), 2000)] {
						if kernel(f.Run(c)) != kernel(p.Evaluate(c)) {
							t.Fatalf("%s: escapes: %+v: %v, want %v", what, *c, f.Run(c), p.Evaluate(c))
						}
					}
				case errors.As(err, &found):
					caught++
					if kernel(f.Run(&found.Call)) == kernel(p.Evaluate(&found.Call)) {
						t.Fatalf("%s: no counterexample: %v", what, found)
					}
				default:
					t.Errorf("%s: %v", what, err)
				}
			})
			t.Logf("%d instructions: %d mutants refused by Check, %d equal, %d caught", len(filter[0]), refused, equal, caught)
			require.Greater(t, caught, 10*len(filter[0]))
		})
	}
}

// kernel is what the kernel does with a returned value, said once more.
func kernel(a seccomp.Action) seccomp.Action {
	switch data := a.Data(); a &^ 0xffff {
	case seccomp.Errno(0):
		return seccomp.Errno(min(data, seccomp.MaxErrno))
	case seccomp.Trap(0), seccomp.Trace(0):
		return a
	case seccomp.KillThread, seccomp.Notify, seccomp.Log, seccomp.Allow:
		return a &^ 0xffff
	}
	return seccomp.KillProcess
}
