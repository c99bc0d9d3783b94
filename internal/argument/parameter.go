// SPDX-License-Identifier: Apache-2.0

package argument

import (
	"strings"

	"github.com/gosieve/sieve/arch"
)

// parameters are the names of arguments in the manual pages (section 2): of the calls whose
// arguments filters ask about.
const parameters = "\n" + `accept4 sockfd addr addrlen flags
arch_prctl op addr
bpf cmd attr size
clone flags stack parent_tid child_tid tls
clone3 cl_args size
close_range first last flags
dup fd
execveat dirfd pathname argv envp flags
fcntl fd cmd arg
fcntl64 fd cmd arg
futex uaddr op val timeout uaddr2 val3
getpriority which who
getrandom buf buflen flags
io_uring_setup entries params
ioctl fd op arg
ipc call first second third ptr fifth
keyctl operation arg2 arg3 arg4 arg5
kill pid sig
lseek fd offset whence
madvise addr length advice
memfd_create name flags
mlockall flags
mmap addr length prot flags fd offset
mmap2 addr length prot flags fd pgoffset
mount source target filesystemtype mountflags data
mprotect addr len prot
mremap old_address old_size new_size flags new_address
msgctl msqid op buf
open pathname flags mode
openat dirfd pathname flags mode
openat2 dirfd pathname how size
perf_event_open attr pid cpu group_fd flags
personality persona
pidfd_open pid flags
pkey_mprotect addr len prot pkey
prctl op arg2 arg3 arg4 arg5
prlimit64 pid resource new_limit old_limit
process_vm_readv pid local_iov liovcnt remote_iov riovcnt flags
ptrace op pid addr data
quotactl op special id addr
rt_sigprocmask how set oldset sigsetsize
rt_sigqueueinfo tgid sig info
sched_setscheduler pid policy param
seccomp operation flags args
semctl semid semnum op arg
setns fd nstype
setpriority which who prio
setrlimit resource rlim
shmat shmid shmaddr shmflg
shmctl shmid op buf
shmget key size shmflg
socket domain type protocol
socketcall call args
socketpair domain type protocol sv
splice fd_in off_in fd_out off_out size flags
sync_file_range fd offset nbytes flags
syslog type bufp len
tgkill tgid tid sig
timer_create clockid sevp timerid
tkill tid sig
umount2 target flags
unshare flags
userfaultfd flags
wait4 pid wstatus options rusage
waitid idtype id infop options rusage
setsockopt sockfd level optname optval optlen
getsockopt sockfd level optname optval optlen
clock_gettime clockid tp
clock_settime clockid tp
`

// Parameter is the name that the manual has for an argument of a call, "domain" for socket's
// first. It is empty for a call that no line describes, and for one whose arguments the ABI
// has in memory.
func Parameter(a arch.Arch, name string, index int) string {
	p := printer{abi: a}
	switch s390 := a == arch.S390 || a == arch.S390X; {
	case name == "mmap" && (s390 || p.oldCalls()):
		return ""
	case name == "clone" && s390 && index < 2: // CONFIG_CLONE_BACKWARDS2
		index = 1 - index
	}
	names, _ := line(parameters, name)
	list := strings.Fields(names)
	if index < 0 || index >= len(list) {
		return ""
	}
	return list[index]
}
