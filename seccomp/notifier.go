// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/bpf"
)

// This file finds the program of a stack that gets the listener.

// ErrNoNotify is what errors wrap about a filter that asks no supervisor, or
// asks from more than one program.
var ErrNoNotify = errors.New("want one program that answers USER_NOTIF")

// Notifier is the index of the program that answers Notify, which has to be one: the
// kernel allows one listener, and it is that program's (NewListener). A program that
// returns what it has computed counts only where no other does. The error wraps
// ErrFilter for a filter that cannot be installed, and ErrNoNotify for one without such
// a program, or with several.
func (f Filter) Notifier() (int, error) {
	if err := f.check(); err != nil {
		return 0, err
	}
	var asking, computing []int
	for i, p := range f {
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
		return 0, fmt.Errorf("%w: %w: %d of %d programs do", ErrFilter, ErrNoNotify, len(asking), len(f))
	}
	return asking[0], nil
}

// returns says whether a program has an instruction that returns Notify, and one
// that returns what it has computed.
func returns(p bpf.Program) (asks, computes bool) {
	for _, ins := range p {
		asks = asks || ins.Op == bpf.OpRetK && Action(ins.K).Kind() == Notify
		computes = computes || ins.Op == bpf.OpRetA
	}
	return asks, computes
}
