// SPDX-License-Identifier: Apache-2.0

package argument

import (
	"strconv"
	"strings"

	"github.com/gosieve/sieve/arch"
)

// family is the name, in tables, of the ABIs that share their differences from
// asm-generic's constants. A kind that has no line for the family is the same as on all
// others. ABIs without any difference known here (RISC-V, LoongArch) are "generic", which no
// line has.
func family(a arch.Arch) string {
	switch a {
	case arch.X86_64, arch.X86, arch.X32:
		return "x86"
	case arch.ARM, arch.AArch64, arch.M68K:
		return "arm" // the three have the same O_* flags
	case arch.MIPS, arch.MIPSEL, arch.MIPS64, arch.MIPSEL64, arch.MIPS64N32, arch.MIPSEL64N32:
		return "mips"
	case arch.PARISC, arch.PARISC64:
		return "parisc"
	case arch.PPC, arch.PPC64, arch.PPC64LE:
		return "ppc"
	case arch.S390, arch.S390X:
		return "s390"
	}
	return "generic"
}

// table is the names of the values of one kind. Its line in tables has a style, a prefix
// ("-" for none) and the names, each with its value after "=", or one more than the last.
//
//	sock enum SOCK_ STREAM=1 DGRAM RAW      kind, style, prefix, names
type table struct {
	style  string
	prefix string
	names  []string
}

// table finds the names of a kind on the ABI: the family's line or, without one, the
// general line. It searches the text every time. A map would have to be built first, and
// most runs of a program print no argument or a few.
func (p *printer) table(kind string) (table, bool) {
	text, ok := line(tables, kind+"/"+family(p.abi))
	if !ok {
		text, ok = line(tables, kind)
	}
	fields := strings.Fields(text)
	if !ok || len(fields) < 2 {
		return table{}, false
	}
	return table{fields[0], strings.TrimPrefix(fields[1], "-"), fields[2:]}, true
}

// each calls f for every name with its value, in the order of the line, until f returns
// false.
func (t *table) each(f func(name string, v uint64) bool) {
	next := uint64(0)
	for _, name := range t.names {
		name, text, has := strings.Cut(name, "=")
		if has {
			next, _ = strconv.ParseUint(text, 0, 64) // a test holds that they are numbers
		}
		if !f(t.prefix+name, next) {
			return
		}
		next++
	}
}

// value writes a value by its names; in hexadecimal if the kind has no table. A style
// without "64" has 32 bits, as the kernel reads no more of an int. The styles that are
// neither enum nor flags put several fields into one number:
//
//	open         access mode in the two low bits, flags     O_RDWR|O_CREAT
//	clone        signal in the low byte, flags              CLONE_VM|SIGCHLD
//	mount64      magic number in the upper 16 bits          MS_MGC_VAL|MS_RDONLY (mount(2))
//	ipcget       mode in the low nine bits, flags           IPC_CREAT|0600
//	personality  type in the low byte, flags                PER_LINUX32|ADDR_NO_RANDOMIZE
//	socktype     type in the low four bits, flags           SOCK_STREAM|SOCK_CLOEXEC
//	command      futex's operation in the low seven bits    FUTEX_WAIT|FUTEX_PRIVATE_FLAG
func (p *printer) value(kind string, v uint64) string {
	t, ok := p.table(kind)
	if !ok {
		return hex(v)
	}
	if !strings.HasSuffix(t.style, "64") {
		v &= 0xffffffff
	}
	switch t.style {
	case "enum", "enum64":
		return t.enum(v)
	case "open":
		mode := table{names: []string{"O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"}}
		return joined(mode.enum(v&3), t.flags(v&^3, ""))
	case "clone":
		rest := v & 0xff
		text := t.flags(v&^0xff, "")
		if rest == 0 && text != "" {
			return text
		}
		return joined(text, p.value("sig", rest))
	case "mount64":
		if v&0xffff0000 == 0xc0ed0000 {
			return joined("MS_MGC_VAL", t.flags(v&^0xffff0000, ""))
		}
	case "ipcget":
		return joined(t.flags(v&^0o777, ""), octal(v&0o777))
	case "personality":
		return p.personality(&t, v)
	case "socktype":
		kinds, _ := p.table("sock")
		return joined(kinds.enum(v&0xf), t.flags(v&^0xf, ""))
	case "command":
		return joined(t.enum(v&0x7f), flag(v&128, "FUTEX_PRIVATE_FLAG"), flag(v&256, "FUTEX_CLOCK_REALTIME"), rest(v&^0x1ff))
	}
	return t.flags(v, "0")
}

// enum is the name of a value. A small value without a name is decimal, as is a small
// negative one; a large one is hexadecimal, as it is hardly a count. A name that ends with
// "-" only keeps the count of a line, for a value that has no name to show.
func (t *table) enum(v uint64) string {
	text := ""
	t.each(func(name string, is uint64) bool {
		if is == v && !strings.HasSuffix(name, "-") {
			text = name
		}
		return text == ""
	})
	switch {
	case text != "":
		return text
	case v < 1<<16:
		return strconv.FormatUint(v, 10)
	case t.style == "enum" && int32(v) < 0 && int32(v) > -1<<16:
		return decimal(v)
	}
	return hex(v)
}

// flags names the bits that are set, with what has no name as a number at the end:
// O_CREAT|0x800000. zero is the text for 0, unless the table has a name for it. A name of
// several bits counts if all of them are set and stands before its parts in the table, as
// O_SYNC before O_DSYNC, so that the parts are not named again.
func (t *table) flags(v uint64, zero string) string {
	if v == 0 {
		t.each(func(name string, is uint64) bool {
			if is == 0 {
				zero = name
			}
			return is != 0
		})
		return zero
	}
	var list []string
	t.each(func(name string, is uint64) bool {
		if is != 0 && v&is == is {
			list = append(list, name)
			v &^= is
		}
		return true
	})
	return joined(append(list, rest(v))...)
}

// rest is the bits without a name as a number, empty if there are none. They are never
// dropped: an unknown bit may be what a filter denies.
func rest(v uint64) string {
	if v == 0 {
		return ""
	}
	return hex(v)
}

// flag is a name if v is not 0.
func flag(v uint64, name string) string {
	if v == 0 {
		return ""
	}
	return name
}

// joined is the texts that are not empty, as C joins flags.
func joined(texts ...string) string {
	var list []string
	for _, t := range texts {
		if t != "" {
			list = append(list, t)
		}
	}
	return strings.Join(list, "|")
}

// personality writes a personality: a type in the low byte and flags above it
// (personality(2)).
func (p *printer) personality(flags *table, v uint64) string {
	if v == 0xffffffff {
		return hex(v) // asks for the present one
	}
	types, _ := p.table("per")
	return joined(types.enum(v&0xff), flags.flags(v&^0xff, ""))
}

// creates reports whether flags of open create a file, in which case the call has a mode.
// O_TMPFILE includes O_DIRECTORY, so all its bits are compared.
func (p *printer) creates(flags uint64) bool {
	t, _ := p.table("open")
	found := false
	t.each(func(name string, is uint64) bool {
		found = (name == "O_CREAT" || name == "O_TMPFILE") && flags&is == is
		return !found
	})
	return found
}
