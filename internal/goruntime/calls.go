// SPDX-License-Identifier: Apache-2.0

package goruntime

import (
	"strings"

	"github.com/gosieve/sieve/arch"
)

// Calls lists what the runtime of Go 1.26 calls on an ABI that Go builds for, once the
// program runs (the runtime of Go 1.25 calls nothing else), and what glibc 2.36 adds in
// programs with cgo. Not listed is what other packages call on the program's behalf (os, net,
// crypto/rand, os/exec), and what C code and the race detector do.
//
// The kernel counts for two things: 32-bit programs use other calls from Linux 5.1 on
// (runtime/os_linux32.go), and glibc needs rseq where the kernel has it. For an ABI that Go
// does not build for, the list is of no meaning.
func Calls(abi arch.Arch, kernel arch.Kernel) []Call {
	r := newValues(abi, kernel)
	var all []Call
	for _, part := range []func(*values) []Call{
		memoryCalls, threadCalls, signalCalls, waitCalls, pollCalls, otherCalls, profileCalls, cgoCalls,
	} {
		all = append(all, part(r)...)
	}
	return all
}

// values are what differs among ABIs: defs_linux_*.go and sys_linux_*.s in
// runtime, defs_linux_*.go in internal/runtime/syscall/linux. They are written out here, not
// taken from package syscall, since the ABI is any and not the one that this is built for.
type values struct {
	// names of calls
	mmap, futex, settime string
	raise                Call
	clone                [6]uint64
	rseq                 Need
	anon                 uint64 // MAP_ANONYMOUS
	stack                uint64 // MAP_STACK
	noReserve            uint64 // MAP_NORESERVE
	minus1               uint64 // descriptor -1, as it is extended to a register
	setMask              uint64 // SIG_SETMASK
	maskBytes            uint64 // the size of a signal mask
	urgent               uint64 // SIGURG
	nonblock             uint64 // EFD_NONBLOCK
	enosys               uint16
	byAddress            bool // mmap's arguments are in memory
	setsTLS              bool // new threads call set_thread_area
}

// Examples of what differs from one run to the next.
const (
	// A filter that compares such an argument, an address for instance, cannot be judged by
	// the example; one that compares flags can.
	anAddress = 0x0c000000
	aSize     = 0x10000
	aFile     = 9 // a descriptor
	aThread   = 4321
	terminate = 15 // SIGTERM
)

// CLONE_VM, FS, FILES, SIGHAND, SYSVSEM and THREAD (cloneFlags, runtime/os_linux.go).
const cloneThread = 0x50f00

// newValues begins with the values of asm-generic and of 64 bits, which most ABIs have, and
// then changes what an ABI has otherwise.
func newValues(abi arch.Arch, kernel arch.Kernel) *values {
	r := &values{
		mmap: "mmap", futex: "futex", settime: "timer_settime", clone: [6]uint64{cloneThread, anAddress},
		anon: 0x20, stack: 0x20000, noReserve: 0x4000, minus1: ^uint64(0), setMask: 2, maskBytes: 8, urgent: 23, nonblock: 0x800, enosys: 38,
	}
	r.raise = Call{Name: "tgkill", Args: [6]uint64{aThread, aThread, terminate}}
	if abi.Bits() == 32 {
		r.minus1 = 0xffffffff
		r.mmap = "mmap2"
		if kernel >= 5<<8|1 { // runtime/os_linux32.go
			r.futex, r.settime = "futex_time64", "timer_settime64"
		}
	}
	r.rseq = Tolerated
	if nr, ok := abi.Number("rseq"); ok && kernel >= abi.Since(nr) {
		r.rseq = Required
	}
	switch goarch := abi.GOARCH(); {
	case goarch == "amd64":
		r.minus1 = 0xffffffff    // sysMmap moves 32 bits
		r.clone[0] |= 0x00080000 // CLONE_SETTLS
		r.clone[4] = anAddress   // &m.tls
	case goarch == "386":
		r.setsTLS = true
	case goarch == "riscv64":
		r.raise = Call{Name: "tkill", Args: [6]uint64{aThread, terminate}}
	case goarch == "s390x":
		r.clone[0], r.clone[1] = r.clone[1], r.clone[0]
		r.byAddress = true
	case strings.HasPrefix(goarch, "ppc64"):
		r.noReserve = 0x40
	case strings.HasPrefix(goarch, "mips"):
		r.stack, r.noReserve = 0x40000, 0x400
		r.mmap = "mmap"
		r.anon, r.setMask, r.maskBytes, r.urgent, r.nonblock, r.enosys = 0x800, 3, 16, 21, 0x80, 89
	}
	return r
}

// mapping is a call of mmap.
func (r *values) mapping(address, prot, flags uint64, c Call) Call {
	c.Name, c.Args = r.mmap, [6]uint64{address, aSize, prot, flags | r.anon, r.minus1, 0}
	if r.byAddress {
		c.Args = [6]uint64{anAddress}
	}
	return c
}

// The arguments of mmap (asm-generic/mman-common.h, the same on all of Go's ABIs).
const (
	protNone, protReadWrite = 0, 3
	mapPrivate, mapFixed    = 0x02, 0x10
)

// memoryCalls are made when the heap grows or shrinks, and so at any time. Programs get
// addresses first and memory for them later, by a second mmap at a fixed address.
func memoryCalls(r *values) []Call {
	advice := func(advice uint64, reason string) Call {
		return Call{Name: "madvise", Args: [6]uint64{anAddress, aSize, advice}, Need: Tolerated, Reason: reason, Source: "runtime/mem_linux.go"}
	}
	return []Call{
		r.mapping(anAddress, protNone, mapPrivate,
			Call{Need: Required, Reason: "reserves addresses for the heap; out of memory without it", Source: "runtime/mem_linux.go: sysReserveOS"}),
		r.mapping(anAddress, protReadWrite, mapPrivate|mapFixed,
			Call{Need: Required, Reason: "makes the heap grow; the program ends without it", Source: "runtime/mem_linux.go: sysMapOS"}),
		r.mapping(0, protReadWrite, mapPrivate,
			Call{Need: Required, Reason: "memory for the runtime itself; the program ends without it", Source: "runtime/mem_linux.go: sysAllocOS"}),
		{Name: "munmap", Args: [6]uint64{anAddress, aSize}, Need: Required,
			Reason: "gives up addresses that it cannot use; crashes if that fails", Source: "runtime/mem_linux.go: sysFreeOS"},
		advice(8, "MADV_FREE returns memory; MADV_DONTNEED comes next"),
		advice(4, "MADV_DONTNEED returns memory; mmap comes next"),
		advice(14, "MADV_HUGEPAGE for the collector's tables"),
		advice(15, "MADV_NOHUGEPAGE for new tables of the heap, and for the heap with GODEBUG=disablethp=1"),
		advice(25, "MADV_COLLAPSE for the collector's tables"),
		{Name: "prctl", Args: [6]uint64{0x53564d41, 0, anAddress, aSize, anAddress}, Need: Tolerated,
			Reason: "PR_SET_VMA_ANON_NAME names memory in /proc/PID/maps", Source: "runtime/set_vma_name_linux.go"},
		{Name: "mprotect", Args: [6]uint64{anAddress, aSize, protNone}, Need: Optional,
			Reason: "GOEXPERIMENT=arenas takes access to freed arenas away", Source: "runtime/mem_linux.go: sysFaultOS"},
	}
}

// threadCalls are made when a thread starts or ends. The runtime starts some for the
// collector and beside blocking calls, so a program without goroutines of its own has several.
func threadCalls(r *values) []Call {
	calls := []Call{
		{Name: "clone", Args: r.clone, Need: Required,
			Reason: "starts threads, for the collector and beside blocking calls; the program ends if that fails", Source: "runtime/os_linux.go: newosproc"},
		{Name: "gettid", Need: Required,
			Reason: "a thread learns its number, by which it is preempted", Source: "runtime/sys_linux_*.s: clone, os_linux.go: minit"},
		{Name: "exit", Need: Required,
			Reason: "ends a thread whose goroutine was locked to it; crashes if that fails", Source: "runtime/sys_linux_*.s: exitThread"},
		{Name: "exit_group", Need: Required,
			Reason: "ends the program", Source: "runtime/sys_linux_*.s: exit"},
		{Name: "sched_getaffinity", Args: [6]uint64{0, 8192, anAddress}, Need: Required,
			Reason: "asks for the number of processors once in a while; GOMAXPROCS falls to 1 if that fails", Source: "runtime/os_linux.go: getCPUCount"},
		{Name: "pread64", Args: [6]uint64{aFile, anAddress, 64}, Need: Tolerated,
			Reason: "reads the cgroup's limit of processors once in a while; GOMAXPROCS goes by the processors without it", Source: "internal/runtime/cgroup"},
	}
	if r.setsTLS {
		calls = append(calls, Call{Name: "set_thread_area", Args: [6]uint64{anAddress}, Need: Required,
			Reason: "gives a new thread its variables; crashes if that fails", Source: "runtime/sys_linux_386.s: setldt"})
	}
	return calls
}

// signalCalls are made because goroutines are preempted by a signal to their thread (SIGURG),
// and because a signal may end the program.
func signalCalls(r *values) []Call {
	raise := r.raise
	raise.Need, raise.Reason, raise.Source = Tolerated, "a signal that ends the program, SIGTERM or another; it exits with status 2 without it", "runtime/sys_linux_*.s: raise"
	return []Call{
		{Name: "rt_sigprocmask", Args: [6]uint64{r.setMask, anAddress, anAddress, r.maskBytes}, Need: Required,
			Reason: "blocks signals while a thread starts; crashes if that fails", Source: "runtime/os_linux.go: newosproc"},
		{Name: "sigaltstack", Args: [6]uint64{anAddress}, Need: Required,
			Reason: "gives a new thread a stack for signals; crashes if that fails", Source: "runtime/signal_unix.go: minitSignalStack"},
		{Name: "rt_sigreturn", Need: Required,
			Reason: "goes on after a signal", Source: "runtime/sys_linux_*.s: sigreturn, or the vDSO"},
		{Name: "rt_sigaction", Args: [6]uint64{terminate, anAddress, 0, r.maskBytes}, Need: Required,
			Reason: "the default action, before SIGTERM or another signal ends the program, and os/signal; throws if that fails", Source: "runtime/signal_unix.go: dieFromSignal"},
		{Name: "getpid", Need: Required,
			Reason: "the process that tgkill sends a signal to", Source: "runtime/os_linux.go: signalM"},
		{Name: "tgkill", Args: [6]uint64{aThread, aThread, r.urgent}, Need: Required,
			Reason: "preempts a goroutine that does not yield; the collector waits for it without end if that fails", Source: "runtime/os_linux.go: signalM"},
		raise,
	}
}

// waitCalls are made by threads that have nothing to do, and for the time. The vDSO answers
// clock_gettime without a call on most machines, but not on all, and a filter is made once.
func waitCalls(r *values) []Call {
	const wait, wake = 0 | 128, 1 | 128 // FUTEX_WAIT_PRIVATE, FUTEX_WAKE_PRIVATE
	return []Call{
		{Name: r.futex, Args: [6]uint64{anAddress, wait, 0, anAddress}, Need: Required,
			Reason: "threads wait; they spin if that fails", Source: "runtime/os_linux.go: futexsleep"},
		{Name: r.futex, Args: [6]uint64{anAddress, wake, 1}, Need: Required,
			Reason: "wakes threads; crashes if that fails", Source: "runtime/os_linux.go: futexwakeup"},
		{Name: "nanosleep", Args: [6]uint64{anAddress}, Need: Required,
			Reason: "the monitor and waiting threads sleep; they spin if that fails", Source: "runtime/sys_linux_*.s: usleep"},
		{Name: "sched_yield", Need: Tolerated,
			Reason: "lets others run; the thread spins without it", Source: "runtime/sys_linux_*.s: osyield"},
		{Name: "restart_syscall", Need: Tolerated,
			Reason: "the kernel makes it in place of nanosleep and futex after SIGCONT; they end early without it", Source: "kernel/signal.c"},
		{Name: "clock_gettime", Args: [6]uint64{1, anAddress}, Need: Required,
			Reason: "the time, on machines where the vDSO cannot tell it", Source: "runtime/sys_linux_*.s: nanotime1"},
		{Name: "clock_gettime", Args: [6]uint64{0, anAddress}, Need: Required,
			Reason: "the time of day, on machines where the vDSO cannot tell it", Source: "runtime/sys_linux_*.s: walltime"},
	}
}

// pollCalls are made by the first timer, pipe or socket. Until then there is no poller, so a
// short test under a filter does not find what is missing.
func pollCalls(r *values) []Call {
	const (
		closeOnExec = 0x80000 // EPOLL_CLOEXEC, EFD_CLOEXEC
		add, del    = 1, 2    // EPOLL_CTL_*
		events      = 128
	)
	return []Call{
		{Name: "epoll_create1", Args: [6]uint64{closeOnExec}, Need: Required,
			Reason: "begins the poller, with the first timer, pipe or socket; throws if that fails", Source: "runtime/netpoll_epoll.go: netpollinit"},
		{Name: "eventfd2", Args: [6]uint64{0, closeOnExec | r.nonblock}, Need: Required,
			Reason: "wakes the poller; throws if that fails", Source: "runtime/netpoll_epoll.go: netpollinit"},
		{Name: "epoll_ctl", Args: [6]uint64{aFile, add, aFile, anAddress}, Need: Required,
			Reason: "adds pipes and sockets; throws if that fails for the poller's own", Source: "runtime/netpoll_epoll.go: netpollopen"},
		{Name: "epoll_ctl", Args: [6]uint64{aFile, del, aFile, anAddress}, Need: Required,
			Reason: "removes them", Source: "runtime/netpoll_epoll.go: netpollclose"},
		{Name: "epoll_pwait", Args: [6]uint64{aFile, anAddress, events, r.minus1}, Need: Required,
			Reason: "waits for pipes, sockets and timers; throws if that fails", Source: "runtime/netpoll_epoll.go: netpoll"},
		{Name: "write", Args: [6]uint64{aFile, anAddress, 8}, Need: Required,
			Reason: "wakes the poller; throws if that fails", Source: "runtime/netpoll_epoll.go: netpollBreak"},
		{Name: "read", Args: [6]uint64{aFile, anAddress, 8}, Need: Required,
			Reason: "the poller notes that it was woken; it spins if that fails", Source: "runtime/netpoll_epoll.go: netpoll"},
	}
}

// otherCalls are made when the program ends because of a mistake in it.
func otherCalls(*values) []Call {
	return []Call{
		{Name: "write", Args: [6]uint64{2, anAddress, 80}, Need: Required,
			Reason: "says why the program panics", Source: "runtime/print.go, write_err.go"},
		{Name: "kill", Args: [6]uint64{aThread, 3}, Need: Optional,
			Reason: "SIGQUIT to itself, with GOTRACEBACK=crash", Source: "runtime/signal_unix.go: sighandler"},
	}
}

// profileCalls are made while a processor profile is taken: with one timer for the process, or
// one for each thread.
func profileCalls(r *values) []Call {
	const reason, source = "the processor profile (runtime/pprof)", "runtime/os_linux.go: setThreadCPUProfiler"
	return []Call{
		{Name: "setitimer", Args: [6]uint64{2, anAddress}, Need: Optional, Reason: reason, Source: "runtime/signal_unix.go: setProcessCPUProfilerTimer"},
		{Name: "timer_create", Args: [6]uint64{3, anAddress, anAddress}, Need: Optional, Reason: reason, Source: source},
		{Name: r.settime, Args: [6]uint64{1, 0, anAddress}, Need: Optional, Reason: reason, Source: source},
		{Name: "timer_delete", Args: [6]uint64{1}, Need: Optional, Reason: reason, Source: source},
	}
}

// cgoCalls are what glibc's pthread_create and malloc add: the runtime starts its
// threads through it in programs with cgo.
func cgoCalls(r *values) []Call {
	const pthread = cloneThread | 0x00080000 | 0x00100000 | 0x00200000 // CLONE_SETTLS, PARENT_SETTID, CHILD_CLEARTID
	const source, closeOnExec = "glibc: pthread_create", 0x80000       // O_CLOEXEC, 02000000
	clone := [6]uint64{pthread, anAddress, anAddress, anAddress, anAddress}
	if r.byAddress {
		clone[0], clone[1] = clone[1], clone[0]
	}
	return []Call{
		{Name: "clone3", Args: [6]uint64{anAddress, 88}, Need: Tolerated, Errno: r.enosys, Cgo: true,
			Reason: "starts threads; clone comes next after ENOSYS, and after no other errno", Source: source},
		{Name: "clone", Args: clone, Need: Required, Cgo: true,
			Reason: "starts threads; the program ends if that fails", Source: source},
		r.mapping(0, protNone, mapPrivate|r.stack,
			Call{Need: Required, Cgo: true, Reason: "a thread's stack; the program ends without it", Source: source}),
		{Name: "mprotect", Args: [6]uint64{anAddress, aSize, protReadWrite}, Need: Required, Cgo: true,
			Reason: "a thread's stack beside its guard page; the program ends if that fails", Source: source},
		{Name: "set_robust_list", Args: [6]uint64{anAddress, 24}, Need: Tolerated, Cgo: true,
			Reason: "robust mutexes, which the runtime has none of", Source: source},
		{Name: "rseq", Args: [6]uint64{anAddress, 32, 0}, Need: r.rseq, Cgo: true,
			Reason: "registers a thread (glibc from 2.35 on); the program ends if that fails, as it did not for its first thread", Source: source},
		r.mapping(0, protNone, mapPrivate|r.noReserve,
			Call{Need: Tolerated, Cgo: true, Reason: "memory for the threads of C code; brk comes next", Source: "glibc: malloc"}),
		{Name: "openat", Args: [6]uint64{r.minus1 - 99, anAddress, closeOnExec}, Need: Tolerated, Cgo: true,
			Reason: "reads /sys/devices/system/cpu/online to decide on memory for threads; sched_getaffinity comes next", Source: "glibc: malloc, get_nprocs"},
		{Name: "brk", Args: [6]uint64{anAddress}, Need: Tolerated, Cgo: true,
			Reason: "memory for C code; mmap comes next", Source: "glibc: malloc"},
	}
}
