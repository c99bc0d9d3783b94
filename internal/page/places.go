// SPDX-License-Identifier: Apache-2.0

package page

import (
	"strconv"

	"github.com/gosieve/sieve/internal/jsontext"
	"github.com/gosieve/sieve/internal/text"
)

// paths are the JSON paths of what stands at a line and a column: a rule of a policy knows its
// place and not its path.
type paths map[[2]int]string

// pathsOf reads a document. One that is no JSON has none.
func pathsOf(doc []byte) paths {
	if len(doc) > mostSource {
		return nil
	}
	root, err := jsontext.Parse(string(doc), 64)
	if err != nil {
		return nil
	}
	p := paths{}
	p.add(root, "", text.NewLines(string(doc)), 4)
	return p
}

// add adds the items of lists, a few levels deep. Rules are items, whatever the dialect.
func (p paths) add(n *jsontext.Node, path string, lines *text.Lines, levels int) {
	if levels == 0 {
		return
	}
	for i, item := range n.Items {
		at := path + "[" + strconv.Itoa(i) + "]"
		line, column := lines.Position(item.From)
		p[[2]int{line, column}] = at
		p.add(item, at, lines, levels-1)
	}
	for i := range n.Members {
		m := &n.Members[i]
		at := jsontext.Key(m.Key)
		if path != "" {
			at = path + "." + at
		}
		p.add(m.Value, at, lines, levels-1)
	}
}
