// SPDX-License-Identifier: Apache-2.0

package main

import "os"

// probeProcesses makes package os find out now what the kernel offers for processes
// (pidfd_open(2) and its relatives), which it does once, before the first process that it
// handles.
//
// Call it before os/signal.Notify. The probe forks a child that shares sieve's memory and
// has sieve's signal handlers, with no signal blocked (checkClonePidfd in package syscall,
// Go 1.26). A signal to sieve's process group that arrives while that child exists is
// handled by both processes, and os/signal then reports it twice.
func probeProcesses() {
	_, _ = os.FindProcess(os.Getpid()) // the answer is not needed: every later use gives the same
}
