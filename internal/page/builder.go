// SPDX-License-Identifier: Apache-2.0

package page

import (
	"bytes"

	"github.com/gosieve/sieve/profile"
)

// builder fills a page. Rules and answers that are equal stand in it once.
type builder struct {
	page           *Page
	subject        *Subject
	rules, answers map[string]int
	paths          paths
	spent          int // steps on what calls always get
}

// machine adds what one machine makes of the subject: the filter, and a grid for each ABI.
func (b *builder) machine(index int, m *Machine) {
	out := &machine{Thread: visible(m.Thread), Arch: m.Target.Arch.String(), Caps: m.Target.Caps, Bitmap: hasBitmap(m.Target),
		Other: labelled(m.Target.Arch, m.Policy.BadArch)}
	if m.Target.Kernel != 0 {
		out.Kernel = m.Target.Kernel.String()
	}
	for _, program := range m.Filter {
		out.Programs = append(out.Programs, len(program))
		out.Longest += longest(program)
		out.Trees = append(out.Trees, treeOf(program, m.Target.Arch))
	}
	out.Audit = b.audit(m)
	b.page.Machines = append(b.page.Machines, out)
	for _, a := range m.Policy.Arches {
		g := &grid{builder: b, machine: m, abi: a, kinds: map[string]string{}}
		b.page.ABIs = append(b.page.ABIs, g.build(index))
	}
}

// finding is a diagnostic as the page has it.
func (b *builder) finding(d *profile.Diagnostic) finding {
	f := finding{Severity: d.Severity.String(), Code: string(d.Code), Message: Text(d.Message), Fix: Text(d.Fix),
		Line: d.Place.Line, Column: d.Place.Column, Path: Text(d.Place.Path)}
	f.File = b.file(d.Place.File)
	return f
}

// file is the name of a file that is not the subject's own.
func (b *builder) file(name string) Text {
	if name == b.subject.Name {
		return ""
	}
	return Text(name)
}

// mostSource is how much of a document is shown, in bytes. The largest profile in use has some
// 50 KB; a page of more than a megabyte of text would be slow to open and of no use.
const mostSource = 256 << 10

// source adds the document, line by line.
func (b *builder) source(text []byte) {
	lines := bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
	if len(text) == 0 {
		return
	}
	size := 0
	for i, line := range lines {
		if size += len(line) + 1; size > mostSource {
			b.page.Omitted = len(lines) - i
			return
		}
		b.page.Lines = append(b.page.Lines, Text(bytes.TrimSuffix(line, []byte("\r"))))
	}
}

// addRule is the index of a rule in the page.
func (b *builder) addRule(r rule, key string) int {
	i, ok := b.rules[key]
	if !ok {
		i = len(b.page.Rules)
		b.rules[key] = i
		b.page.Rules = append(b.page.Rules, r)
	}
	return i
}
