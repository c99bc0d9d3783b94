// SPDX-License-Identifier: Apache-2.0

package firecracker

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
)

// reader reads JSON strictly, value by value, and knows where it is.
type reader struct {
	text    *document.Text
	decoder *json.Decoder
	depth   int // how deep values may nest
	path    []step
}

// step is a part of a path: a key, or an index if that is not negative.
type step struct {
	key   string
	index int
}

func newReader(t *document.Text, depth int) *reader {
	d := json.NewDecoder(strings.NewReader(t.Text))
	d.UseNumber()
	return &reader{text: t, decoder: d, depth: depth}
}

// here is the offset of what comes next, past white space and separators.
func (r *reader) here() int {
	at := int(r.decoder.InputOffset())
	for at < len(r.text.Text) && strings.IndexByte(" \t\r\n,:", r.text.Text[at]) >= 0 {
		at++
	}
	return at
}

// pathString is the path of what is being read: "vmm.filter[3].args[0].op".
func (r *reader) pathString() string {
	var b []byte
	for _, s := range r.path {
		switch {
		case s.index >= 0:
			b = append(strconv.AppendInt(append(b, '['), int64(s.index), 10), ']')
		default:
			if len(b) > 0 {
				b = append(b, '.')
			}
			b = append(b, document.Clip(s.key)...)
		}
	}
	return string(b)
}

func (r *reader) place(at int) profile.Place { return r.text.Place(at, r.pathString()) }

// wrong refuses a value that is no part of a filter.
func (r *reader) wrong(code profile.Code, at int, format string, args ...any) error {
	return document.Fail(profile.ErrProfile, code, r.place(at), format, args...)
}

func (r *reader) syntax(at int, format string, args ...any) error {
	return document.Fail(profile.ErrSyntax, "syntax", r.place(at), format, args...)
}

// token is the next token and where it begins.
func (r *reader) token() (json.Token, int, error) {
	at := r.here()
	t, err := r.decoder.Token()
	if err != nil {
		return nil, at, r.broken(err, at)
	}
	if s, ok := t.(string); ok && strings.ContainsRune(s, '\ufffd') {
		raw := strings.ToLower(r.text.Text[at:r.decoder.InputOffset()])
		if !strings.Contains(raw, "\ufffd") && !strings.Contains(raw, `\ufffd`) {
			return nil, at, r.syntax(at, "half of a surrogate pair in a string")
		}
	}
	return t, at, nil
}

// broken is the error for a text that is not JSON.
func (r *reader) broken(err error, at int) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return r.syntax(len(r.text.Text), "unexpected end of the document")
	case errors.As(err, &syntax):
		if s := int(syntax.Offset) - 1; s >= at && s < len(r.text.Text) {
			at = s
		}
		return r.syntax(at, "%v", err)
	}
	return r.syntax(at, "%v", err)
}

// kind names what a token begins, for errors.
func kind(t json.Token) string {
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			return "an object"
		}
		return "a list"
	case string:
		return "a string"
	case json.Number:
		return "a number"
	case bool:
		return "a boolean"
	}
	return "null"
}

// open reads the beginning of an object or a list.
func (r *reader) open(delim json.Delim, what string) error {
	t, at, err := r.token()
	if err != nil {
		return err
	}
	return r.opened(t, at, delim, what)
}

func (r *reader) opened(t json.Token, at int, delim json.Delim, what string) error {
	if t != delim {
		return r.wrong("wrong-type", at, "got %s, want %s", kind(t), what)
	}
	if len(r.path) >= r.depth {
		return document.Fail(profile.ErrLimit, "too-deep", r.place(at), "nested deeper than %d", r.depth)
	}
	return nil
}

// fields reads the rest of an object; the function reads the value of each key. A
// key that is there twice has the code.
func (r *reader) fields(twice profile.Code, read func(key string, at int) error) error {
	seen := map[string]bool{}
	for r.decoder.More() {
		t, at, err := r.token()
		if err != nil {
			return err
		}
		key, ok := t.(string)
		if !ok {
			return r.syntax(at, "got %s, want a key", kind(t))
		}
		r.path = append(r.path, step{key: key, index: -1})
		if seen[key] {
			return r.wrong(twice, at, "key %q is there twice", document.Clip(key))
		}
		seen[key] = true
		if err := read(key, at); err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
	}
	_, _, err := r.token()
	return err
}

// items reads the rest of a list.
func (r *reader) items(read func() error) error {
	for i := 0; r.decoder.More(); i++ {
		r.path = append(r.path, step{index: i})
		if err := read(); err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
	}
	_, _, err := r.token()
	return err
}

// string reads a string.
func (r *reader) string() (string, int, error) {
	t, at, err := r.token()
	if err != nil {
		return "", at, err
	}
	s, ok := t.(string)
	if !ok {
		return "", at, r.wrong("wrong-type", at, "got %s, want a string", kind(t))
	}
	return s, at, nil
}

// uint reads a whole number from 0 to most.
func (r *reader) uint(most uint64) (uint64, int, error) {
	t, at, err := r.token()
	if err != nil {
		return 0, at, err
	}
	number, ok := t.(json.Number)
	if !ok {
		return 0, at, r.wrong("wrong-type", at, "got %s, want a number", kind(t))
	}
	n, err := strconv.ParseUint(string(number), 10, 64)
	if err != nil || n > most {
		return 0, at, r.wrong("number", at, "%s: want a whole number from 0 to %d, without sign, fraction and exponent",
			document.Clip(string(number)), most)
	}
	return n, at, nil
}

// end checks that nothing follows.
func (r *reader) end() error {
	at := r.here()
	t, err := r.decoder.Token()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return r.broken(err, at)
	}
	return r.syntax(at, "unexpected %s, want the end: the document is one object", fmt.Sprint(kind(t)))
}
