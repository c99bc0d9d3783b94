// SPDX-License-Identifier: Apache-2.0

package userland

// Renamed are calls that are one, but for the sizes and the order of arguments, and have
// other names on other ABIs (arch/data).
var Renamed = [][]string{
	{"fadvise64", "fadvise64_64", "arm_fadvise64_64"},
	{"sync_file_range", "sync_file_range2", "arm_sync_file_range"},
	{"umount", "umount2"},
	{"mmap", "mmap2"},
	{"fstat", "fstat64"},
	{"newfstatat", "fstatat64"},
	{"lseek", "_llseek"},
	{"fcntl", "fcntl64"},
	{"getrlimit", "ugetrlimit"},
	{"select", "_newselect"},
	{"rt_sigreturn", "sigreturn"},
	{"statfs", "statfs64"},
	{"fstatfs", "fstatfs64"},
	{"truncate", "truncate64"},
	{"ftruncate", "ftruncate64"},
	{"clock_gettime", "clock_gettime64"},
	{"clock_nanosleep", "clock_nanosleep_time64"},
	{"futex", "futex_time64"},
	{"ppoll", "ppoll_time64"},
	{"pselect6", "pselect6_time64"},
}
