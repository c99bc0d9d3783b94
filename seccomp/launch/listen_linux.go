// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch/internal/child"
)

// This file decides whether helper and child can share the launcher's memory, by the calls
// that a child may ask its listener about before its program runs.

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
