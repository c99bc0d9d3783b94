// SPDX-License-Identifier: Apache-2.0

package elf

import "bytes"

// Interpreted says whether the executable names an interpreter (ld.so): it is linked to
// libraries, and so makes the calls of the dynamic linker too.
func (f *File) Interpreted() bool {
	for _, s := range f.segments {
		if s.kind == segmentInterp {
			return true
		}
	}
	return false
}

// Go's linker begins a program's data with this mark, at an address that 16 divides
// (debug/buildinfo; cmd/link/internal/ld/data.go, buildinfo). Split in two, for the command's own
// data not to have it twice.
const (
	mark      = "\xff Go build" + "inf:"
	markAlign = 16
)

// BuiltWithGo says whether the executable holds what Go's linker writes about a build. It is
// looked for at the start of the data that can be written, as debug/buildinfo does for programs
// without a section of that name. What cannot be read is an answer of no: the caller then
// treats the program as one of unknown kind.
func (f *File) BuiltWithGo() bool {
	for _, s := range f.segments {
		if s.kind != segmentLoad || s.flags&writable == 0 {
			continue
		}
		b, err := f.read(s.offset, min(s.bytes, maxData), maxData)
		if err != nil {
			return false
		}
		for at := 0; ; {
			i := bytes.Index(b[at:], []byte(mark))
			if i < 0 {
				break
			}
			if at += i; at%markAlign == 0 {
				return true
			}
			at++
		}
	}
	return false
}
