// SPDX-License-Identifier: Apache-2.0

// Answer runs a command under a supervisor that answers one call: the first question for
// the id of the parent process gets 42.
//
//	go run ./examples/answer sh -c 'echo $PPID'
//
// It needs Linux 5.0. examples/notify is a supervisor that goes on: it looks at the
// arguments of calls, and makes what the caller may not.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch"
	"github.com/gosieve/sieve/seccomp/proof"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: answer COMMAND [ARG...]")
		os.Exit(2)
	}
	err := answer(os.Args[1], os.Args[2:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		os.Exit(exit.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "answer:", err)
		os.Exit(1)
	}
}

// asking asks the supervisor about getppid(2), and allows every other call.
var asking = &seccomp.Policy{
	Arches:  []arch.Arch{arch.Native()},
	Rules:   []seccomp.Rule{{Syscalls: []string{"getppid"}, Action: seccomp.Notify}},
	Default: seccomp.Allow,
}

// answer runs a command that makes the call, and answers its first. Once the listener is
// closed, further ones get ENOSYS.
func answer(name string, arg ...string) error {
	filter, err := proof.Compile(asking)
	if err != nil {
		return err
	}
	cmd := launch.Command(filter, name, arg...)
	cmd.Stdout, cmd.Stderr, cmd.Listen = os.Stdout, os.Stderr, true
	if err := cmd.Start(); err != nil {
		return err
	}
	call, err := cmd.Listener.Receive(context.Background())
	if err == nil {
		err = call.Return(42)
	}
	return errors.Join(err, cmd.Listener.Close(), cmd.Wait())
}
