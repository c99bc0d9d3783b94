// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/artifact"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/profile/lint"
	"github.com/gosieve/sieve/profile/mesos"
	"github.com/gosieve/sieve/profile/spo"
)

// linter looks at files for one target: findings may depend on the machine, the kernel
// and the capabilities.
type linter struct {
	cmd     *cli.Command
	target  profile.Target
	options []profile.Option
	fixed   bool // a document went to standard output

	artifact bool // --for artifact
}

// use reads --for.
func (l *linter) use() error {
	if !l.cmd.IsSet("for") {
		return nil
	}
	if said := l.cmd.String("for"); said != "artifact" {
		return fmt.Errorf("--for: %w", unknownWord("use", said, "artifact"))
	}
	if l.cmd.Bool("fix") {
		return errors.New("lint: --fix and --for exclude each other")
	}
	l.artifact = true
	return nil
}

// asArtifact returns the findings about a file as runtimes see it that pull it from a registry:
// as a document of the OCI format, whatever else would read it.
func (l *linter) asArtifact(in *input) (*linting, error) {
	d, inner, err := in.open(l.cmd, "dialect")
	if err != nil {
		return nil, err
	}
	if d != profile.OCI && d != profile.Docker && d != profile.Podman || !bytes.Equal(inner, in.text) {
		return nil, fmt.Errorf("%s: --for artifact: it is no profile of the OCI format alone: \"sieve convert --to oci\" writes one", in.name)
	}
	one := &linting{name: in.name, text: in.text}
	if in.builtIn {
		one.text = nil
	}
	doc, err := parse(l.cmd, profile.OCI, in.name, in.text)
	if err != nil {
		one.findings, err = lintFailure(nil, in.name, err)
		return one, err
	}
	one.findings = artifact.Lint(doc.Profile(), func() []profile.Diagnostic { return lint.Lint(doc.Profile(), l.target, l.options...) })
	if limits := artifact.Default(); len(in.text) > limits.Size {
		one.findings = append([]profile.Diagnostic{artifact.TooLarge(in.name, len(in.text), limits)}, one.findings...)
	}
	return one, nil
}

// files looks at each file, also after trouble with one: in CI all findings of a run are
// wanted at once. Trouble (a file that cannot be read) comes back as an error; what is wrong
// with a profile is a finding.
func (l *linter) files(names []string) ([]linting, error) {
	var list []linting
	var trouble []error
	for _, name := range names {
		one, err := l.file(name)
		if err != nil {
			trouble = append(trouble, err)
			continue
		}
		list = append(list, *one)
	}
	return list, errors.Join(trouble...)
}

// file returns the findings about one file. With --fix the file is mended first, and the
// findings are about the mended text. A profile inside another document, as a container's
// configuration, is not mended: its edits would have places in a text that is not the
// file's.
func (l *linter) file(name string) (*linting, error) {
	in, err := readInput(l.cmd, name)
	if err != nil {
		return nil, err
	}
	if l.artifact {
		return l.asArtifact(in)
	}
	if in.builtIn {
		return l.builtIn(in)
	}
	text := in.text
	d, inner, err := in.open(l.cmd, "dialect")
	if err != nil {
		return nil, err
	}
	if l.cmd.Bool("fix") {
		if !bytes.Equal(inner, text) {
			return nil, fmt.Errorf("%s: --fix: the profile is not a JSON document of its own: \"sieve convert\" writes one", shown(name))
		}
		if text, err = l.fix(name, text, d); err != nil {
			return nil, err
		}
		inner = text
		inputsOf(l.cmd).replace(shown(name), text)
	}
	one := &linting{name: shown(name), text: text}
	one.findings, err = l.document(d, name, inner)
	return one, err
}

// builtIn returns the findings about Docker's default profile. Nobody can mend its text,
// and what an agent makes of it is of no use, as no agent is given it.
func (l *linter) builtIn(in *input) (*linting, error) {
	if l.cmd.Bool("fix") {
		return nil, errors.New("--fix: docker stands for no file")
	}
	doc, err := in.document(l.cmd, "dialect")
	if err != nil {
		return nil, err
	}
	return &linting{name: in.name, findings: lint.Lint(doc.Profile(), l.target, l.options...)}, nil
}

// input returns the findings about what a name stands for, as file does without --fix.
func (l *linter) input(in *input) ([]profile.Diagnostic, error) {
	if in.builtIn {
		one, err := l.builtIn(in)
		if err != nil {
			return nil, err
		}
		return one.findings, nil
	}
	d, inner, err := in.open(l.cmd, "dialect")
	if err != nil {
		return nil, err
	}
	return l.document(d, in.name, inner)
}

// document returns the findings about a text in a dialect. Documents of docker's form are
// linted as documents, rule by rule. Of other dialects there are the diagnostics of
// resolving them and what can be said of a policy (resolved); Kubernetes files may hold
// several profiles (manifests).
func (l *linter) document(d profile.Dialect, file string, text []byte) ([]profile.Diagnostic, error) {
	name := shown(file)
	if d == profile.SPO {
		options := []profile.ParseOption{profile.File(name)}
		if l.cmd.Bool("strict") {
			options = append(options, profile.Strict)
		}
		return l.manifests(name, text, options)
	}
	doc, err := parse(l.cmd, d, name, text)
	if errors.Is(err, errThread) {
		return nil, err
	}
	if err != nil {
		return lintFailure(nil, name, err)
	}
	if err := answers(l.cmd, doc); err != nil {
		return nil, err
	}
	p := doc.Profile()
	if p == nil {
		return l.resolved(doc, name)
	}
	list := lint.Lint(p, l.target, l.options...)
	// A Mesos agent reads documents of this form, and decides differently by them.
	if d == profile.Docker || d == profile.Podman {
		list = append(list, l.mesos(p, name, text)...)
	}
	slices.SortStableFunc(list, byPlace)
	return list, nil
}

// resolved returns the findings about a document of another dialect when it is resolved.
// Of a document with a filter for each kind of thread all filters are looked at, unless
// --thread names one, and what is said of several is said once.
func (l *linter) resolved(doc *dialect.Document, name string) ([]profile.Diagnostic, error) {
	docs := []*dialect.Document{doc}
	if threads := doc.Threads(); !l.cmd.IsSet("thread") && len(threads) > 0 {
		docs = nil
		for _, name := range threads {
			d, err := doc.Thread(name)
			if err != nil {
				return nil, err
			}
			docs = append(docs, d)
		}
	}
	var all []profile.Diagnostic
	told := map[string]bool{}
	for _, doc := range docs {
		policy, list, err := doc.Resolve(l.target, l.options...)
		if policy != nil {
			// Clip: the diagnostics may be the document's own slice, which append must
			// not write into.
			list = append(slices.Clip(list), lint.Policy(policy, l.options...)...)
		}
		if list, err = lintFailure(list, name, err); err != nil {
			return nil, err
		}
		for _, d := range list {
			if text := d.String(); !told[text] {
				told[text] = true
				all = append(all, d)
			}
		}
	}
	return all, nil
}

// manifests returns the findings about the profiles in a Kubernetes file. A profile that
// is based on another does not have all of its rules here, so findings about missing
// rules are left out (wholeOnly). A finding is dropped if resolving has said the same of
// the same place.
func (l *linter) manifests(name string, text []byte, options []profile.ParseOption) ([]profile.Diagnostic, error) {
	objects, err := spo.All(text, options...)
	if err != nil {
		return lintFailure(nil, name, err)
	}
	var all []profile.Diagnostic
	for _, o := range objects {
		_, list, err := o.Resolve(l.target, l.options...)
		if list, err = lintFailure(list, name, err); err != nil {
			return nil, err
		}
		list = slices.Clip(list)
		for _, d := range lint.Lint(o.Seccomp, l.target, l.options...) {
			if o.Base == "" || !slices.Contains(wholeOnly, d.Code) {
				list = append(list, d)
			}
		}
		for _, d := range list {
			if !slices.ContainsFunc(all, func(o profile.Diagnostic) bool {
				return o.Code == d.Code && o.Place == d.Place && o.Severity >= d.Severity
			}) {
				all = append(all, d)
			}
		}
	}
	slices.SortStableFunc(all, byPlace)
	return all, nil
}

// wholeOnly lists the findings that need all rules of a profile. A new code of that kind
// belongs here, or profiles with a base get false warnings.
var wholeOnly = []profile.Code{"absent-syscall", "fallback-denied", "filters-nothing", "missing-calls", "new-call-denied", "other-name", "runtime-calls"}

// byPlace is the order of the document, in which a reader goes through an editor. The sort
// must be stable: findings without a place share one.
func byPlace(a, b profile.Diagnostic) int {
	return cmp.Or(cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Column, b.Place.Column))
}

// lintFailure turns an error about the document into findings, unless one of them is
// there already. Any other error, as one of the system, is trouble and comes back.
func lintFailure(list []profile.Diagnostic, name string, err error) ([]profile.Diagnostic, error) {
	if err == nil {
		return list, nil
	}
	if slices.ContainsFunc(list, func(d profile.Diagnostic) bool { return d.Severity == profile.Failure }) {
		return list, nil
	}
	var known *profile.Error
	if errors.As(err, &known) {
		return append(append(list, known.Diagnostic), known.Also...), nil
	}
	return nil, fmt.Errorf("%s: %w", name, err)
}

// mesos says what a Mesos agent makes of a document that is written for another tool. It
// has nothing to say where either side cannot be resolved: other findings tell why. The
// agent's message begins with the file's name, which stands in the finding's place
// already and is cut off.
func (l *linter) mesos(p *profile.Profile, name string, text []byte) []profile.Diagnostic {
	d := profile.Diagnostic{Severity: profile.Info, Code: "differs-mesos", Place: profile.Place{File: name}}
	theirs, err := mesos.Parse(text, profile.File(name), document.Native(l.target.Arch))
	var refused *document.Refusal
	if errors.As(err, &refused) {
		_, why, ok := strings.Cut(refused.Message, name+"': ")
		if !ok {
			why = refused.Message
		}
		d.Message = "a Mesos agent refuses the document: " + why
		d.Place = refused.Place
		return []profile.Diagnostic{d}
	}
	if err != nil {
		return nil
	}
	a, _, err := p.Resolve(l.target, l.options...)
	if err != nil {
		return nil
	}
	b, _, err := theirs.Resolve(l.target)
	if err != nil {
		return nil
	}
	return mesosDiffers(d, a, b)
}
