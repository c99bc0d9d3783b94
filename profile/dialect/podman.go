// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/profile"
)

// numeric returns a profile with numbers in place of errno names, for dialects that have
// no names. A name that has different numbers on the machines is refused: ENOSYS is 38,
// and 89 on MIPS. Podman reads the name on each machine for itself.
func numeric(to profile.Dialect, p *profile.Profile, hosts []arch.Arch) (*profile.Profile, error) {
	if p.Dialect != profile.Podman {
		return p, nil
	}
	var reasons []string
	number := func(path, name string, n *uint32) *uint32 {
		if name == "" {
			return n
		}
		var first uint32
		for i, h := range hosts {
			x, ok := errnoNumber(name, h)
			if !ok {
				reasons = append(reasons, fmt.Sprintf("%s: %s, which has no number on %v", path, name, h))
				return n
			}
			if i > 0 && x != first {
				reasons = append(reasons, fmt.Sprintf("%s: %s is %d on %v and %d on %v", path, name, first, hosts[0], x, h))
				return n
			}
			first = x
		}
		return &first
	}
	q := *p
	q.DefaultErrnoRet, q.DefaultErrno = number("defaultErrno", p.DefaultErrno, p.DefaultErrnoRet), ""
	q.Syscalls = nil
	for i, r := range p.Syscalls {
		r.ErrnoRet, r.Errno = number(fmt.Sprintf("syscalls[%d].errno", i), r.Errno, r.ErrnoRet), ""
		r.Includes, r.Excludes = renamed(r.Includes, scmp.Machine, scmp.DockerMachine), renamed(r.Excludes, scmp.Machine, scmp.DockerMachine)
		q.Syscalls = append(q.Syscalls, r)
	}
	if reasons != nil {
		return nil, unsayable(to, reasons)
	}
	return &q, nil
}

// errnoNumber returns the number of an errno that is written as text: its name, or the
// number itself in decimal digits, which containers/common tries first.
func errnoNumber(name string, a arch.Arch) (uint32, bool) {
	if n, err := strconv.ParseUint(name, 10, 32); err == nil {
		return uint32(n), true
	}
	return errnos.Number(name, a)
}

// keepPodman writes a profile for Podman. Errnos get their names beside their numbers, as
// in Podman's own profiles: Podman takes the name, and Docker and runc the number. A
// minKernel is refused, since containers/common ignores it and would apply the rule on
// every kernel.
func keepPodman(p *profile.Profile, hosts []arch.Arch, _ document.Writing) ([]byte, error) {
	if p.Dialect == profile.Podman {
		return keepAs(p, profile.Podman)
	}
	var reasons []string
	for i := range p.Syscalls {
		for key, f := range map[string]*profile.Selector{"includes": p.Syscalls[i].Includes, "excludes": p.Syscalls[i].Excludes} {
			if f != nil && f.MinKernel != nil {
				reasons = append(reasons, fmt.Sprintf("syscalls[%d].%s.minKernel %v: Podman does not look at it", i, key, f.MinKernel))
			}
		}
	}
	if reasons != nil {
		slices.Sort(reasons)
		return nil, unsayable(profile.Podman, reasons)
	}
	q := *p
	q.DefaultErrnoRet, q.DefaultErrno = named(p.DefaultAction, p.DefaultErrnoRet, hosts)
	q.Syscalls = nil
	for _, r := range p.Syscalls {
		r.ErrnoRet, r.Errno = named(r.Action, r.ErrnoRet, hosts)
		r.Includes, r.Excludes = renamed(r.Includes, scmp.DockerMachine, scmp.Machine), renamed(r.Excludes, scmp.DockerMachine, scmp.Machine)
		q.Syscalls = append(q.Syscalls, r)
	}
	return keepAs(&q, profile.Podman)
}

// named returns an errno as a number and as the name that has this number on all machines.
// Without such a name only the number is written, which Podman reads as well. An ERRNO
// without a number is EPERM.
func named(action string, number *uint32, hosts []arch.Arch) (*uint32, string) {
	if action != "SCMP_ACT_ERRNO" {
		return number, ""
	}
	n := uint32(1) // EPERM, without a number
	if number != nil {
		n = *number
	}
	// Of all names only ENOTSUP and EOPNOTSUPP share a number. The latter is the kernel's own
	// and comes last.
	for _, name := range slices.Backward(errnos.Names()) {
		if !slices.ContainsFunc(hosts, func(h arch.Arch) bool {
			x, ok := errnos.Number(name, h)
			return !ok || x != n
		}) {
			return &n, name
		}
	}
	return number, ""
}

// renamed returns a filter with machines by the names of another tool: Podman writes
// libseccomp's (loong64), Docker its own (loongarch64). Unknown names stay as they are.
func renamed(f *profile.Selector, from, to func(arch.Arch) string) *profile.Selector {
	if f == nil {
		return nil
	}
	g := *f
	g.Arches = nil
	for _, name := range f.Arches {
		for _, a := range arch.All() {
			if from(a) == name && to(a) != "" {
				name = to(a)
				break
			}
		}
		g.Arches = append(g.Arches, name)
	}
	return &g
}
