// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package seccomp

import "github.com/gosieve/sieve/seccomp/internal/system"

// InstallSelf returns an error that wraps ErrNotSupported: filters are Linux's.
func (f Filter) InstallSelf(Flags) error { return system.NotLinux() }
