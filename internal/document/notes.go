// SPDX-License-Identifier: Apache-2.0

package document

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// maxNotes is how many diagnostics are kept: nobody reads more.
const maxNotes = 1000

// Notes are the diagnostics of one reading or resolving. With Strict the first warning is an
// error, which Warn returns: callers must pass it on.
type Notes struct {
	Strict  bool
	list    []profile.Diagnostic
	dropped int
}

// After are notes that begin with those.
func After(list []profile.Diagnostic, strict bool) *Notes {
	return &Notes{Strict: strict, list: slices.Clone(list)}
}

// Full reports whether no more are kept. A caller can then leave out the search for a
// suggestion, which compares a word with every name.
func (n *Notes) Full() bool { return len(n.list) >= maxNotes }

// Info keeps a fact.
func (n *Notes) Info(code profile.Code, place profile.Place, fix, format string, args ...any) {
	n.keep(profile.Diagnostic{Severity: profile.Info, Code: code, Message: fmt.Sprintf(format, args...), Place: place, Fix: fix})
}

// Warn keeps a warning, or makes it an error.
func (n *Notes) Warn(code profile.Code, place profile.Place, fix, format string, args ...any) error {
	d := profile.Diagnostic{Severity: profile.Warning, Code: code, Message: fmt.Sprintf(format, args...), Place: place, Fix: fix}
	if n.Strict {
		return Error(profile.ErrProfile, d)
	}
	n.keep(d)
	return nil
}

// check makes an error of the first warning there is, if Strict says so.
func (n *Notes) check() error {
	if !n.Strict {
		return nil
	}
	for _, d := range n.list {
		if d.Severity == profile.Warning {
			return Error(profile.ErrProfile, d)
		}
	}
	return nil
}

// keep keeps a diagnostic, or counts it if there are too many.
func (n *Notes) keep(d profile.Diagnostic) {
	if len(n.list) >= maxNotes {
		n.dropped++
		return
	}
	n.list = append(n.list, d)
}

// Policy is what Resolve of a dialect returns: the policy that resolve makes, and the
// diagnostics. Warnings that were there before are errors if Strict says so.
func (n *Notes) Policy(p *seccomp.Policy, resolve func() error) (*seccomp.Policy, []profile.Diagnostic, error) {
	err := n.check()
	if err == nil {
		err = resolve()
	}
	if err != nil {
		return nil, n.failed(err), err
	}
	return p, n.List(), nil
}

// List is all of them, with a word on those that were too many.
func (n *Notes) List() []profile.Diagnostic {
	if n.dropped == 0 {
		return n.list
	}
	return append(n.list[:len(n.list):len(n.list)], profile.Diagnostic{Severity: profile.Warning, Code: "more-warnings",
		Message: strconv.Itoa(n.dropped) + " more diagnostics"})
}

// failed are the list and, behind it, an error.
func (n *Notes) failed(err error) []profile.Diagnostic {
	list := n.List()
	if e, ok := err.(*profile.Error); ok {
		return append(list[:len(list):len(list)], e.Diagnostic)
	}
	return list
}

// Fail returns an error at a place, which wraps one of package profile's kinds.
func Fail(kind error, code profile.Code, place profile.Place, format string, args ...any) *profile.Error {
	return Error(kind, profile.Diagnostic{Code: code, Message: fmt.Sprintf(format, args...), Place: place})
}

// Error is a diagnostic as an error that wraps a kind: profile.ErrSyntax, ErrProfile,
// ErrLimit or ErrTarget.
func Error(kind error, d profile.Diagnostic) *profile.Error {
	d.Severity = profile.Failure
	return &profile.Error{Diagnostic: d, Kind: kind}
}

// Resolving is what the options of Resolve say that concerns every dialect: whether a
// warning is an error, and whether arguments that the kernel reads as 32 bits are compared
// as such.
func Resolving(opts []profile.Option) (strict, narrow bool) {
	var o resolution.Options
	for _, opt := range opts {
		if opt != nil {
			opt.Apply(&o)
		}
	}
	return o.Strict, o.Narrow
}
