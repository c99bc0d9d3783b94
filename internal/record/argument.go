// SPDX-License-Identifier: Apache-2.0

package record

import (
	"slices"
	"sync"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// param is an argument worth learning: a number that says what the call does. An argument
// of flags has bits in any combination, and one comparison with a mask allows those that
// were seen. Any other is one of a few values, and the combinations of values that were
// seen are allowed.
type param struct {
	index int
	flags bool
}

// values are arguments of single values.
func values(index ...int) []param {
	var list []param
	for _, i := range index {
		list = append(list, param{index: i})
	}
	return list
}

// flags is one argument of flags.
func flags(index int) []param { return []param{{index, true}} }

// params says which arguments are learnt of each call, with their indices from 0. The man
// page of each call says which they are (man-pages 6, section 2). Descriptors, sizes,
// offsets, process ids and pointers differ from run to run and are left out. To learn
// arguments of another call, add it here; an argument of which the kernel reads fewer
// than 64 bits must have its width in arch.Width.
var params = sync.OnceValue(func() map[string][]param {
	return map[string][]param{
		"accept4": flags(3), "arch_prctl": values(0), "bpf": values(0), "clock_gettime": values(0), "clock_nanosleep": values(0),
		"close_range": flags(2), "dup3": flags(2), "epoll_create1": flags(0), "epoll_ctl": values(1), "eventfd2": flags(1),
		"fadvise64": values(3), "fallocate": flags(1), "fcntl": values(1), "flock": values(1), "fsopen": flags(1), "futex": values(1),
		"getrandom": flags(2), "getsockopt": values(1, 2), "inotify_init1": flags(0), "ioctl": values(1), "keyctl": values(0),
		"lseek": values(2), "madvise": values(2), "membarrier": values(0), "memfd_create": flags(1), "mlockall": flags(0),
		"mmap": {{2, true}, {3, true}}, "mmap2": {{2, true}, {3, true}}, "mount": flags(3), "mprotect": flags(2), "mremap": flags(3),
		"open": flags(1), "openat": flags(2), "open_by_handle_at": flags(2), "perf_event_open": flags(4), "personality": values(0),
		"pidfd_open": flags(1), "pipe2": flags(1), "pkey_mprotect": flags(2), "prctl": values(0), "ptrace": values(0),
		"renameat2": flags(4), "rt_sigprocmask": values(0), "seccomp": values(0, 1), "setns": flags(1),
		"setsockopt": values(1, 2), "shmget": flags(2), "signalfd4": flags(3), "socket": values(0, 1, 2), "socketpair": values(0, 1, 2),
		"splice": flags(5), "statx": flags(2), "timerfd_create": values(0), "umount2": flags(1), "unlinkat": flags(2), "unshare": flags(0),
		"userfaultfd": flags(0), "wait4": flags(2),
	}
})

// paramsOf is the entry of params for a call on an ABI.
func paramsOf(abi arch.Arch, name string) []param {
	if name == "clone" {
		return flags(cloneFlags(abi))
	}
	return params()[name]
}

// cloneFlags is the index of clone's flags, which has two orders.
func cloneFlags(abi arch.Arch) int {
	if abi == arch.S390 || abi == arch.S390X {
		return 1 // CONFIG_CLONE_BACKWARDS2: the stack comes first
	}
	return 0
}

// maxTuples is how many combinations of values are learnt of a call. A call with more of
// them is allowed with any value: a longer list would most likely deny the next run, and
// nobody reads it. Flags are not concerned, as they make one comparison however many were
// seen.
const maxTuples = 16

// arguments is what was learnt about the arguments of one call. Arrays have an element
// for each argument; those that params does not name stay 0.
type arguments struct {
	params []param
	mask   [6]uint64 // what the kernel reads of each
	tuples [][6]uint64
	many   bool // too many tuples
	// bits are all flags that were ever set.
	bits [6]uint64
}

// learn prepares to learn from a call of that name. The mask leaves out the upper half of
// a register where the kernel does not read it: what it holds by chance is no part of the
// call.
func (a *arguments) learn(abi arch.Arch, name string) {
	a.params = paramsOf(abi, name)
	for i := range a.mask {
		a.mask[i] = ^uint64(0)
		if bits, ok := arch.Width(name, i); ok && bits <= 32 || abi.Bits() == 32 {
			a.mask[i] = 1<<32 - 1
		}
	}
}

// add learns from a call, and says whether it showed anything new. The caller keeps such
// a call as an example, and Check puts the examples to the finished policy.
func (a *arguments) add(c *seccomp.Call) (news bool) {
	var tuple [6]uint64
	hasValue := false
	for _, p := range a.params {
		v := c.Args[p.index] & a.mask[p.index]
		if p.flags {
			news = news || v&^a.bits[p.index] != 0
			a.bits[p.index] |= v
		} else {
			tuple[p.index] = v
			hasValue = true
		}
	}
	switch {
	case !hasValue || a.many || slices.Contains(a.tuples, tuple):
		return news
	case len(a.tuples) == maxTuples:
		a.tuples, a.many = nil, true
	default:
		a.tuples = append(a.tuples, tuple)
	}
	return true
}

// merge adds what was learnt of the same call through another ABI, as a document has one
// rule for all ABIs. Where the two ABIs have the arguments at other places (clone on
// s390), nothing can be said about them in one rule: the call is allowed with any.
func (a *arguments) merge(b *arguments) {
	if len(a.params) == 0 || !slices.Equal(a.params, b.params) {
		a.params = nil
		return
	}
	for i := range a.mask {
		a.mask[i] |= b.mask[i]
		a.bits[i] |= b.bits[i]
	}
	a.many = a.many || b.many
	for _, t := range b.tuples {
		if !slices.Contains(a.tuples, t) {
			a.tuples = append(a.tuples, t)
		}
	}
	if a.many || len(a.tuples) > maxTuples {
		a.tuples, a.many = nil, true
	}
}
