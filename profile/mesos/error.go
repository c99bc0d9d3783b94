// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"errors"
	"strings"
	"syscall"

	"github.com/gosieve/sieve/profile"
)

// What errors of this package wrap, beside profile.ErrSyntax, profile.ErrProfile and
// what the system said.
var (
	// ErrSetting: the agent's flags or a container's SeccompInfo contradict
	// themselves or say too little.
	ErrSetting = errors.New("invalid seccomp setting")
	// ErrOutside: a profile's name leads out of the config dir.
	ErrOutside = errors.New("profile outside the config dir")
	// ErrDefinition: Marathon would refuse the definition.
	ErrDefinition = errors.New("invalid definition")
)

// Error is what an agent or Marathon refuses. The message is theirs word for word; the
// place is where it stands as far as that is known, which their messages do not say.
type Error struct {
	profile.Diagnostic
	Kind error // what it wraps: one of the errors above, of package profile, or the system's
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

// strerror is the C library's text for an error of the system: Go's, but for the
// first letter.
func strerror(err error) string {
	var errno syscall.Errno
	s := err.Error()
	if errors.As(err, &errno) {
		s = errno.Error()
	}
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
