// SPDX-License-Identifier: Apache-2.0

package page

import (
	"crypto/sha256"
	_ "embed" // the skeleton, the style and the script
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"
)

//go:embed assets/page.html
var skeleton string

//go:embed assets/page.css
var style string

//go:embed assets/page.js
var script string

// Write writes the page. Every mark of the skeleton, {{name}}, is replaced by one thing.
func (p *Page) Write(w io.Writer) error {
	model, err := json.Marshal(p) // which escapes <, > and &
	if err != nil {
		return err
	}
	var b strings.Builder
	rest := skeleton
	for {
		before, after, ok := strings.Cut(rest, "{{")
		b.WriteString(before)
		if !ok {
			break
		}
		name, after, _ := strings.Cut(after, "}}")
		switch name {
		case "title":
			b.WriteString(escaped(visible(string(p.Name))))
		case "style":
			b.WriteString(style)
		case "script":
			b.WriteString(script)
		case "style-hash":
			b.WriteString(hash(style))
		case "script-hash":
			b.WriteString(hash(script))
		case "model":
			b.Write(model)
		case "plain":
			p.plain(&b)
		}
		rest = after
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// escaped is a text for a place between tags. Package html would bring its table of two thousand
// entities along, 70 KB.
func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;").Replace(s)
}

// hash is the SHA-256 of a text as a Content-Security-Policy has it. A browser runs no other script.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// plain writes the calls as a table, for where no script runs.
func (p *Page) plain(b *strings.Builder) {
	for _, a := range p.ABIs {
		b.WriteString("<table><caption>")
		m := p.Machines[a.Machine]
		b.WriteString(escaped(strings.TrimSpace(a.Name + " " + m.Thread)))
		if a.Name != m.Arch {
			b.WriteString(escaped(" on " + m.Arch))
		}
		b.WriteString("</caption><thead><tr><th scope=\"col\">answer<th scope=\"col\">calls</thead><tbody>")
		for _, kind := range kinds {
			var names []string
			for i := range a.Calls {
				if p.Answers[a.Calls[i].Answer].Kind == kind.name {
					names = append(names, a.Calls[i].Name)
				}
			}
			if len(names) == 0 {
				continue
			}
			b.WriteString("<tr><th scope=\"row\">")
			b.WriteString(escaped(kind.words))
			b.WriteString("<td>")
			b.WriteString(escaped(strings.Join(names, " ")))
		}
		b.WriteString("</tbody></table>")
	}
}
