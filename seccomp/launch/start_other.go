// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package launch

import (
	"os"

	"github.com/gosieve/sieve/seccomp/internal/system"
)

func (c *Cmd) start([]*os.File) (*os.Process, error) { return nil, system.NotLinux() }

func (c *Cmd) explainEnd(*os.ProcessState) {}

func isBrokenPipe(error) bool { return false }
