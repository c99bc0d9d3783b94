// SPDX-License-Identifier: Apache-2.0

//go:build !seccomp

package peer

import (
	"errors"

	"github.com/opencontainers/runtime-spec/specs-go"
)

// runc's own sources are empty without its build tag.
func runc() Peer {
	const missing = "build with -tags seccomp"
	return Peer{
		Name:    "runc",
		Missing: missing,
		Prepare: func(*specs.LinuxSeccomp) (Compile, error) { return nil, errors.New("runc: " + missing) },
	}
}
