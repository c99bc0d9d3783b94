// SPDX-License-Identifier: Apache-2.0

// Signalled makes the call after a signal.
package main

import (
	"os"
	"os/signal"
	"syscall"

	"example.com/mutants/rare"
)

func main() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	_ = syscall.Kill(os.Getpid(), syscall.SIGUSR1)
	<-c
	rare.Call()
}
