// SPDX-License-Identifier: Apache-2.0

package system

// The flags of seccomp(2) that concern a listener (include/uapi/linux/seccomp.h).
// Package seccomp has all of them, with the first kernel of each.
const (
	NewListener  = 1 << 3 // SECCOMP_FILTER_FLAG_NEW_LISTENER, 5.0
	WaitKillable = 1 << 5 // SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, 5.19
)

// FlagsOf returns the flags with which one program of a filter is installed. Asker is
// the index of the program that gets the listener, or -1 if none does. The kernel
// refuses WaitKillable without NewListener, so beside a listener only the asker has it.
func FlagsOf[F ~uint32](flags F, program, asker int) F {
	switch {
	case program == asker:
		return flags | NewListener
	case asker >= 0:
		return flags &^ WaitKillable
	}
	return flags
}

// probeFlags returns the flags for asking whether seccomp(2) answers at all. They leave
// the listener out: whoever supervises this thread would take that for one more.
func probeFlags(flags uint32) uint32 {
	if flags&NewListener != 0 {
		return flags &^ (NewListener | WaitKillable)
	}
	return flags
}
