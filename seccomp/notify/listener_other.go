// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package notify

import (
	"os"
	"syscall"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

type guard struct{}

func (*guard) close() {}

func listen(seccomp.Filter, seccomp.Flags) (int, error) { return -1, system.NotLinux() }

func takeListener(*os.File) (*Listener, error) { return nil, system.NotLinux() }

func (FD) receive() (*Notification, error) { return nil, system.NotLinux() }

func send(holder, *response) error { return system.NotLinux() }

func valid(holder, uint64) error { return system.NotLinux() }

func addFD(holder, *addfd, *os.File, bool) (int, error) { return -1, system.NotLinux() }

// No Listener comes to be here, so that nothing is ever received.

func (l *Listener) next() (*Notification, bool) { return nil, false }

func (l *Listener) wait() (*Notification, error) { return nil, system.NotLinux() }

func (l *Listener) duplicate() (*os.File, error) { return nil, system.NotLinux() }

func (l *Listener) control(func(uintptr) syscall.Errno) error { return system.NotLinux() }

func (l *Listener) setFlags(uint64) error { return system.NotLinux() }
