// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/mesos"
	"github.com/gosieve/sieve/seccomp"
)

// mesosDocument is a profile for agents on any machine.
type mesosDocument struct {
	file   string
	doc    []byte
	strict bool
}

func parseMesos(doc []byte, opts ...profile.ParseOption) (Document, error) {
	file, limits, strict := profile.ReadOptions(opts...)
	if len(doc) > limits.Size {
		return nil, profile.NewError(profile.ErrLimit, profile.Diagnostic{Code: "too-large",
			Message: fmt.Sprintf("%d bytes, want at most %d", len(doc), limits.Size), Place: profile.Place{File: file}})
	}
	d := &mesosDocument{file, doc, strict}
	if _, err := mesos.Parse(file, doc, arch.X86_64); errors.Is(err, profile.ErrSyntax) {
		return nil, err
	}
	return d, nil
}

// Resolve reads the document as an agent on the target's machine does, and resolves
// it. What the agent refuses is a *mesos.Error with its message.
func (d *mesosDocument) Resolve(t profile.Target, opts ...profile.Option) (*seccomp.Policy, []profile.Diagnostic, error) {
	p, err := mesos.Parse(d.file, d.doc, t.Arch)
	var refused *mesos.Error
	if errors.As(err, &refused) {
		return nil, []profile.Diagnostic{{Severity: profile.Failure, Code: mesos.Refused,
			Message: refused.Message, Place: refused.Place, Fix: refused.Fix}}, err
	}
	if err != nil {
		return nil, nil, err
	}
	policy, diagnostics, err := p.Resolve(t, opts...)
	strict, _ := profile.ReadResolveOptions(opts...)
	if err == nil && (strict || d.strict) {
		for i := range diagnostics {
			if diagnostics[i].Severity == profile.Warning {
				refused := profile.NewError(profile.ErrProfile, diagnostics[i])
				diagnostics[i].Severity = profile.Failure
				return nil, diagnostics, refused
			}
		}
	}
	return policy, diagnostics, err
}
