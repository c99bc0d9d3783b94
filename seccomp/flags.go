// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"
	"strings"
)

// Flags say how the kernel installs a filter. The values are the kernel's
// (SECCOMP_FILTER_FLAG_*, include/uapi/linux/seccomp.h); the first kernel that
// has each stands beside it (seccomp(2)).
type Flags uint32

// The flags. Install takes all but NewListener, which package notify sets.
const (
	// TSync filters every thread of the process, or none of them. A thread that
	// cannot follow, because it has a filter of its own, is named by an error
	// that wraps ErrThread. All threads get no_new_privs if the calling one has it.
	TSync Flags = 1 << 0 // 3.17
	// LogAll writes an audit record for every action but Allow that the sysctl
	// kernel.seccomp.actions_logged lists.
	LogAll Flags = 1 << 1 // SECCOMP_FILTER_FLAG_LOG, 4.14
	// SpecAllow leaves the processor's speculation as it is. Without it a kernel
	// with spec_store_bypass_disable=seccomp makes filtered threads safe against
	// Spectre, and slow.
	SpecAllow Flags = 1 << 2 // 4.17
	// TSyncESRCH makes TSync fail with ESRCH where a thread cannot follow, and
	// does not name it: needed to combine TSync with a listener.
	TSyncESRCH Flags = 1 << 4 // 5.7
	// WaitKillable lets only fatal signals interrupt a call that a supervisor
	// has received. It needs a listener.
	WaitKillable Flags = 1 << 5 // SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, 5.19

	// NewListener makes seccomp(2) return a listener. Install refuses it, as it has
	// nowhere to put one: package notify has Listen.
	NewListener Flags = 1 << 3 // SECCOMP_FILTER_FLAG_NEW_LISTENER, 5.0
)

var flagNames = []struct {
	flag Flags
	name string
}{
	{TSync, "TSYNC"},
	{LogAll, "LOG"},
	{SpecAllow, "SPEC_ALLOW"},
	{NewListener, "NEW_LISTENER"},
	{TSyncESRCH, "TSYNC_ESRCH"},
	{WaitKillable, "WAIT_KILLABLE_RECV"},
}

// String is the kernel's names without their prefix SECCOMP_FILTER_FLAG_:
// "TSYNC|LOG". Bits without a name are written in hexadecimal, no flags as "0".
func (f Flags) String() string {
	var names []string
	for _, n := range flagNames {
		if f&n.flag != 0 {
			names = append(names, n.name)
			f &^= n.flag
		}
	}
	if f != 0 {
		names = append(names, fmt.Sprintf("%#x", uint32(f)))
	}
	if len(names) == 0 {
		return "0"
	}
	return strings.Join(names, "|")
}
