// SPDX-License-Identifier: Apache-2.0

package mesos

import "github.com/gosieve/sieve/profile"

// Error is what an agent or Marathon refuses. The message is theirs word for word; the
// place is where it stands as far as that is known, which their messages do not say.
// The agent's are from src/linux/seccomp/seccomp_parser.cpp and seccomp.cpp.
type Error struct {
	profile.Diagnostic
	Kind error // what it wraps: profile.ErrSyntax, profile.ErrProfile, or the system's error
}

// refusal is an error with a message of the agent.
func refusal(kind error, at profile.Place, message string) *Error {
	return &Error{profile.Diagnostic{Severity: profile.Failure, Code: refused, Message: message, Place: at}, kind}
}

// Error is the message alone.
func (e *Error) Error() string {
	if e == nil {
		return "<nil>"
	}
	return e.Message
}

// Unwrap is Kind.
func (e *Error) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Kind
}
