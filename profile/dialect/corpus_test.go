// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/lint"
	"github.com/gosieve/sieve/profile/minijail"
	"github.com/gosieve/sieve/profile/spo"
	"github.com/gosieve/sieve/seccomp/proof"
)

var update = flag.Bool("update", false, "write the golden files anew")

const corpusHead = `# What Sieve makes of every file of the corpus, in the dialect of its folder. One line
# has the file (and the thread or object, where it has several filters), the machine, the
# dialect, and then
#
#   ok, the rules of the policy, the instructions of the filter, and "proved" if that is
#   proved equal to the policy; what resolving says, by code; after "lint", what lint
#   says beyond that; or
#   refused, and why. What is refused whatever the machine is has the machine "any".
#
# The dialect is "oci=docker" where detection finds another than the folder's, which
# decides alike; where it does not, lines with "*" have what the dialect found makes of
# the file. "-" is none found. Codes have their number, if not 1.
`

// TestCorpus resolves, compiles, proves and lints every file of the corpus, with what
// comes of it in testdata/corpus.txt. No file may be left out, and what is refused
// must be refused at a place.
func TestCorpus(t *testing.T) {
	const golden = "testdata/corpus.txt"
	var lines []string
	files := corpus(t)
	for _, f := range files {
		lines = append(lines, f.lines(t)...)
	}
	got := corpusHead + columns(lines)
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o666))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "run: go test ./profile/dialect -run 'TestCorpus$' -update, and read the difference")
	for _, f := range files {
		assert.Contains(t, got, "\n"+f.name+" ", "left out")
	}
	assert.Equal(t, 1+indexed(t), len(files), "the index lists all but itself")
}

// indexed counts the files in the index of the corpus.
func indexed(t *testing.T) int {
	n := 0
	for _, line := range strings.Split(string(shared.Read(t, "data/profiles/CORPUS.md")), "\n") {
		if strings.HasPrefix(line, "| ") && strings.Contains(strings.SplitN(line, "|", 3)[1], "/") {
			n++
		}
	}
	return n - 1 // the heading
}

// corpusFile is a file of the corpus.
type corpusFile struct {
	name string // with its folder
	text []byte
}

// corpus lists all files of the corpus, in order.
func corpus(t testing.TB) []corpusFile {
	var list []corpusFile
	root := filepath.Join(shared.Dir(t), "data/profiles")
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		name, err = filepath.Rel(root, name)
		list = append(list, corpusFile{filepath.ToSlash(name), text})
		return err
	})
	require.NoError(t, err)
	return list
}

// folder is the dialect that a file is meant to have, by where it stands and, in
// folders of several, by its extension; empty for none.
func (f corpusFile) folder() profile.Dialect {
	switch dir, _, _ := strings.Cut(f.name, "/"); dir {
	case "docker", "malformed":
		return profile.Docker
	case "containers-common":
		return profile.Podman
	case "oci", "mesos", "firecracker", "minijail", "spo":
		return profile.Dialect(dir)
	case "k8s", "schema":
		return map[string]profile.Dialect{".json": profile.OCI, ".yaml": profile.SPO, ".container": profile.Systemd}[path.Ext(f.name)]
	}
	return ""
}

// corpusTargets are the machines that documents are resolved for.
var corpusTargets = []arch.Arch{arch.X86_64, arch.AArch64, arch.S390X, arch.RISCV64, arch.MIPS64}

// targets are those that make sense for the file: firecracker's are made for one
// machine, which their names say.
func (f corpusFile) targets() []arch.Arch {
	if f.folder() == profile.Firecracker {
		for _, a := range corpusTargets {
			if strings.Contains(f.name, a.String()) {
				return []arch.Arch{a}
			}
		}
	}
	return corpusTargets
}

// parse reads the file, and finds what it includes beside it.
func (f corpusFile) parse(t testing.TB, n profile.Dialect) (*Document, error) {
	include := func(name string) ([]byte, error) {
		return os.ReadFile(filepath.Join(shared.Dir(t), "data/profiles", path.Dir(f.name), strings.ReplaceAll(strings.TrimPrefix(name, "./"), "/", "-")))
	}
	return Parse(f.text, profile.In(n), minijail.Include(include), profile.File(path.Base(f.name)))
}

// reading is the file in a dialect.
type fileReading struct {
	file  corpusFile
	label string // the dialect, as the table has it
	parts []part
	err   error
}

// part is a document; the only one has no name.
type part struct {
	name     string
	document *Document
}

func (f corpusFile) read(t testing.TB, n profile.Dialect) *fileReading {
	r := &fileReading{file: f, label: string(n)}
	d, err := f.parse(t, n)
	if objects, several := spo.All(f.text, profile.File(path.Base(f.name))); n == profile.SPO && several == nil && len(objects) > 1 {
		for _, p := range objects {
			p, err := p.Unite(func(name string) (*spo.Profile, error) {
				i := slices.IndexFunc(objects, func(o *spo.Profile) bool { return o.Name == name })
				require.GreaterOrEqual(t, i, 0, name)
				return objects[i], nil
			})
			require.NoError(t, err, f.name)
			r.parts = append(r.parts, part{p.Name, &Document{document.Registered(profile.SPO), p}})
		}
		return r
	}
	for _, thread := range d.Threads() {
		one, err := d.Thread(thread)
		require.NoError(t, err)
		r.parts = append(r.parts, part{thread, one})
	}
	if r.parts != nil {
		return r
	}
	r.parts, r.err = []part{{document: d}}, err
	return r
}

// lines are those of the table about a file.
func (f corpusFile) lines(t *testing.T) []string {
	folder := f.folder()
	found, unknown := detectText(path.Base(f.name), f.text)
	if folder == "" {
		require.Error(t, unknown, "%s is in no folder of a dialect, but detected as %s", f.name, found)
		return []string{row(f.name, "any", "-", "refused: "+unknown.Error())}
	}
	own := f.read(t, folder)
	if unknown != nil {
		own.label += "=-"
		return append(own.lines(t), row(f.name, "any", "-*", "refused: "+unknown.Error()))
	}
	if found == folder {
		return own.lines(t)
	}
	other := f.read(t, found)
	if own.alike(other) {
		own.label += "=" + string(found)
		return own.lines(t)
	}
	other.label += "*"
	return append(own.lines(t), other.lines(t)...)
}

// alike says whether two readings decide alike on all targets.
func (r *fileReading) alike(o *fileReading) bool {
	if r.err != nil || o.err != nil || len(r.parts) != len(o.parts) {
		return false
	}
	for i := range r.parts {
		for _, a := range r.file.targets() {
			p, _, first := r.parts[i].document.Resolve(corpusTarget(a))
			q, _, second := o.parts[i].document.Resolve(corpusTarget(a))
			if first != nil || second != nil || !equalRules(p, q) {
				return false
			}
		}
	}
	return true
}

func corpusTarget(a arch.Arch) profile.Target {
	return profile.Target{Arch: a, Kernel: arch.Newest, Caps: profile.DockerCaps()}
}

func (r *fileReading) lines(t *testing.T) []string {
	if r.err != nil {
		return []string{row(r.file.name, "any", r.label, r.refused(t, r.err))}
	}
	var lines []string
	for _, p := range r.parts {
		name := strings.TrimSuffix(r.file.name+" "+p.name, " ")
		var outcomes []string
		for _, a := range r.file.targets() {
			outcomes = append(outcomes, r.outcome(t, p.document, a))
		}
		if strings.HasPrefix(outcomes[0], "refused") && len(slices.Compact(slices.Clone(outcomes))) == 1 {
			lines = append(lines, row(name, "any", r.label, outcomes[0]))
			continue
		}
		for i, a := range r.file.targets() {
			lines = append(lines, row(name, a.String(), r.label, outcomes[i]))
		}
	}
	return lines
}

// outcome is what becomes of a document for a machine.
func (r *fileReading) outcome(t *testing.T, d *Document, a arch.Arch) string {
	policy, said, err := d.Resolve(corpusTarget(a))
	if err != nil {
		return r.refused(t, err)
	}
	filter, err := policy.Compile()
	require.NoError(t, err, r.file.name)
	require.NoError(t, proof.Prove(filter, policy), r.file.name)
	instructions := 0
	for _, program := range filter {
		instructions += len(program)
	}
	resolved := tally(t, said)
	text := fmt.Sprintf("ok %3d rules %4d instructions proved", len(policy.Rules), instructions) + counted(" ", resolved)
	linted := linted(d)
	if linted == nil {
		return text
	}
	more := tally(t, lint.Lint(linted, corpusTarget(a)))
	for c, n := range resolved {
		if more[c] -= n; more[c] <= 0 {
			delete(more, c)
		}
	}
	return text + counted(" lint ", more)
}

// linted is the profile that package profile lints, nil in other dialects.
func linted(d *Document) *profile.Profile {
	switch d := d.read.(type) {
	case *profile.Profile:
		return d
	case *spo.Profile:
		return d.Seccomp
	}
	return nil
}

// tally counts diagnostics by code, all of which have a meaning.
func tally(t *testing.T, list []profile.Diagnostic) map[profile.Code]int {
	n := map[profile.Code]int{}
	for _, d := range list {
		assert.NotEmpty(t, meaningOf(d.Code), d)
		n[d.Code]++
	}
	return n
}

// meaningOf is what a code of any dialect stands for.
func meaningOf(c profile.Code) string { return Codes()[c] }

// counted are the codes in order, each with its number.
func counted(before string, n map[profile.Code]int) string {
	var list []string
	for _, c := range slices.Sorted(maps.Keys(n)) {
		text := string(c)
		if n[c] != 1 {
			text += fmt.Sprint(" ", n[c])
		}
		list = append(list, text)
	}
	if list == nil {
		return ""
	}
	return before + strings.Join(list, ", ")
}

// refused says why a document is refused, which must be at a place in it.
func (r *fileReading) refused(t *testing.T, err error) string {
	var place profile.Place
	var code profile.Code
	var own *profile.Error
	if errors.As(err, &own) {
		place, code = own.Place, own.Code
	} else {
		t.Errorf("%s as %s: %T is no error with a place: %v", r.file.name, r.label, err, err)
	}
	assert.NotEmpty(t, place.File, err)     // this one or one that it includes
	if !errors.Is(err, profile.ErrTarget) { // which is no matter of the document
		assert.Positive(t, place.Line, err)
		assert.Positive(t, place.Column, err)
	}
	assert.NotEmpty(t, meaningOf(code), err)
	text := strings.ReplaceAll(err.Error(), "\n", " ")
	if agent := (*document.Refusal)(nil); errors.As(err, &agent) { // whose text has no place
		text = fmt.Sprintf("%d:%d: %s", place.Line, place.Column, text)
	}
	return fmt.Sprintf("refused (%s): %s", code, text)
}

const cell = "\x00"

func row(cells ...string) string { return strings.Join(cells, cell) }

// columns aligns all cells but the last.
func columns(lines []string) string {
	var wide [3]int
	for _, l := range lines {
		for i, c := range strings.SplitN(l, cell, 4)[:3] {
			wide[i] = max(wide[i], len(c))
		}
	}
	var b strings.Builder
	for _, l := range lines {
		c := strings.SplitN(l, cell, 4)
		fmt.Fprintf(&b, "%-*s  %-*s  %-*s  %s\n", wide[0], c[0], wide[1], c[1], wide[2], c[2], c[3])
	}
	return b.String()
}
