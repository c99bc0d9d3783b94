// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	xbpf "golang.org/x/net/bpf"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/argument"
	"github.com/gosieve/sieve/seccomp"
)

// Comments says in words what the instructions of a program do. The function that it returns
// gives nothing for an instruction whose text says all, or of which nothing is certain: all
// that it says is true for every call that comes to the instruction.
//
//	ld   [16]         socket: domain, low half
//	jge  #0x40000000  yes: x32, no: x86_64 pidfd_open..rseq_slice_yield (434 and above)
//	jeq  #0x28        domain = AF_VSOCK
func Comments(p bpf.Program) func(pc int) string {
	e, ok := explore(p)
	if !ok {
		e.facts = plainFacts(p)
	}
	return func(pc int) string { return e.facts[pc].comment(p[pc]) }
}

// plainFacts is what each instruction says by itself.
func plainFacts(p bpf.Program) []fact {
	facts := make([]fact, len(p))
	for pc := range p {
		facts[pc] = fact{true, unknown, map[arch.Arch]Set{0: all()}}
	}
	return facts
}

// comment is what is certain of an instruction.
func (f *fact) comment(i xbpf.RawInstruction) string {
	after, moves := f.acc.after(i)
	switch {
	case !f.reached:
		return "never reached"
	case i.Op == bpf.OpRetK:
		return f.answer(seccomp.Action(i.K))
	case moves && after.word >= 0:
		return f.content(after)
	case len(f.acc.questions(i)) == 0:
		return ""
	case f.acc.word == fieldArch:
		return f.token(i)
	case f.acc.word == fieldNumber:
		return f.number(i)
	}
	return f.argument(i)
}

// abis are the ABIs of the calls that come here, nil if not all are known.
func (f *fact) abis() []arch.Arch {
	if f.numbers[0] != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(f.numbers))
}

// agreed is the text that f gives for every element; empty if they differ or there are none.
func agreed[T any](list []T, f func(T) string) string {
	text := ""
	for k, x := range list {
		switch t := f(x); {
		case k == 0:
			text = t
		case t != text:
			return ""
		}
	}
	return text
}

// answer is the action, with the name of its errno where all ABIs have the same.
func (f *fact) answer(a seccomp.Action) string {
	text := a.String()
	if a.Kind() != seccomp.Errno(0) || a.Data() == 0 {
		return text
	}
	if name := agreed(f.abis(), func(abi arch.Arch) string { return argument.Errno(abi, a.Data()) }); name != "" {
		text += " " + name
	}
	return text
}

// content is what the accumulator holds after a load or AND: a field, or which half of
// an argument.
func (f *fact) content(acc accumulator) string {
	switch acc.word {
	case fieldNumber:
		return "call number" + maskText(acc.mask)
	case fieldArch:
		return "arch" + maskText(acc.mask)
	}
	half := agreed(f.abis(), func(abi arch.Arch) string { return halfText(abi, acc) })
	if half == "" {
		half = halfText(0, acc)
	}
	if acc.mask != most {
		half += maskText(acc.mask)
	}
	return f.owner(acc) + f.parameter(acc) + ", " + half
}

// call is one of the calls that come to an instruction.
type call struct {
	abi  arch.Arch
	name string
}

// calls are the calls that come here, nil if they are many or some have no name.
func (f *fact) calls() []call {
	var list []call
	for _, abi := range f.abis() {
		if f.numbers[abi].size() > namesAtMost {
			return nil
		}
		for _, r := range f.numbers[abi] {
			for n := uint64(r.From); n <= uint64(r.To); n++ {
				name, ok := abi.Name(uint32(n))
				if !ok {
					return nil
				}
				list = append(list, call{abi, name})
			}
		}
	}
	return list
}

// owner is the calls whose argument is loaded: "socket: ".
func (f *fact) owner(acc accumulator) string {
	var names []string
	for _, c := range f.calls() {
		names = append(names, c.name)
	}
	slices.Sort(names)
	if names = slices.Compact(names); acc.word < fieldArgs || len(names) == 0 || len(names) > 3 {
		return ""
	}
	return strings.Join(names, ", ") + ": "
}

// parameter is the name of the argument that acc holds a part of.
func (f *fact) parameter(acc accumulator) string {
	if acc.word < fieldArgs {
		return "instruction pointer"
	}
	index := (acc.word - fieldArgs) / 2
	if name := agreed(f.calls(), func(c call) string { return argument.Parameter(c.abi, c.name, index) }); name != "" {
		return name
	}
	return fmt.Sprintf("args[%d]", index)
}

// token is what a comparison of the architecture asks, where it is one for equality.
func (f *fact) token(i xbpf.RawInstruction) string {
	if i.Op != bpf.OpJeqK || f.acc.mask != most {
		return ""
	}
	var names []string
	for _, abi := range arch.All() {
		if abi.Audit() == i.K {
			names = append(names, abi.String())
		}
	}
	return strings.Join(names, ", ")
}

// number is what a comparison of the call number asks: a call, or which calls go which way.
func (f *fact) number(i xbpf.RawInstruction) string {
	q := f.acc.questions(i)[0]
	abis := f.abis()
	if f.acc.mask != most || q.mask != most || len(abis) == 0 {
		return ""
	}
	if i.Op == bpf.OpJeqK {
		return f.name(i.K)
	}
	yes, no := f.side(q.values), f.side(q.values.complement())
	switch {
	case yes == "" || no == "":
		return ""
	}
	return "yes: " + yes + "; no: " + no
}

// name is the call with a number. ABIs are named where the same call of another ABI, with another
// number, comes here too.
func (f *fact) name(nr uint32) string {
	var abis []arch.Arch
	for _, abi := range f.abis() {
		if len(f.numbers[abi].intersect(only(nr))) > 0 {
			abis = append(abis, abi)
		}
	}
	switch {
	case nr == most:
		return "-1, no call"
	case len(abis) == 0:
		return "never"
	}
	of := func(abi arch.Arch) string {
		name, ok := abi.Name(nr)
		if !ok {
			name = "no call"
		}
		return name
	}
	if name := agreed(abis, of); name != "" && len(abis) == len(f.abis()) {
		return name
	}
	if len(abis) > sidesAtMost {
		return ""
	}
	var list []string
	for _, abi := range abis {
		list = append(list, abi.String()+" "+of(abi))
	}
	return strings.Join(list, ", ")
}

// sidesAtMost is how many ABIs a comment lists.
const sidesAtMost = 2

// side is the numbers that a comparison sends one way, by ABI. It is empty if that would be a
// long list.
func (f *fact) side(values Set) string {
	abis := f.abis()
	if len(abis) > sidesAtMost {
		return ""
	}
	var list []string
	for _, abi := range abis {
		there := f.numbers[abi].intersect(values)
		if len(there) == 0 {
			continue
		}
		text := abi.String()
		if !slices.Equal(there, numbersOf(abi)) || len(abis) == 1 && abi != arch.X32 {
			hull := runsOf(abi, Set{{From: there[0].From, To: there[len(there)-1].To}})[0]
			text = hull.String()
			if text != noCall && (len(abis) > 1 || abi == arch.X32) {
				text = abi.String() + " " + text
			}
		}
		list = append(list, text)
	}
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// argument is what a comparison of a part of an argument asks.
func (f *fact) argument(i xbpf.RawInstruction) string {
	acc := f.acc
	half := agreed(f.abis(), func(abi arch.Arch) string { return halfText(abi, acc) })
	if half == "" {
		half = halfText(0, acc)
	}
	subject := f.parameter(acc)
	if !(half == "low half" && f.narrow(acc)) {
		subject = half + " of " + subject
	}
	value := f.value(acc, i.K, half)
	if acc.mask != most {
		subject += " & " + f.value(acc, acc.mask, half)
	}
	switch i.Op {
	case bpf.OpJeqK:
		return subject + " = " + value
	case bpf.OpJgeK:
		return subject + " >= " + value
	case bpf.OpJgtK:
		return subject + " > " + value
	}
	return subject + " & " + value
}

// narrow says whether the kernel reads no more than the low half of the argument.
func (f *fact) narrow(acc accumulator) bool {
	calls := f.calls()
	for _, c := range calls {
		bits, ok := arch.Width(c.name, (acc.word-fieldArgs)/2)
		if c.abi.Bits() > 32 && (!ok || bits > 32) {
			return false
		}
	}
	return len(calls) > 0
}

// value is a value by the name that all calls have for it, or a number.
func (f *fact) value(acc accumulator, v uint32, half string) string {
	if half != "low half" || acc.word < fieldArgs {
		return hex(uint64(v))
	}
	index := (acc.word - fieldArgs) / 2
	return cmp.Or(agreed(f.calls(), func(c call) string { return constant(c, index, uint64(v)) }), hex(uint64(v)))
}

// constant is the name of an argument's value, empty if it has none. Flags of which some have no
// name are better read as a number.
func constant(c call, index int, v uint64) string {
	var args [6]uint64
	args[index] = v
	texts := argument.Text(c.abi, c.name, args, nil)
	if index >= len(texts) || texts[index] == "NULL" {
		return ""
	}
	parts := strings.Split(texts[index], "|")
	for _, part := range parts {
		digit := part[0] >= '0' && part[0] <= '9'
		if strings.HasPrefix(part, "0x") || digit && len(parts) > 1 {
			return ""
		}
	}
	return texts[index]
}
