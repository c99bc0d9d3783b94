// SPDX-License-Identifier: Apache-2.0

// Package system is what the packages below seccomp share of the running kernel: how a
// program comes into force, what the kernel knows, and how another process is read.
// Nothing of it is public: whoever imports package seccomp sees it as Install, Listen,
// Command and Probe.
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
