// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"strings"

	"github.com/gosieve/sieve/internal/jsontext"
	"github.com/gosieve/sieve/profile"
)

// depth is how deep lists and objects nest in a document that is mended, as the
// default of profile.Limits.
//
// The reader of the tree calls itself for each level, so a bound is needed.
const depth = 256

// tree is a document with the place of each of its values.
//
// f may be nil, which stands for the default options. On a syntax error it asks
// profile.Parse, since users know its messages.
func (f *Fixer) tree(doc string) (*jsontext.Node, error) {
	root, err := jsontext.Parse(doc, depth)
	if err == nil {
		return root, nil
	}
	var options []profile.ParseOption
	if f != nil {
		options = f.Parse
	}
	if _, refused := profile.Parse([]byte(doc), options...); refused != nil {
		return nil, refused // it says the same, in the words of package profile
	}
	return nil, err
}

// find is the value at a path as diagnostics have it, "syscalls[3].args[0].op", also of
// a document that is inside an OCI config.json.
func find(root *jsontext.Node, path string) (jsontext.Position, bool) {
	if at, ok := root.Find(path); ok {
		return at, true
	}
	if inner := root.Member("linux").Member("seccomp"); inner != nil {
		return inner.Find(path)
	}
	return jsontext.Position{}, false
}

// cutLast divides a path before its last key.
func cutLast(path string) (before, key string, found bool) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}
