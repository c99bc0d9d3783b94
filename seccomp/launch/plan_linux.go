// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"fmt"
	"syscall"
	"unsafe"

	"github.com/gosieve/sieve/seccomp/launch/internal/child"
	"golang.org/x/sys/unix"
)

// This file lists everything that the child does between clone and execve, in the order
// that Start documents. The other files plan_*_linux.go have the parts of the list;
// internal/child carries it out.

// planChild makes the plan for the child, in the order that
// Start documents. Parts of it are in the launch's other methods.
func (l *launch) planChild() error {
	for _, s := range []string{l.cmd.Path, l.cmd.Dir, l.attr.Chroot} {
		if _, err := syscall.BytePtrFromString(s); err != nil {
			return fmt.Errorf("%q: %w", s, err)
		}
	}
	argvp, err := l.texts("Args", l.cmd.argv())
	if err != nil {
		return err
	}
	envpp, err := l.texts("Env", l.cmd.Environ())
	if err != nil {
		return err
	}
	if l.asker < 0 && l.sync.ours >= 0 {
		l.planCloseEnds(&l.plan)
	}
	l.planCgroup()
	if l.attr.Cloneflags&unix.CLONE_NEWUSER != 0 {
		l.planMeeting(StageNamespace, "maps")
	}
	l.planSession()
	l.addStep(StageSignals, child.OpSignals)
	if l.cmd.Trace {
		l.planMeeting(StageTrace, "") // before a change of identity forbids it
	}
	l.planUnshare()
	if l.attr.Chroot != "" {
		l.addCall(StageRoot, l.attr.Chroot, unix.SYS_CHROOT, l.text(l.attr.Chroot))
	}
	if !l.cmd.Privileged {
		l.planIdentity()
	}
	if l.cmd.Dir != "" {
		l.addCall(StageDir, l.cmd.Dir, unix.SYS_CHDIR, l.text(l.cmd.Dir))
	}
	l.planDescriptors()
	l.planTerminal()
	if l.limit != nil {
		l.addCall(StageFiles, "limit", unix.SYS_PRLIMIT64, 0, unix.RLIMIT_NOFILE, address(&l.plan, l.limit))
	}
	if !l.cmd.Privileged {
		l.addCall(StageNoNewPrivs, "", unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1)
		l.confirm(StageNoNewPrivs, "", 1, unix.SYS_PRCTL, unix.PR_GET_NO_NEW_PRIVS)
	}
	l.planFilter()
	if l.cmd.Privileged {
		l.planIdentity()
	}
	l.addCall(StageExec, l.cmd.Path, unix.SYS_EXECVE, l.text(l.cmd.Path), argvp, envpp)
	return nil
}

// planCloseEnds closes the launcher's ends in the child. While the child holds a copy it never
// sees EOF when the launcher dies. If there is a helper, the helper closes them before it
// makes the child, which may end at any moment.
func (l *launch) planCloseEnds(p *plan) {
	for _, pair := range []pair{l.sync, l.hand} {
		if pair.ours >= 0 {
			p.addCall(StageFork, "", unix.SYS_CLOSE, uintptr(pair.ours))
		}
	}
}

// planMeeting has the child wait for the launcher to do its part: to write the maps of the child's
// user namespace, or to become its tracer.
func (l *launch) planMeeting(stage Stage, what string) {
	b := make([]byte, 1)
	at := address(&l.plan, &b[0])
	l.addCall(stage, what, unix.SYS_WRITE, uintptr(l.sync.theirs), at, 1)
	s := l.addCall(stage, what, unix.SYS_READ, uintptr(l.sync.theirs), at, 1)
	s.Op, s.Want = child.OpWant, 1
}

// plan lists the steps that a child takes before its program, in order.
type plan struct {
	steps []child.Step
	keep  []any // what the steps' arguments are addresses of
}

func (p *plan) addCall(stage Stage, what string, nr uintptr, args ...uintptr) *child.Step {
	p.steps = append(p.steps, child.Step{Stage: string(stage), What: what, Op: child.OpCall, Nr: nr})
	s := &p.steps[len(p.steps)-1]
	copy(s.Args[:], args)
	return s
}

// addStep appends a step that is no system call.
func (p *plan) addStep(stage Stage, op child.Op) *child.Step {
	p.steps = append(p.steps, child.Step{Stage: string(stage), Op: op})
	return &p.steps[len(p.steps)-1]
}

// confirm asks whether an earlier call has done what it said. A filter that the launcher
// is under may answer with success, and nothing is done: some do for changes of
// identity. The child would then run with more than it was to have.
func (p *plan) confirm(stage Stage, what string, want, nr uintptr, args ...uintptr) {
	s := p.addCall(stage, what, nr, args...)
	s.Op, s.Want = child.OpCheck, want
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

// texts is the address of strings as execve(2) takes them: an array of pointers that ends
// with nil. Field is the Cmd's, for the error about a string with NUL.
func (p *plan) texts(field string, list []string) (uintptr, error) {
	pointers, err := syscall.SlicePtrFromStrings(list)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", field, err)
	}
	return address(p, &pointers[0]), nil
}
