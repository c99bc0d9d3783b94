// SPDX-License-Identifier: Apache-2.0

package argument

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"sync"
)

// cloneArgs writes struct clone_args (include/uapi/linux/sched.h), which has 64-bit words
// on every ABI. Its first published version has eight; later ones are longer, and their
// first eight are the same.
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

// openHow writes struct open_how (include/uapi/linux/openat2.h): flags, mode and resolve.
// Flags above 32 bits have no names, so all are a number then.
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

// words reads the first count 64-bit words of a structure, if its size says that it has
// as many. The size is the program's: a smaller structure is one that the kernel refuses or
// an older version, of which the missing words are not known.
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

// sockaddr writes the address of a socket, of a family that has a form of its own; others
// are bytes:
//
//	{sa_family=AF_INET, port=53, addr=192.0.2.1}
//
// The size comes from the program, so it is bounded before it is read.
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

// port reads a port, which is in network byte order whatever the ABI's is.
func port(b []byte) uint16 { return uint16(b[2])<<8 | uint16(b[3]) }

// unixPath writes the path of a unix socket. A name that begins with NUL is abstract
// (unix(7)): its length is given by the size of the address, and it may hold further
// NULs. It is shown with "@" for the first NUL, as in /proc/net/unix (proc(5)):
//
//	a file      {sa_family=AF_UNIX, path="/run/docker.sock"}
//	abstract    {sa_family=AF_UNIX, path=@"name"}
//	unnamed     {sa_family=AF_UNIX}
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

// protocol writes the third argument of socket, whose meaning depends on the family
// (socket(2)). For AF_PACKET it is an Ethernet type in network byte order (packet(7)), which
// is written as the number in the register.
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
	// A call of the kernel's that is missing here is shown as a number, and Parse does not know
	// its name.
	socketCalls = sync.OnceValue(func() []string {
		return strings.Fields("socket bind connect listen accept getsockname getpeername socketpair send recv sendto recvfrom shutdown setsockopt getsockopt sendmsg recvmsg accept4 recvmmsg sendmmsg")
	})
	ipcCalls = sync.OnceValue(func() []string {
		return strings.Fields("semop semget semctl semtimedop msgsnd msgrcv msgget msgctl shmat shmdt shmget shmctl")
	})
)

// inner names the call that a multiplexer makes, by its number on the ABI. An ABI without
// multiplexers has no such numbers.
func (p *printer) inner(calls []string, number uint64) (string, bool) {
	for _, name := range calls {
		if _, n, ok := p.abi.Multiplexer(name); ok && uint64(n) == number {
			return name, true
		}
	}
	return "", false
}

// socketcall writes the first argument of socketcall, with the arguments of the call that
// it makes if they can be read: SYS_SOCKET(AF_INET, SOCK_STREAM, IPPROTO_TCP). They lie
// in memory, each as long as a word of the ABI, so a filter cannot see them.
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

// ipc writes the first argument of ipc: the number of a call in the lower 16 bits, and
// above it the version of its structures (include/uapi/linux/ipc.h). A filter that compares
// the whole word misses calls with another version, so both are shown: SEMOP|0x10000.
func (p *printer) ipc() string {
	name, ok := p.inner(ipcCalls(), p.args[0]&0xffff)
	if !ok {
		return hex(p.args[0] & 0xffffffff)
	}
	return joined(strings.ToUpper(name), version(uint32(p.args[0])>>16))
}

// version is the upper half of ipc's first argument, in its place; empty for version 0.
func version(v uint32) string {
	if v == 0 {
		return ""
	}
	return hex(uint64(v) << 16)
}
