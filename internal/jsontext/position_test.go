// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFind(t *testing.T) {
	const text = `{"a": [1, {"B": "x", "c.d[0]": 2}], "\"": 3, "b": {"b": 4, "B": 5}}`
	root, err := Parse(text, depth)
	require.NoError(t, err)
	for path, want := range map[string]string{
		"": text, "a": `[1, {"B": "x", "c.d[0]": 2}]`, "a[0]": "1", "a[1].B": `"x"`, "a[1].b": `"x"`, "A[1].b": `"x"`,
		`a[1]."c.d[0]"`: "2", `"\""`: "3", "b.b": "4", "b.B": "5",
		"a[2]": "", "a[-1]": "", "a[x]": "", "a[1": "", "a[]": "", "x": "", "a.B": "", "a[0].x": "", "a[1].c.d[0]": "", "b[0]": "", "a[1].": "",
	} {
		at, ok := root.Find(path)
		require.Equal(t, want != "", ok, path)
		if ok {
			assert.Equal(t, want, text[at.Value.From:at.Value.To], path)
		}
	}
	at, _ := root.Find("a[1].b")
	assert.Equal(t, 0, at.Index)
	assert.Equal(t, root.Members[0].Value.Items[1], at.Around)
	whole, _ := root.Find("")
	assert.Equal(t, Position{Value: root}, whole)
}

// TestFindPath: the path that a reader gives leads Find to the same value.
func TestFindPath(t *testing.T) {
	const text = `{"a b": [{"c": [[1]]}], "é": {"": {"$d-_9": 2}, "x\ty": [3, "z"]}}`
	root, err := Parse(text, 6)
	require.NoError(t, err)
	var r Reader
	r.Init(text, 6)
	seen := 0
	var walk func()
	walk = func() {
		kind, at, path := KindOf(r.Peek()), r.At(), r.Path()
		if path != "é" || kind == Object && at < 40 { // an empty key is not in the path
			found, ok := root.Find(path)
			require.True(t, ok, path)
			assert.Equal(t, at, found.Value.From, path)
			seen++
		}
		switch kind {
		case Object:
			for o := r.Object("an object"); r.Key(&o); {
				if o.Key == "" {
					r.Skip()
					continue
				}
				walk()
			}
		case List:
			for r.List("a list"); r.Item(); {
				walk()
			}
		default:
			r.Skip()
		}
	}
	walk()
	require.Nil(t, r.Err())
	assert.Equal(t, 10, seen)
}
