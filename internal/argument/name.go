// SPDX-License-Identifier: Apache-2.0

package argument

import (
	"math/bits"
	"strings"

	"github.com/gosieve/sieve/arch"
)

// Names are the names of one argument's values, for sets of calls: Text writes the arguments
// of one call. The zero Names knows none.
type Names struct {
	printer printer
	index   int
	kind    string
	table   table
}

// NamesOf finds the names of an argument. What an argument of fcntl, prctl or socket
// means can depend on those before it: args are their values, as far as known says so. Where
// it is not known, the values have no names.
func NamesOf(a arch.Arch, call string, index int, args [6]uint64, known [6]bool) Names {
	n := Names{printer: printer{abi: a, args: args}, index: index}
	kinds, ok := n.kinds(call)
	if !ok || index >= len(kinds) {
		return n
	}
	switch kind := kinds[index]; {
	case kind == "protocol" && !known[0]:
	case index > decider(call) && !known[decider(call)]:
	case kind == "cmode":
		n.kind = "mode"
	default:
		n.kind = kind
		n.table, _ = n.printer.table(kind)
	}
	return n
}

// decider is the argument that says what those behind it are, or the last one.
func decider(call string) int {
	switch call {
	case "prctl", "seccomp":
		return 0
	case "fcntl", "fcntl64":
		return 1
	}
	return 5
}

// kinds are those of a call's arguments; ok is false where only widths are known.
func (n *Names) kinds(call string) (kinds []string, ok bool) {
	if kinds, ok = signature(call); !ok {
		return widths(call), false
	}
	if len(kinds) == 1 {
		if several := n.printer.several(kinds[0]); several != nil {
			kinds = several
		}
	}
	return kinds, true
}

// Count is how many arguments a call reads, or six where that is not known.
func Count(a arch.Arch, call string) int {
	n := Names{printer: printer{abi: a}}
	if kinds, _ := n.kinds(call); decider(call) == 5 {
		return len(kinds)
	}
	return len(widths(call))
}

// Parameter is what a set calls the argument where it speaks of single bits: "flags".
func (n *Names) Parameter() string {
	switch n.kind {
	case "mode", "prot":
		return n.kind
	case "socktype":
		return "type"
	case "futex", "fcntl", "sol", "ipccmd", "keyctl":
		return "op"
	case "personality":
		return "persona"
	}
	if n.kind == "namespaces" || n.table.style != "" && !strings.HasPrefix(n.table.style, "enum") {
		return "flags"
	}
	return "arg" + string(rune('0'+n.index))
}

// Value is a value by its names; ok is false if it has none. Values of more bits than the
// kernel reads have none: to a filter they are others.
func (n *Names) Value(v uint64) (text string, ok bool) {
	switch n.kind {
	case "at":
		return "AT_FDCWD", v == 0xffffff9c
	case "ptr", "path", "argv", "sockaddr", "cloneargs", "openhow":
		return "NULL", v == 0
	case "mode":
		return n.mode(0xffff, v)
	case "protocol", "socketcall", "ipc":
		n.printer.args[n.index] = v
		return wellNamed(n.printer.argument(n.kind, n.index), v>>32 == 0)
	}
	wide := strings.HasSuffix(n.table.style, "64")
	if n.table.style == "" || v>>32 != 0 && !wide {
		return "", false
	}
	return wellNamed(n.printer.value(n.kind, v), true)
}

// wellNamed is a text that has a name in it.
func wellNamed(text string, ok bool) (string, bool) {
	for word := range strings.SplitSeq(text, "|") {
		if ok && word != "" && (word[0] >= 'A' && word[0] <= 'Z' || word[0] == '_') {
			return text, true
		}
	}
	return "", false
}

// Single says whether each value has a name of its own, so that a name stands for a number
// and a range of numbers can be said by the names at its ends.
func (n *Names) Single() bool {
	return strings.HasPrefix(n.table.style, "enum") || n.kind == "protocol" || n.kind == "socketcall"
}

// Bits is a value of the bits in mask alone, by the names of those bits: for a mask
// itself, or for what a masked argument is compared with. Bits without a name are a
// number at the end; ok is false if no bit has a name.
func (n *Names) Bits(mask, v uint64) (text string, ok bool) {
	if n.kind == "mode" {
		return n.mode(mask, v)
	}
	style := n.table.style
	if style == "" || strings.HasPrefix(style, "enum") {
		return "", false
	}
	field, name := field(style)
	var parts []string
	switch {
	case field == 0 || mask&field == 0:
	case mask == v && v&field == field: // a mask
		parts = append(parts, name)
		v &^= field
	case mask&field == field: // a value, with all of the field
		return wellNamed(n.printer.value(n.kind, v), v>>32 == 0)
	}
	parts = append(parts, n.table.flags(v, ""))
	return wellNamed(joined(parts...), true)
}

// field are the bits that hold one number, where others are flags, and the kernel's name
// for them.
func field(style string) (mask uint64, name string) {
	switch style {
	case "open":
		return 3, "O_ACCMODE"
	case "clone":
		return 0xff, "CSIGNAL"
	case "personality":
		return 0xff, "PER_MASK"
	case "socktype":
		return 0xf, "SOCK_TYPE_MASK"
	case "ipcget":
		return 0o777, "0777"
	case "command":
		return 0x7f, "0x7f"
	}
	return 0, ""
}

// mode is bits of a mode (include/uapi/linux/stat.h). Permissions are a number, as people
// write them.
func (n *Names) mode(mask, v uint64) (string, bool) {
	const format = 0o170000
	if v>>16 != 0 {
		return "", false
	}
	var parts []string
	if types := (table{names: strings.Fields("S_IFIFO=010000 S_IFCHR=020000 S_IFDIR=040000 S_IFBLK=060000 S_IFREG=0100000 S_IFLNK=0120000 S_IFSOCK=0140000 S_IFMT=0170000")}); v&format != 0 {
		parts = append(parts, types.enum(v&format))
	}
	special := table{names: strings.Fields("S_ISUID=04000 S_ISGID=02000 S_ISVTX=01000")}
	parts = append(parts, special.flags(v&0o7000, ""))
	if v&0o777 != 0 || bits.OnesCount64(mask) == 16 && v == 0 {
		parts = append(parts, octal(v&0o777))
	}
	text := joined(parts...)
	return text, text != ""
}
