// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"errors"
	"fmt"

	xbpf "golang.org/x/net/bpf"
)

var (
	// ErrInvalid is a program that the kernel would refuse.
	ErrInvalid = errors.New("invalid program")
	// ErrTooLong is a program of more than MaxInstructions. An error of Check
	// that wraps it wraps ErrInvalid too.
	ErrTooLong = errors.New("program too long")
)

// checkError says why the kernel would refuse a program. It answers errors.Is
// for ErrInvalid and, if pc is MaxInstructions, for ErrTooLong.
type checkError struct {
	pc          int // index of the instruction, from 0
	instruction xbpf.RawInstruction
	reason      string
}

func (e *checkError) Error() string {
	return fmt.Sprintf("instruction %d (%s): %s", e.pc, appendInstruction(nil, e.pc, e.instruction), e.reason)
}

// Instruction is the index of the instruction, for whoever knows where in a text it stands.
func (e *checkError) Instruction() int { return e.pc }

// Is makes errors.Is find the sentinels.
func (e *checkError) Is(err error) bool {
	return err == ErrInvalid || err == ErrTooLong && e.pc == MaxInstructions
}

// Check returns nil for a program that the kernel accepts as a seccomp filter. For one that
// it answers with EINVAL the error names the instruction and the reason, and wraps
// ErrInvalid. (It has the index as a number for errors.As, with a value of type
// interface{ Instruction() int }.) The rules are those of
// bpf_check_classic (net/core/filter.c) and seccomp_check_filter
// (kernel/seccomp.c). Fields that an instruction does not use may hold anything.
//
// A chain of filters has a limit of its own, see ExtendedLen.
func (p Program) Check() error {
	if len(p) == 0 {
		return fmt.Errorf("%w: no instructions, want 1 to %d", ErrInvalid, MaxInstructions)
	}
	if len(p) > MaxInstructions {
		return p.refuse(MaxInstructions, "the program has %d instructions, want 1 to %d", len(p), MaxInstructions)
	}
	loads := false
	for pc, i := range p {
		if err := p.checkInstruction(pc, i); err != nil {
			return err
		}
		loads = loads || i.Op == OpLdMem || i.Op == OpLdxMem
	}
	if last := len(p) - 1; p[last].Op != OpRetK && p[last].Op != OpRetA {
		return p.refuse(last, "the last instruction, want a return")
	}
	if loads {
		return p.checkScratch()
	}
	return nil
}

// refuse is a *checkError: it names the instruction and the reason.
func (p Program) refuse(pc int, format string, args ...any) error {
	return &checkError{pc: pc, instruction: p[pc], reason: fmt.Sprintf(format, args...)}
}

// checkInstruction looks at one instruction by itself. Jumps are bounded by the length of
// the program alone: where they lead does not matter, because all lead forward. The sum
// for ja is made in 64 bits, since K may be close to 2^32.
func (p Program) checkInstruction(pc int, i xbpf.RawInstruction) error {
	s := shapeOf(i.Op)
	switch {
	case s.name == "":
		return p.refuse(pc, "opcode %#x is not one that seccomp takes", i.Op)
	case s.operand == word && (i.K >= dataSize || i.K%4 != 0):
		return p.refuse(pc, "offset %d, want a multiple of 4 below %d", i.K, dataSize)
	case s.operand == cell && i.K >= memWords:
		return p.refuse(pc, "scratch cell %d, want 0 to %d", i.K, memWords-1)
	case i.Op == OpDivK && i.K == 0:
		return p.refuse(pc, "division by 0")
	case (i.Op == OpLshK || i.Op == OpRshK) && i.K >= 32:
		return p.refuse(pc, "shift by %d, want 0 to 31", i.K)
	case s.operand == target && uint64(pc)+1+uint64(i.K) >= uint64(len(p)):
		return p.refuse(pc, "jump beyond the last instruction, %d", len(p)-1)
	case s.branch && pc+1+int(max(i.Jt, i.Jf)) >= len(p):
		return p.refuse(pc, "jump beyond the last instruction, %d", len(p)-1)
	}
	return nil
}

// checkScratch refuses loads of scratch cells that are not written on every path,
// by the kernel's own rule (check_load_and_stores): one pass forward with a bit
// for each cell. A return passes its cells on to what stands behind it, though
// nothing runs from there to there; behind a jump every cell counts as written
// until a jump leads there.
func (p Program) checkScratch() error {
	const all = 1<<memWords - 1
	missing := make([]uint16, len(p)) // by jump target: cells unwritten on some path
	written := uint16(0)
	for pc, i := range p {
		written &^= missing[pc]
		switch s := shapeOf(i.Op); {
		case i.Op == OpSt || i.Op == OpStx:
			written |= 1 << i.K
		case s.operand == cell && written>>i.K&1 == 0:
			return p.refuse(pc, "M[%d] is not written on every path to here", i.K)
		case s.operand == target:
			missing[pc+1+int(i.K)] |= ^written
			written = all
		case s.branch:
			missing[pc+1+int(i.Jt)] |= ^written
			missing[pc+1+int(i.Jf)] |= ^written
			written = all
		}
	}
	return nil
}
