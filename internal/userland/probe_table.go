// SPDX-License-Identifier: Apache-2.0

package userland

// Probe is a call that programs make first, and which older calls they make instead
// if the kernel does not have it.
type Probe struct {
	// Call is made first. Of a call that is missing here it is not known that programs fall
	// back from it, so a denial with EPERM is not reported.
	Call  string
	Older []string // one of them is made after ENOSYS
	any   bool     // after any other error too
	Ever  bool     // every program of its kind makes it: a denial breaks all of them
	bits  int      // of the ABIs where that is so; 0 for all
	Who   string
	from  string // the source
}

// Probes are read from glibc 2.41 and musl 1.2.5. Left out are calls that glibc 2.34 and
// later make for times after 2038 alone (clock_nanosleep_time64, futex_time64,
// ppoll_time64, pselect6_time64, utimensat_time64, semtimedop_time64,
// timerfd_settime64, rt_sigtimedwait_time64, mq_timed*_time64): there an answer of
// ENOSYS changes only which error the program gets. Flags that the older call does not
// have leave out renameat2 and mlock2 for the same reason.
var Probes = []Probe{
	{"clone3", []string{"clone"}, false, true, 0, "threads of programs with glibc 2.34 or later", "glibc sysdeps/unix/sysv/linux/clone-internal.c, spawni.c"},
	{"statx", []string{"fstatat64", "stat64", "lstat64", "fstat64"}, false, true, 32, "stat in programs with glibc 2.33 or later", "glibc sysdeps/unix/sysv/linux/fstatat64.c"},
	{"clock_gettime64", []string{"clock_gettime"}, false, true, 32, "clock_gettime in programs with glibc 2.31 or musl 1.2 or later", "glibc sysdeps/unix/sysv/linux/clock_gettime.c, musl src/time/clock_gettime.c"},
	{"statx", []string{"newfstatat", "stat", "fstat"}, false, false, 64, "statx in programs with glibc, ls and stat among them", "glibc sysdeps/unix/sysv/linux/statx.c"},
	{"faccessat2", []string{"faccessat"}, false, false, 0, "faccessat in programs with glibc 2.33 or later", "glibc sysdeps/unix/sysv/linux/faccessat.c, musl src/unistd/faccessat.c"},
	{"fchmodat2", []string{"fchmodat"}, false, false, 0, "fchmodat with flags in programs with glibc 2.39 or later", "glibc sysdeps/unix/sysv/linux/fchmodat.c, musl src/stat/fchmodat.c"},
	{"preadv2", []string{"preadv"}, false, false, 0, "preadv2 in programs with glibc", "glibc sysdeps/unix/sysv/linux/preadv2.c"},
	{"pwritev2", []string{"pwritev"}, false, false, 0, "pwritev2 in programs with glibc", "glibc sysdeps/unix/sysv/linux/pwritev2.c"},
	{"execveat", []string{"execve"}, false, false, 0, "fexecve in programs with glibc", "glibc sysdeps/unix/sysv/linux/fexecve.c"},
	{"openat2", []string{"openat"}, false, false, 0, "openat2 in programs with gnulib, tar among them", "gnulib lib/openat2.c"},
	{"accept4", []string{"accept"}, false, false, 0, "accept4 in programs with musl", "musl src/network/accept4.c"},
	{"prlimit64", []string{"getrlimit", "ugetrlimit"}, false, false, 0, "getrlimit in programs with musl", "musl src/misc/getrlimit.c"},
	{"close_range", []string{"close"}, true, false, 0, "closefrom and posix_spawn in programs with glibc 2.34 or later", "glibc io/closefrom.c, sysdeps/unix/sysv/linux/spawni.c"},
	{"clock_getres_time64", []string{"clock_getres"}, false, false, 32, "clock_getres in programs with glibc 2.31 or later", "glibc sysdeps/unix/sysv/linux/clock_getres.c"},
	{"clock_settime64", []string{"clock_settime"}, false, false, 32, "clock_settime in programs with glibc 2.31 or later", "glibc sysdeps/unix/sysv/linux/clock_settime.c"},
	{"clock_adjtime64", []string{"clock_adjtime"}, false, false, 32, "clock_adjtime in programs with glibc 2.31 or later", "glibc sysdeps/unix/sysv/linux/clock_adjtime.c"},
	{"timer_settime64", []string{"timer_settime"}, false, false, 32, "timer_settime in programs with glibc 2.31 or later", "glibc sysdeps/unix/sysv/linux/timer_settime.c"},
	{"timer_gettime64", []string{"timer_gettime"}, false, false, 32, "timer_gettime in programs with glibc 2.31 or later", "glibc sysdeps/unix/sysv/linux/timer_gettime.c"},
	{"timerfd_gettime64", []string{"timerfd_gettime"}, false, false, 32, "timerfd_gettime in programs with glibc 2.31 or later", "glibc sysdeps/unix/sysv/linux/timerfd_gettime.c"},
	{"recvmmsg_time64", []string{"recvmmsg"}, false, false, 32, "recvmmsg in programs with glibc 2.31 or later", "glibc sysdeps/unix/sysv/linux/recvmmsg.c"},
	{"sched_rr_get_interval_time64", []string{"sched_rr_get_interval"}, false, false, 32, "sched_rr_get_interval in programs with glibc 2.31 or later", "glibc sysdeps/unix/sysv/linux/sched_rr_gi.c"},
}
