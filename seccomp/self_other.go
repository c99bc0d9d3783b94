// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package seccomp

// InstallSelf returns an error that wraps ErrNotSupported: filters are Linux's.
func (f Filter) InstallSelf(Flags) error { return errNotLinux() }
