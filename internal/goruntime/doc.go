// SPDX-License-Identifier: Apache-2.0

// Package goruntime lists the system calls that the runtime of a Go program makes by
// itself. InstallSelf of package seccomp refuses a filter that denies them, and a profile
// recorded from a Go program contains them. Their source is Go 1.26's tree, src/runtime.
//
// A call belongs in the list if the runtime makes it after main has begun, in whatever
// program. What a program makes at its start (arch_prctl, brk, close, fcntl, mincore, openat) is past
// when it confines itself: package derive finds it in the source. What packages
// make on the program's behalf is the program's choice.
//
// The list is made by reading, not by tracing: a trace shows the calls of one run, and the
// collector or a signal comes in another. A test searches the runtime's sources for names of
// calls that are missing here, and must be looked at for each new release of Go.
//
// It is bad at what differs within one ABI: a machine whose vDSO tells the time never makes
// clock_gettime, and the list asks for it all the same.
package goruntime
