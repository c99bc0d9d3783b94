// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// leftBehind waits for the processes that a command has left behind until they have
// ended, or a signal says that it is enough. A supervisor has to stay as long: their
// calls wait for it. divert is given the function that the next signal is to call; wait
// returns when the last process has ended or its context is done.
func leftBehind(ctx context.Context, says io.Writer, divert func(func()), wait func(context.Context) error) {
	ctx, enough := context.WithCancel(ctx)
	defer enough()
	divert(enough)
	soon, cancel := context.WithTimeout(ctx, noticeAfter)
	defer cancel()
	if !errors.Is(wait(soon), context.DeadlineExceeded) {
		return
	}
	fmt.Fprintln(says, "sieve: waiting for processes that the command has left behind; a signal ends that")
	wait(ctx) // what has gone wrong Wait has said, or the report is as far as it got
}

// noticeAfter is how long processes may outlive the command before a message says that
// sieve waits. The processes of a pipeline end a moment later, and need no message.
const noticeAfter = 300 * time.Millisecond
