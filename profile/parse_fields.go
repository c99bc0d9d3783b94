// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"strconv"
	"strings"

	"github.com/gosieve/sieve/internal/jsontext"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/internal/wording"
)

// fields is an object being read whose keys are known. They are found by their index in
// names, which has at most 32.
//
// Docker reads a profile with encoding/json, which takes a key in any case: what it
// takes is read here as well, with a warning.
//
// A key that is there twice is an error, where encoding/json takes the last and mixes
// lists: a reviewer would see one value and the container get another.
type fields struct {
	jsontext.Members
	names []string
	field int    // index of the field whose value comes next
	seen  uint32 // bit i: names[i] was there
	other jsontext.KeySet
}

func (p *parser) object(names []string) fields {
	return fields{Members: p.Object("an object"), names: names}
}

// next comes to the next field that is known, and skips others with a warning.
//
// It is false at the end of the object and after an error, so a loop over it ends on
// both.
func (p *parser) next(o *fields) bool {
	for p.Key(&o.Members) {
		if i, exact := find(o.names, o.Key); i >= 0 {
			return p.known(o, i, exact)
		}
		p.unknown(o)
	}
	return false
}

// among comes to the next field that is known, and skips others without a word.
func (p *parser) among(o *fields) bool {
	for p.Key(&o.Members) {
		if i, exact := find(o.names, o.Key); i >= 0 {
			return p.known(o, i, exact)
		}
		if !o.other.Add(o.Key) {
			p.Twice(o.Key, o.KeyAt)
			return false
		}
		p.Skip()
	}
	return false
}

// known makes a field that is known the object's. It must be there once.
func (p *parser) known(o *fields, i int, exact bool) bool {
	name := o.names[i]
	if o.seen&(1<<i) != 0 {
		p.Twice(name, o.KeyAt)
		return false
	}
	o.seen |= 1 << i
	if !exact {
		p.warnMended(Edit{Op: resolution.Rename, Path: p.Path(), Value: strconv.Quote(name)}, "key-case", o.KeyAt, "key %q is read as %q", o.Key, name)
	}
	o.field = i
	return !p.Failed()
}

// find is the index of the name that key is, but for case as Go's reader sees
// it; -1 if there is none.
//
// EqualFold folds as encoding/json does: the long s (U+017F) is an s to it, and the
// Kelvin sign a k.
func find(names []string, key string) (i int, exact bool) {
	for i, name := range names {
		if name == key {
			return i, true
		}
	}
	for i, name := range names {
		if strings.EqualFold(name, key) {
			return i, false
		}
	}
	return -1, false
}

// unknown skips a field that is not one of the object's names.
//
// The nearest key is looked for only as long as warnings are kept: the search is slow
// beside reading, and a document may have very many unknown keys.
func (p *parser) unknown(o *fields) {
	key, at := o.Key, o.KeyAt
	if !o.other.Add(key) {
		p.Twice(key, at)
		return
	}
	near := ""
	if !p.full() {
		near = wording.Nearest(key, o.names)
	}
	p.Skip()
	if near != "" {
		p.warn("unknown-key", at, "write "+strconv.Quote(near), "unknown key %q, nearest is %q", text.Clip(key), near)
	} else {
		p.warn("unknown-key", at, "remove it", "unknown key %q", text.Clip(key))
	}
}
