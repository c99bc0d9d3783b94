// SPDX-License-Identifier: Apache-2.0

package firecracker

import (
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/jsontext"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/profile"
)

// reader reads JSON value by value and knows the place of each. Methods return what
// is wrong with the value that they read; after an error the reader is of no more use.
type reader struct {
	jsontext.Reader
	doc *document.Text
}

// newReader begins to read a document in which values nest at most depth deep.
func newReader(doc *document.Text, depth int) *reader {
	r := &reader{doc: doc}
	r.Init(doc.Text, depth)
	return r
}

// place is an offset with the path of what is being read: "vmm.filter[3].args[0].op".
func (r *reader) place(at int) profile.Place { return r.doc.Place(at, r.Path()) }

// wrong refuses a value that is no part of a filter.
func (r *reader) wrong(code profile.Code, at int, format string, args ...any) error {
	return document.Fail(profile.ErrProfile, code, r.place(at), format, args...)
}

// broken is the error of the JSON, nil if there is none. The reader keeps the first error and
// reads nothing more, so it is enough to ask once after a value. Text that is no JSON wraps
// ErrSyntax and too deep a document ErrLimit; all else is a value of a wrong kind.
func (r *reader) broken() error {
	e := r.Err()
	if e == nil {
		return nil
	}
	kind := profile.ErrProfile
	switch e.Reason {
	case jsontext.Syntax:
		kind = profile.ErrSyntax
	case jsontext.TooDeep:
		kind = profile.ErrLimit
	}
	return document.Fail(kind, profile.Code(e.Reason.Code()), r.doc.Place(e.At, e.Path), "%s", e.Message)
}

// fields reads an object; the function reads the value of each key. A key that is there
// twice is an error with the code twice, since seccompiler refuses it. What is wanted is for
// the message where the value is no object.
func (r *reader) fields(what string, twice profile.Code, read func(key string, at int) error) error {
	var seen jsontext.KeySet
	for o := r.Object(what); r.Key(&o); {
		if !seen.Add(o.Key) {
			return r.wrong(twice, o.KeyAt, "key %q is there twice", text.Clip(o.Key))
		}
		if err := read(o.Key, o.KeyAt); err != nil {
			return err
		}
	}
	return r.broken()
}

// items reads a list; the function reads the value of each item, which begins at an
// offset.
func (r *reader) items(read func(at int) error) error {
	for r.List("a list"); r.Item(); {
		if err := read(r.At()); err != nil {
			return err
		}
	}
	return r.broken()
}

// string reads a string.
func (r *reader) string() (string, int, error) {
	at := r.At()
	s := r.ReadString()
	return s, at, r.broken()
}

// uint reads a whole number from 0 to most. Fractions and exponents are refused even where
// the value is whole (1.0, 1e3), as serde does for Rust's unsigned types. All 64 bits of a
// value are kept: nothing goes through a float.
func (r *reader) uint(most uint64) (uint64, int, error) {
	at := r.At()
	number := r.ReadNumber()
	if err := r.broken(); err != nil {
		return 0, at, err
	}
	n, _, fits := jsontext.Uint(number, most)
	if !fits {
		return 0, at, r.wrong("number", at, "%s: want a whole number from 0 to %d, without sign, fraction and exponent", text.Clip(number), most)
	}
	return n, at, nil
}

// end checks that nothing follows.
func (r *reader) end() error {
	r.End()
	return r.broken()
}
