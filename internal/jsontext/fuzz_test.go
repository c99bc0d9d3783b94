// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzParse compares with encoding/json: which texts are JSON, and what values they
// have. The two differ by design where encoding/json puts U+FFFD for half of a surrogate
// pair or for bytes that are not UTF-8, and in the depth.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"", "{}", "[]", "null", "nul", "[1,2,]", `{"a":1,"a":2}`, `{"a":{"b":[true,false,null]},"":0}`, "18446744073709551615", "-0.5e+3", "01", "1.",
		`"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"`, `"\ud800"`, "\"\xff\"", "\ufeff1", "// x\n1", `[[[[[[]]]]]]`, "\"\x01\"", " \t\r\n[ 1 , 2 ] ", `{"a" 1}`, "tru", "1 2",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		const depth = 50
		text := string(doc)
		root, err := Parse(text, depth)
		skip := skipped(text, depth)
		if err != nil {
			e := err.(*Error)
			require.NotEmpty(t, e.Message)
			require.True(t, 0 <= e.At && e.At <= len(text), "offset %d of %d", e.At, len(text))
			require.True(t, skip != nil && (skip.Reason == Duplicate || *skip == *e), "read as a tree: %v; skipped: %v", e, skip)
			halves := strings.HasPrefix(e.Message, "half of a surrogate pair")
			require.True(t, e.Reason == TooDeep || halves || !utf8.Valid(doc) || !json.Valid(doc), "refused, but JSON: %v", e)
			return
		}
		require.True(t, skip == nil || skip.Reason == Duplicate, "read as a tree, and not skipped: %v", skip)
		require.True(t, json.Valid(doc), "accepted, but no JSON")
		require.True(t, utf8.Valid(doc), "accepted, but not UTF-8")
		d := json.NewDecoder(bytes.NewReader(doc))
		d.UseNumber()
		var want any
		require.NoError(t, d.Decode(&want))
		require.Equal(t, want, root.value())
		require.True(t, root.stands(text), "a node stands elsewhere")
	})
}

// value is a tree as encoding/json has it: of a key that is there twice the last counts.
func (n *Node) value() any {
	switch n.Kind {
	case Object:
		object := map[string]any{}
		for _, m := range n.Members {
			object[m.Key] = m.Value.value()
		}
		return object
	case List:
		list := []any{}
		for _, item := range n.Items {
			list = append(list, item.value())
		}
		return list
	case String:
		return n.Text
	case Number:
		return json.Number(n.Text)
	case Boolean:
		return n.Text == "true"
	}
	return nil
}

// stands says whether the text of each node is that node's value and no more.
func (n *Node) stands(text string) bool {
	part := text[n.From:n.To]
	if part == "" || strings.TrimSpace(part) != part {
		return false
	}
	for _, m := range n.Members {
		var key string
		if json.Unmarshal([]byte(text[m.From:m.To]), &key) != nil || key != m.Key || !m.Value.stands(text) {
			return false
		}
	}
	for _, item := range n.Items {
		if !item.stands(text) {
			return false
		}
	}
	if n.Kind == String {
		var s string
		return json.Unmarshal([]byte(part), &s) == nil && s == n.Text
	}
	return n.Kind == Object || n.Kind == List || part == n.Text
}
