// SPDX-License-Identifier: Apache-2.0

package picojson

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNumbers are the agent's casts.
func TestNumbers(t *testing.T) {
	for word, want := range map[string]uint64{
		"0": 0, "1": 1, "9223372036854775807": 1<<63 - 1, "-1": 1<<64 - 1, "-9223372036854775808": 1 << 63,
		"9223372036854775809": 1 << 63, "18446744073709549568": 1<<64 - 2048, "1.9": 1, "-1.5": 1<<64 - 1, "1e3": 1000, "01": 1, "1.": 1, "0.0": 0,
	} {
		v, message, _ := Read(word)
		require.Empty(t, message, word)
		assert.Equal(t, want, v.Num.Uint64(), word)
	}
}

// TestRead is what is lenient and what is not, beside numbers.
func TestRead(t *testing.T) {
	for doc, want := range map[string]string{
		`{"a": 1, "a": 2}`: "",
		"\"\xff\"":         "",
		strings.Repeat("[", 200) + strings.Repeat("]", 200): "",
		`[1,]`:    "syntax error at line 1 near: ]",
		"\n[1 2]": "syntax error at line 2 near: 2]",
		`1 2`:     "Parsed JSON included non-whitespace trailing characters:  2",
		`1e999`:   "Value out of range",
		strings.Repeat("[", 202) + strings.Repeat("]", 202): "syntax error at line 1 near: " + "[[" + strings.Repeat("]", 202),
	} {
		v, message, _ := Read(doc)
		assert.Equal(t, want, message, "%.40q", doc)
		assert.Equal(t, want == "", v != nil, "%.40q", doc)
	}
	v, _, _ := Read(`{"a": 1, "a": 2}`)
	f, why := v.Field("a", Number)
	require.Empty(t, why)
	assert.Equal(t, int64(2), f.Num.Int)
	_, why = v.Field("a", Text)
	assert.Equal(t, WrongType, why)
	_, why = v.Field("b", Text)
	assert.Equal(t, NotFound, why)
}
