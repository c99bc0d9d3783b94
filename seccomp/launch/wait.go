// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// This file waits for the child, for what is copied to and from it, and for the context.
// It is the last part of a child's way, after Start.

// Wait waits until the child has ended and all its input and output is copied. The
// error is an *exec.ExitError if the child did not succeed; one that was killed
// by its filter has the signal SIGSYS in its status. It is a *StartError for
// a child with Listen that failed to execute its program after Start returned.
// Where nothing else is wrong, it says what kept Supervise from seeing all calls.
func (c *Cmd) Wait() error {
	if c == nil {
		return errNilCmd
	}
	if c.Process == nil {
		return errors.New("seccomp: not started")
	}
	if c.ProcessState != nil {
		return errors.New("seccomp: Wait was already called")
	}
	c.supervisor.AwaitTracer()
	state, err := c.Process.Wait()
	c.ProcessState = state
	if err == nil && c.supervisor != nil {
		c.explainEnd(state)
	}
	expired, cancelErr := c.stopWatch()
	copyErr := c.await(expired)
	closeAll(c.parentFiles)
	if err == nil && c.late != nil {
		err = c.late()
	}
	if err == nil && !state.Success() {
		err = &exec.ExitError{ProcessState: state}
	}
	for _, e := range []error{err, cancelErr, copyErr, c.supervisor.Failure()} {
		if e != nil {
			return e
		}
	}
	return nil
}

// await waits for what is being copied, until the delay has expired. Then it closes the
// launcher's ends of the pipes, so that copying ends although a descendant of the child still
// has the others open.
func (c *Cmd) await(expired <-chan time.Time) error {
	var first error
	for _, copying := range c.copies {
		select {
		case <-copying.done:
			if first == nil {
				first = copying.err
			}
			continue
		case <-expired:
		}
		closeAll(c.parentFiles)
		for _, copying := range c.copies {
			if !copying.input { // may read from the user's end for ever
				<-copying.done
			}
		}
		return exec.ErrWaitDelay
	}
	return first
}

// watch is the goroutine that waits for the context. When that is done it calls Cancel, and
// kills the child if it has not ended after WaitDelay.
type watch struct {
	exited  chan struct{} // closed when the child has ended
	err     error         // once done: what Wait returns if the child succeeded
	expired <-chan time.Time
	done    chan struct{}
}

func (c *Cmd) startWatch() {
	if c.ctx == nil || c.ctx.Done() == nil || c.Cancel == nil && c.WaitDelay == 0 {
		return
	}
	c.watch = &watch{exited: make(chan struct{}), done: make(chan struct{})}
	go c.watching(c.watch)
}

func (c *Cmd) watching(w *watch) {
	defer close(w.done)
	select {
	case <-w.exited:
		return
	case <-c.ctx.Done():
	}
	if c.Cancel != nil {
		switch err := c.Cancel(); {
		case err == nil:
			w.err = c.ctx.Err()
		case !errors.Is(err, os.ErrProcessDone):
			w.err = fmt.Errorf("seccomp: cancel: %w", err)
		}
	}
	if c.WaitDelay == 0 {
		return
	}
	w.expired = time.After(c.WaitDelay)
	select {
	case <-w.exited:
	case <-w.expired:
		always := make(chan time.Time)
		close(always)
		w.expired = always
		if err := c.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			w.err = fmt.Errorf("seccomp: kill: %w", err)
		}
	}
}

// stopWatch ends the watch. The channel tells when the delay has expired that
// began with the context's end, or else begins now.
func (c *Cmd) stopWatch() (<-chan time.Time, error) {
	var err error
	var expired <-chan time.Time
	if w := c.watch; w != nil {
		close(w.exited)
		<-w.done
		err, expired = w.err, w.expired
	}
	if expired == nil && c.WaitDelay != 0 && len(c.copies) > 0 {
		expired = time.After(c.WaitDelay)
	}
	return expired, err
}
