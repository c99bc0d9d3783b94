// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync/atomic"
	"syscall"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
	"golang.org/x/sys/unix"
)

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
	shared      bool         // helper and child were in the launcher's memory
	report      *report      // shared with the child, likewise
	noted       *report      // the helper's
	problem     error        // why the launcher can no longer tell how the child fares
	filtered    int          // how many steps come before the filter is in force
	limit       *unix.Rlimit // of open files, if it is not the launcher's
	dumpable    bool         // the launcher's memory was, and is to be again
	cgroupProcs int          // cgroup.procs of CgroupFD
}

// pair is a connected pair of sockets.
type pair struct{ ours, theirs int }

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
	err := l.ask()
	if err == nil {
		err = l.check()
	}
	if err != nil {
		return nil, fmt.Errorf("seccomp: start: %w", err)
	}
	l.limit = openFiles() // forks, so not when nobody else may
	pid, err := l.run()
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

// namespaces are the flags of clone(2) that only make namespaces.
const namespaces = unix.CLONE_NEWNS | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWUSER |
	unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWCGROUP

// check refuses what cannot be done, by name.
func (l *launch) check() error {
	flags := l.flags
	if flags&seccomp.NewListener != 0 {
		return fmt.Errorf("Flags: %v: Command returns no listener for it: use Listen", flags)
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
// writes: it cannot wait for the child meanwhile, as sharing does.
func (l *launch) newUser() bool {
	return (l.attr.Cloneflags|l.attr.Unshareflags)&unix.CLONE_NEWUSER != 0
}

// run makes the child in one of two ways. Where it may, it shares the launcher's
// memory until exec, which costs the same for every size of the launcher.
// Otherwise memory is copied on write.
func (l *launch) run() (int, error) {
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
		return l.supervised()
	case l.newUser() || l.cmd.Trace || l.cmd.apart || !sharingIsSafe():
		return l.copying()
	}
	return l.sharing()
}

// sharingIsSafe says whether a child can share memory with the launcher and die
// of its filter alone. A death by SIGSYS dumps core, and that killed every
// process with the same memory before Linux 5.16 (commit 0258b5fd7c71).
func sharingIsSafe() bool { return system.Kernel() >= 5<<8|16 }

// sharing makes a child in the launcher's memory. This thread waits in the kernel
// until the child calls exec or ends.
func (l *launch) sharing() (int, error) {
	if err := l.planned(l.cmd.argv(), l.cmd.Environ()); err != nil {
		return 0, fmt.Errorf("seccomp: start: %w", err)
	}
	r := new(report)
	syscall.ForkLock.Lock()
	if !l.keepsDumpable() {
		syscall.ForkLock.Unlock()
		l.plan = plan{}
		return l.copying()
	}
	pid, errno := fork(uintptr(unix.SIGCHLD)|unix.CLONE_VM|unix.CLONE_VFORK|l.attr.Cloneflags, l.steps, r)
	err := l.restoreDumpable()
	syscall.ForkLock.Unlock()
	runtime.KeepAlive(l)
	if errno != 0 {
		return 0, &StartError{Stage: StageFork, Err: errno}
	}
	pid, problem := l.judge(pid, r)
	if problem == nil && err != nil {
		problem = l.abort(pid, &StartError{Stage: StageCredential, What: "launcher's dumpable", Err: err})
	}
	return pid, problem
}

// A change of identity clears the attribute dumpable, which belongs to the memory: a
// child that shares it changes the launcher's.

// keepsDumpable says whether the launcher can have it back. Setting what is set
// already changes nothing.
func (l *launch) keepsDumpable() bool {
	if l.attr.Credential == nil && len(l.attr.AmbientCaps) == 0 {
		return true
	}
	was, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	l.dumpable = err == nil && was == 1
	if !l.dumpable {
		return err == nil
	}
	return unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0) == nil
}

func (l *launch) restoreDumpable() error {
	if !l.dumpable {
		return nil
	}
	return unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0)
}

// copying makes a child with a copy of the launcher's memory, but for a page in
// which it reports.
func (l *launch) copying() (int, error) {
	page, r, noted, err := newSharedReports()
	if err != nil {
		return 0, &StartError{Stage: StageFork, Err: err}
	}
	defer unix.Munmap(page)
	syscall.ForkLock.Lock()
	l.report, l.noted = r, noted
	pid, err := l.copy(r)
	syscall.ForkLock.Unlock()
	if err != nil {
		return 0, err
	}
	defer unix.Close(l.sync.ours)
	err = l.problem
	if err == nil {
		err = l.meetChild(pid)
	}
	if err == nil {
		_, err = readByte(l.sync.ours) // until exec or the child's end closes theirs
	}
	runtime.KeepAlive(l)
	if err != nil {
		return 0, l.abort(pid, startError(err))
	}
	return l.judge(pid, r)
}

// startError makes one of an error that is none.
func startError(err error) error {
	var start *StartError
	if errors.As(err, &start) {
		return err
	}
	return &StartError{Stage: StageFork, Err: err}
}

// meetChild does the launcher's part where the child waits for it.
func (l *launch) meetChild(pid int) (err error) {
	if l.newUser() {
		err = l.writeMaps(pid)
	}
	if err == nil && l.cmd.Trace {
		err = l.trace(pid)
	}
	return err
}

// abort ends a child that is not to come to its program, waits for it, and returns
// why.
func (l *launch) abort(pid int, why error) error {
	l.take()
	problem := errors.Join(kill(pid), unix.Shutdown(l.sync.ours, unix.SHUT_RDWR)) // where it meets the launcher
	if problem == nil && l.cmd.supervisor != nil {
		l.cmd.supervisor.tracer.await()
	}
	if err := awaitEnd(pid); err != nil {
		return fmt.Errorf("%w (%w)", why, errors.Join(problem, err))
	}
	return why
}

// take tells the helper that the child is the launcher's to end, before its id can
// come to be another's.
func (l *launch) take() {
	if l.report != nil {
		atomic.CompareAndSwapUint32(&l.report.fate, fateOpen, fateTaken)
	}
}

// copy is what copying and supervised do while nobody else may fork. The id is the
// child's, or the helper's if there is one.
func (l *launch) copy(r *report) (pid int, err error) {
	defer func() {
		for _, p := range []*pair{&l.sync, &l.hand} {
			p.settle(err == nil, &l.problem)
		}
	}()
	pairs := []*pair{&l.sync}
	if l.asker >= 0 {
		pairs = append(pairs, &l.hand)
	}
	for _, p := range pairs {
		if err := p.open(len(l.files)); err != nil {
			return 0, &StartError{Stage: StageFork, Err: err}
		}
	}
	if err := l.planned(l.cmd.argv(), l.cmd.Environ()); err != nil {
		return 0, fmt.Errorf("seccomp: start: %w", err)
	}
	var errno unix.Errno
	flags := uintptr(unix.SIGCHLD) | l.attr.Cloneflags
	if l.asker >= 0 {
		share := uintptr(0)
		if l.shared = l.sharingHelps(); l.shared {
			share = unix.CLONE_VM | unix.CLONE_VFORK
		}
		l.helped()
		pid, errno = forkHelped(share, flags, l.steps, r, l.first.steps, l.helper.steps, l.noted)
		if err := l.restoreDumpable(); l.shared && err != nil {
			l.problem = fmt.Errorf("launcher's dumpable: %w", err)
		}
	} else {
		pid, errno = fork(flags, l.steps, r)
	}
	if errno != 0 {
		return 0, &StartError{Stage: StageFork, Err: errno}
	}
	return pid, nil
}

// settle closes their end, which has gone to the child, or both. Whoever cannot
// close theirs does not see the child's end.
func (p *pair) settle(started bool, problem *error) {
	if p.theirs >= 0 {
		if err := unix.Close(p.theirs); err != nil && *problem == nil {
			*problem = fmt.Errorf("close: %w", err)
		}
	}
	if !started && p.ours >= 0 {
		unix.Close(p.ours)
		p.ours = -1
	}
}

// open makes the pair, with their end out of the way of the child's numbers.
func (p *pair) open(numbers int) error {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	p.ours = fds[0]
	p.theirs, err = unix.FcntlInt(uintptr(fds[1]), unix.F_DUPFD_CLOEXEC, numbers)
	return errors.Join(err, unix.Close(fds[1]))
}

// judge reads the report of a child that has called exec or is about to end.
func (l *launch) judge(pid int, r *report) (int, error) {
	last := &l.steps[max(r.reached, 1)-1]
	if r.errno == 0 && last.stage == StageExec && !endedBeforeExec(pid) {
		return pid, nil
	}
	if l.cmd.supervisor != nil {
		l.cmd.supervisor.tracer.await()
	}
	l.take()
	status, err := reap(pid)
	e := l.fault(r) // all of it can be seen now that the child has ended
	switch {
	case e.Err != nil:
	case err != nil:
		e.Err = err
	case status.Signaled():
		e.Signal = status.Signal()
	default:
		e.Err = fmt.Errorf("the child ended with status %d", status.ExitStatus())
	}
	return 0, e
}

// fault is the step that a child came to, and its errno if it failed.
func (l *launch) fault(r *report) *StartError {
	last := &l.steps[max(r.reached, 1)-1]
	e := &StartError{Stage: last.stage, What: last.what}
	switch {
	case r.errno == 0:
	case syscall.Errno(r.errno) == errFaked:
		e.Err = system.ErrNotDone
	case last.stage == StageFilter && last.flags&seccomp.NewListener != 0 && syscall.Errno(r.errno) == unix.EBUSY:
		e.Err = fmt.Errorf("an older filter of the launcher has a listener: %w", unix.EBUSY)
	case last.stage == StageFilter:
		e.Err = system.Refused(syscall.Errno(r.errno), last.flags, func(tid int) error { return &seccomp.ThreadError{TID: tid} })
	default:
		e.Err = syscall.Errno(r.errno)
	}
	return e
}

// endedBeforeExec says whether a child that has called execve never came through
// it. Without /proc it says no: then Wait tells of the signal.
func endedBeforeExec(pid int) bool {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return false
	}
	// The name, in parentheses, may hold anything.
	fields := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
	if len(fields) < 7 || string(fields[1]) != strconv.Itoa(os.Getpid()) {
		return false
	}
	flags, err := strconv.ParseUint(string(fields[6]), 10, 64)
	const exiting, forkNoExec = 0x4, 0x40 // PF_EXITING, PF_FORKNOEXEC, include/linux/sched.h
	return err == nil && flags&exiting != 0 && flags&forkNoExec != 0
}

func isBrokenPipe(err error) bool { return errors.Is(err, unix.EPIPE) }
