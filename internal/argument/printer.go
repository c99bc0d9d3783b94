// SPDX-License-Identifier: Apache-2.0

package argument

import (
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/arch"
)

// printer writes the arguments of one call as strace(1) does: names for what has names,
// strings from memory, and a plain number wherever it is not certain what a value means. It
// is made for each call and holds no state between two.
//
// The arguments are what seccomp_data has: registers, of 64 bits whatever the ABI. A kind
// says how many of the bits the kernel reads and with which sign; the others are left out,
// since a program may have left anything in them.
type printer struct {
	abi  arch.Arch
	args [6]uint64
	mem  Memory
	out  []string
}

// call writes arguments of the given kinds to out. A kind that stands alone may be the
// name of a call whose arguments differ by ABI or by the first argument (several). out may
// have fewer texts than kinds: the mode of open is left out where the kernel does not read it.
func (p *printer) call(kinds []string) {
	if len(kinds) == 1 {
		if several := p.several(kinds[0]); several != nil {
			kinds = several
		}
	}
	for i, kind := range kinds {
		if i == len(p.args) {
			return
		}
		switch {
		case kind == "off" && p.pairs():
			// The kernel reads two registers here, on some ABIs the next even one
			// and its neighbour: show what there is.
			for ; i < len(p.args); i++ {
				p.out = append(p.out, hex(p.word(i)))
			}
			return
		// The mode of open is read only if the flags create a file (open(2)).
		case kind == "cmode":
			if !p.creates(p.args[i-1]) {
				return
			}
			kind = "mode"
		}
		p.out = append(p.out, p.argument(kind, i))
	}
}

// several returns the kinds of the arguments of a call whose arguments depend on the ABI
// or on one of them. It returns nil if kind is an ordinary one.
func (p *printer) several(kind string) []string {
	switch kind {
	case "clone":
		if p.abi == arch.S390 || p.abi == arch.S390X { // CONFIG_CLONE_BACKWARDS2
			return []string{"hex", "clone", "ptr", "ptr", "hex"}
		}
		return []string{"clone", "hex", "ptr", "ptr", "hex"}
	case "mmap", "mmap2":
		if kind == "mmap" && p.oldCalls() || p.abi == arch.S390 || p.abi == arch.S390X {
			return []string{"ptr"} // struct mmap_arg_struct
		}
		return []string{"hex", "size", "prot", "map", "fd", "hex"}
	case "select":
		if p.oldCalls() {
			return []string{"ptr"} // struct sel_arg_struct
		}
		return []string{"int", "ptr", "ptr", "ptr", "ptr"}
	case "prctl":
		return p.option("prctl", prctlArguments)
	case "seccomp":
		if p.value("seccomp", p.args[0]) == "SECCOMP_SET_MODE_FILTER" {
			return []string{"seccomp", "filterflags", "ptr"}
		}
		return []string{"seccomp", "hex32", "ptr"}
	case "fcntl":
		return append([]string{"fd"}, p.optionAt(1, "fcntl", fcntlArguments)...)
	}
	return nil
}

// oldCalls reports whether mmap and select read their arguments from a structure in
// memory (__ARCH_WANT_SYS_OLD_MMAP, __ARCH_WANT_SYS_OLD_SELECT).
func (p *printer) oldCalls() bool { return p.abi == arch.X86 || p.abi == arch.M68K }

// option is optionAt for the first argument.
func (p *printer) option(kind, lines string) []string { return p.optionAt(0, kind, lines) }

// optionAt returns the kind of an option, which is argument i, and the kinds of the
// arguments that this option takes. They follow the option's name in lines. An option
// without a line may take anything, so its arguments are hexadecimal.
func (p *printer) optionAt(i int, kind, lines string) []string {
	rest, ok := line(lines, p.value(kind, p.args[i]))
	switch {
	case ok:
	case kind == "fcntl":
		rest = "hex"
	default:
		rest = "hex hex hex hex"
	}
	return append([]string{kind}, strings.Fields(rest)...)
}

// pairs reports whether a register holds 32 bits, so that a 64-bit offset takes two of
// them.
func (p *printer) pairs() bool { return p.abi.Bits() == 32 && !p.wide() }

// wide reports whether the ABI has 32-bit pointers in 64-bit registers: x32 and MIPS n32.
// A 64-bit offset takes one register there.
func (p *printer) wide() bool {
	return p.abi == arch.X32 || p.abi == arch.MIPS64N32 || p.abi == arch.MIPSEL64N32
}

// word is argument i, cut to a word of the ABI. What the upper half of the field holds on
// a 32-bit ABI is not the program's.
func (p *printer) word(i int) uint64 {
	if p.abi.Bits() == 32 {
		return p.args[i] & 0xffffffff
	}
	return p.args[i]
}

// signed is a word with its sign: an offset of lseek may be negative, and on 32 bits its
// sign is bit 31.
func (p *printer) signed(i int) int64 {
	if p.abi.Bits() == 32 {
		return int64(int32(p.args[i]))
	}
	return int64(p.args[i])
}

// argument is the text of argument i, which is of that kind. These kinds are numbers, of
// which the width and the sign matter: "int" is C's int (32 bits, signed), "uint" 32 bits
// without sign, "id" as well, but -1 for "leave it" (chown(2)), "long" and "size" a word
// of the ABI, "off" 64 bits.
func (p *printer) argument(kind string, i int) string {
	switch kind {
	case "int", "fd":
		return decimal(p.args[i])
	case "at":
		if int32(p.args[i]) == -100 { // AT_FDCWD, include/uapi/linux/fcntl.h
			return "AT_FDCWD"
		}
		return decimal(p.args[i])
	case "id":
		if uint32(p.args[i]) == 1<<32-1 {
			return "-1"
		}
		return strconv.FormatUint(uint64(uint32(p.args[i])), 10)
	case "uint":
		return strconv.FormatUint(uint64(uint32(p.args[i])), 10)
	case "long":
		return strconv.FormatInt(p.signed(i), 10)
	case "size":
		return strconv.FormatUint(p.word(i), 10)
	case "off":
		return strconv.FormatInt(int64(p.args[i]), 10)
	case "hex":
		return hex(p.word(i))
	case "hex32":
		return hex(p.args[i] & 0xffffffff)
	case "mode":
		return octal(p.args[i])
	case "dev":
		return device(uint32(p.args[i]))
	}
	return p.pointer(kind, i)
}

// pointer is the text of an argument that points to something in memory. All other kinds
// are values with names, which tables.go lists.
func (p *printer) pointer(kind string, i int) string {
	addr := p.word(i)
	switch kind {
	case "ptr":
		return address(addr)
	case "path":
		return p.path(addr)
	case "argv":
		return p.list(addr)
	case "sockaddr":
		return p.sockaddr(addr, p.next(i))
	case "cloneargs":
		return p.cloneArgs(addr, p.next(i))
	case "openhow":
		return p.openHow(addr, p.next(i))
	case "socketcall":
		return p.socketcall()
	case "ipc":
		return p.ipc()
	case "protocol":
		return p.protocol()
	}
	return p.value(kind, addr)
}

// next is the argument after i, where many calls have the size of what argument i points
// to; 0 after the last, so that a wrong line of signatures shows nothing instead of
// panicking.
func (p *printer) next(i int) uint64 {
	if i+1 >= len(p.args) {
		return 0
	}
	return p.word(i + 1)
}

// decimal is a number of 32 bits with its sign, as C's int.
func decimal(v uint64) string { return strconv.FormatInt(int64(int32(v)), 10) }

// octal is a mode: the kernel reads 16 bits of it (umode_t).
func octal(v uint64) string {
	if v &= 0xffff; v != 0 {
		return "0" + strconv.FormatUint(v, 8)
	}
	return "0"
}

// device is a 32-bit device number (new_decode_dev, include/linux/kdev_t.h): 12 bits of
// major between the 8 lower and the 12 upper bits of minor.
func device(v uint32) string {
	return "makedev(" + strconv.FormatUint(uint64(v>>8&0xfff), 10) + ", " +
		strconv.FormatUint(uint64(v&0xff|v>>12&0xfff00), 10) + ")"
}

// address is a pointer that is shown as such: where what it points to is the kernel's to
// write, is of no interest, or could not be read.
func address(addr uint64) string {
	if addr == 0 {
		return "NULL"
	}
	return hex(addr)
}

// order is the byte order of the ABI, in which its programs have numbers in memory. The
// machine that reads them may have another.
func (p *printer) order() binary.ByteOrder {
	if p.abi.BigEndian() {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// read returns size bytes at an address. ok is false unless all of them can be read: half
// a structure would be shown with zeros that nobody has written.
func (p *printer) read(addr uint64, size int) ([]byte, bool) {
	if addr == 0 || p.mem == nil {
		return nil, false
	}
	b := make([]byte, size)
	n, err := p.mem.Read(addr, b)
	return b, err == nil && n == size
}

// path is a string in memory, quoted; the address if it cannot be read. Bytes that cannot be
// printed are escaped, so that a path cannot write control sequences to a terminal.
func (p *printer) path(addr uint64) string {
	if addr == 0 || p.mem == nil {
		return address(addr)
	}
	s, err := p.mem.ReadString(addr, longest)
	if err != nil {
		return address(addr)
	}
	return quoted(s, longest)
}

// quoted quotes a string. One of most bytes or more ends with "...": at exactly most
// bytes the reader was cut off by its limit, and the string may go on.
func quoted(s string, most int) string {
	if len(s) < most {
		return strconv.Quote(s)
	}
	return strconv.Quote(s[:most]) + "..."
}

// list is a list of strings, which ends with a null pointer, as execve(2) takes it:
// ["ls", "-l"]. It shows at most items strings. If any part cannot be read, the whole is
// an address.
func (p *printer) list(addr uint64) string {
	size := uint64(p.abi.Bits() / 8)
	if size == 0 { // an ABI that is none
		return address(addr)
	}
	text := ""
	for n := range uint64(items + 1) {
		b, ok := p.read(addr+n*size, int(size))
		if !ok {
			return address(addr)
		}
		at := p.pointerIn(b)
		switch {
		case at == 0:
			return "[" + text + "]"
		case n == items:
			return "[" + text + ", ...]"
		case n > 0:
			text += ", "
		}
		text += p.path(at)
	}
	return address(addr)
}

// pointerIn reads a pointer from memory, as long as b, in the ABI's byte order.
func (p *printer) pointerIn(b []byte) uint64 {
	if len(b) == 4 {
		return uint64(p.order().Uint32(b))
	}
	return p.order().Uint64(b)
}
