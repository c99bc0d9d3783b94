// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"iter"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/solve"
	"github.com/gosieve/sieve/seccomp"
)

// doors are the numbers through which the calls of a question can be made: the call's own and,
// on ABIs that have one, that of a multiplexer, whose arguments nobody sees.
func doors(q *Question, machine []arch.Arch) []door {
	var list []door
	for _, abi := range machine {
		for i := range q.calls {
			p := &q.calls[i]
			if !p.on(abi) {
				continue
			}
			if nr, ok := abi.Number(p.name); ok {
				list = through(list, abi, nr, p.rules(abi, nr))
			}
			// 32-bit programs on riscv64 bear its token, with numbers of their own (arch.Beside).
			if nr, ok := arch.RISCV32.Number(p.name); ok && abi == arch.RISCV64 {
				list = through(list, abi, nr, p.rules(abi, nr))
			}
			if mux, n, ok := abi.Multiplexer(p.name); ok {
				list = through(list, abi, number(abi, mux), []seccomp.Rule{multiplexed(abi, mux, n)})
			}
		}
	}
	return list
}

// through adds rules to the door of a number.
func through(list []door, abi arch.Arch, nr uint32, rules []seccomp.Rule) []door {
	for i := range list {
		if d := &list[i]; d.abi == abi && d.nr == nr {
			d.rules = append(d.rules, rules...)
			return list
		}
	}
	return append(list, door{abi: abi, nr: nr, rules: rules})
}

// number is that of a call which the ABI has.
func number(abi arch.Arch, name string) uint32 {
	nr, _ := abi.Number(name)
	return nr
}

// multiplexed is the calls of a multiplexer that make call n. The kernel reads the low 32 bits
// of socketcall's first argument and the low 16 of ipc's (arch.Arch.Multiplexer).
func multiplexed(abi arch.Arch, mux string, n uint32) seccomp.Rule {
	mask := uint64(0xffffffff)
	if mux == "ipc" {
		mask = 0xffff
	}
	nr := number(abi, mux)
	return seccomp.Rule{Arches: []arch.Arch{abi}, Numbers: []seccomp.Range{{From: nr, To: nr}},
		Args: []seccomp.Arg{{Index: 0, Op: seccomp.MaskedEQ, Mask: mask, Value: uint64(n)}}}
}

// plain yields the plainest calls of the door: for each rule the one with 0 in all that no
// condition asks for. A door of any number has those of all calls that are known, and first the
// one that is easiest to recognize.
func (d *door) plain() iter.Seq[*seccomp.Call] {
	return func(yield func(*seccomp.Call) bool) {
		if d.any {
			if nr, ok := d.abi.Number("getpid"); ok && !yield(&seccomp.Call{Audit: d.abi.Audit(), Nr: nr}) {
				return
			}
			for nr := range d.abi.Calls() {
				if !yield(&seccomp.Call{Audit: d.abi.Audit(), Nr: nr}) {
					return
				}
			}
			return
		}
		for i := range d.rules {
			args, budget := solve.Any(), solve.Steps
			args.Restrict(d.rules[i].Args, d.abi)
			if values, ok := args.Find(&budget); ok {
				if !yield(&seccomp.Call{Audit: d.abi.Audit(), Nr: d.nr, Args: values}) {
					return
				}
			}
		}
	}
}
