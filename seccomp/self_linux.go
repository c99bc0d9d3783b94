// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"
	"runtime"
	_ "unsafe" // for linkname

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

// This file confines the program that calls it: the check of self.go, then Install.

// isCgo says whether threads are started by the C library. The runtime keeps it
// open by name (runtime/cgo.go).
//
//go:linkname isCgo runtime.iscgo
var isCgo bool

// InstallSelf confines the program that calls it, for good: every thread gets
// no_new_privs and the filter (TSync, which need not be among the flags), threads
// of C code included, and so do threads, children and programs that they start.
//
// Before anything is done, the filter is asked about every call that the Go runtime
// makes by itself. If it would deny one that the runtime needs, the error wraps
// ErrFilter and lists them. Nothing else is checked: what the program and its packages call is for the
// filter to allow.
//
// Other errors are those of Install. One thread that has a filter which the calling
// thread lacks makes an error that wraps ErrThread. After an error of the kernel no thread has the
// program of the filter that it is about, but the calling thread may have
// no_new_privs, and of a stack all threads the programs before: a program that
// depends on being confined should end.
func (f Filter) InstallSelf(flags Flags) error {
	flags |= TSync
	if err := f.checkInstall(flags); err != nil {
		return fmt.Errorf("seccomp: install: %w", err)
	}
	if err := f.checkRuntime(arch.Native(), system.Kernel(), isCgo); err != nil {
		return fmt.Errorf("seccomp: install: %w", err)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := NoNewPrivs(); err != nil {
		return err
	}
	return f.Install(flags)
}
