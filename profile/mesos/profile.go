// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/options"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Profile is a profile for agents on any machine. It keeps the document's bytes, since each
// machine's agent reads them anew and may stop at another error.
type Profile struct {
	file   string
	doc    []byte
	strict bool
	on     *machine // as the agent of one machine reads it; nil without the option document.Native
}

// Parse reads a profile. What an agent says to a document depends on its machine, so that
// only what is no JSON is refused here, and the rest by Resolve.
//
// The text of every error is the agent's message, "Failed to parse Seccomp profile
// 'FILE': ...", but for a document over the limit of size. errors.As finds a *profile.Error
// with the place in it, and it wraps profile.ErrSyntax or profile.ErrProfile. Where the document is a profile for Docker, Fix says
// how to use it. Names of calls are those that Sieve knows; an agent knows those of its
// libseccomp, and refuses the profile for any other.
func Parse(doc []byte, opts ...profile.ParseOption) (*Profile, error) {
	o := options.Of(opts...)
	if len(doc) > o.Size {
		return nil, document.Fail(profile.ErrLimit, "too-large", profile.Place{File: o.File}, "%d bytes, want at most %d", len(doc), o.Size)
	}
	p := &Profile{file: o.File, doc: doc, strict: o.Strict}
	if native, ok := o.Reader.(document.Native); ok {
		var err error
		if p.on, err = readFor(arch.Arch(native), p.file, doc); err != nil {
			return nil, err
		}
		return p, nil
	}
	if _, err := readFor(arch.X86_64, p.file, doc); errors.Is(err, profile.ErrSyntax) {
		return nil, err
	}
	return p, nil
}

// Resolve makes the policy that the profile means for a target, as an agent on the target's
// machine reads it. Of the target its machine and its capability bounding set count. The
// agent answers no call with ENOSYS and asks for no flags, so the filter is to be installed
// with none.
//
// The diagnostics are those of reading and then those of the target. What the agent refuses
// is an error with its message, as of Parse. Otherwise errors are those of profile.Profile.Resolve: it
// refuses rules of which libseccomp would pick one by an order of its own, unless
// profile.RestrictOverlaps is given.
func (p *Profile) Resolve(t profile.Target, opts ...profile.Option) (*seccomp.Policy, []profile.Diagnostic, error) {
	if p == nil {
		return nil, nil, fmt.Errorf("%w: it is nil", profile.ErrProfile)
	}
	m := p.on
	if m == nil {
		var err error
		if m, err = readFor(t.Arch, p.file, p.doc); err != nil {
			return nil, refusals(err), err
		}
	}
	policy, diagnostics, err := m.resolve(t, opts...)
	strict, _ := document.Resolving(opts)
	if err == nil && (strict || p.strict) {
		for i := range diagnostics {
			if diagnostics[i].Severity == profile.Warning {
				refused := document.Error(profile.ErrProfile, diagnostics[i])
				diagnostics[i].Severity = profile.Failure
				return nil, diagnostics, refused
			}
		}
	}
	return policy, diagnostics, err
}

// refusals are the agent's own, as diagnostics: an error comes with the diagnostic that it is
// made of, so that a list of diagnostics is complete without the error.
func refusals(err error) []profile.Diagnostic {
	var e *document.Refusal
	if errors.As(err, &e) {
		return []profile.Diagnostic{e.Diagnostic}
	}
	return nil
}
