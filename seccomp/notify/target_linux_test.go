// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

// ask makes a call that only the supervisor understands.
func ask(args ...uint64) func() (uintptr, syscall.Errno) {
	var a [3]uintptr
	for i, arg := range args {
		a[i] = uintptr(arg)
	}
	return func() (uintptr, syscall.Errno) {
		r, _, errno := unix.Syscall(unix.SYS_GETPPID, a[0], a[1], a[2])
		return r, errno
	}
}

// pageEnd is the address behind memory of that many pages: nothing is there.
func pageEnd(pages int) (end uint64, memory []byte, err error) {
	size := os.Getpagesize()
	memory, err = unix.Mmap(-1, 0, (pages+1)*size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return 0, nil, err
	}
	if err := unix.Mprotect(memory[pages*size:], unix.PROT_NONE); err != nil {
		return 0, nil, err
	}
	return uint64(uintptr(unsafe.Pointer(&memory[0]))) + uint64(pages*size), memory[:pages*size], nil
}

// added is what a thread with descriptors of its own finds at a number.
type added struct {
	fd    int
	flags int
	text  string
	errno syscall.Errno
}

func look(a *added) func() (uintptr, syscall.Errno) {
	return func() (uintptr, syscall.Errno) {
		r, errno := getppid()
		a.fd, a.errno = int(r), errno
		a.flags, _ = unix.FcntlInt(r, unix.F_GETFD, 0)
		b := make([]byte, 16)
		n, _ := unix.Pread(int(r), b, 0)
		a.text = string(b[:max(n, 0)])
		return r, errno
	}
}

// ownFiles gives the thread descriptors of its own.
func ownFiles() (uintptr, syscall.Errno) {
	errno, _ := unix.Unshare(unix.CLONE_FILES).(syscall.Errno)
	return 0, errno
}

func textFile(text string) (*os.File, error) {
	fd, err := unix.MemfdCreate("text", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "text")
	_, err = f.WriteString(text)
	return f, err
}

// targets are the scenes of supervisors that deal with their targets.
var targets = map[string]func() error{
	"adds descriptors": func() error {
		f, err := textFile("hello")
		if err != nil {
			return err
		}
		var seen [5]added
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, ownFiles, look(&seen[0]), look(&seen[1]), look(&seen[2]), look(&seen[3]), look(&seen[4]))
		if err != nil {
			return err
		}
		if err := rig.Equal("apart", <-t.results, result{}); err != nil {
			return err
		}
		add := func(flags FDFlags, do func(n *Notification, flags FDFlags) (int, error)) error {
			_, err := t.next(func(n *Notification) error {
				if flags&FDAnswer != 0 && !rig.KernelIs(5, 14) {
					_, err := do(n, flags)
					if err := errors.Join(rig.Is("add and answer", err, seccomp.ErrNotSupported), n.Valid()); err != nil {
						return err
					}
					flags &^= FDAnswer
				}
				fd, err := do(n, flags)
				if err != nil {
					return err
				}
				if flags&FDAnswer != 0 {
					return rig.Is("answer", n.Return(0), ErrAnswered)
				}
				return n.Return(int64(fd))
			})
			return err
		}
		anywhere := func(n *Notification, flags FDFlags) (int, error) { return n.AddFD(f, flags) }
		at := func(number int) func(*Notification, FDFlags) (int, error) {
			return func(n *Notification, flags FDFlags) (int, error) { return n.SetFD(f, number, flags) }
		}
		if err := errors.Join(add(0, anywhere), add(FDAnswer, anywhere),
			add(FDCloseOnExec, at(100)), add(FDAnswer|FDCloseOnExec, at(0)),
			add(0, func(n *Notification, flags FDFlags) (int, error) {
				_, bad := n.SetFD(f, -1, 0)
				_, unknown := n.AddFD(f, 1<<7)
				_, far := n.SetFD(f, 1<<30, 0) // and the call still waits
				_, both := n.SetFD(f, 1<<30, FDAnswer)
				if bad == nil || unknown == nil {
					return 0, errors.New("taken")
				}
				return 5, errors.Join(rig.Is("far", far, syscall.EBADF), rig.Is("far, with an answer", both, from(5, 14, syscall.EBADF)), n.Valid())
			})); err != nil {
			return err
		}
		for i, want := range []added{{text: "hello"}, {text: "hello"}, {100, unix.FD_CLOEXEC, "hello", 0}, {0, unix.FD_CLOEXEC, "hello", 0}} {
			if i < 2 {
				want.fd = seen[i].fd
			}
			if err := rig.Equal(fmt.Sprint("descriptor ", i), seen[i], want); err != nil {
				return err
			}
		}
		return errors.Join(rig.Equal("two numbers", seen[0].fd != seen[1].fd, true), t.ended())
	},
	"no descriptors left": func() error {
		f, err := textFile("hello")
		if err != nil {
			return err
		}
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, getppid)
		if err != nil {
			return err
		}
		n, err := t.receive()
		if err != nil {
			return err
		}
		var old unix.Rlimit
		if err := unix.Prlimit(0, unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 3, Max: 4096}, &old); err != nil {
			return err
		}
		_, add := n.AddFD(f, 0)
		_, both := n.AddFD(f, FDAnswer)
		return errors.Join(rig.Is("full", add, syscall.EMFILE), rig.Is("full, with an answer", both, from(5, 14, syscall.EMFILE)), n.Return(1), rig.Equal("answer", <-t.results, result{1, 0}))
	},
	"reads memory": func() error {
		end, memory, err := pageEnd(3)
		if err != nil {
			return err
		}
		for i := range memory {
			memory[i] = byte(i%251) + 1
		}
		copy(memory[len(memory)-6:], "/path\x00")
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, ask(end, 6))
		if err != nil {
			return err
		}
		_, err = t.next(func(n *Notification) error {
			end := n.Call.Args[0]
			text, err := n.ReadString(end-n.Call.Args[1], 4096)
			if err := errors.Join(err, rig.Equal("text", text, "/path")); err != nil {
				return err
			}
			_, long := n.ReadString(end-6, 5)
			_, short := n.ReadString(end-uint64(len(memory)), 1000)
			_, none := n.ReadString(end, 10)
			_, null := n.ReadString(0, 10)
			_, last := n.ReadString(^uint64(0)-2, 10)
			_, nothing := n.ReadString(end-6, 0)
			if err := errors.Join(rig.Is("5 bytes", long, syscall.ENAMETOOLONG), rig.Is("1000 bytes", short, syscall.ENAMETOOLONG),
				rig.Is("no page", none, syscall.EFAULT), rig.Is("null", null, syscall.EFAULT), rig.Is("last", last, syscall.EFAULT),
				rig.Is("nothing", nothing, syscall.ENAMETOOLONG)); err != nil {
				return err
			}
			b := make([]byte, len(memory)+10)
			count, err := n.Read(end-uint64(len(memory)), b)
			if err := errors.Join(rig.Is("too much", err, syscall.EFAULT), rig.Equal("count", count, len(memory)),
				rig.Equal("bytes", bytes.Equal(b[:count], memory), true)); err != nil {
				return err
			}
			count, err = n.Read(end-5000, b[:5000])
			slow := make([]byte, 5000)
			slowly, e := system.ReadMem(n.PID, end-5000, slow)
			nowhere, e2 := system.ReadMem(n.PID, 0, make([]byte, 10))
			return errors.Join(err, e, e2, rig.Equal("at 0", nowhere, 0), rig.Equal("count", count, 5000), rig.Equal("bytes", bytes.Equal(b[:count], memory[len(memory)-5000:]), true),
				rig.Equal("through /proc", slowly, 5000), rig.Equal("bytes", bytes.Equal(slow[:5000], b[:5000]), true), n.Return(0))
		})
		runtime.KeepAlive(memory)
		return errors.Join(err, t.ended())
	},
	"text without end": func() error {
		end, memory, err := pageEnd(2)
		if err != nil {
			return err
		}
		copy(memory, bytes.Repeat([]byte("x"), len(memory)))
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, ask(end))
		if err != nil {
			return err
		}
		_, err = t.next(func(n *Notification) error {
			_, text := n.ReadString(end-7000, 1<<20)
			return errors.Join(rig.Is("text", text, syscall.EFAULT), n.Return(0))
		})
		runtime.KeepAlive(memory)
		return err
	},
	"reads socket addresses": func() error {
		connect := func(family uint16, rest ...byte) func() (uintptr, syscall.Errno) {
			return func() (uintptr, syscall.Errno) {
				fd, err := unix.Socket(int(family), unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
				if err != nil {
					return 0, err.(syscall.Errno)
				}
				address := append(binary.NativeEndian.AppendUint16(nil, family), rest...)
				// Package unix goes through socketcall on some machines.
				_, _, errno := unix.Syscall(unix.SYS_CONNECT, uintptr(fd), uintptr(unsafe.Pointer(&address[0])), uintptr(len(address)))
				return 0, errno
			}
		}
		scope := binary.NativeEndian.AppendUint32(nil, 7)
		t, err := supervised(rig.Asking(unix.SYS_CONNECT), 0,
			connect(unix.AF_INET, 0x1f, 0x90, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
			connect(unix.AF_INET6, append([]byte{1, 187, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, scope...)...),
			connect(unix.AF_UNIX, []byte("/run/x\x00")...),
			connect(unix.AF_UNIX, []byte("\x00abstract")...))
		if err != nil {
			return err
		}
		for _, want := range []string{"127.0.0.1:8080", "[::1%7]:443", "unix:/run/x", "unix:@abstract"} {
			r, err := t.next(func(n *Notification) error {
				a, err := n.ReadSockaddr(n.Call.Args[1], n.Call.Args[2])
				_, large := n.ReadSockaddr(n.Call.Args[1], 129)
				_, negative := n.ReadSockaddr(n.Call.Args[1], 1<<31)
				return errors.Join(err, rig.Equal("address", a.String(), want),
					rig.Is("129", large, syscall.EINVAL), rig.Is("-2^31", negative, syscall.EINVAL), n.Errno(syscall.ECONNREFUSED))
			})
			if err := errors.Join(err, rig.Equal("connect", r.errno, syscall.ECONNREFUSED)); err != nil {
				return err
			}
		}
		return t.ended()
	},
	"pidfd of a thread": func() error {
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, getppid)
		if err != nil {
			return err
		}
		n, err := t.receive()
		if err != nil {
			return err
		}
		f, err := n.PidFD()
		if err != nil {
			return err
		}
		info, err := os.ReadFile(fmt.Sprintf("/proc/self/fdinfo/%d", f.Fd()))
		return errors.Join(err, f.Close(), n.Return(0),
			rig.Equal("process", strings.Contains(string(info), fmt.Sprintf("\nPid:\t%d\n", os.Getpid())), true))
	},
}

func init() {
	maps.Copy(scenes, targets)
	scenes["i386 is asked about"] = func() error {
		// On this thread, which then makes the job's calls, without the scheduler's
		// knowledge.
		runtime.GOMAXPROCS(max(2, runtime.GOMAXPROCS(0)))
		if err := seccomp.NoNewPrivs(); err != nil {
			return err
		}
		l, err := Listen(rig.Asking(64), 0)
		if err != nil {
			return err
		}
		policy := &seccomp.Policy{Arches: []arch.Arch{arch.X86}, Default: seccomp.Allow, Rules: []seccomp.Rule{{Syscalls: []string{"getppid"}, Action: seccomp.Notify}}}
		go func() {
			t := &target{Listener: l}
			for {
				n, err := t.receive()
				if err != nil {
					return
				}
				c := n.Call
				if c.Audit == arch.X86.Audit() && policy.Explain(&c).Action == seccomp.Notify && c.Args[0] == 0xfffffff0 {
					n.Return(int64(c.Args[1]) + 5)
				} else {
					n.Errno(syscall.EPROTO)
				}
			}
		}()
		return nil
	}
}

func TestTarget(t *testing.T) {
	kerneltest.Need(t, kerneltest.Reading)
	if !rig.KernelIs(5, 9) {
		return // see TestListen
	}
	for name := range targets {
		t.Run(name, func(t *testing.T) { kerneltest.Job{Scene: name, Nobody: true}.Run(t) })
	}
	rig.RequireFree(t)
}

func TestListenI386(t *testing.T) {
	if !rig.KernelIs(5, 0) {
		t.Skip("listeners need Linux 5.0; TestListen holds older kernels to their refusal")
	}
	kerneltest.Need(t, kerneltest.I386)
	results := kerneltest.Job{Scene: "i386 is asked about", Nobody: true, Calls: []kerneltest.Call{
		{Nr: 64, I386: true, Args: [6]uint64{0xfffffff0, 7}},
		{Nr: 64, I386: true, Args: [6]uint64{1}},
	}}.Run(t)
	require.Equal(t, []kerneltest.Result{{Value: 12}, {Errno: syscall.EPROTO}}, results)
}

func TestSockaddr(t *testing.T) {
	v4 := append([]byte{2, 0, 0x1f, 0x90, 192, 0, 2, 1}, make([]byte, 8)...)
	v6 := append(append([]byte{10, 0, 0, 80, 0, 0, 0, 0}, netip.IPv6Loopback().AsSlice()...), 0, 0, 0, 0)
	for name, tt := range map[string]struct {
		raw  []byte
		big  bool
		want Sockaddr
		says string
	}{
		"IPv4":             {raw: v4, want: Sockaddr{Family: 2, AddrPort: netip.MustParseAddrPort("192.0.2.1:8080")}, says: "192.0.2.1:8080"},
		"IPv4, big endian": {raw: append([]byte{0, 2}, v4[2:]...), big: true, want: Sockaddr{Family: 2, AddrPort: netip.MustParseAddrPort("192.0.2.1:8080")}, says: "192.0.2.1:8080"},
		"IPv4, too short":  {raw: v4[:15], want: Sockaddr{Family: 2}, says: "family 2: 02001f90c000020100000000000000"},
		"IPv6":             {raw: v6, want: Sockaddr{Family: 10, AddrPort: netip.MustParseAddrPort("[::1]:80")}, says: "[::1]:80"},
		"IPv6, no scope":   {raw: v6[:24], want: Sockaddr{Family: 10, AddrPort: netip.MustParseAddrPort("[::1]:80")}, says: "[::1]:80"},
		"IPv6, too short":  {raw: v6[:23], want: Sockaddr{Family: 10}, says: "family 10: 0a00005000000000000000000000000000000000000000"},
		"path":             {raw: []byte("\x01\x00/a\x00b"), want: Sockaddr{Family: 1, Path: "/a"}, says: "unix:/a"},
		"path without NUL": {raw: []byte("\x01\x00/a"), want: Sockaddr{Family: 1, Path: "/a"}, says: "unix:/a"},
		"forged path":      {raw: []byte("\x01\x00/a\nb"), want: Sockaddr{Family: 1, Path: "/a\nb"}, says: `unix:"/a\nb"`},
		"abstract":         {raw: []byte("\x01\x00\x00a\x00"), want: Sockaddr{Family: 1, Path: "a\x00", Abstract: true}, says: `unix:@"a\x00"`},
		"unnamed":          {raw: []byte{1, 0}, want: Sockaddr{Family: 1}, says: "unix:"},
		"nothing":          {want: Sockaddr{}, says: "family 0: "},
		"half a family":    {raw: []byte{1}, want: Sockaddr{}, says: "family 0: 01"},
		"netlink":          {raw: []byte{16, 0, 1, 2}, want: Sockaddr{Family: 16}, says: "family 16: 10000102"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.want.Raw = tt.raw
			got := sockaddr(tt.raw, tt.big)
			require.Equal(t, tt.want, got)
			require.Equal(t, tt.says, got.String())
		})
	}
}

// TestInvisible has a caller that the supervisor's pid namespace does not show.
func TestInvisible(t *testing.T) {
	n := &Notification{ID: 1, listener: &Listener{}}
	_, err := n.PidFD()
	require.ErrorContains(t, err, "not visible")
	_, err = n.read(1, make([]byte, 1))
	require.ErrorContains(t, err, "not visible")
}
