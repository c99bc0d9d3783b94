// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package seccomp

import "github.com/gosieve/sieve/seccomp/internal/system"

// Install returns an error that wraps ErrNotSupported: filters are Linux's.
func (f Filter) Install(Flags) error { return system.NotLinux() }

// NoNewPrivs returns an error that wraps ErrNotSupported.
func NoNewPrivs() error { return system.NotLinux() }
