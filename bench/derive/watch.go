// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/record"
	"github.com/gosieve/sieve/seccomp/launch"
	"github.com/gosieve/sieve/seccomp/notify"
)

// watchVariable has this program watch another one and write what it saw to a file: it is
// then in sieve record's place, with its policy and its listener, but keeps the calls of one
// program. What the launcher does before execve, and what children are after theirs, has
// another /proc/PID/exe.
const watchVariable = "SIEVE_DERIVE_WATCH"

// watchIfAsked ends this program if it was started to watch another.
func watchIfAsked() {
	file := os.Getenv(watchVariable)
	if file == "" {
		return
	}
	_ = os.Unsetenv(watchVariable)
	calls, err := watch(os.Args[1], os.Args[2:])
	if err == nil {
		err = os.WriteFile(file, []byte(strings.Join(calls, "\n")), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "derive: watch:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// watch runs a program to its end and names its calls.
func watch(program string, args []string) ([]string, error) {
	filter, err := record.Everything().Compile()
	if err != nil {
		return nil, err
	}
	c := launch.Command(filter, program, args...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	c.Listen = true
	if err := c.Start(); err != nil {
		return nil, err
	}
	defer c.Listener.Close()
	var calls []string
	watched := make(chan error, 1)
	go func() {
		var err error
		calls, err = receive(c.Listener, program)
		watched <- err
	}()
	ended := c.Wait()
	if err := <-watched; err != nil {
		return nil, err
	}
	if killed := c.ProcessState; killed != nil && !killed.Exited() { // by the harness's own signal
		ended = nil
	}
	return calls, ended
}

// receive lets every call go on, until the last process has ended, and names those that the
// program itself makes.
func receive(l *notify.Listener, program string) ([]string, error) {
	var calls []string
	for {
		n, err := l.Receive(context.Background())
		switch {
		case errors.Is(err, io.EOF):
			return calls, nil
		case err != nil:
			return nil, err
		}
		exe, _ := os.Readlink(fmt.Sprintf("/proc/%d/exe", n.PID))
		if abi, ok := arch.Of(n.Call.Audit, n.Call.Nr); ok && exe == program {
			name, _ := abi.Name(n.Call.Nr)
			if name == "" {
				name = fmt.Sprintf("%v:%d", abi, n.Call.Nr)
			}
			if !slices.Contains(calls, name) {
				calls = append(calls, name)
			}
		}
		if err := n.Continue(); err != nil && !errors.Is(err, notify.ErrGone) {
			return nil, err
		}
	}
}
