// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package notify

import (
	"os"

	"github.com/gosieve/sieve/seccomp/internal/system"
)

func pidFD(int) (*os.File, error) { return nil, system.NotLinux() }
