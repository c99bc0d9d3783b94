// SPDX-License-Identifier: Apache-2.0

package system

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/bpf"
)

// This file finds the program of a stack that gets the listener.

// ErrFilter is what errors wrap about a filter that the kernel would refuse whatever the
// caller's privileges.
var ErrFilter = errors.New("invalid filter")

// SECCOMP_RET_USER_NOTIF and SECCOMP_RET_ACTION_FULL (include/uapi/linux/seccomp.h).
const (
	userNotify = 0x7fc00000
	actionMask = 0xffff0000
)

// Notifier is the index of the program that answers USER_NOTIF, which has to be one: the
// kernel allows one listener, and it is that program's (NewListener). A program that
// returns what it has computed counts only where no other does. The error wraps ErrFilter.
func Notifier(programs []bpf.Program) (int, error) {
	var asking, computing []int
	for i, p := range programs {
		switch asks, computes := returns(p); {
		case asks:
			asking = append(asking, i)
		case computes:
			computing = append(computing, i)
		}
	}
	if len(asking) == 0 {
		asking = computing
	}
	if len(asking) != 1 {
		return 0, fmt.Errorf("%w: want one program that answers USER_NOTIF: %d of %d programs do", ErrFilter, len(asking), len(programs))
	}
	return asking[0], nil
}

// returns says whether a program has an instruction that returns USER_NOTIF, and one
// that returns what it has computed.
func returns(p bpf.Program) (asks, computes bool) {
	for _, ins := range p {
		asks = asks || ins.Op == bpf.OpRetK && ins.K&actionMask == userNotify
		computes = computes || ins.Op == bpf.OpRetA
	}
	return asks, computes
}
