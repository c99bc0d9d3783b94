// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"os"
	ossignal "os/signal"
	"syscall"
	"time"
)

// atOnce is within which two signals are one: timeout(1) sends its signal to the
// process, and then to the group.
const atOnce = 100 * time.Millisecond

// untilSignal is a context that ends with the first signal that stops tasks, and a
// channel that is closed by the second. SIGPIPE says that nobody reads any more what
// is written, and is never the second. What was ignored at the start stays ignored.
func untilSignal(ctx context.Context) (stopped context.Context, hurry <-chan struct{}, end func()) {
	stopped, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 16)
	ignored := ignored()
	probeProcesses()
	for _, s := range []syscall.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGPIPE, syscall.SIGTERM} {
		if ignored[s] {
			ossignal.Ignore(s)
		} else {
			ossignal.Notify(signals, s)
		}
	}
	second := make(chan struct{})
	go func() {
		if _, ok := <-signals; !ok {
			return
		}
		first := time.Now()
		cancel()
		for s := range signals {
			if s != syscall.SIGPIPE && time.Since(first) > atOnce {
				close(second)
				break
			}
		}
	}()
	return stopped, second, func() {
		ossignal.Stop(signals)
		close(signals)
		cancel()
	}
}
