// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	ossignal "os/signal"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// outcome passes on how the command ended.
func outcome(name string, err error) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return err
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() {
		return &statusError{exit.ExitCode(), nil}
	}
	own := &statusError{status: statusSignal + int(status.Signal())}
	if status.Signal() == syscall.SIGSYS {
		own.err = fmt.Errorf("%s was killed by SIGSYS: it made a call that the profile kills or traps", name)
	}
	return own
}

// relay hands signals on to a child. Those of the terminal's keys reach it by
// themselves where both are in the foreground.
type relay struct {
	signals chan os.Signal
	instead atomic.Pointer[func()] // what they do once the child has ended
}

// catchSignals keeps signals for pass.
func catchSignals() *relay {
	r := &relay{signals: make(chan os.Signal, 16)}
	ossignal.Notify(r.signals, syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGUSR1, syscall.SIGUSR2)
	return r
}

// pass hands on what was caught and what is still to come.
func (r *relay) pass(c child) {
	go func() {
		for s := range r.signals {
			if instead := r.instead.Load(); instead != nil {
				(*instead)()
				continue
			}
			if (s == syscall.SIGINT || s == syscall.SIGQUIT) && inForeground() {
				continue
			}
			signal(c, s)
		}
	}()
}

// divert has f called for every further signal, in the place of a child that has ended.
func (r *relay) divert(f func()) { r.instead.Store(&f) }

func (r *relay) stop() {
	ossignal.Stop(r.signals)
	close(r.signals)
}

// inForeground says whether this process belongs to the terminal's foreground
// group, which gets the signals of its keys.
func inForeground() bool {
	tty, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	defer tty.Close()
	group, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}
