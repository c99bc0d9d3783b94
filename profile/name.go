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

// aboutNames says which of a rule's names mean nothing on the target.
//
// A name that no ABI has a number for, and that socketcall or ipc reach, does count.
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
//
// A rule that allows is skipped with a warning, so that next year's document can be read:
// without the rule the call gets the default, which is stricter. A rule that denies
// cannot be skipped, as the call would be let through.
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
