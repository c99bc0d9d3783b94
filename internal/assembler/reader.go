// SPDX-License-Identifier: Apache-2.0

package assembler

import (
	"strings"

	xbpf "golang.org/x/net/bpf"

	"github.com/gosieve/sieve/bpf"
)

// reader reads bpf_asm's form. Labels are looked up when all are known.
type reader struct {
	lexer
	token  token // the next one
	labels map[string]int
	jumps  []jump
	places []token // of each instruction
}

// jump is a label after an instruction.
type jump struct {
	pc    int
	field byte // 't', 'f' or 'k': what it sets
	label token
}

// program reads the text as a whole.
func (r *reader) program() (bpf.Program, *Error) {
	if err := r.advance(); err != nil {
		return nil, err
	}
	var p bpf.Program
	for r.token.kind != end {
		if len(p) == bpf.MaxInstructions {
			err := r.token.fail("want at most %d instructions", bpf.MaxInstructions)
			err.cause = bpf.ErrTooLong
			return nil, err
		}
		i, err := r.line(len(p))
		if err != nil {
			return nil, err
		}
		p = append(p, i)
	}
	if len(p) == 0 {
		return nil, &Error{reason: "no instructions, want 1 to 4096", cause: bpf.ErrInvalid}
	}
	return p, r.resolve(p)
}

// advance reads the next token.
func (r *reader) advance() (err *Error) {
	r.token, err = r.next()
	return err
}

// take is the token, which it passes over.
func (r *reader) take() (token, *Error) {
	t := r.token
	return t, r.advance()
}

// want passes over a sign.
func (r *reader) want(sign string) *Error {
	if !r.token.is(sign) {
		return r.token.fail("%s, want %q", r.token, sign)
	}
	return r.advance()
}

// line reads an instruction, and a label before it.
func (r *reader) line(pc int) (i xbpf.RawInstruction, err *Error) {
	name, err := r.take()
	if err != nil {
		return i, err
	}
	if r.token.is(":") && name.kind == word {
		if err := r.label(name, pc); err != nil {
			return i, err
		}
		if name, err = r.take(); err != nil {
			return i, err
		}
	}
	r.places = append(r.places, name)
	if name.kind == end {
		return i, name.fail("a label without an instruction")
	}
	return r.instruction(name, pc)
}

// label notes a label. A name of one letter is none, as x, a and M are registers; nor is that of an
// instruction.
func (r *reader) label(name token, pc int) *Error {
	if len(name.text) < 2 || forms(name.text) != nil || refused(name.text) != "" {
		return name.fail("%s is no name for a label: want two letters at least, and no instruction", name)
	}
	if _, ok := r.labels[name.text]; ok {
		return name.fail("a second label %s", name)
	}
	r.labels[name.text] = pc
	return r.advance()
}

// instruction reads what follows the name of an instruction.
func (r *reader) instruction(name token, pc int) (xbpf.RawInstruction, *Error) {
	list := forms(name.text)
	if list == nil {
		if why := refused(name.text); why != "" {
			return xbpf.RawInstruction{}, name.fail("%s: %s", name.text, why)
		}
		return xbpf.RawInstruction{}, name.fail("unknown instruction %s", name)
	}
	operand, value, err := r.operand(name, list)
	if err != nil {
		return xbpf.RawInstruction{}, err
	}
	for _, f := range list {
		if f.operand == operand {
			i := xbpf.RawInstruction{Op: f.op, K: value}
			return i, r.targets(f, pc)
		}
	}
	return xbpf.RawInstruction{}, name.fail("%s does not take %s", name.text, operand)
}

// operand reads the operand of an instruction: "#5", "x", "M[2]", "[4]", "#len".
func (r *reader) operand(name token, list []form) (operand, uint32, *Error) {
	if list[0].operand == none || list[0].operand == label {
		return list[0].operand, 0, nil
	}
	bare := false // a constant may stand without #
	for _, f := range list {
		bare = bare || f.bare
	}
	t, err := r.take()
	if err != nil {
		return 0, 0, err
	}
	switch {
	case t.is("#"):
		return r.constant()
	case t.kind == number && bare:
		return constant, t.value, nil
	case t.is("%"):
		if t, err = r.take(); err != nil {
			return 0, 0, err
		}
		if !t.is("x") && !t.is("a") {
			return 0, 0, t.fail("%s, want x or a", t)
		}
	case t.is("len"):
		return length, 0, nil
	case t.is("M"):
		if err := r.want("["); err != nil {
			return 0, 0, err
		}
		return r.bracket(cell)
	case t.is("["):
		return r.bracket(offset)
	}
	switch {
	case t.is("x"):
		return indexRegister, 0, nil
	case t.is("a"):
		return accumulator, 0, nil
	}
	return 0, 0, t.fail("%s does not take %s", name.text, t)
}

// constant reads what follows "#".
func (r *reader) constant() (operand, uint32, *Error) {
	t, err := r.take()
	switch {
	case err != nil:
		return 0, 0, err
	case t.is("len"):
		return length, 0, nil
	case t.kind == number:
		return constant, t.value, nil
	case t.kind == word:
		return 0, 0, t.fail("#%s: seccomp filters have no packet", t.text)
	}
	return 0, 0, t.fail("%s, want a number", t)
}

// bracket reads what follows "[".
func (r *reader) bracket(o operand) (operand, uint32, *Error) {
	t, err := r.take()
	switch {
	case err != nil:
		return 0, 0, err
	case t.kind != number:
		return 0, 0, t.fail("%s, want a number", t)
	}
	return o, t.value, r.want("]")
}

// targets reads the labels of a jump. A label that is left out is the next instruction.
func (r *reader) targets(f form, pc int) *Error {
	for k, field := range f.targets {
		if k > 0 && !r.token.is(",") {
			return nil
		}
		if f.operand != label {
			if err := r.want(","); err != nil {
				return err
			}
		}
		t, err := r.take()
		if err != nil {
			return err
		}
		if t.kind != word {
			return t.fail("%s, want a label", t)
		}
		r.jumps = append(r.jumps, jump{pc, byte(field), t})
	}
	return nil
}

// resolve gives jumps their distances.
func (r *reader) resolve(p bpf.Program) *Error {
	for _, j := range r.jumps {
		to, ok := r.labels[j.label.text]
		if !ok {
			return j.label.fail("no label %s", j.label)
		}
		far := to - j.pc - 1
		switch {
		case far < 0:
			return j.label.fail("%s is instruction %d, and the jump instruction %d: want a label behind the jump", j.label, to, j.pc)
		case j.field != 'k' && far > 255:
			return j.label.fail("%s is %d instructions away, want at most 255", j.label, far)
		}
		switch j.field {
		case 't':
			p[j.pc].Jt = uint8(far)
		case 'f':
			p[j.pc].Jf = uint8(far)
		default:
			p[j.pc].K = uint32(far)
		}
	}
	return nil
}

// refused says why seccomp takes no such instruction, of those that bpf_asm has.
func refused(name string) string {
	switch strings.ToLower(name) {
	case "ldb", "ldh", "ldxb":
		return "seccomp filters load words, with ld"
	case "mod":
		return "seccomp filters have no remainder"
	case "len", "proto", "type", "poff", "ifidx", "nla", "nlan", "mark", "queue", "hatype", "rxhash", "cpu", "vlan_tci", "vlan_pr", "vlan_avail", "vlan_tpid", "rand":
		return "it is no instruction"
	}
	return ""
}
