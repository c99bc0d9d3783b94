// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"syscall"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

// PidFD is a descriptor of the process that called, made without a race: it is
// that of the very process even if the PID is used again (pidfd_open(2), Linux 5.3).
// For a thread that is not its process's first it needs /proc. The caller closes
// it.
func (n *Notification) PidFD() (*os.File, error) {
	if !n.made() {
		return nil, errNotReceived
	}
	const what = "pidfd"
	if err := n.visible(); err != nil {
		return nil, n.problem(what, err)
	}
	f, err := pidFD(n.PID)
	if err != nil {
		return nil, n.problem(what, err)
	}
	if err := n.Valid(); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Read copies memory of the process that called, from an address there on. The
// bytes are those of that process: that its call still waits is checked after
// they are read, and p is cleared if not. They are what the memory held at that
// moment. Other threads may change it before and after, so that a decision has to go
// by the bytes that were read, and the supervisor has to do what it decided
// on itself.
//
// Fewer bytes than asked for come with an error that wraps syscall.EFAULT: what
// follows, from the beginning of a page on, cannot be read. It takes the right to
// trace the process: a launcher has it over its child of the same user,
// unless the child is not dumpable; syscall.EPERM says no.
func (n *Notification) Read(addr uint64, p []byte) (int, error) {
	if !n.made() {
		return 0, errNotReceived
	}
	count, err := n.read(addr, p)
	if e := n.Valid(); e != nil {
		clear(p)
		return 0, e
	}
	return count, n.problem("read", err)
}

// ReadString reads text that ends with NUL, such as a path, without the NUL. Max is
// how many bytes it may have with the NUL; PATH_MAX, which is 4096, for a path.
// Longer text is an error that wraps syscall.ENAMETOOLONG. Else it is like Read.
func (n *Notification) ReadString(addr uint64, max int) (string, error) {
	if !n.made() {
		return "", errNotReceived
	}
	text, err := n.text(addr, max)
	if e := n.Valid(); e != nil {
		return "", e
	}
	return string(text), n.problem("read text", err)
}

func (n *Notification) text(addr uint64, max int) ([]byte, error) {
	var text []byte
	for chunk := 256; len(text) < max; chunk *= 2 {
		had := len(text)
		// Up to the end of a page, as the text may end before one that is not there.
		size := min(chunk, max-had, system.PageRest(addr+uint64(had)))
		text = append(text, make([]byte, size)...)
		count, err := n.read(addr+uint64(had), text[had:])
		if end := bytes.IndexByte(text[had:had+count], 0); end >= 0 {
			return text[:had+end], nil
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("at %#x: no NUL within %d bytes: %w", addr, max, syscall.ENAMETOOLONG)
}

func (n *Notification) read(addr uint64, p []byte) (int, error) {
	if err := n.visible(); err != nil {
		return 0, err
	}
	count := 0
	for count < len(p) {
		part := p[count:]
		part = part[:min(len(part), 64*4096)]
		at := addr + uint64(count)
		if at+uint64(len(part)) < at { // beyond the last address
			return count, fmt.Errorf("at %#x: %w", at, syscall.EFAULT)
		}
		done, err := system.ReadMemory(n.PID, at, part)
		count += done
		if err != nil {
			return count, err
		}
		if done < len(part) {
			return count, fmt.Errorf("at %#x: %w", at+uint64(done), syscall.EFAULT)
		}
	}
	return count, nil
}

func (n *Notification) visible() error {
	if n.PID <= 0 {
		return errors.New("the caller is not visible in this pid namespace")
	}
	return nil
}

// Sockaddr is an address as connect(2) and its like take it.
type Sockaddr struct {
	Family   uint16         // AF_*, Linux's number
	AddrPort netip.AddrPort // of AF_INET and AF_INET6, with the scope's number as the zone; otherwise not valid
	// Path is that of AF_UNIX, or with Abstract the name, which may have any
	// bytes. Both are empty for an unnamed one.
	Path     string
	Abstract bool
	Raw      []byte // all of it, with the family
}

// ReadSockaddr reads an address. Size is the argument beside addr, of which the
// kernel takes 32 bits; one that the kernel would refuse, below 0 or above 128, is an
// error that wraps syscall.EINVAL. Else it is like Read.
func (n *Notification) ReadSockaddr(addr, size uint64) (Sockaddr, error) {
	if !n.made() {
		return Sockaddr{}, errNotReceived
	}
	const what = "read address"
	if s := int32(size); s < 0 || s > maxSockaddr {
		return Sockaddr{}, n.problem(what, fmt.Errorf("size %d, want 0 to %d: %w", s, maxSockaddr, syscall.EINVAL))
	}
	raw := make([]byte, int32(size))
	if _, err := n.Read(addr, raw); err != nil {
		return Sockaddr{}, err
	}
	return sockaddr(raw, arch.BigEndian(n.Call.Audit)), nil
}

const maxSockaddr = 128 // sizeof(struct __kernel_sockaddr_storage), include/uapi/linux/socket.h

// Address families, include/linux/socket.h.
const (
	familyUnix  = 1
	familyInet  = 2
	familyInet6 = 10
)

// sockaddr reads what it can. Addresses that are too short for their family are
// not valid for the kernel either.
func sockaddr(raw []byte, bigEndian bool) Sockaddr {
	s := Sockaddr{Raw: raw}
	if len(raw) < 2 {
		return s
	}
	var order binary.ByteOrder = binary.LittleEndian
	if bigEndian {
		order = binary.BigEndian
	}
	s.Family = order.Uint16(raw)
	switch {
	case s.Family == familyInet && len(raw) >= 16: // struct sockaddr_in
		s.AddrPort = netip.AddrPortFrom(netip.AddrFrom4([4]byte(raw[4:8])), binary.BigEndian.Uint16(raw[2:]))
	case s.Family == familyInet6 && len(raw) >= 24: // SIN6_LEN_RFC2133
		ip := netip.AddrFrom16([16]byte(raw[8:24]))
		if len(raw) >= 28 { // struct sockaddr_in6
			if scope := order.Uint32(raw[24:]); scope != 0 {
				ip = ip.WithZone(strconv.FormatUint(uint64(scope), 10))
			}
		}
		s.AddrPort = netip.AddrPortFrom(ip, binary.BigEndian.Uint16(raw[2:]))
	case s.Family == familyUnix && len(raw) > 2:
		path := raw[2:]
		if s.Abstract = path[0] == 0; s.Abstract {
			s.Path = string(path[1:])
			break
		}
		path, _, _ = bytes.Cut(path, []byte{0})
		s.Path = string(path)
	}
	return s
}

// String is the address for people to read: "192.0.2.1:80", "[::1]:80",
// "unix:/run/x", "unix:@name", or the family and the bytes.
func (s Sockaddr) String() string {
	switch {
	case s.AddrPort.IsValid():
		return s.AddrPort.String()
	case s.Abstract:
		return "unix:@" + printable(s.Path)
	case s.Family == familyUnix:
		return "unix:" + printable(s.Path)
	}
	return fmt.Sprintf("family %d: %x", s.Family, s.Raw)
}

// printable escapes what a program may put into a name to forge a log.
func printable(s string) string {
	quoted := strconv.Quote(s)
	if quoted == `"`+s+`"` {
		return s
	}
	return quoted
}
