// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/argument"
	"github.com/gosieve/sieve/seccomp"
)

// actionText is an action with the name of its errno: "ERRNO(38) ENOSYS".
func actionText(abi arch.Arch, a seccomp.Action) string {
	text := a.String()
	if !abi.Valid() {
		abi = arch.X86_64 // where the ABI is not known the common numbers are meant
	}
	if a.Kind() == seccomp.Errno(0) && a.Data() <= 34 { // the same number on every ABI
		if name := argument.Errno(abi, a.Data()); name != "" {
			text += " " + name
		}
	}
	return text
}

// Calls are the words for runs, at most so many: those with calls in them, how many calls
// were left out, and the numbers that no call has.
func Calls(runs []Run, atMost int) []string {
	var list, unused []string
	left := 0
	for _, r := range runs {
		switch {
		case r.Calls == 0 && len(unused) < atMost:
			unused = append(unused, r.String())
		case r.Calls == 0:
			unused[len(unused)-1] = "others"
		case len(list) < atMost:
			list = append(list, r.String())
		default:
			left += r.Calls
		}
	}
	if left > 0 {
		list = append(list, fmt.Sprintf("%d more calls", left))
	}
	if len(unused) > 0 && runs[0].Arch.Valid() {
		unused[0] = "without a call: " + unused[0]
	}
	return append(list, unused...)
}

// Count is how many calls runs have.
func Count(runs []Run) int {
	calls := 0
	for _, r := range runs {
		calls += r.Calls
	}
	return calls
}

// maskText is the bits that are compared, if not all are.
func maskText(mask uint32) string {
	if mask == most {
		return ""
	}
	return fmt.Sprintf(" & %#x", mask)
}

// wordsText is values of a word that have no names.
func wordsText(s Set) []string {
	var list []string
	for _, r := range s {
		list = append(list, rangeText(uint64(r.From), uint64(r.To), uint64(most), hex))
	}
	return shortened(list)
}

// shortened is a list without what nobody would read.
func shortened(list []string) []string {
	const atMost = 64
	if len(list) > atMost {
		list = append(list[:atMost-1:atMost-1], fmt.Sprintf("%d more", len(list)-atMost+1))
	}
	return list
}

// hex is a value without a name: small ones are counts, and decimal.
func hex(v uint64) string {
	if v < 10 {
		return fmt.Sprint(v)
	}
	return fmt.Sprintf("%#x", v)
}

// rangeText is a range of values up to largest, each written by name.
func rangeText(from, to, largest uint64, name func(uint64) string) string {
	const few = 3 // values that are written out
	switch {
	case from == to:
		return name(from)
	case from == 0 && to == largest:
		return "any"
	case to-from < few:
		var list []string
		for v := from; v <= to; v++ {
			list = append(list, name(v))
		}
		return strings.Join(list, ", ")
	case from == 0:
		return "<= " + bound(to, name)
	case to == largest:
		return ">= " + bound(from, name)
	}
	return bound(from, name) + " to " + bound(to, name)
}

// bound is the end of a range by name. A combination of flags is none: what lies between two
// of them is not to be seen from their names.
func bound(v uint64, name func(uint64) string) string {
	if text := name(v); !strings.Contains(text, "|") {
		return text
	}
	return hex(v)
}

// wordText says which word of the call the accumulator holds.
func wordText(abi arch.Arch, acc accumulator) string {
	name := ""
	switch {
	case acc.word == fieldNumber:
		name = "call number"
	case acc.word == fieldArch:
		name = "architecture"
	case acc.word < fieldArgs:
		name = "instruction pointer"
	default:
		name = fmt.Sprintf("args[%d]", (acc.word-fieldArgs)/2)
	}
	if acc.word >= fieldIP {
		name += ", " + halfText(abi, acc)
	}
	return name + maskText(acc.mask)
}

// halfText says which half of a field a word is. Where the byte order is not known it is only
// numbered.
func halfText(abi arch.Arch, acc accumulator) string {
	switch _, high := acc.field(abi); {
	case !abi.Valid():
		return [2]string{"first word", "second word"}[acc.word&1]
	case high:
		return "high half"
	}
	return "low half"
}
