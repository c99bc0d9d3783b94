// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
	"syscall"

	"github.com/gosieve/sieve/internal/seccompdata"
)

// This file reads socket addresses from the caller's memory.

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
	return sockaddr(raw, seccompdata.BigEndian(n.Call.Audit)), nil
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
