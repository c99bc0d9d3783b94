// SPDX-License-Identifier: Apache-2.0

package spo

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/profile"
)

const (
	// largest is how many bytes a file may have: the API server takes no larger
	// request (3 MiB, k8s.io/apiserver, pkg/server/config.go, MaxRequestBodyBytes).
	largest = 3 << 20
	// mostNodes bounds the memory that the YAML reader takes, which makes a node of
	// every second byte of some documents.
	mostNodes = 1 << 17
	// mostVisits bounds what aliases make of a document.
	mostVisits = 1 << 19
	// maxWarnings is how many warnings are kept: nobody reads more.
	maxWarnings = 1000
)

// manifest is a file, and what was noticed in it. Reading stops at the first error (err),
// which later ones do not replace.
type manifest struct {
	file     string
	text     string
	lines    []int         // where each line begins
	marks    map[int][]int // of long lines, see column
	strict   bool
	depth    int
	visits   int
	warnings []profile.Diagnostic
	err      *profile.Error
}

// item is a node, and the node of the place where it is used. The two differ for an alias:
// node is what the alias stands for, and at is the alias itself, which messages name.
type item struct{ node, at *yaml.Node }

// read parses a file into its objects, one for each document between lines of "---". What
// would cost memory is checked before the YAML reader sees the text. An empty document is
// passed over.
func (d *manifest) read(doc []byte, size int) []item {
	switch separators := text.Separators(doc); {
	case len(doc) > min(size, largest):
		d.fail(profile.ErrLimit, "too-large", profile.Place{}, "the document has %d bytes, more than %d", len(doc), min(size, largest))
	case separators > mostNodes:
		d.fail(profile.ErrLimit, "too-large", profile.Place{}, "the document may have %d values, more than %d", separators, mostNodes)
	case bytes.HasPrefix(doc, []byte("\ufeff")):
		d.fail(profile.ErrSyntax, "syntax", d.position(1, 1), "byte order mark: want UTF-8 without one")
	case !utf8.Valid(doc):
		d.fail(profile.ErrSyntax, "syntax", profile.Place{}, "invalid UTF-8")
	}
	if d.err != nil {
		return nil
	}
	d.text = string(doc)
	d.lines = lineStarts(d.text)
	var roots []item
	for decoder := yaml.NewDecoder(bytes.NewReader(escapes(doc))); ; {
		var n yaml.Node
		err := decoder.Decode(&n)
		if errors.Is(err, io.EOF) {
			return roots
		}
		if err != nil {
			d.syntax(err)
			return nil
		}
		if d.check(&n, 0); d.err != nil {
			return nil
		}
		if len(n.Content) == 1 && n.Content[0].ShortTag() != "!!null" { // "---" without an object
			roots = append(roots, item{n.Content[0], n.Content[0]})
		}
	}
}

// yamlLine is how the YAML reader says where an error is.
var yamlLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^yaml: (?:line (\d+): )?`) })

// syntax makes an error of the YAML reader one with a place, which it gives in its text.
func (d *manifest) syntax(err error) {
	message, place := err.Error(), profile.Place{}
	if m := yamlLine().FindStringSubmatch(message); m != nil {
		message = message[len(m[0]):]
		if line, err := strconv.Atoi(m[1]); err == nil {
			place = d.position(line, 1)
		} else if strings.HasPrefix(message, "did not find") { // the reader names no first line
			place = d.position(1, 1)
		}
	}
	d.fail(profile.ErrSyntax, "syntax", place, "%s%s", clip(message), d.template())
}

// template says what a file may be that is not YAML.
func (d *manifest) template() string {
	if strings.Contains(d.text, "{{") {
		return ": this looks like a template, which has to be rendered first"
	}
	return ""
}

// check refuses, anywhere in the document, keys that are there twice, keys that are no
// strings, and values nested deeper than the limit. It does not follow aliases, so that
// each node is visited once.
func (d *manifest) check(n *yaml.Node, depth int) {
	if depth > d.depth {
		d.fail(profile.ErrLimit, "too-deep", d.place(item{n, n}, ""), "nested deeper than %d", d.depth)
	}
	if n.Kind == yaml.MappingNode {
		d.keys(n)
	}
	for _, c := range n.Content {
		if d.err != nil {
			return
		}
		d.check(c, depth+1)
	}
}

// keys checks the keys of one object. Merge keys ("<<") are refused: which of two equal keys
// then counts is read differently by YAML readers.
func (d *manifest) keys(n *yaml.Node) {
	seen := make(map[string]struct{}, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		at := d.place(item{key, key}, "")
		switch {
		case key.ShortTag() == "!!merge":
			d.fail(profile.ErrProfile, mergeKey, at, "merge keys are not read: write the keys out")
		case key.Kind != yaml.ScalarNode || key.ShortTag() != "!!str":
			d.fail(profile.ErrProfile, "wrong-type", at, "got %s, want a string as a key%s", kindOf(key), d.template())
		}
		if _, ok := seen[key.Value]; ok {
			d.fail(profile.ErrProfile, "duplicate-key", at, "key %q is there twice", clip(key.Value))
		}
		seen[key.Value] = struct{}{}
	}
}

// fail sets the error, unless there is one: the first counts.
func (d *manifest) fail(kind error, code profile.Code, at profile.Place, format string, args ...any) {
	if d.err == nil {
		at.File = d.file
		d.err = document.Fail(kind, code, at, format, args...)
	}
}

// wrong refuses what is no profile.
func (d *manifest) wrong(code profile.Code, at item, path, format string, args ...any) {
	d.fail(profile.ErrProfile, code, d.place(at, path), format, args...)
}

// say keeps a diagnostic. With profile.Strict a warning refuses the document instead, and its
// fix becomes the error's.
func (d *manifest) say(s profile.Severity, code profile.Code, at item, path, fix, format string, args ...any) {
	if d.strict && s == profile.Warning {
		if d.wrong(code, at, path, format, args...); d.err.Fix == "" && d.err.Code == code {
			d.err.Fix = fix
		}
		return
	}
	if len(d.warnings) < maxWarnings {
		d.warnings = append(d.warnings, profile.Diagnostic{Severity: s, Code: code,
			Message: fmt.Sprintf(format, args...), Place: d.place(at, path), Fix: fix})
	}
}

// warn keeps a warning: what the operator or the API server drops, changes or refuses.
func (d *manifest) warn(code profile.Code, at item, path, fix, format string, args ...any) {
	d.say(profile.Warning, code, at, path, fix, format, args...)
}

// place is where an item stands: for an alias the place of the alias, where the reader of a
// message has to look first.
func (d *manifest) place(at item, path string) profile.Place {
	place := profile.Place{File: d.file}
	if at.at != nil {
		place = d.position(at.at.Line, at.at.Column)
	}
	place.Path = path
	return place
}

// position is a place by line and column. The YAML reader counts characters, we count
// bytes.
func (d *manifest) position(line, column int) profile.Place {
	place := profile.Place{File: d.file, Line: line, Column: column}
	if line < 1 || line > len(d.lines) {
		return place
	}
	place.Column = d.column(line, column)
	return place
}

// stride is how many characters lie between two marks of a line. A place in a long line
// costs at most this many steps, and a mark is one number for 256 characters.
const stride = 256

// column turns the index of a character in its line into that of a byte, both from 1. Lines
// longer than stride are marked once: a document of one line, as JSON often is, would
// otherwise take a time that grows with the square of its length.
func (d *manifest) column(line, character int) int {
	rest := d.text[d.lines[line-1]:]
	if line < len(d.lines) {
		rest = d.text[d.lines[line-1]:d.lines[line]]
	}
	at, n := 0, character-1
	if n >= stride {
		marks, ok := d.marks[line]
		if !ok {
			marks = markLine(rest)
			if d.marks == nil {
				d.marks = map[int][]int{}
			}
			d.marks[line] = marks
		}
		if i := min(n/stride, len(marks)-1); i >= 0 {
			at, n = marks[i], n-i*stride
		}
	}
	for ; n > 0 && at < len(rest); n-- {
		_, size := utf8.DecodeRuneInString(rest[at:])
		at += size
	}
	return at + 1
}

// markLine is where every so many characters of a line begin: characters 0, stride, 2*stride.
func markLine(text string) []int {
	var marks []int
	n := 0
	for at := range text {
		if n%stride == 0 {
			marks = append(marks, at)
		}
		n++
	}
	return marks
}

// lineStarts is where lines begin, in bytes. YAML 1.1 has five characters that end a line:
// LF and CR, which may stand together, and NEL, LS and PS.
func lineStarts(text string) []int {
	starts := []int{0}
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch c {
		case '\r':
			if strings.HasPrefix(text[i:], "\n") {
				i++
			}
			fallthrough
		case '\n', '\u0085', '\u2028', '\u2029':
			starts = append(starts, i)
		}
	}
	return starts
}

// find returns the item at a path below another, "syscalls[3].args[0].op", or the last one
// on the way there that exists: an error about a missing key then points at its object.
func (d *manifest) find(at item, path string) item {
	for path != "" && at.node != nil {
		var next item
		switch end := strings.IndexAny(path[1:], ".[") + 1; {
		case path[0] == '.':
			path = path[1:]
			continue
		case path[0] == '[':
			digits, rest, _ := strings.Cut(path[1:], "]")
			if i, err := strconv.Atoi(digits); err == nil && at.node.Kind == yaml.SequenceNode && i >= 0 && i < len(at.node.Content) {
				next = follow(at.node.Content[i])
			}
			path = rest
		default:
			key := path
			if end > 0 {
				key = path[:end]
			}
			path = path[len(key):]
			next = field(at, key)
		}
		if next.node == nil {
			return at
		}
		at = next
	}
	return at
}

// field is the value of a key, nothing if there is none.
func field(at item, key string) item {
	if at.node.Kind != yaml.MappingNode {
		return item{}
	}
	for i := 0; i+1 < len(at.node.Content); i += 2 {
		if at.node.Content[i].Value == key {
			return follow(at.node.Content[i+1])
		}
	}
	return item{}
}

// follow is a node, or that which an alias stands for.
func follow(n *yaml.Node) item {
	if n.Kind == yaml.AliasNode {
		return item{n.Alias, n}
	}
	return item{n, n}
}

// clip keeps a value that someone else wrote from filling an error message.
func clip(s string) string {
	const most = 128
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}

// kindOf names a value, for errors.
func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "an object"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	switch tag := n.ShortTag(); tag {
	case "!!str":
		return "a string"
	case "!!int", "!!float":
		return "a number"
	case "!!bool":
		return "a boolean"
	case "!!null":
		return "null"
	default:
		return "a value of type " + strconv.Quote(clip(tag))
	}
}
