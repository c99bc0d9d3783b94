// SPDX-License-Identifier: Apache-2.0

// Notify runs a command under a supervisor that makes device nodes for it and
// writes down where it connects to. It takes no privilege:
//
//	mkdir /tmp/dev
//	go run ./examples/notify /tmp/dev sh -c 'mknod /tmp/dev/null c 1 3 && echo gone > /tmp/dev/null'
//
// The filter asks the supervisor about two things. A character device of
// mknod(2) is for the supervisor to make, if it is one of a few harmless
// ones and in that directory: it puts a symbolic link to the host's own device
// there, and answers as if the call had done it. A call of connect(2) is logged and
// goes on: that is no protection, as the address can be changed after it was read.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch"
	"github.com/gosieve/sieve/seccomp/notify"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: notify DIRECTORY COMMAND [ARGUMENT...]")
		os.Exit(2)
	}
	err := run(os.Args[1], os.Args[2:])
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		os.Exit(ended.ExitCode())
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "notify: %v\n", err)
		os.Exit(125)
	}
}

// Errnos of Linux, include/uapi/asm-generic/errno-base.h and errno.h.
const (
	eperm  = 1
	enosys = 38
)

// policy asks about the calls that the supervisor is for, and allows all others. Block
// devices are never harmless.
func policy() *seccomp.Policy {
	mode := func(index int, kind uint64) []seccomp.Arg {
		return []seccomp.Arg{{Index: index, Op: seccomp.MaskedEQ, Value: kind, Mask: typeMask}}
	}
	return &seccomp.Policy{
		Arches: []arch.Arch{arch.Native()},
		Rules: []seccomp.Rule{
			{Syscalls: []string{"mknod"}, Args: mode(1, charDevice), Action: seccomp.Notify},
			{Syscalls: []string{"mknodat"}, Args: mode(2, charDevice), Action: seccomp.Notify},
			{Syscalls: []string{"mknod"}, Args: mode(1, blockDevice), Action: seccomp.Errno(eperm)},
			{Syscalls: []string{"mknodat"}, Args: mode(2, blockDevice), Action: seccomp.Errno(eperm)},
			{Syscalls: []string{"connect"}, Action: seccomp.Notify},
		},
		Default: seccomp.Allow,
		BadArch: seccomp.Errno(enosys),
	}
}

// run runs the command, and supervises it and all that it starts.
func run(dir string, command []string) error {
	s, err := newSupervisor(dir, log.New(os.Stderr, "notify: ", 0))
	if err != nil {
		return err
	}
	defer s.close()
	filter, err := policy().Compile()
	if err != nil {
		return err
	}
	c := launch.Command(filter, command[0], command[1:]...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	c.Listen = true
	if err := c.Start(); err != nil {
		return err
	}
	supervised := make(chan error)
	go func() {
		defer c.Listener.Close() // if this fails, what asks gets ENOSYS
		supervised <- s.serve(c.Listener)
	}()
	ended := c.Wait()
	return errors.Join(<-supervised, ended)
}

// serve deals with calls until no process is left that could make one.
func (s *supervisor) serve(l *notify.Listener) error {
	for {
		n, err := l.Receive(context.Background())
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		// A call that is gone has been interrupted, and nobody waits for the answer.
		if err := s.answer(n); err != nil && !errors.Is(err, notify.ErrGone) {
			return err
		}
	}
}

func (s *supervisor) answer(n *notify.Notification) error {
	abi, _ := arch.Of(n.Call.Audit, n.Call.Nr)
	name, _ := abi.Name(n.Call.Nr)
	a := n.Call.Args
	switch name {
	case "mknod":
		return s.mknod(n, atCWD, a[0], a[2])
	case "mknodat":
		return s.mknod(n, int32(a[0]), a[1], a[3])
	case "connect":
		return s.connect(n)
	}
	return n.Errno(enosys)
}

func (s *supervisor) connect(n *notify.Notification) error {
	to, err := n.ReadSockaddr(n.Call.Args[1], n.Call.Args[2])
	switch {
	case errors.Is(err, notify.ErrGone):
		return err
	case err != nil:
		s.log.Printf("process %d connects to an address that cannot be read: %v", n.PID, err)
	default:
		s.log.Printf("process %d connects to %v", n.PID, to)
	}
	return n.Continue()
}
