// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"fmt"
	"strconv"
	"syscall"
	"unsafe"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
	"golang.org/x/sys/unix"
)

// plan is all that a child does before its program, in order.
type plan struct {
	steps []step
	keep  []any // what the steps' arguments are addresses of
}

func (p *plan) call(stage Stage, what string, nr uintptr, args ...uintptr) *step {
	p.steps = append(p.steps, step{stage: stage, what: what, nr: nr})
	s := &p.steps[len(p.steps)-1]
	copy(s.args[:], args)
	return s
}

// done asks whether an earlier call has done what it said. A filter that the launcher
// is under may answer with success, and nothing is done: some do for changes of
// identity. The child would then run with more than it was to have.
func (p *plan) done(stage Stage, what string, want, nr uintptr, args ...uintptr) {
	s := p.call(stage, what, nr, args...)
	s.op, s.want = opCheck, want
}

// address keeps what p points to alive. Unlike a variable on a stack, which
// moves, what escapes here has one address for good.
func address[T any](p *plan, x *T) uintptr {
	p.keep = append(p.keep, x)
	return uintptr(unsafe.Pointer(x))
}

// text is the address of a string, which Start has found to be without NUL.
func (p *plan) text(s string) uintptr {
	b := append([]byte(s), 0)
	return address(p, &b[0])
}

// texts is the address of strings as execve(2) takes them.
func (p *plan) texts(list []string) (uintptr, error) {
	pointers, err := syscall.SlicePtrFromStrings(list)
	if err != nil {
		return 0, err
	}
	return address(p, &pointers[0]), nil
}

// planned makes the plan for a child with those descriptors, in the order that
// Start documents. Parts of it are in the launch's other methods.
func (l *launch) planned(argv, envp []string) error {
	for _, s := range []string{l.cmd.Path, l.cmd.Dir, l.attr.Chroot} {
		if _, err := syscall.BytePtrFromString(s); err != nil {
			return fmt.Errorf("%q: %w", s, err)
		}
	}
	argvp, err := l.texts(argv)
	if err != nil {
		return fmt.Errorf("Args: %w", err)
	}
	envpp, err := l.texts(envp)
	if err != nil {
		return fmt.Errorf("Env: %w", err)
	}
	if l.asker < 0 && l.sync.ours >= 0 {
		l.alone(&l.plan)
	}
	l.cgroup()
	if l.attr.Cloneflags&unix.CLONE_NEWUSER != 0 {
		l.meet(StageNamespace, "maps")
	}
	l.session()
	l.steps = append(l.steps, step{stage: StageSignals, op: opSignals})
	if l.cmd.Trace {
		l.meet(StageTrace, "") // before a change of identity forbids it
	}
	l.unshare()
	if l.attr.Chroot != "" {
		l.call(StageRoot, l.attr.Chroot, unix.SYS_CHROOT, l.text(l.attr.Chroot))
	}
	if !l.cmd.Privileged {
		l.identity()
	}
	if l.cmd.Dir != "" {
		l.call(StageDir, l.cmd.Dir, unix.SYS_CHDIR, l.text(l.cmd.Dir))
	}
	l.descriptors()
	l.terminal()
	if l.limit != nil {
		l.call(StageFiles, "limit", unix.SYS_PRLIMIT64, 0, unix.RLIMIT_NOFILE, address(&l.plan, l.limit))
	}
	if !l.cmd.Privileged {
		l.call(StageNoNewPrivs, "", unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1)
		l.done(StageNoNewPrivs, "", 1, unix.SYS_PRCTL, unix.PR_GET_NO_NEW_PRIVS)
	}
	l.programs()
	if l.cmd.Privileged {
		l.identity()
	}
	l.call(StageExec, l.cmd.Path, unix.SYS_EXECVE, l.text(l.cmd.Path), argvp, envpp)
	return nil
}

// alone closes the launcher's ends of the pairs: the end of a launcher that others have
// a copy of is not seen. A helper does it before there is a child, which may end
// at any moment.
func (l *launch) alone(p *plan) {
	for _, pair := range []pair{l.sync, l.hand} {
		if pair.ours >= 0 {
			p.call(StageFork, "", unix.SYS_CLOSE, uintptr(pair.ours))
		}
	}
}

// cgroup moves the child before it does anything that the group should account for.
func (l *launch) cgroup() {
	if l.attr.UseCgroupFD {
		zero := []byte("0") // the writer itself
		l.call(StageCgroup, "", unix.SYS_WRITE, uintptr(l.cgroupProcs), address(&l.plan, &zero[0]), 1)
	}
}

// meet waits for the launcher to do its part: to write the maps of the child's
// user namespace, or to become its tracer.
func (l *launch) meet(stage Stage, what string) {
	b := make([]byte, 1)
	at := address(&l.plan, &b[0])
	l.call(stage, what, unix.SYS_WRITE, uintptr(l.sync.theirs), at, 1)
	s := l.call(stage, what, unix.SYS_READ, uintptr(l.sync.theirs), at, 1)
	s.op, s.want = opWant, 1
}

func (l *launch) session() {
	a := l.attr
	if a.Setsid {
		l.call(StageSession, "setsid", unix.SYS_SETSID)
	}
	if a.Setpgid || a.Foreground {
		l.call(StageSession, "setpgid "+strconv.Itoa(a.Pgid), unix.SYS_SETPGID, 0, uintptr(a.Pgid))
	}
	if !a.Foreground {
		return
	}
	group := new(int32)
	*group = int32(a.Pgid)
	if a.Pgid == 0 {
		s := l.call(StageSession, "getpid", unix.SYS_GETPID)
		s.op, s.keep = opKeep, group
	}
	// Signals are still blocked: this one sends SIGTTOU.
	l.call(StageSession, "foreground", unix.SYS_IOCTL, uintptr(a.Ctty), unix.TIOCSPGRP, address(&l.plan, group))
}

func (l *launch) unshare() {
	flags := l.attr.Unshareflags
	if flags == 0 {
		return
	}
	l.call(StageNamespace, "unshare", unix.SYS_UNSHARE, flags)
	if flags&unix.CLONE_NEWUSER != 0 {
		l.meet(StageNamespace, "maps")
	}
	if flags&unix.CLONE_NEWNS != 0 {
		// Mounts of a shared tree would still be seen outside, and its own here.
		l.call(StageNamespace, "mount --make-rprivate /", unix.SYS_MOUNT,
			l.text("none"), l.text("/"), 0, unix.MS_REC|unix.MS_PRIVATE)
	}
}

// identity is who the child is, and with that goes what a change of identity
// undoes.
func (l *launch) identity() {
	a := l.attr
	if len(a.AmbientCaps) > 0 {
		l.call(StageCredential, "keep capabilities", unix.SYS_PRCTL, unix.PR_SET_KEEPCAPS, 1)
	}
	if c := a.Credential; c != nil {
		unmapped := a.GidMappings != nil && !a.GidMappingsEnableSetgroups && len(c.Groups) == 0
		if !unmapped && !c.NoSetGroups {
			groups := uintptr(0)
			if len(c.Groups) > 0 {
				own := append([]uint32(nil), c.Groups...)
				groups = address(&l.plan, &own[0])
			}
			what := fmt.Sprintf("groups %v", c.Groups)
			l.call(StageCredential, what, sysSetgroups, uintptr(len(c.Groups)), groups)
			l.checkIdentity(what, uintptr(len(c.Groups)), sysGetgroups)
		}
		gid, uid := fmt.Sprintf("gid %d", c.Gid), fmt.Sprintf("uid %d", c.Uid)
		l.call(StageCredential, gid, sysSetgid, uintptr(c.Gid))
		l.checkIdentity(gid, uintptr(c.Gid), sysGetegid)
		l.call(StageCredential, uid, sysSetuid, uintptr(c.Uid))
		l.checkIdentity(uid, uintptr(c.Uid), sysGeteuid)
	}
	l.ambient()
	if a.Pdeathsig != 0 {
		l.call(StageDeathSignal, a.Pdeathsig.String(), unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, uintptr(a.Pdeathsig))
		if (a.Cloneflags|a.Unshareflags)&unix.CLONE_NEWPID == 0 {
			// A launcher that ended before this call would not be missed any more.
			s := l.call(StageDeathSignal, "the launcher has ended", unix.SYS_GETPPID)
			s.op, s.want = opWant, uintptr(unix.Getpid())
		}
	}
}

// checkIdentity checks where the child's own filter is not in force: it need not
// allow such questions.
func (l *launch) checkIdentity(what string, want, nr uintptr) {
	if !l.cmd.Privileged {
		l.plan.done(StageCredential, what, want, nr)
	}
}

func (l *launch) ambient() {
	caps := l.attr.AmbientCaps
	if len(caps) == 0 {
		return
	}
	c := &capability{head: unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}}
	for _, n := range caps {
		c.add[n/32] |= 1 << (n % 32)
	}
	head, data := address(&l.plan, &c.head), address(&l.plan, &c.data[0])
	l.call(StageCredential, "capget", unix.SYS_CAPGET, head, data)
	l.steps = append(l.steps, step{stage: StageCredential, op: opCaps, caps: c})
	l.call(StageCredential, "capset", unix.SYS_CAPSET, head, data)
	for _, n := range caps {
		l.call(StageCredential, fmt.Sprintf("ambient capability %d", n), unix.SYS_PRCTL,
			unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_RAISE, n)
	}
}

// descriptors gives the files the numbers 0, 1, 2 and so on. Numbers that would
// be overwritten too early are first moved above all that matter.
func (l *launch) descriptors() {
	from := append([]int(nil), l.files...)
	next := max(len(from), l.sync.theirs+1, l.hand.theirs+1)
	for _, fd := range from {
		next = max(next, fd+1)
	}
	for i, fd := range from {
		if fd >= 0 && fd < i {
			s := l.call(StageFiles, strconv.Itoa(i), unix.SYS_DUP3, uintptr(fd), uintptr(next), unix.O_CLOEXEC)
			s.op, s.want = opCheck, uintptr(next)
			from[i] = next
			next++
		}
	}
	for i, fd := range from {
		switch fd {
		case -1: // ExtraFiles has nil here
			s := l.call(StageFiles, strconv.Itoa(i), unix.SYS_CLOSE, uintptr(i))
			s.op, s.want = opTry, uintptr(unix.EBADF)
		case i:
			l.call(StageFiles, strconv.Itoa(i), unix.SYS_FCNTL, uintptr(i), unix.F_SETFD, 0)
		default:
			s := l.call(StageFiles, strconv.Itoa(i), unix.SYS_DUP3, uintptr(fd), uintptr(i), 0)
			s.op, s.want = opCheck, uintptr(i)
		}
	}
}

func (l *launch) terminal() {
	if l.attr.Noctty {
		l.call(StageSession, "leave the terminal", unix.SYS_IOCTL, 0, unix.TIOCNOTTY)
	}
	if l.attr.Setctty {
		l.call(StageSession, "terminal "+strconv.Itoa(l.attr.Ctty), unix.SYS_IOCTL, uintptr(l.attr.Ctty), unix.TIOCSCTTY, 1)
	}
}

// programs appends what brings the filter into force: the same calls, in the same order,
// that Install makes on its own thread (package system).
func (l *launch) programs() {
	calls := system.Calls(l.filter, uint32(l.flags), l.asker)
	l.keep = append(l.keep, calls)
	for i := range calls {
		c := &calls[i]
		what := ""
		if c.Program >= 0 && len(l.filter) > 1 {
			what = fmt.Sprintf("program %d of %d", c.Program+1, len(l.filter))
		}
		nr, args := c.Raw()
		s := l.call(StageFilter, what, nr, args[:]...)
		s.flags = seccomp.Flags(c.Flags)
		fallback := system.HasFallback(calls, i)
		switch {
		case c.Want == system.Failure:
			s.op = opProbe
			if fallback {
				s.want = 1 // it is passed over
			}
		case c.Want == system.Listener:
			s.op, s.keep = opKeep, &l.report.listener.fd
		case fallback: // without flags no other thread has to follow
			s.op = opElse
		case !c.Fallback:
			s.op = opWant // 0
		}
	}
	l.filtered = len(l.steps)
	if l.cmd.HandOver != nil {
		l.steps = append(l.steps, step{stage: StageListener, op: opHold})
	}
}

// helped makes the helper's plan: it sends the child's listener, when it is told
// to if it does not follow the child's exec anyway, and closes the child's number
// of it. A child that waits for an answer would keep its own listener alive. If the
// launcher is not there any more, nobody is to let the child go on.
func (l *launch) helped() {
	l.alone(&l.first)
	b := make([]byte, 1)
	if !l.shared {
		l.told(&b[0])
	}
	data := &unix.Iovec{Base: &b[0]}
	data.SetLen(1)
	message := &unix.Msghdr{Iov: data, Control: (*byte)(unsafe.Pointer(&l.report.listener))}
	message.SetIovlen(1)
	message.SetControllen(unix.CmsgLen(4))
	s := l.helper.call(StageFilter, "listener", unix.SYS_SENDMSG, uintptr(l.hand.theirs), address(&l.helper, message), unix.MSG_NOSIGNAL)
	s.op, s.want = opNote, 1
	if !l.shared { // else exec has closed it
		s = l.helper.call(StageFilter, "listener", unix.SYS_CLOSE)
		s.op, s.keep = opNote, &l.report.listener.fd
	}
	if l.cmd.HandOver != nil {
		l.told(&b[0])
	}
	// The id is the child's: who would wait for it is gone, and its heir is not so fast.
	s = l.helper.call(StageFilter, "launcher", unix.SYS_KILL, 0, uintptr(unix.SIGKILL))
	s.op, s.keep, s.fate = opKill, &l.report.child, &l.report.fate
}

// told has the helper wait for a byte of the launcher.
func (l *launch) told(b *byte) {
	s := l.helper.call(StageFilter, "listener", unix.SYS_READ, uintptr(l.hand.theirs), address(&l.helper, b), 1)
	s.op, s.want = opNote, 1
}
