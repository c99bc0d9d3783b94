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

// untilSignal returns a context that ends with the first signal that stops tasks, a
// channel that is closed by the second, and a function that gives the signals back their
// actions. SIGPIPE says that nobody reads the output any more; it can be the first signal
// and never the second, as every further write raises it again. Signals that were ignored
// at the start stay ignored.
func untilSignal(ctx context.Context) (stopped context.Context, hurry <-chan struct{}, end func()) {
	stopped, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 16)
	// Read before Notify, which installs handlers of its own.
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
