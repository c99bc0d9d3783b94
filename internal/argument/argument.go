// SPDX-License-Identifier: Apache-2.0

// Package argument writes the arguments of system calls for people: paths as
// strings, flags by name, addresses of sockets in their usual form.
//
// Names follow the headers of the kernel (include/uapi, and
// arch/*/include/uapi where an ABI differs). A value that has no name there, or
// whose name is not known for the ABI, is written as a number: a number says
// less than a name but is never wrong.
//
// Nothing here asks the machine; what a pointer points to is read through Memory.
//
// The way in: [Text] writes the arguments of a call, and [Parse] reads one back. A line of
// signature.go says of each call what its arguments are, by a word for each kind. Most kinds
// are lines of names and values (tables.go, read by value.go); those with a form of their own
// are functions (printer.go, structure.go). To describe a call, add its line; to describe a
// set of flags, add its line to tables.go.
//
// It is bad at what only the driver knows: the third argument of ioctl, and structures that
// no line describes, are addresses.
package argument

import (
	"strconv"
	"strings"

	"github.com/gosieve/sieve/arch"
)

// Memory reads the memory of the process that made the call. What it gives may
// have changed since the kernel saw the call: a report can use it, a decision
// cannot.
type Memory interface {
	// ReadString reads the bytes at addr up to a NUL, which is left out, but
	// not more than max.
	ReadString(addr uint64, max int) (string, error)
	// Read fills p with the bytes at addr. It returns how many it could read,
	// and an error if those are fewer.
	Read(addr uint64, p []byte) (int, error)
}

const (
	// longest is how many bytes of a string are shown. Paths are up to 4096 (PATH_MAX,
	// include/uapi/linux/limits.h), but a line of a report with one is of no use.
	longest = 256
	// items is how many strings of a list are shown, execve's arguments for instance.
	items = 8
)

// Text is the arguments of a call of that name, each as a text of its own:
// `AT_FDCWD`, `"/etc/passwd"`, `O_RDONLY|O_CLOEXEC`. There are as many as the
// call reads: open has no mode without O_CREAT. A call that no table describes
// has all six, in hexadecimal.
//
// Without mem, which may be nil, and where it fails, pointers are addresses. The
// texts are printable and of bounded length, whatever the arguments and the
// memory hold.
func Text(a arch.Arch, name string, args [6]uint64, mem Memory) []string {
	p := printer{abi: a, args: args, mem: mem}
	kinds, ok := signature(name)
	if !ok {
		kinds = widths(name)
	}
	p.call(kinds)
	return p.out
}

// signature is the kinds of a call's arguments: "openat" gives at, path, open, cmode. Calls
// that differ from others in the size of a number or a structure alone need no line of their
// own: fstat64 has that of fstat, futex_time64 that of futex. A name that package arch does
// not know has none, even if it ends like one: nothing is known of its arguments.
func signature(name string) ([]string, bool) {
	if !arch.Known(name) {
		return nil, false
	}
	for _, suffix := range [...]string{"", "_time64", "64", "32"} {
		short, ok := strings.CutSuffix(name, suffix)
		if !ok {
			continue
		}
		if line, ok := line(signatures, short); ok {
			return strings.Fields(line), true
		}
	}
	return nil, false
}

// widths is the kinds of a call of which the widths alone are known (arch.Width). An "int"
// stands for all 32 bits wide, as most of those are flags or descriptors of no known kind.
// Without any width all six registers are shown, since the call may read any of them.
func widths(name string) []string {
	var kinds []string
	for i := range 6 {
		switch bits, ok := arch.Width(name, i); {
		case !ok:
			i = 6
		case bits == 16:
			kinds = append(kinds, "mode")
		case bits == 32:
			kinds = append(kinds, "int")
		default:
			kinds = append(kinds, "hex")
		}
	}
	if kinds == nil {
		kinds = []string{"hex", "hex", "hex", "hex", "hex", "hex"}
	}
	return kinds
}

// line is what follows a word at the beginning of a line. The text must begin and end with a
// line feed, which the tables do; the search needs no map, and so nothing at start-up.
func line(text, word string) (string, bool) {
	start := strings.Index(text, "\n"+word+" ")
	if word == "" || start < 0 {
		return "", false
	}
	rest := text[start+len(word)+2:]
	return rest[:strings.IndexByte(rest, '\n')], true
}

// Signal is the name of a signal, "SIGSYS", or its number where it has none:
// the numbers are those of the ABI.
func Signal(a arch.Arch, n uint32) string {
	p := printer{abi: a}
	return p.value("sig", uint64(n))
}

// Errno is the name of an error number of the ABI, "EPERM". It is empty for one
// that is not known. For MIPS and PA-RISC only those are known that denials are written with.
func Errno(a arch.Arch, n uint16) string {
	p := printer{abi: a}
	if text := p.value("errno", uint64(n)); text[0] == 'E' {
		return text
	}
	return ""
}

// hex is a number as C writes it. It is the form of all that has no name.
func hex(v uint64) string { return "0x" + strconv.FormatUint(v, 16) }
