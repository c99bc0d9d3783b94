// SPDX-License-Identifier: Apache-2.0

package text

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCheck(t *testing.T) {
	for name, row := range map[string]struct {
		give string
		at   int
		want string
	}{
		"empty":                {"", 0, ""},
		"UTF-8":                {"a é 😀 \ufffd", 0, ""},
		"a mark":               {"\ufeff{}", 0, "byte order mark: want UTF-8 without one"},
		"a mark further on":    {"{}\ufeff", 0, ""},
		"a byte":               {"ab\xff", 2, "invalid UTF-8: byte 0xff"},
		"a control character":  {"é\x01", 0, ""},
		"half of a pair":       {"\xed\xa0\x80", 0, "invalid UTF-8: byte 0xed"},
		"a character cut off":  {"x\xe2\x82", 1, "invalid UTF-8: byte 0xe2"},
		"a long form of slash": {"/\xc0\xaf", 1, "invalid UTF-8: byte 0xc0"},
	} {
		at, message := Check(row.give)
		assert.Equal(t, row.want, message, name)
		assert.Equal(t, row.at, at, name)
	}
}
