// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"slices"
	"strings"
	"sync"

	"github.com/gosieve/sieve/arch"
)

// This file has the numbers of calls that an ABI lacks. They are libseccomp's, which
// programs may have written down, where it has one.

const (
	firstSocket ScmpSyscall = -101
	firstIPC    ScmpSyscall = -201
	firstPseudo ScmpSyscall = -10001
	// firstOwn is for calls without a number of libseccomp's: newer ones, and
	// sys_debug_setcontext, which has that of switch_endian there.
	firstOwn ScmpSyscall = -20001
)

// multiplexed is the number of a call that this ABI makes through another.
func multiplexed(abi arch.Arch, name string) (ScmpSyscall, bool) {
	switch mux, n, ok := abi.Multiplexer(name); {
	case !ok:
		return 0, false
	case mux == "ipc":
		return firstIPC + 1 - ScmpSyscall(n), true
	default:
		return firstSocket + 1 - ScmpSyscall(n), true
	}
}

// pseudoTable is calls by their names and by their numbers.
type pseudoTable struct {
	numbers map[string]ScmpSyscall
	names   map[ScmpSyscall]string
}

// add gives names numbers from the first one downwards. "-" is none.
func (t pseudoTable) add(first ScmpSyscall, names []string) {
	for i, name := range names {
		if name != "-" {
			nr := first - ScmpSyscall(i)
			t.numbers[name], t.names[nr] = nr, name
		}
	}
}

func newPseudoTable() pseudoTable {
	return pseudoTable{map[string]ScmpSyscall{}, map[ScmpSyscall]string{}}
}

// theirs is libseccomp's numbers. It is made at first use, as most programs name calls of
// their own ABI only.
var theirs = sync.OnceValue(func() pseudoTable {
	t := newPseudoTable()
	t.add(firstSocket, strings.Fields(socketNames))
	t.add(firstIPC, strings.Fields(ipcNames))
	t.add(firstPseudo, strings.Fields(pseudoNames))
	return t
})

// own is the numbers of the calls that libseccomp has none for.
var own = sync.OnceValue(func() pseudoTable {
	var names []string
	for _, abi := range arch.All() {
		for _, name := range abi.Calls() {
			if _, ok := theirs().numbers[name]; !ok {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	t := newPseudoTable()
	t.add(firstOwn, slices.Compact(names))
	return t
})

// pseudoNumber is the number of a call on an ABI that lacks it.
func pseudoNumber(name string) (ScmpSyscall, bool) {
	if nr, ok := theirs().numbers[name]; ok {
		return nr, true
	}
	if !arch.Known(name) {
		return 0, false
	}
	nr, ok := own().numbers[name]
	return nr, ok
}

// pseudoName is the name of the call with such a number.
func pseudoName(nr ScmpSyscall) (string, bool) {
	t := theirs
	if nr <= firstOwn {
		t = own
	}
	name, ok := t().names[nr]
	return name, ok
}

// The names are in the order of the numbers.
const (
	socketNames = `socket bind connect listen accept getsockname getpeername socketpair send recv sendto recvfrom
	shutdown setsockopt getsockopt sendmsg recvmsg accept4 recvmmsg sendmmsg`
	ipcNames = `semop semget semctl semtimedop - - - - - - msgsnd msgrcv msgget msgctl - - - - - - shmat shmdt shmget shmctl`

	pseudoNames = `arch_prctl bdflush break chown32 epoll_ctl_old epoll_wait_old fadvise64_64 fchown32 fcntl64 fstat64 fstatat64
	fstatfs64 ftime ftruncate64 getegid32 geteuid32 getgid32 getgroups32 getresgid32 getresuid32 getuid32 gtty
	idle ipc lchown32 _llseek lock lstat64 mmap2 mpx newfstatat _newselect nice oldfstat oldlstat oldolduname
	oldstat olduname prof profil readdir security sendfile64 setfsgid32 setfsuid32 setgid32 setgroups32
	setregid32 setresgid32 setresuid32 setreuid32 setuid32 sgetmask sigaction signal sigpending sigprocmask
	sigreturn sigsuspend socketcall ssetmask stat64 statfs64 stime stty truncate64 tuxcall ugetrlimit ulimit
	umount vm86 vm86old waitpid create_module get_kernel_syms get_thread_area nfsservctl query_module
	set_thread_area _sysctl uselib vserver arm_fadvise64_64 arm_sync_file_range - pciconfig_iobase pciconfig_read
	pciconfig_write sync_file_range2 syscall afs_syscall fadvise64 getpmsg ioperm iopl - migrate_pages modify_ldt
	putpmsg sync_file_range select vfork cachectl cacheflush - sysmips timerfd time getrandom memfd_create
	kexec_file_load - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - sysfs - access alarm chmod
	chown creat dup2 epoll_create epoll_wait eventfd fork futimesat getdents getpgrp inotify_init lchown link
	lstat mkdir mknod open pause pipe poll readlink rename rmdir signalfd stat symlink unlink ustat utime utimes
	getrlimit mmap breakpoint set_tls usr26 usr32 multiplexer rtas spu_create spu_run swapcontext switch_endian
	get_mempolicy move_pages mbind set_mempolicy s390_runtime_instr s390_pci_mmio_read s390_pci_mmio_write
	membarrier userfaultfd pkey_mprotect pkey_alloc pkey_free get_tls s390_guarded_storage s390_sthyi
	subpage_prot statx io_pgetevents rseq setrlimit clock_adjtime64 clock_getres_time64 clock_gettime64
	clock_nanosleep_time64 clock_settime64 clone3 fsconfig fsmount fsopen fspick futex_time64
	io_pgetevents_time64 move_mount mq_timedreceive_time64 mq_timedsend_time64 open_tree pidfd_open
	pidfd_send_signal ppoll_time64 pselect6_time64 recvmmsg_time64 rt_sigtimedwait_time64
	sched_rr_get_interval_time64 semtimedop_time64 timer_gettime64 timer_settime64 timerfd_gettime64
	timerfd_settime64 utimensat_time64 ppoll renameat riscv_flush_icache memfd_secret map_shadow_stack fstat
	atomic_barrier atomic_cmpxchg_32 getpagesize riscv_hwprobe uretprobe listns rseq_slice_yield uprobe`
)
