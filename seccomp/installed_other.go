// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package seccomp

import "context"

// Installed reads the filters that a process runs under; on Linux only.
func Installed(ctx context.Context, pid int) (Filter, error) { return nil, ErrNotSupported }
