// SPDX-License-Identifier: Apache-2.0

package record

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// waiting are the calls by which threads of one process wait for each other: futex, and
// where times were of 32 bits the one with times of 64. A thread makes them only if it
// comes to a lock, or to pthread_join, before the other is done, which a run need not
// show. C libraries end the program if the answer is EPERM: glibc aborts.
var waiting = []string{"futex", "futex_time64"}

// cloneThread is CLONE_THREAD (include/uapi/linux/sched.h).
const cloneThread = 0x10000

// startsThread says whether a call makes a thread, or may: clone3 has its flags in memory,
// which is not read.
func startsThread(abi arch.Arch, name string, c *seccomp.Call) bool {
	return name == "clone3" || name == "clone" && c.Args[cloneFlags(abi)]&cloneThread != 0
}

// threadCalls are the calls of waiting that the ABIs have on which a thread was made.
func (r *Recording) threadCalls() []string {
	return slices.DeleteFunc(slices.Clone(waiting), func(name string) bool {
		return !slices.ContainsFunc(r.arches(), func(abi arch.Arch) bool {
			_, ok := abi.Number(name)
			return ok && r.threads[abi]
		})
	})
}
