// SPDX-License-Identifier: Apache-2.0

package userland

import (
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/seccomp"
)

// Stops is the action with which a policy keeps programs from the older call: the newer one
// gets another answer than ENOSYS, so programs do not try the older one, which the policy
// allows. For instance clone3 gets EPERM and clone is allowed: no thread can be started.
//
// It is false where the kernel may answer by itself (the ABI lacks the call), where the probe
// is for ABIs of other widths, and where no older call would be allowed.
func (t *Probe) Stops(p *seccomp.Policy, abi arch.Arch) (seccomp.Action, bool) {
	o := OutcomesOf(p, abi, t.Call)
	if t.bits != 0 && t.bits != abi.Bits() || !o.Denied() {
		return 0, false
	}
	action := o.Last()
	if action == errnos.ENOSYS(abi) || t.any && action.Kind() == seccomp.Errno(0) {
		return 0, false
	}
	return action, slices.ContainsFunc(t.Older, func(name string) bool {
		older := OutcomesOf(p, abi, name)
		return older != nil && !older.Denied()
	})
}

// FallbackCalls are the calls that programs on an ABI make first, which a policy keeps
// them from, and after which they would make an older one that it allows, but only if
// the answer were ENOSYS; in order. Errno is that ABI's ENOSYS.
func FallbackCalls(p *seccomp.Policy, abi arch.Arch) (names []string, errno uint16) {
	for i := range Probes {
		if _, ok := Probes[i].Stops(p, abi); ok {
			names = wording.AppendOnce(names, Probes[i].Call)
		}
	}
	slices.Sort(names)
	return names, errnos.ENOSYS(abi).Data()
}

// OlderOn is the older calls that an ABI has, for people: "getrlimit, ugetrlimit".
func (t *Probe) OlderOn(abi arch.Arch) string {
	var names []string
	for _, name := range t.Older {
		if _, ok := abi.Number(name); ok {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
