// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

func init() {
	maps.Copy(targets, reading) // for TestTarget
	maps.Copy(scenes, reading)
}

// reading are the scenes of the caller's memory.
var reading = map[string]func() error{
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

func textFile(text string) (*os.File, error) {
	fd, err := unix.MemfdCreate("text", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "text")
	_, err = f.WriteString(text)
	return f, err
}
