// SPDX-License-Identifier: Apache-2.0

package minijail

import (
	"math"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/constants"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
)

// value is the right side of an atom: terms joined by "|", whose bits are united, as in
// "O_RDWR | O_CREAT" or "~(PROT_EXEC | PROT_WRITE)".
type value struct{ terms []term }

// term is a number, the name of a constant, or a value in parentheses.
type term struct {
	token token
	// "~" and "-" are kept apart from the number, since what both make of it depends on the
	// width of the ABI's word.
	not    bool // ~: its complement
	name   bool
	minus  bool
	number uint64
	inner  *value
}

// scope is what names of constants and the width of a word depend on.
type scope struct {
	abi   arch.Arch
	names *constantsFile // of a file, nil for none
	only  bool           // those of the file are all
}

// lookup returns the value of a name. It is known if some table has the name, and ok if the
// value is known for this ABI too: the two differ in the message. With constants.json the
// compiler knows no other names (only); minijail0 has its own table as well.
func (s *scope) lookup(name string) (value uint64, ok, known bool) {
	if s.names != nil {
		if v, ok := s.names.values[name]; ok || s.only {
			return v, ok, ok
		}
	}
	return constants.Value(name, s.abi)
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
	candidates := constants.Names()
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

// wrong is an error at the place of the term.
func (t *term) wrong(code profile.Code, format string, args ...any) *profile.Error {
	return document.Fail(profile.ErrProfile, code, t.token.place(), format, args...)
}
