// SPDX-License-Identifier: Apache-2.0

package spo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf16"
)

// escapes makes YAML of JSON: they are the same but for escapes in strings of which
// the YAML reader knows nothing, "\/" and pairs of surrogates. Places stay what they
// are: a string that becomes shorter is followed by blanks. What is not JSON stays as
// it is.
func escapes(text []byte) []byte {
	if !bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{")) || !bytes.ContainsRune(text, '\\') || !json.Valid(text) {
		return text
	}
	out := make([]byte, 0, len(text))
	quoted, saved := false, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			out = append(out, c)
			if quoted = !quoted; !quoted {
				out = append(out, bytes.Repeat([]byte(" "), saved)...)
				saved = 0
			}
		case c != '\\':
			out = append(out, c)
		case text[i+1] == '/':
			out = append(out, '/')
			saved++
			i++
		case text[i+1] == 'u':
			r, ok := pair(text[i:])
			if !ok {
				out = append(out, text[i:i+6]...)
				i += 5
				break
			}
			out = fmt.Appendf(out, `\U%08x`, r)
			saved += 2
			i += 11
		default:
			out = append(out, text[i:i+2]...)
			i++
		}
	}
	return out
}

// pair is the character of two escapes that are a pair of surrogates.
func pair(text []byte) (rune, bool) {
	if len(text) < 12 || text[6] != '\\' || text[7] != 'u' {
		return 0, false
	}
	high, err1 := strconv.ParseUint(string(text[2:6]), 16, 16)
	low, err2 := strconv.ParseUint(string(text[8:12]), 16, 16)
	if err1 != nil || err2 != nil {
		return 0, false
	}
	r := utf16.DecodeRune(rune(high), rune(low))
	return r, r != '\ufffd'
}
