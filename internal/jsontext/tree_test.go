// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	const text = ` {"k\n": [1, "é\u0041", true, null], "o": {}, "k\n": -1.5e3} `
	root, err := Parse(text, depth)
	require.NoError(t, err)
	require.Equal(t, Object, root.Kind)
	require.Equal(t, 3, root.Len(), "both fields of a key that is there twice")
	var keys, parts []string
	for i, m := range root.Members {
		keys = append(keys, m.Key+" "+text[m.From:m.To])
		from, to := root.Part(i)
		parts = append(parts, text[from:to])
	}
	assert.Equal(t, []string{"k\n " + `"k\n"`, `o "o"`, "k\n " + `"k\n"`}, keys)
	assert.Equal(t, []string{`"k\n": [1, "é\u0041", true, null]`, `"o": {}`, `"k\n": -1.5e3`}, parts)

	list := root.Member("k\n")
	require.Equal(t, 4, list.Len())
	var texts []string
	for i, n := range list.Items {
		from, to := list.Part(i)
		texts = append(texts, n.Kind.String()+" "+n.Text+" "+text[from:to])
	}
	assert.Equal(t, []string{"a number 1 1", `a string éA "é\u0041"`, "a boolean true true", "null null null"}, texts)
	assert.Equal(t, -1, (*Node)(nil).Index("x"))
	assert.Nil(t, root.Member("x").Member("y"))
}

func TestParseError(t *testing.T) {
	_, err := Parse(`{"a": [1,]}`, depth)
	assert.EqualError(t, err, "a[0]: unexpected ']', want a value after the comma")
}
