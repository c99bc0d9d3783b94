// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"strconv"
	"strings"

	"github.com/gosieve/sieve/internal/text"
)

// step is one list or object on the way to what is being read: the key in the object, or
// the index in the list if that is not negative. An object before its first key has
// neither.
type step struct {
	key   string
	index int
}

// Path is where the reader is, "syscalls[3].args[0].op", and empty for the whole text. It
// names the value that is being read, or was read last in the list or object that is open.
// It is made anew for each call: callers ask for it when there is something to say.
func (r *Reader) Path() string {
	var b []byte
	for _, s := range r.path {
		switch {
		case s.index >= 0:
			b = strconv.AppendInt(append(b, '['), int64(s.index), 10)
			b = append(b, ']')
		case s.key != "":
			if len(b) > 0 {
				b = append(b, '.')
			}
			b = appendKey(b, s.key)
		}
	}
	return string(b)
}

// Enter makes Path speak of a field of the object that was read last, until Leave.
func (r *Reader) Enter(key string) { r.path = append(r.path, step{key, -1}) }

// Leave undoes Enter.
func (r *Reader) Leave() { r.path = r.path[:len(r.path)-1] }

// Key is a key as Path writes it.
func Key(key string) string { return string(appendKey(nil, key)) }

// appendKey appends a key, in quotes (those of Go) if it has other characters than letters,
// digits and three signs, such as a dot or a bracket, which would be misread. A long key is
// clipped, and then leads Find nowhere.
func appendKey(b []byte, key string) []byte {
	for _, c := range key {
		if c != '_' && c != '-' && c != '$' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return strconv.AppendQuote(b, text.Clip(key))
		}
	}
	return append(b, text.Clip(key)...)
}

// cutKey divides a path behind its first key.
func cutKey(path string) (key, rest string) {
	if quoted, err := strconv.QuotedPrefix(path); err == nil {
		key, _ = strconv.Unquote(quoted)
		return key, path[len(quoted):]
	}
	if i := strings.IndexAny(path, ".["); i >= 0 {
		return path[:i], path[i:]
	}
	return path, ""
}
