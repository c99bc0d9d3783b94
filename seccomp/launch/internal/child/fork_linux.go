// SPDX-License-Identifier: Apache-2.0

package child

import (
	_ "unsafe" // for linkname

	"golang.org/x/sys/unix"
)

// This file clones the child, or a helper that clones the child. It calls runSteps of
// step_linux.go in the child, and returns in the launcher.

// The hooks that package syscall uses around its own fork: signals are blocked
// and the stack cannot grow from BeforeFork to AfterFork; AfterForkInChild
// resets the handlers that the runtime has installed, and restores the mask.
// The runtime keeps them open by name (see their comments in runtime/proc.go).

//go:linkname runtimeBeforeFork syscall.runtime_BeforeFork
func runtimeBeforeFork()

//go:linkname runtimeAfterFork syscall.runtime_AfterFork
func runtimeAfterFork()

//go:linkname runtimeAfterForkInChild syscall.runtime_AfterForkInChild
func runtimeAfterForkInChild()

// clone is clone(2) with no new stack. It returns 0 in the child, and in the
// launcher the child's id or an errno, negated. With CLONE_VM the child goes on
// in the caller's stack frame, and the launcher only follows, with CLONE_VFORK,
// once the child is gone from it.
//
//go:noescape
func clone(flags uintptr) uintptr

// Fork makes a child that goes through the steps. It returns the child's id: with
// CLONE_VFORK after the child has called exec or ended, else at once.
func Fork(flags uintptr, steps []Step, r *Report) (pid int, errno unix.Errno) {
	runtimeBeforeFork()
	result := forkChild(flags, steps, r)
	runtimeAfterFork()
	if -result < 4096 {
		return 0, unix.Errno(-result)
	}
	return int(result), 0
}

// ForkHelped makes a helper, which makes the child, a child of the launcher all
// the same. It returns the helper's id. Helper and child share one table of
// descriptors until the child calls exec, which leaves the helper with all that
// the child had: a listener too, which the child itself, under a filter that may
// deny every other call, could neither send nor keep.
//
// With CLONE_VM and CLONE_VFORK both are in the launcher's memory, on its stack, one
// below the other: the helper goes on once the child has called exec or ended,
// and the launcher once the helper has ended.
//
// The helper does the first steps before there is a child.
func ForkHelped(share, flags uintptr, steps []Step, r *Report, first, helper []Step, own *Report) (pid int, errno unix.Errno) {
	runtimeBeforeFork()
	result := forkBoth(share, flags, steps, r, first, helper, own)
	runtimeAfterFork()
	if -result < 4096 {
		return 0, unix.Errno(-result)
	}
	return int(result), 0
}

// forkBoth returns in the launcher only, and does nothing else there.
//
//go:noinline
//go:norace
//go:nocheckptr
//go:nosplit
func forkBoth(share, flags uintptr, steps []Step, r *Report, first, helper []Step, own *Report) uintptr {
	if result := clone(uintptr(unix.SIGCHLD) | share); result != 0 {
		return result
	}
	for i := 0; i < len(first); i++ {
		if _, errno := first[i].do(0); errno != 0 {
			r.Child = -int32(errno)
			runSteps(nil, own)
		}
	}
	child := forkChild(flags|share|unix.CLONE_FILES|unix.CLONE_PARENT, steps, r)
	r.Child = int32(child)
	if -child < 4096 {
		helper = nil
	}
	runSteps(helper, own) // its signals stay blocked
	return 0
}

// forkChild has a frame of its own, which belongs to the child once it is
// there: the launcher must do nothing in it but return. In the child it never
// returns.
//
//go:noinline
//go:norace
//go:nocheckptr
//go:nosplit
func forkChild(flags uintptr, steps []Step, r *Report) uintptr {
	if result := clone(flags); result != 0 {
		return result
	}
	runSteps(steps, r)
	return 0
}
