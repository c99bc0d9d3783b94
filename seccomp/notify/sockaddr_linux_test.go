// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"encoding/binary"
	"errors"
	"maps"
	"net/netip"
	"syscall"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/internal/test/rig"
)

func init() {
	maps.Copy(targets, addresses) // for TestTarget
	maps.Copy(scenes, addresses)
}

// addresses are the scenes of socket addresses.
var addresses = map[string]func() error{
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
