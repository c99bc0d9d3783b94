// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package seccomp

import (
	"syscall"

	"github.com/gosieve/sieve/seccomp/internal/system"
)

// Install returns an error that wraps ErrNotSupported: filters are Linux's.
func (f Filter) Install(Flags) error { return system.NotLinux() }

// InstallError returns the errno: no other system has seccomp(2).
func InstallError(_ int, errno syscall.Errno, _ Flags) error { return errno }

// NoNewPrivs returns an error that wraps ErrNotSupported.
func NoNewPrivs() error { return system.NotLinux() }
