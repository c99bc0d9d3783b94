// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package features

import (
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

// Probe returns an error that wraps ErrNotSupported: filters are Linux's.
func Probe() (*Features, error) { return nil, system.NotLinux() }

// Flags are none: filters are Linux's.
func Flags() seccomp.Flags { return 0 }

// Actions are none: filters are Linux's.
func Actions() []seccomp.Action { return nil }
