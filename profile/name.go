// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/internal/wording"
)

// noteNames says which of a rule's names mean nothing on the target.
//
// A name that no ABI has a number for, and that socketcall or ipc reach, does count.
func (r *resolver) noteNames(part *resolution.Part) {
	var absent []string
	for j, name := range part.Names {
		if slices.ContainsFunc(r.index.Row(part, j), func(ref int32) bool { return ref >= 0 }) || r.reached(part, name) {
			continue
		}
		if arch.Known(name) {
			absent = append(absent, name)
			continue
		}
		r.noteUnknown(part, name)
	}
	if len(absent) > 0 {
		r.note(Info, "absent-syscall", r.p.Syscalls[part.Doc].at.rule, resolution.RulePath(part.Doc), "",
			"not on this target: %s", wording.Few(absent))
	}
}

// reached says whether a multiplexer makes the call on one of the part's ABIs.
func (r *resolver) reached(part *resolution.Part, name string) bool {
	for a, abi := range r.arches {
		if _, _, ok := abi.Multiplexer(name); ok && part.Arches&(1<<a) != 0 {
			return true
		}
	}
	return false
}

// noteUnknown refuses a name that no table knows if without it the filter would
// be weaker.
//
// A rule that allows is skipped with a warning, so that next year's document can be read:
// without the rule the call gets the default, which is stricter. A rule that denies
// is not skipped unless the caller says so (SkipUnknown), as the call would be let through.
func (r *resolver) noteUnknown(part *resolution.Part, name string) {
	const suggestions = 100 // they are slow
	weaker := part.Action.Rank() < r.def.Rank()
	refused := weaker && !r.SkipUnknown
	if r.full() && (r.err != nil || !refused && !r.Strict) {
		r.dropped++ // before its place is looked for, which is slow in a long list
		return
	}
	doc := &r.p.Syscalls[part.Doc]
	j := slices.Index(doc.Names, name)
	near := ""
	if r.suggested++; r.suggested <= suggestions {
		near = wording.NearestCall(name)
	}
	message := fmt.Sprintf("unknown system call %q", text.Clip(name))
	if near != "" {
		message += fmt.Sprintf(", nearest is %q", near)
		r.mend(replacing(resolution.NamePath(part.Doc, j), strconv.Quote(near)))
	}
	severity := Warning
	switch {
	case refused:
		severity = Failure
		message += fmt.Sprintf(": without it %v would become %v", part.Action, r.def)
	case weaker:
		message += fmt.Sprintf(": it is skipped, and %v becomes %v", part.Action, r.def)
	default:
		message += ": it is skipped"
	}
	r.note(severity, "unknown-syscall", r.p.nameAt(doc, j), resolution.NamePath(part.Doc, j), "", "%s", message)
}
