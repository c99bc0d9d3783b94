// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"os/exec"
	ossignal "os/signal"
	"sync/atomic"
	"syscall"

	"github.com/gosieve/sieve/seccomp/launch"
	"golang.org/x/sys/unix"
)

// relay hands signals on to a child. The child is in sieve's own process group, so that
// the terminal's keys, job control and pipelines work as they do without sieve. What came
// to the whole group has reached the child already, and must not be handed on a second
// time: some programs end at once at a second SIGINT. The witness tells such signals from
// those to sieve alone.
type relay struct {
	signals chan os.Signal
	broken  chan os.Signal         // SIGPIPE
	instead atomic.Pointer[func()] // what they do once the child has ended
	witness *witness
	done    chan struct{} // closed when the last signal has been handled; nil before pass
}

// catchSignals keeps signals for pass, except those that were ignored when sieve started:
// they stay ignored, here and in the child. SIGPIPE is the kernel's answer to what sieve
// itself has written and is not handed on; catching it makes that write fail with EPIPE
// instead of ending sieve. The order matters: what was ignored is read before handlers
// are installed, and processes are probed before signals can arrive.
func catchSignals() *relay {
	r := &relay{signals: make(chan os.Signal, 4*maxSignal), broken: make(chan os.Signal, 1)}
	ignored := ignored()
	probeProcesses()
	for s := syscall.Signal(1); s <= maxSignal; s++ {
		switch {
		case unhandled(s):
		case ignored[s]:
			ossignal.Ignore(s)
		case s == syscall.SIGPIPE:
			ossignal.Notify(r.broken, s)
		default:
			ossignal.Notify(r.signals, s)
		}
	}
	r.witness = newWitness()
	return r
}

// pass hands on what was caught and what is still to come. Signals that have come
// together are looked at together: a stop that is followed by SIGCONT must not stop
// anything any more.
func (r *relay) pass(c child) {
	r.done = make(chan struct{})
	go func() {
		defer close(r.done)
		var list []syscall.Signal
		for s := range r.signals {
			list = append(list, s.(syscall.Signal))
			for len(list) > 0 {
				list = r.drain(list)
				s, list = list[0], list[1:]
				r.handle(c, s.(syscall.Signal), list)
			}
		}
	}()
}

// drain adds the signals that have come meanwhile to the list, without waiting.
func (r *relay) drain(list []syscall.Signal) []syscall.Signal {
	for {
		select {
		case s, ok := <-r.signals:
			if !ok {
				return list
			}
			list = append(list, s.(syscall.Signal))
		default:
			return list
		}
	}
}

// handle does what one signal asks for. later are those that came after it.
//
// A signal is handed on if it came to sieve alone, or if the child has left sieve's
// process group. Signals that stop the terminal's job stop sieve too, so that the shell
// sees its job stop. After divert the child is gone: a signal that would end it calls
// divert's function instead.
func (r *relay) handle(c child, s syscall.Signal, later []syscall.Signal) {
	group := r.toGroup(s)
	stops := s == syscall.SIGTSTP || s == syscall.SIGTTIN || s == syscall.SIGTTOU
	continued := false
	for _, l := range later {
		continued = continued || l == syscall.SIGCONT
	}
	switch instead := r.instead.Load(); {
	case instead != nil && !stops && s != syscall.SIGCONT && s != syscall.SIGWINCH:
		(*instead)()
	case instead == nil && (!group || !sameGroup(c)) && !(stops && continued):
		signal(c, s)
	}
	if stops && !continued && !orphaned() {
		// The runtime's handler cannot be taken away again, so it is the other signal that stops.
		unix.Kill(os.Getpid(), unix.SIGSTOP)
	}
}

// toGroup says whether a signal came to the whole process group. Where no witness could
// be had, that is assumed of SIGINT and SIGQUIT, which a terminal's keys send to its
// foreground group.
func (r *relay) toGroup(s syscall.Signal) bool {
	if group, known := r.witness.saw(s); known {
		return group
	}
	return (s == syscall.SIGINT || s == syscall.SIGQUIT) && inForeground()
}

// sameGroup says whether the child is still in sieve's process group. An interactive
// shell makes a group of its own.
func sameGroup(c child) bool {
	var p *os.Process
	switch c := c.(type) {
	case *exec.Cmd:
		p = c.Process
	case *launch.Cmd:
		p = c.Process
	}
	group, err := unix.Getpgid(p.Pid)
	return err == nil && group == unix.Getpgrp()
}

// divert makes the relay call f for every further signal that would end a process. It is for
// when the child has ended and its descendants have not.
func (r *relay) divert(f func()) { r.instead.Store(&f) }

// stop gives signals back their actions, once those that came are handled. After Stop no
// signal is sent on the channel (os/signal), so it is safe to close.
func (r *relay) stop() {
	ossignal.Stop(r.signals)
	ossignal.Stop(r.broken)
	close(r.signals)
	if r.done != nil {
		<-r.done
	}
	r.witness.stop()
}
