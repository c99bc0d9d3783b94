// SPDX-License-Identifier: Apache-2.0

package argument

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/arch"
)

// ErrValue is wrapped by all errors of Parse.
var ErrValue = errors.New("invalid argument")

// Parse is the inverse of Text for one argument: it reads a number in Go's notation,
// whose sign fills all 64 bits, NULL, or names with "|" between them, each with its value
// on the ABI.
//
//	Parse(arch.X86_64, "O_RDWR|O_CREAT")   ->   0x42
//	Parse(arch.X86_64, "-1")               ->   0xffffffffffffffff
//
// What lies in memory, a path for instance, is not an argument: a filter sees its address
// alone. A name that the ABI does not have is an error, never a value of another ABI.
func Parse(a arch.Arch, text string) (uint64, error) {
	value := uint64(0)
	for _, word := range strings.Split(text, "|") {
		v, ok := number(word)
		if !ok {
			v, ok = named(a, word)
		}
		if !ok {
			v, ok = multiplexed(a, word)
		}
		if !ok {
			v, ok = deviceNumber(word)
		}
		if !ok {
			return 0, fmt.Errorf("%w: %s is neither a number nor a constant on %v", ErrValue, strconv.Quote(cut(word)), a)
		}
		value |= v
	}
	return value, nil
}

// cut shortens what an error repeats, as the text may be of any length. 64 bytes are longer
// than any name of a constant.
func cut(s string) string {
	if len(s) > 64 {
		return s[:64] + "..."
	}
	return s
}

// number reads a number, also a negative one, in one of C's forms: decimal, 0x or 0.
// (Go's notation has these, and 0b and 0o.)
func number(text string) (uint64, bool) {
	if v, err := strconv.ParseUint(text, 0, 64); err == nil {
		return v, true
	}
	// C's octal numbers are Go's too.
	v, err := strconv.ParseInt(text, 0, 64)
	return uint64(v), err == nil
}

// named looks a name up in all tables. A name has one value on an ABI, whichever table it
// is in; a test holds that. The switch has the names that are spelled out in the printer
// and stand in no table. The search is linear: Parse reads what a person has written.
func named(a arch.Arch, name string) (uint64, bool) {
	switch name {
	case "NULL", "O_RDONLY":
		return 0, true
	case "O_WRONLY":
		return 1, true
	case "O_RDWR":
		return 2, true
	case "O_ACCMODE":
		return 3, true
	case "AT_FDCWD":
		return ^uint64(99), true // -100
	case "MS_MGC_VAL":
		return 0xc0ed0000, true
	case "FUTEX_PRIVATE_FLAG":
		return 128, true
	case "FUTEX_CLOCK_REALTIME":
		return 256, true
	}
	p := printer{abi: a}
	value, found := uint64(0), false
	for _, line := range strings.Split(tables, "\n") {
		kind, _, _ := strings.Cut(line, " ")
		kind, _, _ = strings.Cut(kind, "/")
		t, ok := p.table(kind)
		if !ok || !strings.HasPrefix(name, t.prefix) {
			continue
		}
		t.each(func(is string, v uint64) bool {
			if is == name {
				value, found = v, true
			}
			return !found
		})
		if found {
			return value, true
		}
	}
	return 0, false
}

// multiplexed reads the first argument of socketcall or ipc: SYS_SOCKET, SEMOP. Those of
// socketcall have the prefix SYS_ (include/uapi/linux/net.h) and those of ipc have none
// (linux/ipc.h). Their numbers are those of arch.Multiplexer, so an ABI without multiplexers
// has no such names.
func multiplexed(a arch.Arch, name string) (uint64, bool) {
	call, socket := strings.CutPrefix(name, "SYS_")
	call = strings.ToLower(call)
	if name != strings.ToUpper(name) || socket != slices.Contains(socketCalls(), call) || !socket && !slices.Contains(ipcCalls(), call) {
		return 0, false
	}
	_, n, ok := a.Multiplexer(call)
	return uint64(n), ok
}

// deviceNumber reads a device as the printer writes it: makedev(8, 1). The comparison
// with the written form refuses what Sscanf lets pass, such as a text that goes on after
// the parenthesis.
func deviceNumber(text string) (uint64, bool) {
	var major, minor uint32
	n, err := fmt.Sscanf(text, "makedev(%d, %d)", &major, &minor)
	if n != 2 || err != nil || major >= 1<<12 || minor >= 1<<20 || text != fmt.Sprintf("makedev(%d, %d)", major, minor) {
		return 0, false
	}
	return uint64(minor&0xff | major<<8 | minor>>8<<20), true
}
