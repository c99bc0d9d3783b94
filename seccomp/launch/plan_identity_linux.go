// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"fmt"

	"github.com/gosieve/sieve/seccomp/launch/internal/child"
	"golang.org/x/sys/unix"
)

// This file has the steps of a plan that change who the child is.

// planIdentity is who the child is, and with that goes what a change of identity
// undoes. Groups come before the user, since afterwards the right to set them is gone.
// PR_SET_KEEPCAPS keeps the permitted capabilities over the change of user, and ambient
// capabilities can be raised only then. The signal for the launcher's death is last, because
// the kernel clears it when credentials change (PR_SET_PDEATHSIG, prctl(2)).
func (l *launch) planIdentity() {
	a := l.attr
	if len(a.AmbientCaps) > 0 {
		l.addCall(StageCredential, "keep capabilities", unix.SYS_PRCTL, unix.PR_SET_KEEPCAPS, 1)
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
			l.addCall(StageCredential, what, sysSetgroups, uintptr(len(c.Groups)), groups)
			l.confirmIdentity(what, uintptr(len(c.Groups)), sysGetgroups)
		}
		gid, uid := fmt.Sprintf("gid %d", c.Gid), fmt.Sprintf("uid %d", c.Uid)
		l.addCall(StageCredential, gid, sysSetgid, uintptr(c.Gid))
		l.confirmIdentity(gid, uintptr(c.Gid), sysGetegid)
		l.addCall(StageCredential, uid, sysSetuid, uintptr(c.Uid))
		l.confirmIdentity(uid, uintptr(c.Uid), sysGeteuid)
	}
	l.planAmbient()
	if a.Pdeathsig != 0 {
		l.addCall(StageDeathSignal, a.Pdeathsig.String(), unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, uintptr(a.Pdeathsig))
		if (a.Cloneflags|a.Unshareflags)&unix.CLONE_NEWPID == 0 {
			// A launcher that ended before this call would not be missed any more.
			s := l.addCall(StageDeathSignal, "the launcher has ended", unix.SYS_GETPPID)
			s.Op, s.Want = child.OpWant, uintptr(unix.Getpid())
		}
	}
}

// confirmIdentity checks where the child's own filter is not in force: it need not
// allow such questions.
func (l *launch) confirmIdentity(what string, want, nr uintptr) {
	if !l.cmd.Privileged {
		l.plan.confirm(StageCredential, what, want, nr)
	}
}

// planAmbient raises the ambient capabilities: each must be in the permitted and in the
// inheritable set before (capabilities(7)).
func (l *launch) planAmbient() {
	caps := l.attr.AmbientCaps
	if len(caps) == 0 {
		return
	}
	c := &child.Capabilities{Head: unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}}
	for _, n := range caps {
		c.Add[n/32] |= 1 << (n % 32)
	}
	head, data := address(&l.plan, &c.Head), address(&l.plan, &c.Data[0])
	l.addCall(StageCredential, "capget", unix.SYS_CAPGET, head, data)
	l.addStep(StageCredential, child.OpCaps).Caps = c
	l.addCall(StageCredential, "capset", unix.SYS_CAPSET, head, data)
	for _, n := range caps {
		l.addCall(StageCredential, fmt.Sprintf("ambient capability %d", n), unix.SYS_PRCTL,
			unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_RAISE, n)
	}
}
