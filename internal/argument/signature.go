// SPDX-License-Identifier: Apache-2.0

package argument

// signatures says what each call's arguments are: the name of the call and, for
// each argument, its kind, which printer.argument or a line of tables explains.
// Counts and types are those of SYSCALL_DEFINE in Linux 6.18; of calls that only
// 32-bit kernels have, those of their manual pages.
//
//	openat at path open cmode     a descriptor or AT_FDCWD, a path, flags, a mode if they create
//	getpid                        no arguments, but a blank, which ends the name
//	clone clone                   a kind alone with a call's name: see printer.several
//
// Kinds without a name of their own, ptr for instance, stand for what only the kernel reads or
// writes. A call that is missing here is shown by widths alone, so a new call needs no line to
// be readable, only to be clear.
const signatures = "\n" + `_llseek fd uint uint ptr seek
_newselect int ptr ptr ptr ptr
accept fd ptr ptr
accept4 fd ptr ptr sockflags
access path access
acct path
add_key path path ptr size int
adjtimex ptr
alarm uint
arch_prctl archprctl hex
arm_sync_file_range fd hex32 off off
bdflush int hex
bind fd sockaddr int
bpf bpf ptr uint
brk hex
cachestat fd ptr ptr uint
capget ptr ptr
capset ptr ptr
chdir path
chmod path mode
chown path id id
chroot path
clock_adjtime clock ptr
clock_getres clock ptr
clock_gettime clock ptr
clock_nanosleep clock timerflags ptr ptr
clock_settime clock ptr
clone clone
clone3 cloneargs size
close fd
close_range fd fd closerange
connect fd sockaddr int
copy_file_range fd ptr fd ptr size uint
creat path mode
create_module path size
delete_module path open
dup fd
dup2 fd fd
dup3 fd fd openbits
epoll_create int
epoll_create1 openbits
epoll_ctl fd epoll fd ptr
epoll_pwait fd ptr int int ptr size
epoll_pwait2 fd ptr int ptr ptr size
epoll_wait fd ptr int int
eventfd uint
eventfd2 uint eventfd
execve path argv ptr
execveat at path argv ptr atflags
exit int
exit_group int
faccessat at path access
faccessat2 at path access accessflags
fadvise64 fd off size fadvise
fadvise64_64 fd off off fadvise
fallocate fd falloc off off
fanotify_init hex32 open
fanotify_mark fd hex32 off at path
fchdir fd
fchmod fd mode
fchmodat at path mode
fchmodat2 at path mode atflags
fchown fd id id
fchownat at path id id atflags
fcntl fcntl
fdatasync fd
fgetxattr fd path ptr size
file_getattr at path ptr size atflags
file_setattr at path ptr size atflags
finit_module fd path finit
flistxattr fd ptr size
flock fd flock
fork 
fremovexattr fd path
fsconfig fd fsconfig path ptr int
fsetxattr fd path ptr size xattr
fsmount fd fsmount mountattr
fsopen path fsopen
fspick at path fspick
fstat fd ptr
fstat64 fd ptr
fstatat64 at path ptr atflags
fstatfs fd ptr
fstatfs64 fd size ptr
fsync fd
ftruncate fd long
ftruncate64 fd off
futex ptr futex uint ptr ptr uint
futex_requeue ptr uint int int
futex_time64 ptr futex uint ptr ptr uint
futex_wait ptr hex hex hex32 ptr clock
futex_waitv ptr uint uint ptr clock
futex_wake ptr hex int hex32
futimesat at path ptr
get_mempolicy ptr ptr size hex hex
get_robust_list int ptr ptr
get_thread_area ptr
getcpu ptr ptr ptr
getcwd ptr size
getdents fd ptr uint
getdents64 fd ptr uint
getegid 
geteuid 
getgid 
getgroups int ptr
getitimer itimer ptr
getpeername fd ptr ptr
getpgid int
getpgrp 
getpid 
getppid 
getpriority prio int
getrandom ptr size getrandom
getresgid ptr ptr ptr
getresuid ptr ptr ptr
getrlimit rlimit ptr
getrusage int ptr
getsid int
getsockname fd ptr ptr
getsockopt fd sol int ptr ptr
gettid 
gettimeofday ptr ptr
getuid 
getxattr path path ptr size
getxattrat at path atflags path ptr size
idle 
init_module ptr size path
inotify_add_watch fd path hex32
inotify_init 
inotify_init1 openbits
inotify_rm_watch fd int
io_cancel hex ptr ptr
io_destroy hex
io_getevents hex long long ptr ptr
io_pgetevents hex long long ptr ptr ptr
io_setup uint ptr
io_submit hex long ptr
io_uring_enter fd uint uint hex32 ptr size
io_uring_register fd uint ptr uint
io_uring_setup uint ptr
ioctl fd hex32 hex
ioperm hex size int
iopl uint
ioprio_get int int
ioprio_set int int int
ipc ipc int size size ptr long
kcmp int int kcmp hex hex
kexec_file_load fd fd size path hex
kexec_load hex size ptr hex
keyctl keyctl hex hex hex hex
kill int sig
landlock_add_rule fd uint ptr uint
landlock_create_ruleset ptr size landlock
landlock_restrict_self fd hex32
lchown path id id
lgetxattr path path ptr size
link path path
linkat at path at path atflags
listen fd int
listmount ptr ptr size hex32
listxattr path ptr size
listxattrat at path atflags ptr size
llistxattr path ptr size
lookup_dcookie off ptr size
lremovexattr path path
lseek fd long seek
lsetxattr path path ptr size xattr
lsm_get_self_attr uint ptr ptr hex32
lsm_list_modules ptr ptr uint
lsm_set_self_attr uint ptr uint hex32
lstat path ptr
madvise hex size madvise
map_shadow_stack hex size hex
mbind hex size hex ptr size hex32
membarrier membarrier hex32 int
memfd_create path memfd
memfd_secret openbits
migrate_pages int size ptr ptr
mincore hex size ptr
mkdir path mode
mkdirat at path mode
mknod path mode dev
mknodat at path mode dev
mlock hex size
mlock2 hex size hex32
mlockall hex32
mmap mmap
mmap2 mmap2
modify_ldt int ptr size
mount path path path mount ptr
mount_setattr at path atflags ptr size
move_mount at path at path movemount
move_pages int size ptr ptr ptr hex32
mprotect hex size prot
mq_getsetattr fd ptr ptr
mq_notify fd ptr
mq_open path open cmode ptr
mq_timedreceive fd ptr size ptr ptr
mq_timedsend fd ptr size uint ptr
mq_unlink path
mremap hex size size mremap hex
mseal hex size hex
msgctl int ipccmd ptr
msgget int ipcget
msgrcv int ptr size long ipcget
msgsnd int ptr size ipcget
msync hex size msync
munlock hex size
munlockall 
munmap hex size
name_to_handle_at at path ptr ptr hex32
nanosleep ptr ptr
newfstatat at path ptr atflags
nfsservctl int ptr ptr
nice int
open path open cmode
open_by_handle_at at ptr open
open_tree at path opentree
open_tree_attr at path opentree ptr size
openat at path open cmode
openat2 at path openhow size
pause 
perf_event_open ptr int int fd perf
personality personality
pidfd_getfd fd fd hex32
pidfd_open int pidfd
pidfd_send_signal fd sig ptr hex32
pipe ptr
pipe2 ptr openbits
pivot_root path path
pkey_alloc hex hex
pkey_free int
pkey_mprotect hex size prot int
poll ptr uint int
ppoll ptr uint ptr ptr size
prctl prctl
pread64 fd ptr size off
preadv long ptr size long long
preadv2 long ptr size long long hex32
prlimit64 int rlimit ptr ptr
process_madvise fd ptr size madvise hex32
process_mrelease fd hex32
process_vm_readv int ptr size ptr size hex
process_vm_writev int ptr size ptr size hex
pselect6 int ptr ptr ptr ptr ptr
ptrace ptrace long hex hex
pwrite64 fd ptr size off
pwritev long ptr size long long
pwritev2 long ptr size long long hex32
quotactl hex32 path id ptr
quotactl_fd fd hex32 id ptr
read fd ptr size
readahead fd off size
readlink path ptr int
readlinkat at path ptr int
readv long ptr size
reboot hex32 hex32 reboot ptr
recv fd ptr size hex32
recvfrom fd ptr size hex32 ptr ptr
recvmmsg fd ptr uint hex32 ptr
recvmsg fd ptr hex32
remap_file_pages hex size prot size hex
removexattr path path
removexattrat at path atflags path
rename path path
renameat at path at path
renameat2 at path at path rename
request_key path path path int
restart_syscall 
rmdir path
rseq ptr uint hex32 hex32
rt_sigaction sig ptr ptr size
rt_sigpending ptr size
rt_sigprocmask sigmask ptr ptr size
rt_sigqueueinfo int sig ptr
rt_sigreturn 
rt_sigsuspend ptr size
rt_sigtimedwait ptr ptr ptr size
rt_tgsigqueueinfo int int sig ptr
sched_get_priority_max sched
sched_get_priority_min sched
sched_getaffinity int uint ptr
sched_getattr int ptr uint uint
sched_getparam int ptr
sched_getscheduler int
sched_rr_get_interval int ptr
sched_setaffinity int uint ptr
sched_setattr int ptr uint
sched_setparam int ptr
sched_setscheduler int sched ptr
sched_yield 
seccomp seccomp
select select
semctl int int ipccmd hex
semget int int ipcget
semop int ptr uint
semtimedop int ptr uint ptr
send fd ptr size hex32
sendfile fd fd ptr size
sendfile64 fd fd ptr size
sendmmsg fd ptr uint hex32
sendmsg fd ptr hex32
sendto fd ptr size hex32 sockaddr int
set_mempolicy mpol ptr size
set_mempolicy_home_node hex size size hex
set_robust_list ptr size
set_thread_area ptr
set_tid_address ptr
set_tls hex
setdomainname path int
setfsgid id
setfsuid id
setgid id
setgroups int ptr
sethostname path int
setitimer itimer ptr ptr
setns fd nstype
setpgid int int
setpriority prio int int
setregid id id
setresgid id id id
setresuid id id id
setreuid id id
setrlimit rlimit ptr
setsid 
setsockopt fd sol int ptr int
settimeofday ptr ptr
setuid id
setxattr path path ptr size xattr
setxattrat at path atflags path ptr size
sgetmask 
shmat int ptr hex32
shmctl int ipccmd ptr
shmdt ptr
shmget int size ipcget
shutdown fd shutdown
sigaction sig ptr ptr
sigaltstack ptr ptr
signal sig ptr
signalfd fd ptr size
signalfd4 fd ptr size openbits
sigprocmask sigmask ptr ptr
sigreturn 
socket af socktype protocol
socketcall socketcall ptr
socketpair af socktype protocol ptr
splice fd ptr fd ptr size splice
ssetmask hex
stat path ptr
statfs path ptr
statfs64 path size ptr
statmount ptr ptr size uint
statx at path atflags hex32 ptr
stime ptr
swapoff path
swapon path hex32
symlink path path
symlinkat path at path
sync 
sync_file_range fd off off hex32
sync_file_range2 fd hex32 off off
syncfs fd
sysfs int hex hex
sysinfo ptr
syslog syslog ptr int
tee fd fd size splice
tgkill int int sig
time ptr
timer_create clock ptr ptr
timer_delete int
timer_getoverrun int
timer_gettime int ptr
timer_settime int timerflags ptr ptr
timerfd_create clock openbits
timerfd_gettime fd ptr
timerfd_settime fd timerflags ptr ptr
times ptr
tkill int sig
truncate path long
truncate64 path off
ugetrlimit rlimit ptr
umask mode
umount path
umount2 path umount
uname ptr
unlink path
unlinkat at path unlink
unshare namespaces
uretprobe 
uselib path
userfaultfd userfault
ustat uint ptr
utime path ptr
utimensat at path ptr atflags
utimes path ptr
vfork 
vhangup 
vm86 long hex
vm86old ptr
vmsplice fd ptr size splice
wait4 int ptr wait ptr
waitid waitid int ptr wait ptr
waitpid int ptr wait
write fd ptr size
writev long ptr size
`
