// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// jsonWriter writes YAML as JSON. A value stands in the line that it has in the document,
// and in its column where the signs of JSON leave room:
//
//	names:         {"names":
//	- read    ->    ["read",
//	- write          "write"]}
type jsonWriter struct {
	out          []byte
	line, column int
	visits       int
	wrong        string
}

// mostVisits bounds how many values are written. Aliases repeat theirs, and ten levels of
// ten aliases would be ten thousand million.
const mostVisits = 1 << 18

// to fills lines and columns up to a place, if that lies ahead.
func (w *jsonWriter) to(line, column int) {
	for w.line < line {
		w.out = append(w.out, '\n')
		w.line, w.column = w.line+1, 1
	}
	for w.line == line && w.column < column {
		w.out = append(w.out, ' ')
		w.column++
	}
}

// write writes text within a line.
func (w *jsonWriter) write(text string) {
	w.out = append(w.out, text...)
	w.column += len(text)
}

// fail keeps the first reason why there is no JSON for the document.
func (w *jsonWriter) fail(n *yaml.Node, format string, args ...any) {
	if w.wrong == "" {
		w.wrong = fmt.Sprintf("line %d: ", n.Line) + fmt.Sprintf(format, args...)
	}
}

// value writes a value at its place. Aliases are written out.
func (w *jsonWriter) value(n *yaml.Node, depth int) {
	if w.visits++; w.visits > mostVisits || depth > deepest {
		w.fail(n, "too many or too deeply nested values")
	}
	if w.wrong != "" {
		return
	}
	switch n.Kind {
	case yaml.AliasNode:
		w.value(n.Alias, depth+1)
	case yaml.MappingNode:
		w.object(n, depth)
	case yaml.SequenceNode:
		w.list("[", "]", n.Content, 1, func(c []*yaml.Node) { w.value(c[0], depth+1) })
	default:
		w.to(n.Line, n.Column)
		w.write(w.scalar(n))
	}
}

// object writes an object. Keys must be strings, and merge keys are refused: readers of YAML
// differ in which of two equal keys they take.
func (w *jsonWriter) object(n *yaml.Node, depth int) {
	w.list("{", "}", n.Content, 2, func(c []*yaml.Node) {
		key := c[0]
		if key.ShortTag() == "!!merge" {
			w.fail(key, "merge keys are not read: write the keys out")
			return
		}
		if key.Kind != yaml.ScalarNode || key.ShortTag() != "!!str" {
			w.fail(key, "a key that is no string")
			return
		}
		w.to(key.Line, key.Column)
		w.write(quoted(key.Value) + ":")
		w.value(c[1], depth+1)
	})
}

// list writes values, so many nodes each, between brackets.
func (w *jsonWriter) list(open, end string, nodes []*yaml.Node, each int, one func([]*yaml.Node)) {
	if len(nodes) > 0 { // the bracket in front of the first value, in its line
		w.to(nodes[0].Line, nodes[0].Column-1)
	}
	w.write(open)
	for i := 0; i+each <= len(nodes) && w.wrong == ""; i += each {
		if i > 0 {
			w.write(",")
		}
		one(nodes[i : i+each])
	}
	w.write(end)
}

// scalar returns a value as JSON has it. YAML has more forms of whole numbers (0x10, 0o20,
// 1_6), which become decimal. A number that JSON cannot have (.inf) stays a string, which
// the reader refuses with its place.
func (w *jsonWriter) scalar(n *yaml.Node) string {
	switch n.ShortTag() {
	case "!!null":
		return "null"
	case "!!bool":
		return strings.ToLower(n.Value)
	case "!!int":
		text := strings.ReplaceAll(strings.TrimPrefix(n.Value, "+"), "_", "")
		if v, err := strconv.ParseUint(text, 0, 64); err == nil {
			return strconv.FormatUint(v, 10)
		}
		if v, err := strconv.ParseInt(text, 0, 64); err == nil {
			return strconv.FormatInt(v, 10)
		}
	case "!!float":
		if json.Valid([]byte(n.Value)) {
			return n.Value
		}
	}
	return quoted(n.Value)
}

// quoted returns a string as JSON.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic("dialect: a string cannot be written as JSON: " + err.Error())
	}
	return string(b)
}
