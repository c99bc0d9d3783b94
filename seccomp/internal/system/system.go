// SPDX-License-Identifier: Apache-2.0

// Package system is what seccomp, launch, notify and features share of the running kernel.
// Nothing of it is public: users see it as Install, Listen, Command and Probe.
//
// It has four parts. flags.go and calls_linux.go list the calls that bring a filter into
// force, and make them on this thread: every filter of the house meets the kernel there.
// refusal_linux.go says what a refusal means. probe_linux.go and kernel_linux.go ask the
// kernel without installing anything. process_linux.go and thread_linux.go read and trace
// other processes.
//
// Programs must have been checked (seccomp.Filter.Check), and callers hold their thread.
// The package knows programs and flags, but no policies and no filters: package
// seccomp imports it. The next stage is the kernel, kernel/seccomp.c.
package system

import "errors"

// ErrNotSupported is what errors wrap where the system is not Linux, or its
// kernel has no seccomp filters or lacks a flag.
var ErrNotSupported = errors.New("not supported by this kernel")

// ErrGone is what errors wrap about a call that is no longer there: its caller
// was killed, or a signal interrupted it.
var ErrGone = errors.New("the call is gone: its caller ended or was interrupted")

// PageRest is how far it is to the end of the smallest page.
func PageRest(addr uint64) int {
	const page = 4096
	return page - int(addr%page)
}
