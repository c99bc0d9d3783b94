// SPDX-License-Identifier: Apache-2.0

package argument

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"sync"
)

// cloneArgs is struct clone_args (include/uapi/linux/sched.h): words of 64 bits,
// of which the first published version has eight.
func (p *printer) cloneArgs(addr, size uint64) string {
	w, ok := p.words(addr, size, 8)
	if !ok {
		return address(addr)
	}
	text := "{flags=" + p.value("namespaces", w[0]) + ", exit_signal=" + p.value("sig", w[4])
	if w[5] != 0 {
		text += ", stack=" + hex(w[5]) + ", stack_size=" + hex(w[6])
	}
	return text + "}"
}

// openHow is struct open_how (include/uapi/linux/openat2.h).
func (p *printer) openHow(addr, size uint64) string {
	w, ok := p.words(addr, size, 3)
	if !ok {
		return address(addr)
	}
	text := "{flags=" + p.value("open", w[0])
	if w[0]>>32 != 0 {
		text = "{flags=" + hex(w[0])
	}
	if p.creates(w[0]) {
		text += ", mode=" + octal(w[1])
	}
	return text + ", resolve=" + p.value("resolve", w[2]) + "}"
}

// words is the first words of 64 bits of a structure of at least that size.
func (p *printer) words(addr, size uint64, count int) ([]uint64, bool) {
	if size < uint64(8*count) {
		return nil, false
	}
	b, ok := p.read(addr, 8*count)
	if !ok {
		return nil, false
	}
	words := make([]uint64, count)
	for i := range words {
		words[i] = p.order().Uint64(b[8*i:])
	}
	return words, true
}

// Sizes of addresses (include/linux/socket.h, include/uapi/linux/un.h).
const (
	mostAddress = 128 // struct sockaddr_storage
	pathStart   = 2   // sun_path in struct sockaddr_un
)

// sockaddr is the address of a socket.
func (p *printer) sockaddr(addr, size uint64) string {
	size &= 0xffffffff
	if size < 2 || size > mostAddress {
		return address(addr)
	}
	b, ok := p.read(addr, int(size))
	if !ok {
		return address(addr)
	}
	family := p.order().Uint16(b)
	text := "{sa_family=" + p.value("af", uint64(family))
	switch name := p.value("af", uint64(family)); {
	case name == "AF_UNIX":
		text += unixPath(b[pathStart:])
	case name == "AF_INET" && len(b) >= 8:
		text += fmt.Sprintf(", port=%d, addr=%v", port(b), netip.AddrFrom4([4]byte(b[4:8])))
	case name == "AF_INET6" && len(b) >= 24:
		text += fmt.Sprintf(", port=%d, addr=%v", port(b), netip.AddrFrom16([16]byte(b[8:24])))
	case name == "AF_NETLINK" && len(b) >= 12:
		text += fmt.Sprintf(", pid=%d, groups=%#x", p.order().Uint32(b[4:]), p.order().Uint32(b[8:]))
	case len(b) > 2:
		text += fmt.Sprintf(", data=%x", b[2:])
	}
	return text + "}"
}

// port is in network order.
func port(b []byte) uint16 { return uint16(b[2])<<8 | uint16(b[3]) }

// unixPath is a path, or a name without a file, which begins with NUL.
func unixPath(b []byte) string {
	switch {
	case len(b) == 0:
		return ""
	case b[0] == 0:
		return ", path=@" + strconv.Quote(string(b[1:]))
	}
	path, _, _ := strings.Cut(string(b), "\x00")
	return ", path=" + strconv.Quote(path)
}

// protocol is the third argument of socket, by its family.
func (p *printer) protocol() string {
	switch p.value("af", p.args[0]&0xffffffff) {
	case "AF_INET", "AF_INET6":
		return p.value("ipproto", p.args[2])
	case "AF_NETLINK":
		return p.value("netlink", p.args[2])
	case "AF_PACKET":
		return hex(p.args[2] & 0xffffffff)
	}
	return decimal(p.args[2])
}

// Calls that a multiplexer makes; arch.Multiplexer has their numbers.
var (
	socketCalls = sync.OnceValue(func() []string {
		return strings.Fields("socket bind connect listen accept getsockname getpeername socketpair send recv sendto recvfrom shutdown setsockopt getsockopt sendmsg recvmsg accept4 recvmmsg sendmmsg")
	})
	ipcCalls = sync.OnceValue(func() []string {
		return strings.Fields("semop semget semctl semtimedop msgsnd msgrcv msgget msgctl shmat shmdt shmget shmctl")
	})
)

// inner is the call that a multiplexer makes.
func (p *printer) inner(calls []string, number uint64) (string, bool) {
	for _, name := range calls {
		if _, n, ok := p.abi.Multiplexer(name); ok && uint64(n) == number {
			return name, true
		}
	}
	return "", false
}

// socketcall is the first argument of socketcall, SYS_SOCKET and the like
// (include/uapi/linux/net.h), with the arguments of that call if they can be read.
func (p *printer) socketcall() string {
	name, ok := p.inner(socketCalls(), p.args[0]&0xffffffff)
	if !ok {
		return decimal(p.args[0])
	}
	text := "SYS_" + strings.ToUpper(name)
	kinds, _ := signature(name)
	size := p.abi.Bits() / 8
	b, ok := p.read(p.word(1), len(kinds)*size)
	if !ok {
		return text
	}
	call := printer{abi: p.abi, mem: p.mem}
	for i := range kinds {
		call.args[i] = p.pointerIn(b[i*size : (i+1)*size])
	}
	call.call(kinds)
	return text + "(" + strings.Join(call.out, ", ") + ")"
}

// ipc is the first argument of ipc: a call and above it the version of its
// structures (include/uapi/linux/ipc.h).
func (p *printer) ipc() string {
	name, ok := p.inner(ipcCalls(), p.args[0]&0xffff)
	if !ok {
		return hex(p.args[0] & 0xffffffff)
	}
	return joined(strings.ToUpper(name), version(uint32(p.args[0])>>16))
}

func version(v uint32) string {
	if v == 0 {
		return ""
	}
	return hex(uint64(v) << 16)
}
