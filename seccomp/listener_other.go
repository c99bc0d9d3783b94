// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package seccomp

import "os"

type guard struct{}

func (*guard) close() {}

func (f Filter) listen(Flags) (*Listener, error) { return nil, errNotLinux() }

func (f Filter) listenFD(Flags) (int, error) { return -1, errNotLinux() }

func takeListener(*os.File) (*Listener, error) { return nil, errNotLinux() }

// No Listener comes to be here, so that nothing is ever received or answered.

func (l *Listener) next() (*Notification, bool) { return nil, false }

func (l *Listener) wait() (*Notification, error) { return nil, errNotLinux() }

func (l *Listener) duplicate() (*os.File, error) { return nil, errNotLinux() }

func (l *Listener) send(*response) error { return errNotLinux() }

func (l *Listener) valid(uint64) error { return errNotLinux() }

func (l *Listener) addFD(*addfd, *os.File, bool) (int, error) { return -1, errNotLinux() }

func (l *Listener) setFlags(uint64) error { return errNotLinux() }
