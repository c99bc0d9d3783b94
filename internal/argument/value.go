// SPDX-License-Identifier: Apache-2.0

package argument

import (
	"strconv"
	"strings"

	"github.com/gosieve/sieve/arch"
)

// family is the ABIs whose constants differ from asm-generic's, as lines of
// tables name them.
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

// table is names of values. Its line in tables is a style, a prefix ("-" for
// none) and the names, each with its value after "=", or one more than the last.
type table struct {
	style  string
	prefix string
	names  []string
}

// table is the names of a kind on the ABI.
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

// each calls f for every name until it returns false.
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

// value is a value by its names.
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

// enum is the name of a value. Small values without one are decimal.
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

// flags is the names of the bits that are set, and what is left as a number.
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

// rest is what has no name.
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

// personality is a type in the low byte and flags above it.
func (p *printer) personality(flags *table, v uint64) string {
	if v == 0xffffffff {
		return hex(v) // asks for the present one
	}
	types, _ := p.table("per")
	return joined(types.enum(v&0xff), flags.flags(v&^0xff, ""))
}

// creates reports whether flags of open make a file, which needs a mode.
func (p *printer) creates(flags uint64) bool {
	t, _ := p.table("open")
	found := false
	t.each(func(name string, is uint64) bool {
		found = (name == "O_CREAT" || name == "O_TMPFILE") && flags&is == is
		return !found
	})
	return found
}
