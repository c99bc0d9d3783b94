// SPDX-License-Identifier: Apache-2.0

// Package elf reads the little of an executable that the command asks: whether it was built
// with Go, whether it has an interpreter, and where a symbol lies.
//
// Package debug/elf and debug/buildinfo answer the same and are the oracle of this package's
// tests. They are not linked because they bring DWARF, compression and the formats of other
// systems with them: half a megabyte of the command, and a third of a millisecond of each of
// its starts.
//
// An executable may be anybody's, and may be written while it is read: each size in it is held
// to a bound before memory is made for it, and what does not fit is an error, never a panic.
//
// Not read: relocations, versions, compressed sections, and programs with more sections than the
// header can count (0xff00).
package elf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// File is an executable whose headers were read.
type File struct {
	in       io.ReaderAt
	order    binary.ByteOrder
	wide     bool // 64 bits
	segments []segment
	sections []section
}

// segment is a program header (Elf32_Phdr and Elf64_Phdr, elf(5)).
type segment struct {
	kind, flags   uint32
	offset, bytes uint64
}

// section is a section header (Elf32_Shdr and Elf64_Shdr, elf(5)).
type section struct {
	kind, link    uint32
	offset, bytes uint64
}

// Numbers of elf(5) (include/uapi/linux/elf.h).
const (
	segmentLoad   = 1 // PT_LOAD
	segmentInterp = 3 // PT_INTERP
	writable      = 2 // PF_W
	sectionSymtab = 2 // SHT_SYMTAB
	headerBytes   = 64
)

// Bounds of what is read, in bytes: of a table of headers or of symbols' names (a large
// program of Go's has some 10 MB of symbols), and of the data in which Go's mark is looked for
// (what debug/buildinfo reads).
const (
	maxTable = 128 << 20
	maxData  = 1 << 20
)

var errFormat = errors.New("elf: no executable that can be read")

// New reads the headers.
func New(in io.ReaderAt) (*File, error) {
	f := &File{in: in}
	head := make([]byte, headerBytes)
	if n, err := in.ReadAt(head, 0); n < 52 { // Elf32_Ehdr
		return nil, errors.Join(errFormat, err)
	}
	if string(head[:4]) != "\x7fELF" || head[4] < 1 || head[4] > 2 || head[5] < 1 || head[5] > 2 {
		return nil, errFormat
	}
	f.wide, f.order = head[4] == 2, binary.LittleEndian
	if head[5] == 2 {
		f.order = binary.BigEndian
	}
	// e_phoff, e_shoff, and from e_phentsize on four numbers.
	segments, sections, rest := f.word(head[28:]), f.word(head[32:]), head[42:]
	if f.wide {
		segments, sections, rest = f.word(head[32:]), f.word(head[40:]), head[54:]
	}
	err := f.table(segments, rest, f.least(32, 56), func(b []byte) { f.segments = append(f.segments, f.segment(b)) })
	if err != nil {
		return nil, err
	}
	err = f.table(sections, rest[4:], f.least(40, 64), func(b []byte) { f.sections = append(f.sections, f.section(b)) })
	return f, err
}

// least is a size in 32 bits or in 64.
func (f *File) least(narrow, wide int) int {
	if f.wide {
		return wide
	}
	return narrow
}

// word is an address, an offset or a size, which have the width of the executable.
func (f *File) word(b []byte) uint64 {
	if f.wide {
		return f.order.Uint64(b)
	}
	return uint64(f.order.Uint32(b))
}

// table reads a table of headers. Sizes has the size of an entry and the number of entries,
// two numbers of 16 bits. An entry may be larger than what this package knows of it (least),
// as elf(5) allows, and never smaller.
func (f *File) table(offset uint64, sizes []byte, least int, each func([]byte)) error {
	size, count := int(f.order.Uint16(sizes)), int(f.order.Uint16(sizes[2:]))
	if count == 0 {
		return nil
	}
	if size < least {
		return errFormat
	}
	b, err := f.read(offset, uint64(size*count), maxTable)
	if err != nil {
		return err
	}
	for ; len(b) > 0; b = b[size:] {
		each(b)
	}
	return nil
}

// segment reads a program header. In 64 bits p_flags stands behind p_type, and in 32 bits
// behind p_memsz, so that the two forms differ in more than widths.
func (f *File) segment(b []byte) segment {
	if f.wide {
		return segment{f.order.Uint32(b), f.order.Uint32(b[4:]), f.word(b[8:]), f.word(b[32:])}
	}
	return segment{f.order.Uint32(b), f.order.Uint32(b[24:]), f.word(b[4:]), f.word(b[16:])}
}

// section reads a section header.
func (f *File) section(b []byte) section {
	if f.wide {
		return section{f.order.Uint32(b[4:]), f.order.Uint32(b[40:]), f.word(b[24:]), f.word(b[32:])}
	}
	return section{f.order.Uint32(b[4:]), f.order.Uint32(b[24:]), f.word(b[16:]), f.word(b[20:])}
}

// read reads so many bytes, all of them.
func (f *File) read(offset, bytes, bound uint64) ([]byte, error) {
	if bytes > bound || offset > 1<<62 {
		return nil, fmt.Errorf("%w: %d bytes at %d", errFormat, bytes, offset)
	}
	// A reader that grows its memory: the size may be a lie.
	b, err := io.ReadAll(io.NewSectionReader(f.in, int64(offset), int64(bytes)))
	if err == nil && uint64(len(b)) < bytes {
		err = fmt.Errorf("%w: %d bytes of %d at %d", errFormat, len(b), bytes, offset)
	}
	return b, err
}
