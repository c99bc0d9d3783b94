// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package seccomp

// Probe returns an error that wraps ErrNotSupported: filters are Linux's.
func Probe() (*Features, error) { return nil, errNotLinux() }
