// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
	"github.com/gosieve/sieve/seccomp/launch/internal/child"
	"github.com/gosieve/sieve/seccomp/launch/internal/supervise"
)

// This file decides whether the child's filter gets a listener, and which filter the child
// gets. It is the first that start does.

// chooseFilter finds out whether the child gets a listener, and which filter.
func (l *launch) chooseFilter() (err error) {
	c := l.cmd
	switch {
	case c.Trace && c.Supervise == nil:
		return errors.New("Cmd.Trace: want Supervise too, which says what the calls mean")
	case c.Trace && c.Privileged:
		return errors.New("Cmd.Trace: not with Privileged: a traced program gains no privileges")
	case c.HandOver != nil && !c.Listen:
		return errors.New("Cmd.HandOver: want Listen too, which makes the listener")
	case c.Listen && c.Supervise != nil:
		return errors.New("Cmd.Listen and Supervise: the kernel allows one listener")
	case c.Listen:
		if err := l.filter.Check(l.flags | seccomp.NewListener); err != nil {
			return err
		}
		l.asker, err = system.Notifier(l.filter)
		return err
	case c.Supervise == nil:
		return nil
	case system.Kernel() < 5<<8|9:
		return fmt.Errorf("Cmd.Supervise: %w: a listener tells since Linux 5.9 that nobody uses it any more", seccomp.ErrNotSupported)
	}
	if l.filter, err = supervise.Filter(l.filter, c.Supervise); err != nil {
		return err
	}
	c.supervisor = supervise.New(c.Supervise)
	if l.asker, err = system.Notifier(l.filter); err != nil {
		l.asker = -1 // no decision is ERRNO or LOG
		c.supervisor.Idle()
		return nil
	}
	// So that a signal does not interrupt a call that would not have waited.
	l.flags |= system.Supported(seccomp.WaitKillable)
	return nil
}

// sharingHelps says whether helper and child can be in the launcher's memory, as
// in makeSharing: nobody but the launcher could answer a child that asks before its
// program runs, or as it ends without. Somebody who killed the helper alone, at
// that very moment, would have launcher and child go on with one stack: like its
// threads, it is part of the launcher.
func (l *launch) sharingHelps() bool {
	if l.newUser() || l.cmd.Trace || l.cmd.apart || l.cmd.HandOver != nil || !sharingIsSafe() || l.asksBeforeExec() {
		return false
	}
	for _, nr := range []uintptr{unix.SYS_EXIT_GROUP, unix.SYS_EXIT} {
		c := l.callOf(&child.Step{Nr: nr, Args: [6]uintptr{child.ExitStatus}})
		if l.filter.Run(&c).Kind() == seccomp.Notify {
			return false
		}
	}
	return l.keepsDumpable()
}

// asksBeforeExec says whether the child waits for an answer before its program
// runs. A filter that goes by addresses may ask at any of its calls.
func (l *launch) asksBeforeExec() bool {
	for _, p := range l.filter {
		for _, ins := range p {
			if ins.Op == bpf.OpLdAbs && (ins.K == 8 || ins.K == 12) { // the halves of the instruction pointer
				return true
			}
		}
	}
	for _, s := range l.steps[l.filtered:] {
		if s.Op == child.OpCaps || s.Op == child.OpHold {
			continue
		}
		c := l.callOf(&s)
		if l.filter.Run(&c).Kind() == seccomp.Notify {
			return true
		}
	}
	return false
}

// callOf is a step as the filter sees it.
func (l *launch) callOf(s *child.Step) seccomp.Call {
	c := seccomp.Call{Audit: arch.Native().Audit(), Nr: uint32(s.Nr)}
	for i, a := range s.Args {
		c.Args[i] = uint64(a)
	}
	return c
}
