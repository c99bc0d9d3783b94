// SPDX-License-Identifier: Apache-2.0

package elf

import (
	"bytes"
	"errors"
)

// Symbol is a name of the executable's symbol table.
type Symbol struct {
	Value uint64 // the address that the linker gave it
	Size  uint64 // in bytes
}

// ErrNoSymbols says that the executable was stripped.
var ErrNoSymbols = errors.New("elf: no symbol table")

// Symbols finds symbols by their names. What is not there is not in the map. Of a name that is
// there twice the last counts.
func (f *File) Symbols(names ...string) (map[string]Symbol, error) {
	for _, s := range f.sections {
		if s.kind != sectionSymtab {
			continue
		}
		if uint64(s.link) >= uint64(len(f.sections)) {
			return nil, errFormat
		}
		text := f.sections[s.link]
		b, err := f.read(s.offset, s.bytes, maxTable)
		if err != nil {
			return nil, err
		}
		strings, err := f.read(text.offset, text.bytes, maxTable)
		if err != nil {
			return nil, err
		}
		return f.find(b, strings, names), nil
	}
	return nil, ErrNoSymbols
}

// find goes through a symbol table (Elf32_Sym and Elf64_Sym, elf(5)) whose names lie in text.
// A name ends with a NUL, so a longer one that begins alike is no match. An entry whose name
// lies outside of text is passed over.
func (f *File) find(b, text []byte, names []string) map[string]Symbol {
	found := map[string]Symbol{}
	for size := f.least(16, 24); len(b) >= size; b = b[size:] {
		at := f.order.Uint32(b)
		if uint64(at) >= uint64(len(text)) {
			continue
		}
		for _, name := range names {
			rest, ok := bytes.CutPrefix(text[at:], []byte(name))
			if !ok || len(rest) == 0 || rest[0] != 0 {
				continue
			}
			if f.wide {
				found[name] = Symbol{f.word(b[8:]), f.word(b[16:])}
			} else {
				found[name] = Symbol{f.word(b[4:]), f.word(b[8:])}
			}
		}
	}
	return found
}
