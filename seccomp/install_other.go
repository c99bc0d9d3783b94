// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package seccomp

import (
	"fmt"
	"runtime"
)

// Install returns an error that wraps ErrNotSupported: filters are Linux's.
func (f Filter) Install(Flags) error { return errNotLinux() }

// NoNewPrivs returns an error that wraps ErrNotSupported.
func NoNewPrivs() error { return errNotLinux() }

func errNotLinux() error {
	return fmt.Errorf("seccomp: %w: the system is %s, want linux", ErrNotSupported, runtime.GOOS)
}
