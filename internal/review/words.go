// SPDX-License-Identifier: Apache-2.0

package review

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/argument"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Calls is a set of calls of one name in words: the call with what its arguments may be, in
// their places. A star is any value, and the last one stands for all that follow.
//
//	Calls(arch.X86_64, "socket", where)     socket(AF_VSOCK, *)
//	                                        ioctl(*, TIOCSTI, *)
//	                                        clone(flags & CLONE_NEWUSER, *)
//	                                        personality(not {PER_LINUX, PER_LINUX32})
//	                                        socket(bits 32..63 not 0, *)
//
// Without conditions it is the name alone. Values are named by the constants of the ABI, and
// comparisons are those of C: "flags & CLONE_NEWUSER" is a bit that is set and "!(flags &
// CLONE_NEWUSER)" one that is not. "(int)" says that the low half of the register counts
// although the kernel reads all of it; where the kernel itself reads no more, nothing is said.
func Calls(abi arch.Arch, name string, where []proof.Constraint) string {
	return name + Arguments(abi, name, where)
}

// Arguments is what Calls writes behind the name. Of a call that has no name, nothing is known
// but the numbers.
func Arguments(abi arch.Arch, name string, where []proof.Constraint) string {
	fields := map[int][]values{}
	last := -1
	for _, w := range where {
		v := valuesOf(w.Any, abi.Bits() == 32 && w.Index < 6)
		if w.Index == proof.IndexNr || w.Index == proof.IndexAudit || v.whole() {
			continue
		}
		fields[w.Index] = append(fields[w.Index], v)
		if w.Index < 6 {
			last = max(last, w.Index)
		}
	}
	args, known := exact(fields)
	var list []string
	for i := range last + 1 {
		n := namesOf(abi, name, i, args, known)
		list = append(list, n.all(fields[i]))
	}
	text := ""
	if last >= 0 {
		if last+1 < argument.Count(abi, name) {
			list = append(list, "*")
		}
		text = "(" + strings.Join(list, ", ") + ")"
	}
	if ip := fields[proof.IndexIP]; len(ip) > 0 {
		n := names{index: proof.IndexIP}
		text += " at instruction pointer " + n.all(ip)
	}
	return text
}

// Witness is one call with all its arguments in words: socket(AF_VSOCK, SOCK_RAW, 0). They are
// exact: a value that the kernel reads in part is a number.
func Witness(c *seccomp.Call) string {
	abi, _ := arch.Of(c.Audit, c.Nr)
	name, ok := abi.Name(c.Nr)
	var list []string
	for i := range argument.Count(abi, name) {
		n := namesOf(abi, name, i, c.Args, [6]bool{true, true, true, true, true, true})
		list = append(list, n.value(c.Args[i]))
	}
	if !ok {
		name = fmt.Sprintf("number %d", c.Nr)
	}
	if !abi.Valid() {
		name = fmt.Sprintf("AUDIT_ARCH %#x, %s", c.Audit, name)
	}
	text := name + "(" + strings.Join(list, ", ") + ")"
	if c.IP != 0 {
		text += fmt.Sprintf(" at instruction pointer %#x", c.IP)
	}
	return text
}

// exact are the arguments that have one value.
func exact(fields map[int][]values) (args [6]uint64, known [6]bool) {
	for i := range args {
		if list := fields[i]; len(list) == 1 && len(list[0].intervals) == 1 && len(list[0].masked) == 0 {
			v := list[0].intervals[0]
			args[i], known[i] = v.from, v.from == v.to
		}
	}
	return args, known
}

// all says what holds of a field. Two sets of it are those of its two halves.
func (n *names) all(list []values) string {
	switch len(list) {
	case 0:
		return "*"
	case 1:
		v := &list[0]
		text := n.set(v)
		if v.bits == 32 {
			text = n.cast() + text
		}
		return text
	}
	var parts []string
	for i := range list {
		text := n.set(&list[i])
		if list[i].bits == 32 && n.abi.Bits() != 32 {
			text = "bits 0..31 " + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " and ")
}

// cast is "(int)" for a register of which the low half is meant and the kernel reads more.
func (n *names) cast() string {
	if width, ok := arch.Width(n.call, n.index); n.abi.Bits() == 64 && (!ok || width > 32) {
		return "(int)"
	}
	return ""
}

// set writes a set of values: the values, or those that are not in it if they are fewer.
func (n *names) set(v *values) string {
	if v.none != nil {
		return n.except(v)
	}
	var list []string
	for _, i := range v.intervals {
		list = append(list, n.interval(i, v.last())...)
	}
	for i := range v.masked {
		list = append(list, n.mask(&v.masked[i], false))
	}
	if len(v.masked) == 0 && len(v.intervals) > 0 {
		var others []string
		for _, i := range v.without() {
			others = append(others, n.interval(i, v.last())...)
		}
		open := v.intervals[len(v.intervals)-1].to == v.last()
		if open && (len(others) < len(list) || len(others) == 1 && v.intervals[0].from == 0) {
			return "not " + braces(others)
		}
	}
	return braces(list)
}

// except writes a set by the masked values that are not in it.
func (n *names) except(v *values) string {
	var parts, others []string
	universe := v.hull.Mask
	for _, r := range v.none {
		universe |= r.Mask
	}
	cast := ""
	if universe |= low32; universe == low32 {
		cast = n.cast()
	} else {
		universe = all64
	}
	if v.hull.Mask != 0 {
		parts = append(parts, n.mask(&v.hull, false))
	}
	for _, r := range v.none {
		rest := universe &^ (r.Mask | v.hull.Mask)
		if bits.OnesCount64(rest) <= 2 { // with the bits of the hull these are values
			for x := range subsets(rest) {
				others = append(others, n.value(r.From|v.hull.From|x))
			}
			continue
		}
		r.Mask &^= v.hull.Mask
		r.From &= r.Mask
		r.To = r.From
		parts = append(parts, n.mask(&r, true))
	}
	if len(others) > 0 {
		parts = append(parts, "not "+cast+braces(others))
	}
	return strings.Join(parts, " and ")
}

// braces is a list as a set; a condition that never holds has none.
func braces(list []string) string {
	if len(list) == 0 {
		return "no value"
	}
	if len(list) == 1 {
		return list[0]
	}
	return "{" + strings.Join(list, ", ") + "}"
}

// few is how many values of an interval are named one by one.
const few = 8

// interval writes an interval as one text or, if it is short and its values have names, as
// several.
func (n *names) interval(i interval, last uint64) []string {
	if i.from == 1<<32 && i.to == all64 {
		return []string{"bits 32..63 not 0"}
	}
	if i.from&low32 == 0 && i.to&low32 == low32 && i.to > low32 && i.to != last {
		high := names{}
		return []string{"bits 32..63 " + high.interval(interval{i.from >> 32, i.to >> 32}, low32)[0]}
	}
	if i.to-i.from >= few {
		from, to := n.number(i.from), n.number(i.to)
		if n.Single() {
			from, to = n.value(i.from), n.value(i.to)
		}
		if i.to == last {
			return []string{">= " + from}
		}
		return []string{from + ".." + to}
	}
	var list []string
	unnamed := interval{1, 0}
	flush := func() {
		switch {
		case unnamed.from > unnamed.to:
		case unnamed.from == unnamed.to:
			list = append(list, n.number(unnamed.from))
		default:
			list = append(list, n.number(unnamed.from)+".."+n.number(unnamed.to))
		}
		unnamed = interval{1, 0}
	}
	for d := range i.to - i.from + 1 {
		x := i.from + d
		text, ok := n.name(x)
		switch {
		case ok:
			flush()
			list = append(list, text)
		case unnamed.from > unnamed.to:
			unnamed = interval{x, x}
		default:
			unnamed.to = x
		}
	}
	flush()
	return list
}

// mask writes a masked value, or with not that the field has another.
func (n *names) mask(r *proof.MaskedRange, not bool) string {
	mask := n.masked(r.Mask, r.Mask)
	if strings.Contains(mask, "|") {
		mask = "(" + mask + ")"
	}
	text := n.parameter() + " & " + mask
	single := r.Mask&(r.Mask-1) == 0
	equal := map[bool]string{false: " == ", true: " != "}[not]
	switch {
	case r.From != r.To:
		return text + " in " + n.masked(r.Mask, r.From) + ".." + n.masked(r.Mask, r.To)
	case single && (r.From != 0) != not:
		return text
	case single:
		return "!(" + text + ")"
	case r.From == 0 && not:
		return text + " != 0"
	}
	return text + equal + n.masked(r.Mask, r.From)
}

// Conditions are a rule's conditions as the prover's, so that a rule can be written as Calls
// writes a set.
func Conditions(abi arch.Arch, args []seccomp.Arg) []proof.Constraint {
	var list []proof.Constraint
	for _, a := range args {
		mask := uint64(all64)
		if a.Narrow || abi.Bits() == 32 {
			mask = low32
		}
		list = append(list, proof.Constraint{Index: a.Index, Any: condition(&a, mask)})
	}
	return list
}

// condition is the values for which a condition holds; an empty list for none.
func condition(a *seccomp.Arg, mask uint64) []proof.MaskedRange {
	one := func(from, to uint64) []proof.MaskedRange {
		return []proof.MaskedRange{{Mask: mask, From: from, To: min(to, mask)}}
	}
	below := func(v uint64) []proof.MaskedRange { // < v
		if v == 0 {
			return nil
		}
		return one(0, v-1)
	}
	above := func(v uint64) []proof.MaskedRange { // > v
		if v >= mask {
			return nil
		}
		return one(v+1, mask)
	}
	switch {
	case a.Op == seccomp.EQ && a.Value > mask:
		return nil
	case a.Op == seccomp.EQ:
		return one(a.Value, a.Value)
	case a.Op == seccomp.NE:
		return slices.Concat(below(a.Value), above(a.Value))
	case a.Op == seccomp.LT:
		return below(a.Value)
	case a.Op == seccomp.LE:
		return one(0, a.Value)
	case a.Op == seccomp.GT:
		return above(a.Value)
	case a.Op == seccomp.GE && a.Value > mask:
		return nil
	case a.Op == seccomp.GE:
		return one(a.Value, mask)
	}
	if a.Value&a.Mask&^mask != 0 {
		return nil
	}
	return []proof.MaskedRange{{Mask: a.Mask & mask, From: a.Value & a.Mask, To: a.Value & a.Mask}}
}
