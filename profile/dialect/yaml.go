// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/gosieve/sieve/internal/text"
)

const (
	// largestYAML is how many bytes of YAML are read, as of an object that
	// Kubernetes takes (profile/spo).
	largestYAML = 3 << 20
	// mostNodes bounds the memory that the YAML reader takes.
	mostNodes = 1 << 17
	// deepest is how far below its root a value is looked at.
	deepest = 100
)

// embedded returns the profile that a document holds, nil for none. A file that holds
// several is refused with the paths of all: it does not say which is meant.
func embedded(file string, doc []byte) ([]byte, error) {
	roots, err := yamlRoots(doc)
	if err != nil {
		return nil, err.in(file)
	}
	s := search{}
	for _, root := range roots {
		s.look(root, "", 0)
	}
	switch len(s.found) {
	case 0:
		return nil, nil
	case 1:
		return s.found[0].text(file, doc)
	}
	paths := make([]string, len(s.found))
	for i, h := range s.found {
		paths[i] = h.path
	}
	return nil, &DetectError{File: file, Reason: fmt.Sprintf("a document that holds %d profiles, want one: %s", len(paths), strings.Join(paths, ", "))}
}

// notYAML is why a text is not read as YAML. It has no reason for text that may be of
// another kind, and one for a template and for Docker's keys, where the author meant
// YAML.
type notYAML struct{ reason string }

// in is the error for a file, nil where the text may be of another kind.
func (n *notYAML) in(file string) error {
	if n.reason == "" {
		return nil
	}
	return &DetectError{File: file, Reason: n.reason}
}

// yamlRoots are the objects in a YAML file, which may have several documents. The text is
// checked first for what would cost memory: the YAML reader makes a node for every value.
func yamlRoots(doc []byte) ([]*yaml.Node, *notYAML) {
	if len(doc) > largestYAML || !utf8.Valid(doc) || bytes.IndexByte(doc, 0) >= 0 || text.Separators(doc) > mostNodes {
		return nil, &notYAML{}
	}
	var roots []*yaml.Node
	for decoder := yaml.NewDecoder(bytes.NewReader(doc)); ; {
		var n yaml.Node
		err := decoder.Decode(&n)
		switch {
		case errors.Is(err, io.EOF):
			return roots, nil
		case err != nil && bytes.Contains(doc, []byte("{{")):
			return nil, &notYAML{"a template, which must be filled in first"}
		case err != nil && familyLine().Match(doc):
			return nil, &notYAML{"no document of a known dialect: its keys are Docker's, and as YAML it is refused: " + strings.TrimPrefix(err.Error(), "yaml: ")}
		case err != nil:
			return nil, &notYAML{}
		}
		if len(n.Content) == 1 && n.Content[0].Kind == yaml.MappingNode {
			roots = append(roots, n.Content[0])
		}
	}
}

// held is a profile in a document: an object, or a string that is one in JSON. A ConfigMap has
// the latter:
//
//	data:
//	  profile.json: |
//	    {"defaultAction": "SCMP_ACT_ERRNO"}
type held struct {
	node *yaml.Node
	path string
}

// search collects the profiles of a document.
type search struct{ found []held }

// look finds the profiles at or below a value. It does not follow aliases: what an alias
// stands for is found where it is defined, and once.
func (s *search) look(n *yaml.Node, path string, depth int) {
	if depth > deepest {
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		if isFamily(n) {
			s.found = append(s.found, held{n, path})
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			s.look(n.Content[i+1], strings.TrimPrefix(path+"."+n.Content[i].Value, "."), depth+1)
		}
	case yaml.SequenceNode:
		for i, c := range n.Content {
			s.look(c, path+"["+strconv.Itoa(i)+"]", depth+1)
		}
	case yaml.ScalarNode:
		if text := strings.TrimSpace(n.Value); strings.HasPrefix(text, "{") && strings.Contains(text, "\"defaultAction\"") && has(fields([]byte(text)), "defaultaction") {
			s.found = append(s.found, held{n, path})
		}
	}
}

// isFamily says whether an object has the keys of a profile of Docker's family. defaultAction
// is enough: every profile needs one.
func isFamily(n *yaml.Node) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "defaultAction" {
			return true
		}
	}
	return false
}

// text returns the profile as JSON, each value in the line that it has in the document,
// so that messages about it have the document's places. Lines before it are empty.
func (h held) text(file string, doc []byte) ([]byte, error) {
	n := h.node
	w := jsonWriter{line: 1, column: 1}
	switch {
	case n.Kind == yaml.MappingNode:
		w.value(n, 0)
		if w.wrong != "" {
			return nil, &DetectError{File: file, Reason: w.wrong}
		}
		return append(w.out, '\n'), nil
	case n.Style&yaml.LiteralStyle != 0:
		return literal(n, doc), nil
	}
	w.to(n.Line, n.Column)
	return append(append(w.out, strings.NewReplacer("\n", " ", "\r", " ").Replace(n.Value)...), '\n'), nil
}

// literal returns the text of a block ("|") in its own lines and columns.
func literal(n *yaml.Node, doc []byte) []byte {
	lines := bytes.SplitAfter(doc, []byte("\n"))
	want := strings.Split(strings.TrimRight(n.Value, "\n"), "\n")
	out := bytes.Repeat([]byte("\n"), n.Line)
	for i, line := range want {
		indent := 0
		if at := n.Line + i; at < len(lines) {
			indent = max(bytes.Index(lines[at], []byte(line)), 0)
		}
		out = append(append(append(out, bytes.Repeat([]byte(" "), indent)...), line...), '\n')
	}
	return out
}
