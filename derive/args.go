// SPDX-License-Identifier: Apache-2.0

package derive

import (
	"cmp"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/goruntime"
	"github.com/gosieve/sieve/seccomp"
)

// Arg is what one argument of a call has to be.
type Arg struct {
	Index int // 0 to 5
	// Value is the argument's value in the bits of Mask, which are those that the kernel
	// reads.
	Value, Mask uint64
}

// chosen are the arguments that say what a call is to do, by its name: the kernel takes
// them by value, and programs mostly write constants.
func chosen(name string, abi arch.Arch) []int {
	switch name {
	case "clone":
		if abi == arch.S390X {
			return []int{1}
		}
		return []int{0}
	case "socket", "socketpair":
		return []int{0, 1}
	case "arch_prctl", "prctl", "ptrace", "bpf", "keyctl", "seccomp", "unshare", "personality", "epoll_create1", "inotify_init1", "timerfd_create", "clock_gettime",
		"timer_create", "rt_sigprocmask", "mlockall", "membarrier", "landlock_create_ruleset", "getitimer", "setitimer":
		return []int{0}
	case "fcntl", "fcntl64", "ioctl", "epoll_ctl", "futex", "futex_time64", "shutdown", "flock", "setns", "eventfd2", "pipe2", "pidfd_open", "memfd_create", "umount2",
		"prlimit64", "quotactl", "msgctl", "shmctl":
		return []int{1}
	case "getsockopt", "setsockopt":
		return []int{1, 2}
	case "madvise", "lseek", "dup3", "getrandom", "unlinkat", "mprotect", "close_range":
		return []int{2}
	case "mmap", "mmap2":
		if abi == arch.S390X && name == "mmap" {
			return nil // its arguments are in memory
		}
		return []int{2, 3}
	case "accept4", "faccessat2":
		return []int{3}
	case "fchownat", "renameat2":
		return []int{4}
	}
	return nil
}

// mostSets bounds the sets of one call. Above that an argument with many values is left
// open.
const mostSets = 64

// sets are the arguments with which a call is made at one place: one set for each
// combination. Empty sets and nil mean that nothing is known.
func (d *derivation) sets(name string, values func(index int) ([]uint64, bool)) [][]Arg {
	sets := [][]Arg{nil}
	for _, index := range chosen(name, d.result.Arch) {
		list, ok := values(index)
		if !ok || len(list) == 0 || len(list)*len(sets) > mostSets {
			continue
		}
		mask := widthMask(name, index, d.result.Arch)
		var next [][]Arg
		for _, s := range sets {
			for _, v := range list {
				next = append(next, append(slices.Clone(s), Arg{index, v & mask, mask}))
			}
		}
		sets = next
	}
	return sets
}

// widthMask has the bits of an argument that the kernel reads.
func widthMask(name string, index int, abi arch.Arch) uint64 {
	bits, ok := arch.Width(name, index)
	if abi.Bits() == 32 {
		bits, ok = min(32, max(bits, 16)), true
	}
	if !ok || bits >= 64 {
		return ^uint64(0)
	}
	return 1<<bits - 1
}

// addSets adds what is known at one more place. An empty set leaves the arguments open for
// good.
func (c *Call) addSets(sets [][]Arg) {
	if c.open {
		return
	}
	for _, s := range sets {
		if len(s) == 0 {
			c.open, c.Sets = true, nil
			return
		}
		if !slices.ContainsFunc(c.Sets, func(t []Arg) bool { return slices.Equal(s, t) }) {
			c.Sets = append(c.Sets, s)
		}
	}
	if len(c.Sets) > mostSets {
		c.open, c.Sets = true, nil
	}
}

// finish removes sets that others hold, and orders the rest.
func (c *Call) finish() {
	c.Sets = slices.DeleteFunc(c.Sets, func(s []Arg) bool {
		return slices.ContainsFunc(c.Sets, func(t []Arg) bool { return len(t) < len(s) && holds(t, s) })
	})
	slices.SortFunc(c.Sets, func(a, b []Arg) int {
		return slices.CompareFunc(a, b, func(x, y Arg) int { return cmp.Or(cmp.Compare(x.Index, y.Index), cmp.Compare(x.Value, y.Value)) })
	})
}

// holds says whether all calls of one set are in another, whose arguments are fewer.
func holds(wide, narrow []Arg) bool {
	for _, a := range wide {
		if !slices.Contains(narrow, a) {
			return false
		}
	}
	return true
}

// runtimeSets adds what Go's runtime passes, by its table.
func (d *derivation) runtimeSets(c *Call, r *goruntime.Call) {
	if d.args {
		c.addSets(d.sets(c.Name, func(index int) ([]uint64, bool) { return []uint64{r.Args[index]}, true }))
	}
}

// rules are the rules that allow the call.
func (c *Call) rules() (list []seccomp.Rule) {
	for _, s := range c.Sets {
		rule := seccomp.Rule{Syscalls: []string{c.Name}, Action: seccomp.Allow}
		for _, a := range s {
			arg := seccomp.Arg{Index: a.Index, Op: seccomp.EQ, Value: a.Value}
			if a.Mask != ^uint64(0) {
				arg = seccomp.Arg{Index: a.Index, Op: seccomp.MaskedEQ, Mask: a.Mask, Value: a.Value}
			}
			rule.Args = append(rule.Args, arg)
		}
		list = append(list, rule)
	}
	return list
}
