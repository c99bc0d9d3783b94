// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"strconv"

	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/seccomp"
)

// note adds a diagnostic, which Strict makes an error if it is a warning. Beyond
// maxWarnings they are only counted.
//
// The first error is kept even when the list is full: without it Resolve would give a
// policy for a document that it refuses.
func (r *resolver) note(s Severity, code Code, at mark, path, fix, format string, args ...any) {
	edits, kind := r.edits, ErrProfile
	r.edits = nil
	if r.made {
		edits, kind = nil, seccomp.ErrPolicy
	}
	if s == Warning && r.Strict {
		s = Failure
	}
	first := s == Failure && r.err == nil
	if r.full() && !first {
		r.dropped++
		return
	}
	if fix == "" {
		fix = resolution.Fix(edits)
	}
	d := Diagnostic{Severity: s, Code: code, Message: fmt.Sprintf(format, args...), Place: r.p.source.place(at, path), Fix: fix, Edits: edits, Witness: r.witness}
	if first {
		r.err = &Error{Diagnostic: d, Kind: kind}
	}
	r.diags = append(r.diags, d)
}

// mend says what mends what the next note is about. Where the note has no words for
// it, they are made of the edits.
func (r *resolver) mend(edits ...Edit) { r.edits = edits }

// removing is the edit that removes a part.
func removing(path string) Edit { return Edit{Op: resolution.Remove, Path: path} }

// replacing is the edit that writes another value.
func replacing(path, value string) Edit {
	return Edit{Op: resolution.Replace, Path: path, Value: value}
}

// writing is the edit that writes another number.
func writing(path string, n uint64) Edit { return replacing(path, strconv.FormatUint(n, 10)) }

// full says whether further diagnostics are only counted.
func (r *resolver) full() bool { return len(r.diags) >= len(r.p.Warnings)+maxWarnings }

// ruleAt is a rule's place.
func (r *resolver) ruleAt(doc int) Place {
	return r.p.source.place(r.p.Syscalls[doc].at.rule, resolution.RulePath(doc))
}
