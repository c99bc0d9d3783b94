// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"context"
	"os"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch/internal/supervise"
)

// This file has what a launcher asks about denials.

// ErrSupervise is what errors wrap about a policy that Cmd.Supervise cannot run: one
// that asks a supervisor itself, as the kernel allows one listener for all
// filters of a thread, or one that is not the filter's.
var ErrSupervise = supervise.ErrSupervise

// Denial is a call that a policy did not simply allow, and how often it was made.
// Calls count as the same if they came through the same ABI, the same part of the
// policy decided, and they differ in nothing that its rules for that call look
// at. All else is of the first of them.
type Denial struct {
	Call seccomp.Call
	Arch arch.Arch // 0 for an ABI that is not known
	Name string    // "" for a number without a name
	// Decision is what the policy says about the call. It is Allow only for a
	// call that the supervision made fail: seccomp(2) with NEW_LISTENER gets EBUSY,
	// as the kernel allows one listener for all filters of a thread.
	Decision seccomp.Decision
	Count    int
	PID      int // the thread's id, as the launcher sees it
	// Args are the arguments for people to read, as many as the call takes: flags by
	// name, and paths, which were read while the call waited.
	Args []string

	// Signal is SIGSYS where a filter's signal was seen, by the child's status or
	// by its tracer (Cmd.Trace). From a status nothing else is known: Call and Name
	// are then zero, and Decision's Rule is -1.
	Signal os.Signal
}

// Denials are the calls of the child and of its descendants that the policy did
// not simply allow, as far as Supervise can see them, in the order of ABI, number,
// what decided, and the arguments that rules look at. Those that signals ended
// come last. It may be called at any time, by several goroutines, and is complete
// for a child that Wait has returned from; descendants that live on add to it.
//
// Up to 4096 different ones are kept; DenialsOmitted counts the rest.
func (c *Cmd) Denials() []Denial {
	if c == nil || c.supervisor == nil {
		return nil
	}
	var list []Denial
	for _, d := range c.supervisor.Denials() {
		abi, name := d.Names()
		list = append(list, Denial{
			Call: d.Call, Arch: abi, Name: name, Decision: d.Decision, Count: d.Count, PID: d.PID, Args: d.Args, Signal: d.Signal,
		})
	}
	return list
}

// DenialsOmitted is how many calls are in no Denial, because there were too
// many different ones already.
func (c *Cmd) DenialsOmitted() int {
	if c == nil || c.supervisor == nil {
		return 0
	}
	return c.supervisor.Omitted()
}

// WaitDescendants waits until no process is left whose calls Supervise carries out:
// the child and all that it left behind have ended, and before Linux 6.11 have
// been waited for, which is up to others for the latter. A launcher that ends before
// leaves ENOSYS to them for every call that the policy denies or logs. The error
// is the context's, or what has ended Supervise before; without Supervise, or where
// its policy denies and logs nothing, there is nothing to wait for. It may be
// called by several goroutines, once Start has returned.
func (c *Cmd) WaitDescendants(ctx context.Context) error {
	if c == nil {
		return errNilCmd
	}
	if ctx == nil {
		ctx = context.Background()
	}
	if c.supervisor == nil {
		return nil
	}
	return c.supervisor.Wait(ctx)
}
