// SPDX-License-Identifier: Apache-2.0

// Package goruntime lists the system calls that the runtime of a Go program makes by
// itself. InstallSelf of package seccomp refuses a filter that denies them, and a profile
// recorded from a Go program contains them. Their source is Go 1.26's tree, src/runtime.
package goruntime
