// SPDX-License-Identifier: Apache-2.0

package spo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf16"
)

// escapes makes YAML of JSON. YAML 1.2 takes all JSON, but the YAML reader knows nothing of
// two of JSON's escapes in strings: "\/", and a pair of surrogates for one character. These
// are rewritten:
//
//	"a\/b"          ->  "a/b" and one blank
//	"\ud83d\ude00"  ->  "\U0001f600" and two blanks
//
// The blanks behind the closing quote keep every later value in its column, so that places
// in messages are those of the document. Text that is not valid JSON is returned as it is:
// the YAML reader says what is wrong with it.
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

// pair returns the character that two escapes of six bytes each stand for, if they are a
// pair of surrogates. A lone surrogate is left to the YAML reader, which refuses it.
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
