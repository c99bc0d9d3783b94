// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"
)

// A line is one instruction or directive, after the preprocessor.
type line struct {
	text string
	file string
	nr   int
}

// macro is a #define. Params is nil for one without parameters.
type macro struct {
	params []string
	body   string
}

// preprocessor does what Go's assembler does before it parses: includes, definitions,
// conditions, comments.
type preprocessor struct {
	folders []string // where includes are looked up
	macros  map[string]macro
	skip    []bool // a condition that does not hold, by depth
	lines   []line
	depth   int
}

// file reads a file into lines.
func (p *preprocessor) file(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if p.depth++; p.depth > 20 {
		return fmt.Errorf("%s: #include does not end", name)
	}
	defer func() { p.depth-- }()
	nr := 0
	comment := false
	rest := strings.Split(string(text), "\n")
	for len(rest) > 0 {
		nr++
		start := nr
		l := strings.TrimSuffix(rest[0], "\r")
		rest = rest[1:]
		for strings.HasSuffix(l, `\`) && len(rest) > 0 {
			nr++
			l = strings.TrimSuffix(strip(strings.TrimSuffix(l, `\`), &comment), `\`) + "\n" + strings.TrimSuffix(rest[0], "\r")
			rest = rest[1:]
		}
		l = strip(l, &comment)
		if t := strings.TrimSpace(l); strings.HasPrefix(t, "#") {
			if err := p.directive(name, t[1:]); err != nil {
				return fmt.Errorf("%s:%d: %w", name, start, err)
			}
			continue
		}
		if !p.skipping() {
			if err := p.emit(name, start, l); err != nil {
				return fmt.Errorf("%s:%d: %w", name, start, err)
			}
		}
	}
	return nil
}

// skipping says whether a condition does not hold.
func (p *preprocessor) skipping() bool {
	for _, s := range p.skip {
		if s {
			return true
		}
	}
	return false
}

// directive carries out a line that begins with "#".
func (p *preprocessor) directive(file, text string) error {
	text = strings.TrimSpace(text)
	word, rest := text, ""
	if i := strings.IndexFunc(text, func(r rune) bool { return !identifier(r) }); i >= 0 {
		word, rest = text[:i], strings.TrimSpace(text[i:])
	}
	switch word {
	case "ifdef", "ifndef":
		_, defined := p.macros[rest]
		p.skip = append(p.skip, defined != (word == "ifdef"))
		return nil
	case "else":
		if len(p.skip) == 0 {
			return errors.New("#else without #ifdef")
		}
		p.skip[len(p.skip)-1] = !p.skip[len(p.skip)-1]
		return nil
	case "endif":
		if len(p.skip) == 0 {
			return errors.New("#endif without #ifdef")
		}
		p.skip = p.skip[:len(p.skip)-1]
		return nil
	}
	if p.skipping() {
		return nil
	}
	switch word {
	case "define":
		return p.define(rest)
	case "undef":
		delete(p.macros, rest)
		return nil
	case "include":
		return p.include(file, strings.Trim(rest, `"<>`))
	case "line", "pragma", "":
		return nil
	}
	return fmt.Errorf("directive #%s is unknown", word)
}

// define notes a macro: NAME body, or NAME(a, b) body.
func (p *preprocessor) define(text string) error {
	end := strings.IndexFunc(text, func(r rune) bool { return !identifier(r) })
	if end < 0 {
		end = len(text)
	}
	name, body := text[:end], text[end:]
	if name == "" {
		return errors.New("#define without a name")
	}
	m := macro{}
	if strings.HasPrefix(body, "(") {
		params, after, ok := strings.Cut(body[1:], ")")
		if !ok {
			return fmt.Errorf("#define %s: no end of its parameters", name)
		}
		m.params = []string{}
		for param := range strings.SplitSeq(params, ",") {
			if param = strings.TrimSpace(param); param != "" {
				m.params = append(m.params, param)
			}
		}
		body = after
	}
	m.body = strings.TrimSpace(body)
	p.macros[name] = m
	return nil
}

// include reads another file. The compiler writes go_asm.h, which holds no more than
// sizes and constants of the package.
func (p *preprocessor) include(from, name string) error {
	if name == "go_asm.h" {
		return nil
	}
	for _, folder := range append([]string{filepath.Dir(from)}, p.folders...) {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if _, err := os.Stat(file); err == nil {
			return p.file(file)
		}
	}
	return fmt.Errorf("#include %q: no such file", name)
}

// emit appends the instructions of a line, its macros expanded.
func (p *preprocessor) emit(file string, nr int, text string) error {
	text, err := p.expand(text, 0)
	if err != nil {
		return err
	}
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == '\n' }) {
		if part = strings.TrimSpace(part); part != "" {
			p.lines = append(p.lines, line{part, file, nr})
		}
	}
	return nil
}

// expand replaces macros in a text, and in what they stand for.
func (p *preprocessor) expand(text string, depth int) (string, error) {
	if depth > 50 {
		return "", errors.New("a macro stands for itself")
	}
	var b strings.Builder
	for text != "" {
		start := strings.IndexFunc(text, identifier)
		if start < 0 {
			b.WriteString(text)
			break
		}
		b.WriteString(text[:start])
		text = text[start:]
		end := strings.IndexFunc(text, func(r rune) bool { return !identifier(r) })
		if end < 0 {
			end = len(text)
		}
		word := text[:end]
		text = text[end:]
		m, ok := p.macros[word]
		if !ok || m.params != nil && !strings.HasPrefix(strings.TrimLeft(text, " \t"), "(") {
			b.WriteString(word)
			continue
		}
		body := m.body
		if m.params != nil {
			args, rest, err := arguments(strings.TrimLeft(text, " \t"))
			if err != nil || len(args) != len(m.params) && !(len(m.params) == 0 && len(args) == 1 && args[0] == "") {
				return "", fmt.Errorf("macro %s wants %d arguments", word, len(m.params))
			}
			text = rest
			body = substitute(body, m.params, args)
		}
		expanded, err := p.expand(body, depth+1)
		if err != nil {
			return "", err
		}
		b.WriteString(expanded)
	}
	return b.String(), nil
}

// arguments splits "(a, b(c), d) rest".
func arguments(text string) (args []string, rest string, err error) {
	depth, start := 0, 1
	for i, r := range text {
		switch {
		case r == '(':
			depth++
		case r == ')':
			if depth--; depth == 0 {
				return append(args, strings.TrimSpace(text[start:i])), text[i+1:], nil
			}
		case r == ',' && depth == 1:
			args = append(args, strings.TrimSpace(text[start:i]))
			start = i + 1
		}
	}
	return nil, "", errors.New("no end of the arguments")
}

// substitute puts arguments in the place of parameters.
func substitute(body string, params, args []string) string {
	var b strings.Builder
	for body != "" {
		end := strings.IndexFunc(body, func(r rune) bool { return !identifier(r) })
		switch {
		case end == 0:
			end = strings.IndexFunc(body, identifier)
			if end < 0 {
				end = len(body)
			}
			b.WriteString(body[:end])
		default:
			if end < 0 {
				end = len(body)
			}
			word := body[:end]
			for i, param := range params {
				if param == word && i < len(args) {
					word = args[i]
					break
				}
			}
			b.WriteString(word)
		}
		body = body[end:]
	}
	return b.String()
}

// identifier says whether a rune is part of a name. Go's assembler writes the dot and the
// slash of import paths with letters of their own.
func identifier(r rune) bool {
	return r == '_' || r == '·' || r == '∕' || r == '\u2215' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// strip removes comments. Open tells of one that goes on in the next line.
func strip(text string, open *bool) string {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case *open:
			if strings.HasPrefix(text[i:], "*/") {
				*open = false
				i++
				b.WriteByte(' ')
			}
		case quoted:
			b.WriteByte(text[i])
			if text[i] == '\\' && i+1 < len(text) {
				i++
				b.WriteByte(text[i])
			} else if text[i] == '"' {
				quoted = false
			}
		case strings.HasPrefix(text[i:], "//"):
			if end := strings.IndexByte(text[i:], '\n'); end >= 0 {
				i += end - 1
				continue
			}
			return b.String()
		case strings.HasPrefix(text[i:], "/*"):
			*open = true
			i++
		default:
			quoted = text[i] == '"'
			b.WriteByte(text[i])
		}
	}
	return b.String()
}
