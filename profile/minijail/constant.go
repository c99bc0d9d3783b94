// SPDX-License-Identifier: Apache-2.0

package minijail

import (
	_ "embed" // the table of constants
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
)

// table is a line for each constant; its head says what they mean.
//
//go:generate go run ../../internal/generate/minijail
//go:embed data/constants.tsv
var table string

// tableABIs are the ABIs that a value without "@ABI" in the table is for. They are those of
// golang.org/x/sys/unix, from which the table is made. On other ABIs the value of a
// constant is not known, and a policy that names one is refused.
var tableABIs = []arch.Arch{
	arch.X86, arch.X86_64, arch.ARM, arch.AArch64, arch.LoongArch64, arch.MIPS, arch.MIPSEL, arch.MIPS64,
	arch.MIPSEL64, arch.PPC, arch.PPC64, arch.PPC64LE, arch.RISCV64, arch.S390X,
}

// constants are the lines of the table by name.
var constants = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(table) {
		if name, values, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && line[0] != '#' {
			m[name] = values
		}
	}
	return m
})

// constant returns the value of a C constant on an ABI, as an unsigned long. Known reports
// whether any ABI has the constant: an error can then say that the name is right. A line of
// the table is, for example,
//
//	O_DIRECTORY	0x10000 0x4000@arm,aarch64,ppc
//
// where a value with ABIs stands behind the common one, and wins. Numbers of errnos come
// from package errnos, which knows them for all ABIs.
func constant(name string, a arch.Arch) (value uint64, ok, known bool) {
	values, known := constants()[name]
	for _, v := range strings.Fields(values) {
		number, abis, own := strings.Cut(v, "@")
		if own && !slices.Contains(strings.Split(abis, ","), a.String()) || !own && !slices.Contains(tableABIs, a) {
			continue
		}
		n, err := strconv.ParseUint(number, 0, 64)
		if err != nil {
			panic("minijail: table of constants: " + name + ": " + err.Error())
		}
		value, ok = n, true // one of its own is behind the common one
	}
	if n, found := errnos.Number(name, a); !ok && found {
		return uint64(n), true, true
	}
	return value, ok, known
}

// Constant is the value of a C constant that policies may name, TIOCSTI or EPERM, on an
// ABI; it is false for one that is not known there.
func Constant(name string, a arch.Arch) (uint64, bool) {
	v, ok, _ := constant(name, a)
	return v, ok
}

// NearConstant returns the constant that name was probably meant to be, for suggestions. It
// is empty if none is near.
func NearConstant(name string) string {
	return wording.Nearest(name, slices.Sorted(maps.Keys(constants())))
}

// value is the right side of an atom: terms joined by "|", whose bits are united.
type value struct{ terms []term }

// term is a number, the name of a constant, or a value in parentheses.
type term struct {
	token  token
	not    bool // ~: its complement
	name   bool
	minus  bool
	number uint64
	inner  *value
}

// scope is what names of constants and the width of a word depend on.
type scope struct {
	abi   arch.Arch
	names *Constants // of a file, nil for none
	only  bool       // those of the file are all
}

// lookup returns the value of a name. With constants.json the compiler knows no other names
// (only); minijail0 has its own table as well.
func (s *scope) lookup(name string) (value uint64, ok, known bool) {
	if s.names != nil {
		if v, ok := s.names.Values[name]; ok || s.only {
			return v, ok, ok
		}
	}
	return constant(name, s.abi)
}

// evaluate computes the value for an ABI, cut to its word: ~PROT_EXEC is 0xfffffffb on x86
// and 0xfffffffffffffffb on x86_64.
func (v *value) evaluate(s *scope) (uint64, error) {
	a := s.abi
	word := uint64(math.MaxUint64)
	if a.Bits() == 32 {
		word = math.MaxUint32
	}
	all := uint64(0)
	for i := range v.terms {
		n, err := v.terms[i].evaluate(s, word)
		if err != nil {
			return 0, err
		}
		if v.terms[i].not {
			n = ^n
		}
		all |= n & word
	}
	return all, nil
}

// evaluate computes one term before its "~". A number must fit the word: from -2^31 to
// 2^32-1 on an ABI of 32 bits, as for the compiler (max_unsigned and min_signed in arch.py).
// A negative number stands for its two's complement.
func (t *term) evaluate(s *scope, word uint64) (uint64, error) {
	a := s.abi
	switch {
	case t.inner != nil:
		return t.inner.evaluate(s)
	case t.name:
		n, ok, known := s.lookup(t.token.text)
		switch {
		case ok:
			return n, nil
		case known:
			return 0, t.wrong(constantCode, "the value of %s on %v is not known: write its number", t.token.text, a)
		}
		return 0, t.unknown(s)
	case t.minus && t.number > word/2+1:
		return 0, t.wrong(overflowCode, "%s is too small for %d bits", text.Clip(t.token.text), a.Bits())
	case t.minus:
		return -t.number, nil
	case t.number > word:
		return 0, t.wrong(overflowCode, "%s is too large for %d bits", text.Clip(t.token.text), a.Bits())
	}
	return t.number, nil
}

// unknown is the error for a name that no table has, with the nearest name that has one.
func (t *term) unknown(s *scope) error {
	candidates := slices.Sorted(maps.Keys(constants()))
	where := ": --constants takes a constants.json that has it, or write its number"
	if s.names != nil {
		candidates = s.names.names()
		where = ", which constants.json does not have"
	}
	near := wording.Nearest(t.token.text, candidates)
	if near == "" {
		return t.wrong(constantCode, "unknown constant %q%s", text.Clip(t.token.text), where)
	}
	err := t.wrong(constantCode, "unknown constant %q, nearest is %q", text.Clip(t.token.text), near)
	err.Fix = "write " + near
	return err
}

func (t *term) wrong(code profile.Code, format string, args ...any) *profile.Error {
	return document.Fail(profile.ErrProfile, code, t.token.place(), format, args...)
}
