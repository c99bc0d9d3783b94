// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package system

import (
	"fmt"
	"runtime"
)

// NotLinux is the error of everything that only Linux has.
func NotLinux() error {
	return fmt.Errorf("seccomp: %w: the system is %s, want linux", ErrNotSupported, runtime.GOOS)
}

// ReadMemory fails.
func ReadMemory(int, uint64, []byte) (int, error) { return 0, NotLinux() }
