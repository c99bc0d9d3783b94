// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package seccomp

import "os"

func (c *Cmd) start([]*os.File) (*os.Process, error) { return nil, errNotLinux() }

func (c *Cmd) explainEnd(*os.ProcessState) {}

func isBrokenPipe(error) bool { return false }
