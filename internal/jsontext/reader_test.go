// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// depth is how deep texts of these tests may nest.
const depth = 4

// skipped is the error of a text that is skipped whole.
func skipped(text string, depth int) *Error {
	var r Reader
	r.Init(text, depth)
	r.Skip()
	r.End()
	return r.Err()
}

// TestSkip: the sign § stands where the error must be, and is taken out.
func TestSkip(t *testing.T) {
	for name, row := range map[string]struct {
		text   string
		path   string
		reason Reason
		want   string
	}{
		"nothing":                   {"§", "", Syntax, "unexpected end of the document, want a value"},
		"white space alone":         {" \t\r\n§", "", Syntax, "unexpected end of the document, want a value"},
		"other white space":         {"§\u00a01", "", Syntax, `unexpected '\u00a0', want a value`},
		"a byte order mark":         {"§\ufeff1", "", Syntax, "byte order mark: want UTF-8 without one"},
		"invalid UTF-8":             {`["` + "§\xff" + `"]`, "", Syntax, "invalid UTF-8: byte 0xff"},
		"a second value":            {`1 §2`, "", Syntax, "unexpected '2', want the end: the document is one object"},
		"a comment":                 {`{"a": §// x`, "a", Syntax, "unexpected '/', want a value: JSON has no comments"},
		"another comment":           {`[§# x`, "[0]", Syntax, "unexpected '#', want a value: JSON has no comments"},
		"a word cut off":            {`[nul§]`, "[0]", Syntax, "unexpected ']', want null"},
		"a word at the end":         {`tru§`, "", Syntax, "unexpected end of the document, want true"},
		"a word that goes on":       {`[false§r]`, "[0]", Syntax, "unexpected 'r', want a comma or the end of the list"},
		"an unknown word":           {`[§undefined]`, "[0]", Syntax, "unexpected 'u', want a value"},
		"a comma at the end":        {`[1,§]`, "[0]", Syntax, "unexpected ']', want a value after the comma"},
		"two commas":                {`[1,§,2]`, "[1]", Syntax, "unexpected ',', want a value"},
		"no comma":                  {`[1 §2]`, "[0]", Syntax, "unexpected '2', want a comma or the end of the list"},
		"the wrong bracket":         {`[1§}`, "[0]", Syntax, "unexpected '}', want a comma or the end of the list"},
		"a list without end":        {`[[1§`, "[0][0]", Syntax, "unexpected end of the document, want a comma or the end of the list"},
		"a comma before }":          {`{"a": 1,§}`, "", Syntax, "unexpected '}', want a key after the comma"},
		"no comma between":          {`{"a": {"b": 1 §"c": 2}}`, "a", Syntax, `unexpected '"', want a comma or the end of the object`},
		"a key without quotes":      {`{§a: 1}`, "", Syntax, "unexpected 'a', want a key in quotes"},
		"a key that is no string":   {`{§1: 1}`, "", Syntax, "unexpected '1', want a key in quotes"},
		"no colon":                  {`{"a" §1}`, "", Syntax, "unexpected '1', want a colon after the key"},
		"no value":                  {`{"a":§}`, "a", Syntax, "unexpected '}', want a value"},
		"a string without end":      {`["a§`, "[0]", Syntax, "unexpected end of the document, want the end of a string"},
		"an escape without end":     {`["\§`, "[0]", Syntax, "unexpected end of the document, want the end of a string"},
		"escapes without end":       {`["\n§`, "[0]", Syntax, "unexpected end of the document, want the end of a string"},
		"a newline in a string":     {`["a§` + "\n" + `"]`, "[0]", Syntax, "control character 0x0a in a string, want it escaped"},
		"one behind an escape":      {`["\n§` + "\x01" + `"]`, "[0]", Syntax, "control character 0x01 in a string, want it escaped"},
		"an unknown escape":         {`["a§\x"]`, "[0]", Syntax, "unknown escape in a string: a backslash before 'x'"},
		"an incomplete escape":      {`["§\u12"]`, "[0]", Syntax, `incomplete escape in a string, want \u and four hexadecimal digits`},
		"no hexadecimal digits":     {`["§\u12g4"]`, "[0]", Syntax, `incomplete escape in a string, want \u and four hexadecimal digits`},
		"a high surrogate":          {`["§\ud800"]`, "[0]", Syntax, `half of a surrogate pair: \ud800`},
		"two high surrogates":       {`["§\ud800\ud800"]`, "[0]", Syntax, `half of a surrogate pair: \ud800`},
		"a low surrogate":           {`["§\udc00"]`, "[0]", Syntax, `half of a surrogate pair: \udc00`},
		"a pair cut off":            {`["\ud83d§\ude"]`, "[0]", Syntax, `incomplete escape in a string, want \u and four hexadecimal digits`},
		"a leading zero":            {`[§01]`, "[0]", Syntax, "number with a leading zero"},
		"a negative one":            {`[-§01]`, "[0]", Syntax, "number with a leading zero"},
		"a minus alone":             {`[-§]`, "[0]", Syntax, "unexpected ']', want a digit"},
		"a plus":                    {`[§+1]`, "[0]", Syntax, "unexpected '+', want a value"},
		"a fraction without digits": {`[1.§]`, "[0]", Syntax, "unexpected ']', want a digit"},
		"a fraction alone":          {`[§.5]`, "[0]", Syntax, "unexpected '.', want a value"},
		"an exponent without any":   {`[1e+§]`, "[0]", Syntax, "unexpected ']', want a digit"},
		"a hexadecimal number":      {`[0§x10]`, "[0]", Syntax, "unexpected 'x', want a comma or the end of the list"},
		"a key twice":               {`[{"a": 1, §"a": 2}]`, "[0].a", Duplicate, `key "a" is there twice`},
		"a key twice, escaped":      {`{"a": 1, §"\u0061": 2}`, "a", Duplicate, `key "a" is there twice`},
		"an odd key twice":          {`{"x y": 1, §"x y": 2}`, `"x y"`, Duplicate, `key "x y" is there twice`},
		"too deep":                  {`[[[[§[]]]]]`, "[0][0][0][0]", TooDeep, "nested deeper than 4"},
		"objects too deep":          {`{"a":{"b":[{"c":§{}}]}}`, "a.b[0].c", TooDeep, "nested deeper than 4"},
	} {
		at := strings.Index(row.text, "§")
		require.GreaterOrEqual(t, at, 0, name)
		text := strings.Replace(row.text, "§", "", 1)
		e := skipped(text, depth)
		require.NotNil(t, e, name)
		assert.Equal(t, Error{row.reason, row.want, at, row.path}, *e, name)
		_, err := Parse(text, depth)
		if row.reason != Duplicate {
			assert.Equal(t, e, err, "%s, as a tree", name)
		}
	}
	for _, text := range []string{" {} ", "[]", "\r\n\tnull", "[1, -0, 0.5e-3, 1E+9]", `{"a": {"b": [true, false, null, "x"]}, "b": 1}`, `"\u0000\ud83d\ude00"`} {
		assert.Nil(t, skipped(text, depth), text)
	}
}

// TestRead reads one of everything by the methods that a caller uses.
func TestRead(t *testing.T) {
	var r Reader
	r.Init(` {"name": "a\tb", "n": 18446744073709551615, "list": [null, "x"], "other": [{}]} `, depth)
	o := r.Object("an object")
	var keys []string
	for r.Key(&o) {
		keys = append(keys, o.Key)
		assert.Equal(t, `"`+o.Key+`"`, r.Text()[o.KeyAt:o.KeyTo])
		switch o.Key {
		case "name":
			assert.Equal(t, "a\tb", r.ReadString())
		case "n":
			assert.Equal(t, "18446744073709551615", r.ReadNumber())
		case "list":
			r.List("a list")
			require.True(t, r.Item())
			assert.Equal(t, "list[0]", r.Path())
			assert.True(t, r.ReadNull())
			require.True(t, r.Item())
			assert.False(t, r.ReadNull())
			assert.Equal(t, byte('"'), r.Ahead().Peek())
			assert.Equal(t, "x", r.Ahead().ReadString())
			assert.Equal(t, "x", r.ReadString())
			assert.False(t, r.Item())
		default:
			r.Skip()
		}
	}
	r.End()
	assert.Nil(t, r.Err())
	assert.False(t, r.Failed())
	assert.Equal(t, []string{"name", "n", "list", "other"}, keys)
	r.Enter("more")
	assert.Equal(t, "more", r.Path())
	r.Leave()
	assert.Empty(t, r.Path())
}

// TestWant: the wrong type is an error, but what is no JSON comes first.
func TestWant(t *testing.T) {
	read := map[string]func(*Reader){
		"an object": func(r *Reader) { r.Object("an object") },
		"a list":    func(r *Reader) { r.List("a list") },
		"a string":  func(r *Reader) { r.ReadString() },
		"a number":  func(r *Reader) { r.ReadNumber() },
	}
	values := map[string]string{"an object": `{"a": 1}`, "a list": "[1]", "a string": `"x"`, "a number": "-1", "a boolean": "true", "null": "null"}
	for want, f := range read {
		for got, text := range values {
			var r Reader
			r.Init(" "+text, depth)
			f(&r)
			if got == want {
				assert.Nil(t, r.Err(), "%s for %s", got, want)
				continue
			}
			assert.Equal(t, &Error{WrongType, "got " + got + ", want " + want, 1, ""}, r.Err(), "%s for %s", got, want)
		}
		for text, message := range map[string]string{"x": "unexpected 'x', want " + want, "": "unexpected end of the document, want " + want, "tru": "unexpected end of the document, want true"} {
			var r Reader
			r.Init(text, depth)
			f(&r)
			require.NotNil(t, r.Err())
			assert.Equal(t, message, r.Err().Message)
		}
	}
}

// TestStop: after an error, and after Stop, every method does nothing.
func TestStop(t *testing.T) {
	for name, end := range map[string]func(*Reader){"an error": func(r *Reader) { r.Twice("k", 3) }, "Stop": (*Reader).Stop} {
		var r Reader
		r.Init(`{"a": [1, "x"]}`, depth)
		o := r.Object("an object")
		require.True(t, r.Key(&o))
		at, path := r.At(), r.Path()
		end(&r)
		first := r.Err()
		assert.True(t, r.Failed(), name)
		assert.Equal(t, name == "an error", first != nil, name)
		assert.Zero(t, r.Peek(), name)
		r.List("a list")
		r.Object("an object")
		assert.False(t, r.Item(), name)
		assert.False(t, r.Key(&o), name)
		assert.False(t, r.ReadNull(), name)
		assert.Empty(t, r.ReadString()+r.ReadNumber(), name)
		r.Skip()
		r.Unexpected("x")
		r.Twice("x", 0)
		r.End()
		r.Stop()
		assert.Equal(t, []any{at, path, first}, []any{r.At(), r.Path(), r.Err()}, name)
	}
}
