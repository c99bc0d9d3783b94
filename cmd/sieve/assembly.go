// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/seccompdata"
	"github.com/gosieve/sieve/seccomp"
)

// assembly writes a program as text, an instruction a line, with comments that name
// words, calls and actions:
//
//	0: ld   [4]                              ; arch
//	1: jeq  #0xc000003e  jt 94  jf 3         ; x86_64, x32
//
// (The text itself is bpf.Program.AppendText's.)
func assembly(p bpf.Program) string { return string(p.AppendText(nil, newReader(p).comment)) }

// reader knows of every instruction what is certain whenever it is reached: which word of
// struct seccomp_data the accumulator holds, and the AUDIT_ARCH token of the call. Jumps
// only go forward (the kernel refuses others, bpf_check_classic in net/core/filter.c), so
// each instruction's predecessors come before it and one pass finds the facts. The
// listing is for people: nothing that decides or proves uses these facts.
type reader struct {
	program bpf.Program
	known   []facts
}

// facts are what is known where an instruction begins, whichever way the program came there.
type facts struct {
	reached bool
	word    int    // index of the word in the accumulator, -1 if unknown
	token   uint32 // AUDIT_ARCH, if isToken
	isToken bool
}

// newReader goes through the program once. Where two ways meet, only what both know is
// kept (reach). The array has an element more than the program, since the last
// instruction of a broken program may lead past its end.
func newReader(p bpf.Program) *reader {
	r := &reader{p, make([]facts, len(p)+1)}
	r.known[0] = facts{reached: true, word: -1}
	for pc, i := range p {
		now := r.known[pc]
		if !now.reached {
			continue
		}
		switch {
		case i.Op == bpf.OpJa:
			r.reach(pc+1+int(i.K), now)
		case branches(i.Op):
			then := now
			if i.Op == bpf.OpJeqK && now.word == 1 {
				then.token, then.isToken = i.K, true
			}
			r.reach(pc+1+int(i.Jt), then)
			r.reach(pc+1+int(i.Jf), now)
		case returns(i.Op):
		case i.Op == bpf.OpLdAbs:
			now.word = int(i.K / 4)
			r.reach(pc+1, now)
		case i.Op == bpf.OpSt, i.Op == bpf.OpStx: // leave the accumulator as it is
			r.reach(pc+1, now)
		default:
			now.word = -1
			r.reach(pc+1, now)
		}
	}
	return r
}

// branches says whether an instruction is a conditional jump, which has two successors.
func branches(op uint16) bool {
	switch op {
	case bpf.OpJeqK, bpf.OpJeqX, bpf.OpJgtK, bpf.OpJgtX, bpf.OpJgeK, bpf.OpJgeX, bpf.OpJsetK, bpf.OpJsetX:
		return true
	}
	return false
}

// returns says whether the program ends with an instruction.
func returns(op uint16) bool { return op == bpf.OpRetK || op == bpf.OpRetA }

// reach merges what is known on one way to an instruction into what is known on the
// others. The merge only forgets: a fact survives if every way has it.
func (r *reader) reach(pc int, f facts) {
	if pc >= len(r.known) {
		return
	}
	old := &r.known[pc]
	if !old.reached {
		*old = f
		return
	}
	if old.word != f.word {
		old.word = -1
	}
	if old.token != f.token || !f.isToken {
		old.isToken = false
	}
}

// comment says in words what an instruction does. It is empty where the instruction's
// text says all, or where nothing is certain: a wrong name would be worse than none.
func (r *reader) comment(pc int) string {
	i, now := r.program[pc], r.known[pc]
	switch {
	case !now.reached:
		return "never reached"
	case i.Op == bpf.OpRetK:
		return seccomp.Action(i.K).String()
	case i.Op == bpf.OpLdAbs:
		return wordName(int(i.K/4), now)
	case now.word == 1 && i.Op == bpf.OpJeqK:
		return tokenName(i.K)
	case now.word == 0 && now.isToken && i.Op == bpf.OpJeqK:
		return numberName(now.token, i.K, false)
	case now.word == 0 && now.isToken && i.Op == bpf.OpJgeK:
		return numberName(now.token, i.K, true)
	case now.word == 0 && now.isToken && i.Op == bpf.OpJgtK && i.K < skipped:
		return numberName(now.token, i.K+1, true)
	}
	return ""
}

// skipped is -1, the number by which a tracer says that a call is not to be made
// (seccomp(2), SECCOMP_RET_TRACE).
const skipped = ^uint32(0)

// numberName names the call of a number or, with onward, the calls of that number and all
// above by the first of them: "from landlock_create_ruleset on". x32 has x86_64's token
// and numbers with bit 30 set, so the first of these says that the numbers are x32's.
func numberName(token, nr uint32, onward bool) string {
	abi, ok := arch.Of(token, nr)
	switch {
	case !ok:
		return ""
	case nr == skipped:
		return "-1, no call"
	case !onward:
		name, _ := abi.Name(nr)
		return name
	case abi == arch.X32 && nr == abi.Base():
		return "x32's numbers"
	}
	for n, name := range abi.Calls() {
		if n >= nr {
			return "from " + name + " on"
		}
	}
	return "above all calls"
}

// wordName names a word of struct seccomp_data, of which word 0 is nr, word 1 arch, 2 and
// 3 the instruction pointer, and 4 to 15 the arguments. Which half of a 64-bit field a
// word holds depends on the byte order; before the program has tested the token the half
// is only numbered.
func wordName(word int, f facts) string {
	switch {
	case word == 0:
		return "nr"
	case word == 1:
		return "arch"
	}
	name := "instruction pointer"
	if word >= 4 {
		name = fmt.Sprintf("args[%d]", (word-4)/2)
	}
	half := "low half"
	switch high := word%2 == 1; {
	case !f.isToken:
		return fmt.Sprintf("%s, word %d", name, word%2)
	case high != seccompdata.BigEndian(f.token):
		half = "high half"
	}
	return name + ", " + half
}

// tokenName names the ABIs of an AUDIT_ARCH token: two for x86_64's, which x32 shares.
func tokenName(token uint32) string {
	abi, ok := arch.Of(token, 0)
	if !ok {
		return ""
	}
	if x32, _ := arch.Of(token, arch.X32.Base()); x32 != abi {
		return abi.String() + ", " + x32.String()
	}
	return abi.String()
}
