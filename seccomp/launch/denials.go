// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"context"
)

// This file has what a launcher asks about denials.

// Denials are the calls of the child and of its descendants that the policy did
// not simply allow, as far as Supervise can see them, in the order of ABI, number,
// what decided, and the arguments that rules look at. Those that signals ended
// come last. It may be called at any time, by several goroutines, and is complete
// for a child that Wait has returned from; descendants that live on add to it.
//
// Up to 4096 different ones are kept; DenialsOmitted counts the rest.
func (c *Cmd) Denials() []Denial {
	if c == nil {
		return nil
	}
	if c.supervisor == nil {
		return nil
	}
	c.supervisor.mu.Lock()
	defer c.supervisor.mu.Unlock()
	return c.supervisor.denials.list()
}

// DenialsOmitted is how many calls are in no Denial, because there were too
// many different ones already.
func (c *Cmd) DenialsOmitted() int {
	if c == nil {
		return 0
	}
	if c.supervisor == nil {
		return 0
	}
	c.supervisor.mu.Lock()
	defer c.supervisor.mu.Unlock()
	return c.supervisor.denials.omitted
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
	select {
	case <-c.supervisor.done:
		return c.supervisor.failure()
	case <-ctx.Done():
		return ctx.Err()
	}
}
