// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
	"github.com/gosieve/sieve/seccomp/launch/internal/child"
	"github.com/gosieve/sieve/seccomp/launch/internal/supervise"
	"golang.org/x/sys/unix"
)

// This file begins a start: it chooses the child's filter, refuses what cannot be done, and
// chooses how the child is made. Next is share_linux.go, copy_linux.go, or helper_linux.go for a child whose filter
// has a listener. All three make a plan (plan_linux.go), clone (internal/child), and read
// the child's report (outcome_linux.go).

// launch is one start of a child.
type launch struct {
	plan
	cmd         *Cmd
	filter      seccomp.Filter // the Cmd's, or the supervised one
	flags       seccomp.Flags
	asker       int // the program that gets a listener; -1 for none
	attr        *syscall.SysProcAttr
	files       []int // the launcher's numbers of the child's 0, 1, 2, ...
	sync        pair  // where launcher and child do not share memory
	hand        pair  // where a helper is to pass the listener on
	first       plan  // the helper's, before there is a child
	helper      plan  // and after
	helperID    int
	shared      bool          // helper and child were in the launcher's memory
	report      *child.Report // shared with the child, likewise
	noted       *child.Report // the helper's
	problem     error         // why the launcher can no longer tell how the child fares
	filtered    int           // how many steps come before the filter is in force
	limit       *unix.Rlimit  // of open files, if it is not the launcher's
	dumpable    bool          // the launcher's memory was, and is to be again
	cgroupProcs int           // cgroup.procs of CgroupFD
}

// start makes the child and returns once it has called execve, or not at all.
func (c *Cmd) start(files []*os.File) (*os.Process, error) {
	l := &launch{
		cmd: c, filter: c.filter, flags: c.Flags, asker: -1, attr: c.SysProcAttr,
		sync: pair{-1, -1}, hand: pair{-1, -1}, cgroupProcs: -1,
	}
	if l.attr == nil {
		l.attr = &syscall.SysProcAttr{}
	}
	if l.attr.PidFD != nil {
		*l.attr.PidFD = -1 // until there is a child
	}
	for i, f := range files {
		fd := -1
		if f != nil {
			fd = int(f.Fd())
			if fd < 0 {
				return nil, fmt.Errorf("seccomp: start: descriptor %d: %w", i, os.ErrClosed)
			}
		}
		l.files = append(l.files, fd)
	}
	defer runtime.KeepAlive(files)
	err := l.chooseFilter()
	if err == nil {
		err = l.check()
	}
	if err != nil {
		return nil, fmt.Errorf("seccomp: start: %w", err)
	}
	l.limit = openFiles() // forks, so not when nobody else may
	pid, err := l.makeChild()
	if err != nil {
		l.explainStart(err)
		return nil, err
	}
	if l.attr.PidFD != nil {
		if fd, err := unix.PidfdOpen(pid, 0); err == nil {
			*l.attr.PidFD = fd
		}
	}
	if c.Process != nil { // HandOver has it already
		return c.Process, nil
	}
	return os.FindProcess(pid)
}

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

// namespaces are the flags of clone(2) that only make namespaces.
const namespaces = unix.CLONE_NEWNS | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWUSER |
	unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWCGROUP

// check refuses what cannot be done, by name.
func (l *launch) check() error {
	flags := l.flags
	if flags&seccomp.NewListener != 0 {
		return fmt.Errorf("Cmd.Flags: %v: Command returns no listener for it: use Listen", flags)
	}
	if l.asker >= 0 {
		flags |= seccomp.NewListener
	}
	if err := l.filter.Check(flags); err != nil {
		return err
	}
	a := l.attr
	maps := a.UidMappings != nil || a.GidMappings != nil
	switch {
	case a.Ptrace:
		return errors.New("SysProcAttr.Ptrace: not supported: the launcher would stop with the child")
	case a.Cloneflags&^namespaces != 0:
		return fmt.Errorf("SysProcAttr.Cloneflags: %#x: want namespaces of clone(2) only", a.Cloneflags)
	case maps && !l.newUser():
		return errors.New("SysProcAttr: UidMappings or GidMappings without CLONE_NEWUSER")
	case a.Setctty && a.Foreground:
		return errors.New("SysProcAttr: both Setctty and Foreground")
	case a.Setctty && (a.Ctty < 0 || a.Ctty >= len(l.files)):
		return fmt.Errorf("SysProcAttr.Ctty: %d: want a descriptor of the child, 0 to %d", a.Ctty, len(l.files)-1)
	}
	for _, n := range a.AmbientCaps {
		if n > 63 {
			return fmt.Errorf("SysProcAttr.AmbientCaps: %d: want 0 to 63", n)
		}
	}
	return nil
}

// newUser says whether the child gets a user namespace, whose maps the launcher
// writes: it cannot wait for the child meanwhile, as makeSharing does.
func (l *launch) newUser() bool {
	return (l.attr.Cloneflags|l.attr.Unshareflags)&unix.CLONE_NEWUSER != 0
}

// makeChild makes the child in one of three ways. One whose filter has a listener gets
// a helper. Any other shares the launcher's memory until exec where it may, which costs
// the same for every size of the launcher. Otherwise memory is copied on write.
func (l *launch) makeChild() (int, error) {
	if l.attr.UseCgroupFD {
		fd, err := unix.Openat(l.attr.CgroupFD, "cgroup.procs", unix.O_WRONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			return 0, &StartError{Stage: StageCgroup, Err: err}
		}
		defer unix.Close(fd)
		l.cgroupProcs = fd
	}
	switch {
	case l.asker >= 0:
		return l.makeWithHelper()
	case l.newUser() || l.cmd.Trace || l.cmd.apart || !sharingIsSafe():
		return l.makeCopying()
	}
	return l.makeSharing()
}

// sharingIsSafe says whether a child can share memory with the launcher and die
// of its filter alone. A death by SIGSYS dumps core, and that killed every
// process with the same memory before Linux 5.16 (commit 0258b5fd7c71).
func sharingIsSafe() bool { return system.Kernel() >= 5<<8|16 }

func isBrokenPipe(err error) bool { return errors.Is(err, unix.EPIPE) }
