// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
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
		t, err := supervised(asking(unix.SYS_GETPPID), 0, ownFiles, look(&seen[0]), look(&seen[1]), look(&seen[2]), look(&seen[3]), look(&seen[4]))
		if err != nil {
			return err
		}
		if err := equal("apart", <-t.results, result{}); err != nil {
			return err
		}
		add := func(flags AddFlags, do func(n *Notification, flags AddFlags) (int, error)) error {
			_, err := t.next(func(n *Notification) error {
				if flags&AddAnswer != 0 && !kernelIs(5, 14) {
					_, err := do(n, flags)
					if err := errors.Join(is("add and answer", err, ErrNotSupported), n.Valid()); err != nil {
						return err
					}
					flags &^= AddAnswer
				}
				fd, err := do(n, flags)
				if err != nil {
					return err
				}
				if flags&AddAnswer != 0 {
					return is("answer", n.Return(0), ErrAnswered)
				}
				return n.Return(int64(fd))
			})
			return err
		}
		anywhere := func(n *Notification, flags AddFlags) (int, error) { return n.AddFD(f, flags) }
		at := func(number int) func(*Notification, AddFlags) (int, error) {
			return func(n *Notification, flags AddFlags) (int, error) { return n.SetFD(f, number, flags) }
		}
		if err := errors.Join(add(0, anywhere), add(AddAnswer, anywhere),
			add(AddCloseOnExec, at(100)), add(AddAnswer|AddCloseOnExec, at(0)),
			add(0, func(n *Notification, flags AddFlags) (int, error) {
				_, bad := n.SetFD(f, -1, 0)
				_, unknown := n.AddFD(f, 1<<7)
				_, far := n.SetFD(f, 1<<30, 0) // and the call still waits
				_, both := n.SetFD(f, 1<<30, AddAnswer)
				if bad == nil || unknown == nil {
					return 0, errors.New("taken")
				}
				return 5, errors.Join(is("far", far, syscall.EBADF), is("far, with an answer", both, from(5, 14, syscall.EBADF)), n.Valid())
			})); err != nil {
			return err
		}
		for i, want := range []added{{text: "hello"}, {text: "hello"}, {100, unix.FD_CLOEXEC, "hello", 0}, {0, unix.FD_CLOEXEC, "hello", 0}} {
			if i < 2 {
				want.fd = seen[i].fd
			}
			if err := equal(fmt.Sprint("descriptor ", i), seen[i], want); err != nil {
				return err
			}
		}
		return errors.Join(equal("two numbers", seen[0].fd != seen[1].fd, true), t.ended())
	},
	"no descriptors left": func() error {
		f, err := textFile("hello")
		if err != nil {
			return err
		}
		t, err := supervised(asking(unix.SYS_GETPPID), 0, getppid)
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
		_, both := n.AddFD(f, AddAnswer)
		return errors.Join(is("full", add, syscall.EMFILE), is("full, with an answer", both, from(5, 14, syscall.EMFILE)), n.Return(1), equal("answer", <-t.results, result{1, 0}))
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
		t, err := supervised(asking(unix.SYS_GETPPID), 0, ask(end, 6))
		if err != nil {
			return err
		}
		_, err = t.next(func(n *Notification) error {
			end := n.Call.Args[0]
			text, err := n.ReadString(end-n.Call.Args[1], 4096)
			if err := errors.Join(err, equal("text", text, "/path")); err != nil {
				return err
			}
			_, long := n.ReadString(end-6, 5)
			_, short := n.ReadString(end-uint64(len(memory)), 1000)
			_, none := n.ReadString(end, 10)
			_, null := n.ReadString(0, 10)
			_, last := n.ReadString(^uint64(0)-2, 10)
			_, nothing := n.ReadString(end-6, 0)
			if err := errors.Join(is("5 bytes", long, syscall.ENAMETOOLONG), is("1000 bytes", short, syscall.ENAMETOOLONG),
				is("no page", none, syscall.EFAULT), is("null", null, syscall.EFAULT), is("last", last, syscall.EFAULT),
				is("nothing", nothing, syscall.ENAMETOOLONG)); err != nil {
				return err
			}
			b := make([]byte, len(memory)+10)
			count, err := n.Read(end-uint64(len(memory)), b)
			if err := errors.Join(is("too much", err, syscall.EFAULT), equal("count", count, len(memory)),
				equal("bytes", bytes.Equal(b[:count], memory), true)); err != nil {
				return err
			}
			count, err = n.Read(end-5000, b[:5000])
			slow := make([]byte, 5000)
			slowly, e := readMem(n.PID, end-5000, slow)
			nowhere, e2 := readMem(n.PID, 0, make([]byte, 10))
			return errors.Join(err, e, e2, equal("at 0", nowhere, 0), equal("count", count, 5000), equal("bytes", bytes.Equal(b[:count], memory[len(memory)-5000:]), true),
				equal("through /proc", slowly, 5000), equal("bytes", bytes.Equal(slow[:5000], b[:5000]), true), n.Return(0))
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
		t, err := supervised(asking(unix.SYS_GETPPID), 0, ask(end))
		if err != nil {
			return err
		}
		_, err = t.next(func(n *Notification) error {
			_, text := n.ReadString(end-7000, 1<<20)
			return errors.Join(is("text", text, syscall.EFAULT), n.Return(0))
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
		t, err := supervised(asking(unix.SYS_CONNECT), 0,
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
				return errors.Join(err, equal("address", a.String(), want),
					is("129", large, syscall.EINVAL), is("-2^31", negative, syscall.EINVAL), n.Errno(syscall.ECONNREFUSED))
			})
			if err := errors.Join(err, equal("connect", r.errno, syscall.ECONNREFUSED)); err != nil {
				return err
			}
		}
		return t.ended()
	},
	"pidfd of a thread": func() error {
		t, err := supervised(asking(unix.SYS_GETPPID), 0, getppid)
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
			equal("process", strings.Contains(string(info), fmt.Sprintf("\nPid:\t%d\n", os.Getpid())), true))
	},
	"asks about everything": func() error {
		c := always(Notify).Command("/bin/sh", "-c", "echo hello | cat; exit 3")
		c.Listen = true
		var out bytes.Buffer
		c.Stdout = &out
		if err := c.Start(); err != nil {
			return err
		}
		defer c.Listener.Close()
		ended := make(chan error, 1)
		go func() { ended <- c.Wait() }() // without which older kernels count the child as a user
		t := &target{Listener: c.Listener}
		seen := map[string]bool{}
		for {
			n, err := t.receive()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return err
			}
			abi, _ := arch.Of(n.Call.Audit, n.Call.Nr)
			name, _ := abi.Name(n.Call.Nr)
			seen[name] = true
			if err := n.Continue(); err != nil && !errors.Is(err, ErrGone) {
				return err
			}
		}
		<-ended
		for _, name := range []string{"execve", "exit_group", "write", "munmap", "wait4"} {
			if !seen[name] {
				return fmt.Errorf("%s was not asked about", name)
			}
		}
		return errors.Join(equal("output", out.String(), "hello\n"), equal("status", c.ProcessState.ExitCode(), 3))
	},
}

func init() {
	maps.Copy(scenes, targets)
	scenes["i386 is asked about"] = func() error {
		// On this thread, which then makes the job's calls, without the scheduler's
		// knowledge.
		runtime.GOMAXPROCS(max(2, runtime.GOMAXPROCS(0)))
		if err := NoNewPrivs(); err != nil {
			return err
		}
		l, err := asking(64).Listen(0)
		if err != nil {
			return err
		}
		policy := &Policy{Arches: []arch.Arch{arch.X86}, Default: Allow, Rules: []Rule{{Syscalls: []string{"getppid"}, Action: Notify}}}
		go func() {
			t := &target{Listener: l}
			for {
				n, err := t.receive()
				if err != nil {
					return
				}
				c := n.Call
				if c.Audit == arch.X86.Audit() && policy.Explain(&c).Action == Notify && c.Args[0] == 0xfffffff0 {
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
	if !kernelIs(5, 9) {
		return // see TestListen
	}
	for name := range targets {
		t.Run(name, func(t *testing.T) { kerneltest.Job{Scene: name, Nobody: true}.Run(t) })
	}
	requireFree(t)
}

func TestListenI386(t *testing.T) {
	if noListeners(t) {
		return
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
