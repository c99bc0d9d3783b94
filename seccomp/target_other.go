// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package seccomp

import "os"

func pidFD(int) (*os.File, error) { return nil, errNotLinux() }

func readMemory(int, uint64, []byte) (int, error) { return 0, errNotLinux() }
