// SPDX-License-Identifier: Apache-2.0

package argument

import (
	"errors"
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/stretchr/testify/assert"
)

// memory is a process's memory: what lies at some addresses.
type memory map[uint64]string

var errFault = errors.New("bad address")

func (m memory) ReadString(addr uint64, most int) (string, error) {
	s, ok := m[addr]
	if !ok {
		return "", errFault
	}
	s, _, _ = strings.Cut(s, "\x00")
	return s[:min(len(s), most)], nil
}

func (m memory) Read(addr uint64, p []byte) (int, error) {
	for at, s := range m {
		if at <= addr && addr < at+uint64(len(s)) {
			if n := copy(p, s[addr-at:]); n < len(p) {
				return n, errFault
			}
			return len(p), nil
		}
	}
	return 0, errFault
}

const atCWD = 0xffffff9c // -100 in 32 bits

func TestText(t *testing.T) {
	long := strings.Repeat("a", 300)
	mem := memory{
		0x1000: "/etc/passwd\x00",
		0x2000: long,
		0x3000: "\x1b[31m\xff\n",
		0x4000: "\x02\x00\x1f\x90\x7f\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00",
		0x4100: "\x00\x02\x1f\x90\x7f\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00",
		0x4200: "\x0a\x00\x00\x35\x00\x00\x00\x00" + strings.Repeat("\x00", 15) + "\x01\x00\x00\x00\x00",
		0x4300: "\x01\x00/run/docker.sock\x00",
		0x4400: "\x01\x00\x00hidden",
		0x4500: "\x10\x00\x00\x00\x07\x00\x00\x00\x01\x00\x00\x00",
		0x4600: "\x11\x00\x00\x03\x02\x00",
		0x5000: "\x80\x00\x02\x10\x00\x00\x00\x00" + strings.Repeat("\x00", 24) + "\x11\x00\x00\x00\x00\x00\x00\x00" + strings.Repeat("\x00", 24),
		0x5100: "\x42\x00\x08\x00\x00\x00\x00\x00\x80\x01\x00\x00\x00\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00",
		0x6000: "\x03\x00\x00\x00\x00\x40\x00\x00\x10\x00\x00\x00",
		0x6100: "\x00\x00\x00\x03\x00\x00\x41\x00\x00\x00\x00\x10",
		0x7000: "\x00\x10\x00\x00\x00\x00\x00\x00\x00\x30\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
		0x7100: "\x00\x00\x10\x00\x00\x00\x00\x00",
	}
	none := Memory(nil)
	x64, s390x, mips := arch.X86_64, arch.S390X, arch.MIPS
	tests := map[string]struct {
		abi  arch.Arch
		call string
		args [6]uint64
		mem  Memory
		want string
	}{
		"path, flags, no mode":              {x64, "openat", [6]uint64{atCWD, 0x1000, 0o2000000}, mem, `AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC`},
		"a mode where the file is made":     {x64, "open", [6]uint64{0x1000, 0o102, 0o644}, mem, `"/etc/passwd", O_RDWR|O_CREAT, 0644`},
		"directories differ on arm64":       {arch.AArch64, "openat", [6]uint64{3, 0x1000, 0o40000}, mem, `3, "/etc/passwd", O_RDONLY|O_DIRECTORY`},
		"and direct I/O on x86":             {x64, "openat", [6]uint64{3, 0x1000, 0o40000}, mem, `3, "/etc/passwd", O_RDONLY|O_DIRECT`},
		"flags of MIPS":                     {mips, "open", [6]uint64{0x1000, 0x4112, 0o7}, mem, `"/etc/passwd", O_RDWR|O_SYNC|O_CREAT, 07`},
		"a temporary file has a mode":       {x64, "open", [6]uint64{0x1000, 0o20200002, 0o600}, mem, `"/etc/passwd", O_RDWR|O_TMPFILE, 0600`},
		"both access bits":                  {x64, "open", [6]uint64{0x1000, 3}, mem, `"/etc/passwd", O_ACCMODE`},
		"unknown flags stay numbers":        {x64, "openat", [6]uint64{3, 0x1000, 1 << 31}, mem, `3, "/etc/passwd", O_RDONLY|0x80000000`},
		"no memory":                         {x64, "openat", [6]uint64{atCWD, 0x1000, 1}, none, `AT_FDCWD, 0x1000, O_WRONLY`},
		"memory that cannot be read":        {x64, "openat", [6]uint64{atCWD, 0x9999, 1}, mem, `AT_FDCWD, 0x9999, O_WRONLY`},
		"null":                              {x64, "unlink", [6]uint64{}, mem, `NULL`},
		"a long path":                       {x64, "unlink", [6]uint64{0x2000}, mem, `"` + long[:256] + `"...`},
		"what a terminal would obey":        {x64, "unlink", [6]uint64{0x3000}, mem, `"\x1b[31m\xff\n"`},
		"openat2":                           {x64, "openat2", [6]uint64{atCWD, 0x1000, 0x5100, 24}, mem, `AT_FDCWD, "/etc/passwd", {flags=O_RDWR|O_CREAT|O_CLOEXEC, mode=0600, resolve=RESOLVE_BENEATH}, 24`},
		"IPv4":                              {x64, "connect", [6]uint64{3, 0x4000, 16}, mem, `3, {sa_family=AF_INET, port=8080, addr=127.0.0.1}, 16`},
		"IPv4 on a big-endian machine":      {s390x, "connect", [6]uint64{3, 0x4100, 16}, mem, `3, {sa_family=AF_INET, port=8080, addr=127.0.0.1}, 16`},
		"IPv6":                              {x64, "bind", [6]uint64{3, 0x4200, 28}, mem, `3, {sa_family=AF_INET6, port=53, addr=::1}, 28`},
		"a path as address":                 {x64, "connect", [6]uint64{3, 0x4300, 19}, mem, `3, {sa_family=AF_UNIX, path="/run/docker.sock"}, 19`},
		"a name as address":                 {x64, "connect", [6]uint64{3, 0x4400, 9}, mem, `3, {sa_family=AF_UNIX, path=@"hidden"}, 9`},
		"netlink":                           {x64, "bind", [6]uint64{3, 0x4500, 12}, mem, `3, {sa_family=AF_NETLINK, pid=7, groups=0x1}, 12`},
		"an address in bytes":               {x64, "bind", [6]uint64{3, 0x4600, 6}, mem, `3, {sa_family=AF_PACKET, data=00030200}, 6`},
		"sendto's address is the fifth":     {x64, "sendto", [6]uint64{3, 1, 2, 0, 0x4000, 16}, mem, `3, 0x1, 2, 0x0, {sa_family=AF_INET, port=8080, addr=127.0.0.1}, 16`},
		"an address that is too long":       {x64, "connect", [6]uint64{3, 0x4000, 4096}, mem, `3, 0x4000, 4096`},
		"socket":                            {x64, "socket", [6]uint64{2, 0o2004001, 6}, none, `AF_INET, SOCK_STREAM|SOCK_NONBLOCK|SOCK_CLOEXEC, IPPROTO_TCP`},
		"socket on MIPS":                    {mips, "socket", [6]uint64{2, 0x82, 0}, none, `AF_INET, SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_IP`},
		"socket on PA-RISC":                 {arch.PARISC, "socket", [6]uint64{2, 0x40000001, 0}, none, `AF_INET, SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_IP`},
		"netlink sockets":                   {x64, "socket", [6]uint64{16, 3, 9}, none, `AF_NETLINK, SOCK_RAW, NETLINK_AUDIT`},
		"a family that has no name":         {x64, "socket", [6]uint64{99, 1, 0}, none, `99, SOCK_STREAM, 0`},
		"the kernel reads 32 bits":          {x64, "socket", [6]uint64{1<<32 | 40, 1<<33 | 1, 0}, none, `AF_VSOCK, SOCK_STREAM, 0`},
		"clone":                             {x64, "clone", [6]uint64{0x10000000 | 17, 0x7000}, none, `CLONE_NEWUSER|SIGCHLD, 0x7000, NULL, NULL, 0x0`},
		"clone on s390 begins with a stack": {s390x, "clone", [6]uint64{0x7000, 0x10000000 | 17}, none, `0x7000, CLONE_NEWUSER|SIGCHLD, NULL, NULL, 0x0`},
		"clone3":                            {x64, "clone3", [6]uint64{0x5000, 64}, mem, `{flags=CLONE_NEWTIME|CLONE_NEWNS|CLONE_NEWUSER, exit_signal=SIGCHLD}, 64`},
		"clone3 without memory":             {x64, "clone3", [6]uint64{0x5000, 88}, none, `0x5000, 88`},
		"unshare":                           {x64, "unshare", [6]uint64{0x10020000}, none, `CLONE_NEWNS|CLONE_NEWUSER`},
		"setns":                             {x64, "setns", [6]uint64{3, 0x40000000}, none, `3, CLONE_NEWNET`},
		"mmap":                              {x64, "mmap", [6]uint64{0, 4096, 3, 0x22, 0xffffffff}, none, `0x0, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0x0`},
		"mmap on MIPS":                      {arch.MIPS64, "mmap", [6]uint64{0, 4096, 7, 0x802, 0xffffffff}, none, `0x0, 4096, PROT_READ|PROT_WRITE|PROT_EXEC, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0x0`},
		"the old mmap reads a structure":    {arch.X86, "mmap", [6]uint64{0x1000, 4096}, none, `0x1000`},
		"mmap2":                             {arch.X86, "mmap2", [6]uint64{0, 4096, 5, 2, 3, 1}, none, `0x0, 4096, PROT_READ|PROT_EXEC, MAP_PRIVATE, 3, 0x1`},
		"mmap2 of s390 reads one too":       {arch.S390, "mmap2", [6]uint64{0x1000, 4096}, none, `0x1000`},
		"mprotect":                          {x64, "mprotect", [6]uint64{0x1000, 4096, 0}, none, `0x1000, 4096, PROT_NONE`},
		"mount":                             {x64, "mount", [6]uint64{0x1000, 0x1000, 0, 0x5000}, mem, `"/etc/passwd", "/etc/passwd", NULL, MS_BIND|MS_REC, NULL`},
		"mount with the old magic":          {x64, "mount", [6]uint64{0, 0, 0, 0xc0ed0001}, none, `NULL, NULL, NULL, MS_MGC_VAL|MS_RDONLY, NULL`},
		"umount2":                           {x64, "umount2", [6]uint64{0x1000, 10}, mem, `"/etc/passwd", MNT_DETACH|UMOUNT_NOFOLLOW`},
		"ptrace":                            {x64, "ptrace", [6]uint64{16, 4711}, none, `PTRACE_ATTACH, 4711, 0x0, 0x0`},
		"personality":                       {x64, "personality", [6]uint64{0x0040000}, none, `PER_LINUX|ADDR_NO_RANDOMIZE`},
		"personality of 32 bits":            {x64, "personality", [6]uint64{8}, none, `PER_LINUX32`},
		"personality that only asks":        {x64, "personality", [6]uint64{0xffffffff}, none, `0xffffffff`},
		"prctl with its one argument":       {x64, "prctl", [6]uint64{38, 1, 0, 0, 0}, none, `PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0`},
		"prctl with a name":                 {x64, "prctl", [6]uint64{15, 0x1000, 7, 7, 7}, mem, `PR_SET_NAME, "/etc/passwd"`},
		"prctl with a signal":               {x64, "prctl", [6]uint64{1, 9, 7, 7, 7}, none, `PR_SET_PDEATHSIG, SIGKILL`},
		"prctl that no table knows":         {x64, "prctl", [6]uint64{999, 1}, none, `999, 0x1, 0x0, 0x0, 0x0`},
		"prctl that takes a filter":         {x64, "prctl", [6]uint64{22, 2, 0x1000}, mem, `PR_SET_SECCOMP, SECCOMP_MODE_FILTER, 0x1000`},
		"seccomp":                           {x64, "seccomp", [6]uint64{1, 9, 0x1000}, mem, `SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC|SECCOMP_FILTER_FLAG_NEW_LISTENER, 0x1000`},
		"seccomp without flags":             {x64, "seccomp", [6]uint64{3, 0, 0x1000}, mem, `SECCOMP_GET_NOTIF_SIZES, 0x0, 0x1000`},
		"bpf":                               {x64, "bpf", [6]uint64{5, 0x1000, 120}, mem, `BPF_PROG_LOAD, 0x1000, 120`},
		"ioctl":                             {x64, "ioctl", [6]uint64{0, 0x5412, 0x1000}, mem, `0, 0x5412, 0x1000`},
		"kill":                              {x64, "kill", [6]uint64{0xffffffffffffffff, 9}, none, `-1, SIGKILL`},
		"signals of MIPS":                   {mips, "kill", [6]uint64{1, 12}, none, `1, SIGSYS`},
		"a signal without a name":           {x64, "tgkill", [6]uint64{1, 2, 34}, none, `1, 2, 34`},
		"modes are octal":                   {x64, "chmod", [6]uint64{0x1000, 0o4755}, mem, `"/etc/passwd", 04755`},
		"a device":                          {x64, "mknod", [6]uint64{0x1000, 0o20666, 0x501}, mem, `"/etc/passwd", 020666, makedev(5, 1)`},
		"owners that stay":                  {x64, "chown", [6]uint64{0x1000, 0, 0xffffffff}, mem, `"/etc/passwd", 0, -1`},
		"execve":                            {x64, "execve", [6]uint64{0x1000, 0x7000, 0x8000}, mem, `"/etc/passwd", ["/etc/passwd", "\x1b[31m\xff\n"], 0x8000`},
		"execve with words of 32 bits":      {mips, "execve", [6]uint64{0x1000, 0x7100, 0x8000}, mem, `"/etc/passwd", ["/etc/passwd"], 0x8000`},
		"socketcall":                        {arch.X86, "socketcall", [6]uint64{3, 0x6000}, mem, `SYS_CONNECT(3, {sa_family=AF_INET, port=8080, addr=127.0.0.1}, 16), 0x6000`},
		"socketcall, big-endian":            {mips, "socketcall", [6]uint64{3, 0x6100}, mem, `SYS_CONNECT(3, {sa_family=AF_INET, port=8080, addr=127.0.0.1}, 16), 0x6100`},
		"socketcall without memory":         {arch.X86, "socketcall", [6]uint64{1, 0x6000}, none, `SYS_SOCKET, 0x6000`},
		"socketcall of nothing":             {arch.X86, "socketcall", [6]uint64{77, 0x6000}, mem, `77, 0x6000`},
		"ipc":                               {arch.X86, "ipc", [6]uint64{1<<16 | 23, 1, 2, 3, 4, 5}, none, `SHMGET|0x10000, 1, 2, 3, 0x4, 5`},
		"a negative word of 32 bits":        {arch.ARM, "lseek", [6]uint64{3, 0xffffffff, 1}, none, `3, -1, SEEK_CUR`},
		"64 bits in two registers":          {arch.ARM, "pread64", [6]uint64{3, 0x1000, 5, 0, 7, 8}, none, `3, 0x1000, 5, 0x0, 0x7, 0x8`},
		"64 bits in one, with pointers of 32": {
			arch.X32, "pread64", [6]uint64{3, 0x1000, 5, 1 << 32}, none, `3, 0x1000, 5, 4294967296`,
		},
		"a name of 32-bit kernels":  {arch.X86, "chown32", [6]uint64{0x1000, 1, 2}, mem, `"/etc/passwd", 1, 2`},
		"fcntl64":                   {arch.X86, "fcntl64", [6]uint64{3, 4, 0o4000}, mem, `3, F_SETFL, O_RDONLY|O_NONBLOCK`},
		"fcntl without an argument": {x64, "fcntl", [6]uint64{3, 3, 0o4000}, mem, `3, F_GETFL`},
		"futex":                     {x64, "futex", [6]uint64{0x1000, 128, 1}, mem, `0x1000, FUTEX_WAIT|FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0`},
		"no arguments":              {x64, "getpid", [6]uint64{1, 2, 3, 4, 5, 6}, mem, ``},
		"a call whose arguments are not known": {
			x64, "afs_syscall", [6]uint64{1, 2, 3, 4, 5, 1 << 63}, mem, `0x1, 0x2, 0x3, 0x4, 0x5, 0x8000000000000000`,
		},
		"a call that is none":           {x64, "nonsense", [6]uint64{}, mem, `0x0, 0x0, 0x0, 0x0, 0x0, 0x0`},
		"an ABI that is none":           {0, "openat", [6]uint64{atCWD, 0x1000}, mem, `AT_FDCWD, "/etc/passwd", O_RDONLY`},
		"a list of an ABI that is none": {25, "execve", [6]uint64{0x1000, 0x7000}, mem, `"/etc/passwd", 0x7000, NULL`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, strings.Join(Text(tt.abi, tt.call, tt.args, tt.mem), ", "))
		})
	}
}

func TestSignalAndErrno(t *testing.T) {
	assert.Equal(t, "SIGSYS", Signal(arch.X86_64, 31))
	assert.Equal(t, "SIGSYS", Signal(arch.MIPSEL64, 12))
	assert.Equal(t, "64", Signal(arch.X86_64, 64))
	assert.Equal(t, "EPERM", Errno(arch.X86_64, 1))
	assert.Equal(t, "ENOSYS", Errno(arch.S390X, 38))
	assert.Equal(t, "ENOSYS", Errno(arch.MIPS, 89))
	assert.Equal(t, "ENOSYS", Errno(arch.PARISC, 251))
	assert.Empty(t, Errno(arch.MIPS, 38), "EL2NSYNC is not in the table")
	assert.Empty(t, Errno(arch.X86_64, 0))
}
