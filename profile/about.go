// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strconv"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/seccomp"
)

// note adds a diagnostic, which Strict makes an error if it is a warning. Beyond
// maxWarnings they are only counted.
func (r *resolver) note(s Severity, code Code, at mark, path, fix, format string, args ...any) {
	edits := r.edits
	r.edits = nil
	if s == Warning && r.Strict {
		s = Failure
	}
	first := s == Failure && r.err == nil
	if r.full() && !first {
		r.dropped++
		return
	}
	if fix == "" {
		fix = edits.String()
	}
	d := Diagnostic{Severity: s, Code: code, Message: fmt.Sprintf(format, args...), Place: r.p.source.place(at, path), Fix: fix, Edits: edits, Witness: r.witness}
	if first {
		r.err = &Error{Diagnostic: d, Kind: ErrProfile}
	}
	r.diags = append(r.diags, d)
}

// mend says what mends what the next note is about. Where the note has no words for
// it, they are made of the edits.
func (r *resolver) mend(edits ...Edit) { r.edits = edits }

// removing is the edit that removes a part.
func removing(path string) Edit { return Edit{Kind: EditRemove, Path: path} }

// replacing is the edit that writes another value.
func replacing(path, value string) Edit { return Edit{Kind: EditReplace, Path: path, Value: value} }

// writing is the edit that writes another number.
func writing(path string, n uint64) Edit { return replacing(path, strconv.FormatUint(n, 10)) }

// full says whether further diagnostics are only counted.
func (r *resolver) full() bool { return len(r.diags) >= len(r.p.Warnings)+maxWarnings }

// aboutDocument says what is to be known of the document as a whole.
func (r *resolver) aboutDocument() {
	p := r.p
	if p.ListenerMetadata != "" && p.ListenerPath == "" {
		r.note(Warning, "no-listener", p.at.listenerMetadata, "listenerMetadata", "add listenerPath",
			"listenerMetadata without a listenerPath to send it to")
	}
	if p.Dialect != OCI && p.Flags != nil && len(p.Flags) == 0 {
		r.note(Info, "empty-flags", 0, "flags", "", "no flags at all; %s loses the empty list and runc (since 1.2) adds SPEC_ALLOW", p.Dialect.tool())
	}
	if r.def == seccomp.Errno(0) {
		r.note(Warning, "errno-zero", p.at.defaultErrnoRet, "defaultErrnoRet", "", "calls that are denied pretend success")
	}
	if r.def == seccomp.Errno(seccomp.MaxErrno) {
		r.note(Info, "errno-4095", p.at.defaultErrnoRet, "defaultErrnoRet", "", "libseccomp refuses errno 4095")
	}
	if _, most, _ := scmp.Action(p.DefaultAction); p.DefaultErrnoRet != nil && most == 0 {
		r.mend(removing("defaultErrnoRet"))
		r.note(Warning, "unused-errno", p.at.defaultErrnoRet, "defaultErrnoRet", "",
			"%s carries no number", p.DefaultAction)
	}
	if h := r.target.Arch; len(r.arches) > 1 && len(p.ArchMap) > 0 && !dockerMaps(h) {
		r.note(Info, "arch-map", p.at.archMap, "archMap", "", "%s does not apply it on %v", dockerForgets(h), h)
	}
	if p.Dialect == Podman {
		r.aboutPodman()
	}
	for _, a := range r.arches {
		if a.Token() != "" && !runcKnows(a) {
			r.note(Info, "arch-not-in-runc", p.at.architectures, "", "", "runc does not know the architecture %s", a.Token())
		}
		if a == arch.LoongArch64 && (slices.Contains(p.Architectures, a.Token()) || len(p.ArchMap) > 0) {
			r.note(Info, "arch-not-in-runc", p.at.architectures, "", "", "runc of before 1.4.1 does not know the architecture %s", a.Token())
		}
	}
	r.byteOrder()
}

// byteOrder says which ABIs libseccomp does not take into one filter with the target's.
func (r *resolver) byteOrder() {
	var list []string
	for _, a := range r.arches[1:] {
		if a.BigEndian() != r.arches[0].BigEndian() {
			list = append(list, a.String())
		}
	}
	if len(list) > 0 {
		r.note(Info, "byte-order", max(r.p.at.architectures, r.p.at.archMap), "", "",
			"runc refuses the list of architectures: the byte order of %s is not that of %v", wording.Join(list), r.arches[0])
	}
}

// dockerMaps says whether every Docker finds the entry of archMap for a host. Before
// moby/profiles/seccomp 0.3.0 it looked for loong64 and mipsle under names that its table
// did not have; mips has no entry.
func dockerMaps(a arch.Arch) bool {
	return a.Docker() != "" && a != arch.X32 && a != arch.LoongArch64 && a != arch.MIPSEL
}

// dockerForgets names the Docker that does not find the entry for a host.
func dockerForgets(a arch.Arch) string {
	if a == arch.LoongArch64 || a == arch.MIPSEL {
		return "Docker with moby/profiles of before 0.3.0 (October 2026)"
	}
	return "Docker"
}

// runcKnows says whether runc accepts the ABI's token.
func runcKnows(a arch.Arch) bool {
	switch a {
	case arch.M68K, arch.PARISC, arch.PARISC64, arch.SH, arch.SHEB:
		return false
	}
	return true
}

// aboutRule says what is to be known of a rule that applies to the target.
func (r *resolver) aboutRule(i int, a seccomp.Action) {
	doc := &r.p.Syscalls[i]
	at := doc.at.rule
	switch a {
	case seccomp.Errno(0):
		r.note(Warning, "errno-zero", doc.at.errnoRet, resolution.RulePath(i), "", "the calls pretend success")
	case seccomp.Errno(seccomp.MaxErrno):
		r.note(Info, "errno-4095", doc.at.errnoRet, resolution.RulePath(i), "", "libseccomp refuses errno 4095")
	case seccomp.Notify:
		if j := slices.Index(doc.Names, "write"); j >= 0 {
			r.note(Failure, "notify-write", r.p.nameAt(doc, j), resolution.NamePath(i, j), "",
				"SCMP_ACT_NOTIFY cannot be used for write: the launcher could not hand the listener over")
		}
		if r.p.ListenerPath == "" {
			r.note(Info, "no-listener", at, resolution.RulePath(i), "", "SCMP_ACT_NOTIFY without a listenerPath: the launcher must listen itself")
		}
	}
	if doc.ErrnoRet != nil {
		if _, most, _ := scmp.Action(doc.Action); most == 0 {
			path := resolution.RulePath(i) + ".errnoRet"
			r.mend(removing(path))
			r.note(Warning, "unused-errno", doc.at.errnoRet, path, "",
				"%s carries no number", doc.Action)
		}
	}
	if a == r.def {
		if !r.holdsMultiplexer(doc.Names) { // else it counts: it keeps calls from being made through socketcall or ipc
			r.mend(removing(resolution.RulePath(i)))
		}
		r.note(Info, "equals-default", at, resolution.RulePath(i), "", "the rule's action is the default's")
	}
	r.aboutArgs(i)
}

// holdsMultiplexer says whether one of the calls makes others on an ABI of the target.
func (r *resolver) holdsMultiplexer(names []string) bool {
	return slices.ContainsFunc(resolution.Multiplexers[:], func(m resolution.Multiplexer) bool {
		return slices.Contains(names, m.Name) && slices.ContainsFunc(r.arches, func(a arch.Arch) bool {
			_, ok := a.Number(m.Name)
			return ok
		})
	})
}

func (r *resolver) aboutArgs(i int) {
	doc := &r.p.Syscalls[i]
	seen := 0
	for j := range doc.Args {
		c := doc.Args[j].condition()
		if seen&(1<<c.Index) != 0 {
			r.aboutRepeated(i, j, c.Index)
		}
		seen |= 1 << c.Index
		r.aboutMask(i, j, c)
		if outside(c)>>32 != 0 && r.narrowABI(doc.Names) {
			r.note(Warning, "constant-too-wide", doc.Args[j].value, resolution.ArgPath(i, j)+".value", "",
				"%s of a constant of more than 32 bits: on a 32-bit ABI no argument has them, libseccomp cuts them off", c.Op)
		}
	}
}

// outside is the bits of a condition that an argument of 32 bits cannot meet
// if they are above.
func outside(c seccomp.Arg) uint64 {
	if c.Op == seccomp.MaskedEQ {
		return c.Mask & c.Value
	}
	return c.Value
}

// narrowABI says whether a 32-bit ABI of the target has one of the calls.
func (r *resolver) narrowABI(names []string) bool {
	return slices.ContainsFunc(r.arches, func(a arch.Arch) bool {
		return a.Bits() == 32 && slices.ContainsFunc(names, func(name string) bool {
			_, ok := a.Number(name)
			return ok
		})
	})
}

func (r *resolver) aboutRepeated(i, j, index int) {
	at := r.p.Syscalls[i].Args[j].at
	if r.And {
		r.note(Info, "repeated-arg", at, resolution.ArgPath(i, j), "", "another condition on argument %d: all must hold, where runc takes one", index)
		return
	}
	r.note(Warning, "repeated-arg", at, resolution.ArgPath(i, j), "give each alternative a rule of its own, or ask for all to hold",
		"another condition on argument %d: so any one of the rule's conditions is enough, as in runc", index)
}

func (r *resolver) aboutMask(i, j int, c seccomp.Arg) {
	if c.Op != seccomp.MaskedEQ {
		return
	}
	arg := &r.p.Syscalls[i].Args[j]
	path, at := resolution.ArgPath(i, j), cmp.Or(arg.value, arg.at)
	swapped := c.Mask&^c.Value == 0 && bits.OnesCount64(c.Value) > bits.OnesCount64(c.Mask)+1
	switch {
	case c.Mask == 0 && c.Value != 0:
		r.mend(writing(path+".value", c.Value), writing(path+".valueTwo", c.Mask))
		r.note(Warning, "mask-zero", at, path+".value", "swap value, the mask, and valueTwo",
			"the mask is 0, so the condition always holds; %d in valueTwo looks like the mask", c.Value)
	case c.Mask == 0:
		r.mend(removing(path))
		r.note(Warning, "mask-zero", at, path+".value", "remove the condition", "the mask is 0, so the condition always holds")
	case swapped:
		r.mend(writing(path+".value", c.Value), writing(path+".valueTwo", c.Mask))
		r.note(Warning, "datum-outside-mask", arg.valueTwo, path+".valueTwo", "swap value, the mask, and valueTwo",
			"bits %#x are not in the mask %#x and do not count; %d looks like the mask", c.Value&^c.Mask, c.Mask, c.Value)
	case c.Value&^c.Mask != 0:
		r.mend(writing(path+".valueTwo", c.Value&c.Mask))
		r.note(Warning, "datum-outside-mask", arg.valueTwo, path+".valueTwo", "clear them",
			"bits %#x are not in the mask %#x and do not count", c.Value&^c.Mask, c.Mask)
	}
}

// aboutNames says which of a rule's names mean nothing on the target.
func (r *resolver) aboutNames(part *resolution.Part) {
	var absent []string
	for j, name := range part.Names {
		if slices.ContainsFunc(r.cells.Row(part, j), func(ref int32) bool { return ref >= 0 }) || r.reached(name) {
			continue
		}
		if arch.Known(name) {
			absent = append(absent, name)
			continue
		}
		r.aboutUnknown(part, name)
	}
	if len(absent) > 0 {
		r.note(Info, "absent-syscall", r.p.Syscalls[part.Doc].at.rule, resolution.RulePath(part.Doc), "",
			"not on this target: %s", wording.Few(absent))
	}
}

// reached says whether a multiplexer makes the call on one of the ABIs.
func (r *resolver) reached(name string) bool {
	return slices.ContainsFunc(r.arches, func(a arch.Arch) bool {
		_, _, ok := a.Multiplexer(name)
		return ok
	})
}

// aboutUnknown refuses a name that no table knows if without it the filter would
// be weaker.
func (r *resolver) aboutUnknown(part *resolution.Part, name string) {
	const suggestions = 100 // they are slow
	weaker := part.Action.Rank() < r.def.Rank()
	if r.full() && (r.err != nil || !weaker && !r.Strict) {
		r.dropped++ // before its place is looked for, which is slow in a long list
		return
	}
	doc := &r.p.Syscalls[part.Doc]
	j := slices.Index(doc.Names, name)
	near := ""
	if r.suggested++; r.suggested <= suggestions {
		near = arch.Suggest(name)
	}
	message := fmt.Sprintf("unknown system call %q", text.Clip(name))
	if near != "" {
		message += fmt.Sprintf(", nearest is %q", near)
		r.mend(replacing(resolution.NamePath(part.Doc, j), strconv.Quote(near)))
	}
	if weaker {
		r.note(Failure, "unknown-syscall", r.p.nameAt(doc, j), resolution.NamePath(part.Doc, j), "",
			"%s: without it %v would become %v", message, part.Action, r.def)
		return
	}
	r.note(Warning, "unknown-syscall", r.p.nameAt(doc, j), resolution.NamePath(part.Doc, j), "", "%s: it is skipped", message)
}

// aboutShadowed says for which calls a rule does not count.
func (w *writer) aboutShadowed(i int) {
	part := &w.rules[i]
	var other, same []string
	var by int
	for j, name := range part.Names {
		for _, ref := range w.cells.Row(part, j) {
			if ref < 0 || w.cells.List[ref].Keeps(i) {
				continue
			}
			winner := &w.rules[w.cells.List[ref].Always-1]
			if winner.Doc == part.Doc {
				continue
			}
			if winner.Action == part.Action {
				same = wording.AppendNew(same, name)
			} else if other = wording.AppendNew(other, name); len(other) == 1 {
				by = winner.Doc
			}
		}
	}
	at := w.p.Syscalls[part.Doc].at.rule
	if len(other) > 0 {
		w.note(Warning, "shadowed-rule", at, resolution.RulePath(part.Doc), "",
			"for %s the rule without conditions at %v decides", wording.Few(other), w.ruleAt(by))
	} else if len(same) > 0 {
		w.note(Info, "shadowed-rule", at, resolution.RulePath(part.Doc), "",
			"for %s another rule without conditions has the same action", wording.Few(same))
	}
}

// ruleAt is a rule's place.
func (r *resolver) ruleAt(doc int) Place {
	return r.p.source.place(r.p.Syscalls[doc].at.rule, resolution.RulePath(doc))
}

// aboutOrder says where libseccomp is known to decide wrongly: several rules with
// several conditions on one call, if one of these is no equality, and what wideOrder finds.
func (r *resolver) aboutOrder(c *resolution.Cell) {
	count, ordered := 0, false
	r.list = r.cells.Conditional(r.list[:0], c)
	rules := r.list
	for _, i := range rules {
		args := r.rules[i].Args
		if len(args) < 2 {
			continue
		}
		count++
		ordered = ordered || slices.ContainsFunc(args, func(a seccomp.Arg) bool {
			return a.Op != seccomp.EQ && a.Op != seccomp.MaskedEQ
		})
	}
	why := "several rules with several conditions"
	if count < 2 || !ordered {
		if why = r.wideOrder(c.ABI, rules); why == "" {
			return
		}
	}
	name, _ := r.arches[c.ABI].Name(c.Nr)
	doc := r.rules[rules[0]].Doc
	r.note(Info, "libseccomp-order", r.p.Syscalls[doc].at.rule, resolution.RulePath(doc), "", "libseccomp may decide %s otherwise: %s", name, why)
}

// wideOrder says which argument rules compare by order so that libseccomp errs; it is
// empty if none. LT or LE of one constant goes wrong beside an order by another with
// other upper 32 bits (2.5.4 and 2.6.0, measured: of LT 5 and LT 0x100000005, 5 meets
// neither).
func (r *resolver) wideOrder(abi uint32, rules []int) string {
	if r.arches[abi].Bits() != 64 {
		return ""
	}
	var below, seen, differ [6]bool
	var upper [6]uint64
	for _, i := range rules {
		for _, a := range r.rules[i].Args {
			switch a.Op {
			case seccomp.LT, seccomp.LE:
				below[a.Index] = true
			case seccomp.GE, seccomp.GT:
			default:
				continue
			}
			differ[a.Index] = differ[a.Index] || seen[a.Index] && upper[a.Index] != a.Value>>32
			seen[a.Index], upper[a.Index] = true, a.Value>>32
		}
	}
	for index := range below {
		if below[index] && differ[index] {
			return fmt.Sprintf("several rules compare argument %d by order, LT or LE among them, with constants whose upper 32 bits differ", index)
		}
	}
	return ""
}
