// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"errors"
	"strings"
	"syscall"
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
