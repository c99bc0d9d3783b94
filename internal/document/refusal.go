// SPDX-License-Identifier: Apache-2.0

package document

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/options"
	"github.com/gosieve/sieve/profile"
)

// Refusal is what a Mesos agent or Marathon refuses. The message is theirs word for word;
// the place is where it stands as far as that is known, which their messages do not say.
// errors.As finds a *profile.Error in it, whose own message has the place in front.
type Refusal struct {
	profile.Diagnostic
	Kind error // what it wraps: profile.ErrSyntax, profile.ErrProfile, or the system's error
}

// Refused is an error with a message of theirs.
func Refused(kind error, at profile.Place, message string) *Refusal {
	return &Refusal{profile.Diagnostic{Severity: profile.Failure, Code: "mesos-refused", Message: message, Place: at}, kind}
}

// Error is the message alone.
func (e *Refusal) Error() string { return e.Message }

// Unwrap is Kind.
func (e *Refusal) Unwrap() error { return e.Kind }

// As makes a *profile.Error of it.
func (e *Refusal) As(target any) bool {
	p, ok := target.(**profile.Error)
	if ok {
		*p = &profile.Error{Diagnostic: e.Diagnostic, Kind: e.Kind}
	}
	return ok
}

// Native is an option of Parse of package mesos: it reads the profile at once, as an agent
// on that machine does, so that what the agent refuses is an error of Parse. The profile can
// be resolved for that machine alone.
type Native arch.Arch

// Set makes a machine an option of Parse.
func (n Native) Set(o options.Options) options.Options { o.Reader = n; return o }
