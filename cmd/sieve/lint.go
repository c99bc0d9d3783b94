// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/profile/mesos"
	"github.com/gosieve/sieve/profile/spo"
	"github.com/urfave/cli/v3"
)

func lintCommand() *cli.Command {
	auto := dialectFlag().(*cli.StringFlag)
	auto.Value = "auto"
	flags := []cli.Flag{
		auto,
		&cli.StringFlag{Name: "format", Value: "text", Usage: "write `FORMAT`: text, json, or sarif (2.1.0) for code scanning"},
		&cli.StringFlag{Name: "severity", Value: "info", Usage: "show findings of this `SEVERITY` and worse: info, warning or error"},
		&cli.StringFlag{Name: "fail-on", Value: "warning", Usage: "exit with status 1 on findings of this `SEVERITY` and worse: info, warning or error"},
		&cli.BoolFlag{Name: "fix", Usage: "mend what is mechanical in the files, and say what is left; for - write the document to standard output"},
		&cli.BoolFlag{Name: "unsafe", Usage: "with --fix: mend what changes the meaning too, such as swapped operands"},
	}
	return &cli.Command{
		Name:      "lint",
		Usage:     "say what is wrong with profiles, and what other tools make of them",
		ArgsUsage: "FILE|-|docker...",
		Description: `The dialect is told by what a file holds, unless --dialect says. A finding stands
as file:line:column: severity: message (code); docs/lint.md lists the codes. The
exit status is 0 if there is nothing above info (--fail-on), 1 if there is, and 2
for trouble.

--fix keeps order and formatting. It changes nothing that a program under the
filter could notice, which is proved for the target and for every machine of
archMap, with all capabilities and with none.

Examples:
  sieve lint profile.json
  sieve lint --severity warning --arch arm64 *.json
  sieve lint --format sarif profiles/*.json > sieve.sarif
  sieve lint --fix profile.json`,
		Flags:  append(flags, policyFlags()[2:]...),
		Action: lint,
	}
}

// linting is what is said of one file.
type linting struct {
	name     string // as places have it
	text     []byte // nil for Docker's default
	findings []profile.Diagnostic
}

func lint(_ context.Context, cmd *cli.Command) error {
	if !cmd.Args().Present() {
		return errors.New("lint: want a FILE")
	}
	least, err := severityOf(cmd, "severity")
	if err != nil {
		return err
	}
	fail, err := severityOf(cmd, "fail-on")
	if err != nil {
		return err
	}
	write, err := lintFormat(cmd)
	if err != nil {
		return err
	}
	l := linter{cmd: cmd}
	if l.target, err = target(cmd); err != nil {
		return err
	}
	if l.options, err = resolveOptions(cmd, l.target); err != nil {
		return err
	}
	list, trouble := l.files(cmd.Args().Slice())
	worst := profile.Severity(0)
	for i := range list {
		for _, d := range list[i].findings {
			worst = max(worst, d.Severity)
		}
		list[i].findings = slices.DeleteFunc(list[i].findings, func(d profile.Diagnostic) bool { return d.Severity < least })
	}
	out := cmd.Root().Writer
	if l.fixed {
		out = cmd.Root().ErrWriter // the document has standard output
	}
	if err := write(out, list); err != nil {
		return err
	}
	switch {
	case trouble != nil:
		return trouble
	case worst >= fail:
		return &statusError{statusNo, nil}
	}
	return nil
}

// severityOf is the severity that a flag says.
func severityOf(cmd *cli.Command, flag string) (profile.Severity, error) {
	said := cmd.String(flag)
	for s := profile.Info; s <= profile.Failure; s++ {
		if s.String() == said {
			return s, nil
		}
	}
	return 0, fmt.Errorf("--%s: unknown severity %q, want info, warning or error", flag, said)
}

func lintFormat(cmd *cli.Command) (func(io.Writer, []linting) error, error) {
	switch format := cmd.String("format"); format {
	case "text":
		return lintText, nil
	case "json":
		return lintJSON, nil
	case "sarif":
		return lintSARIF, nil
	default:
		return nil, fmt.Errorf("--format: unknown format %q, want text, json or sarif", format)
	}
}

// linter looks at files for one target.
type linter struct {
	cmd     *cli.Command
	target  profile.Target
	options []profile.Option
	fixed   bool // a document went to standard output
}

// files looks at each file, also after trouble with one.
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

func (l *linter) file(name string) (*linting, error) {
	if name == "docker" {
		if l.cmd.Bool("fix") {
			return nil, errors.New("--fix: docker stands for no file")
		}
		p := profile.DockerDefault()
		return &linting{name: "docker-default.json", findings: p.Lint(l.target, l.options...)}, nil
	}
	text, err := readFile(l.cmd, name)
	if err != nil {
		return nil, err
	}
	d, err := dialectOf(l.cmd, "dialect", name, text)
	var unknown *dialect.DetectError
	if errors.As(err, &unknown) && unknown.Candidates == nil && filepath.Ext(name) == ".json" {
		d, err = dialect.Docker, nil // which says where it stops to be JSON
	}
	if err != nil {
		return nil, err
	}
	if l.cmd.Bool("fix") {
		if text, err = l.fix(name, text, d); err != nil {
			return nil, err
		}
	}
	one := &linting{name: shown(name), text: text}
	one.findings, err = l.document(d, one.name, text)
	return one, err
}

// document is what is said of a text.
func (l *linter) document(d dialect.Name, name string, text []byte) ([]profile.Diagnostic, error) {
	options := []profile.ParseOption{profile.File(name)}
	if l.cmd.Bool("strict") {
		options = append(options, profile.Strict)
	}
	if d == dialect.SPO {
		return l.manifests(name, text, options)
	}
	doc, err := dialect.Parse(d, text, options...)
	if err != nil {
		return lintFailure(nil, name, err)
	}
	if l.cmd.IsSet("thread") {
		if err := dialect.SetThread(doc, l.cmd.String("thread")); err != nil {
			return nil, fmt.Errorf("--thread: %w", err)
		}
	}
	if err := answers(l.cmd, doc); err != nil {
		return nil, err
	}
	p, ok := doc.(*profile.Profile)
	if !ok {
		return l.resolved(doc, name)
	}
	list := p.Lint(l.target, l.options...)
	if d == dialect.Docker || d == dialect.Podman {
		list = append(list, l.mesos(p, name, text)...)
	}
	slices.SortStableFunc(list, byPlace)
	return list, nil
}

// resolved is what is said of a document of another dialect when it is resolved, each
// of its filters if it has several.
func (l *linter) resolved(doc dialect.Document, name string) ([]profile.Diagnostic, error) {
	threads := []string{""}
	if several, ok := doc.(interface{ Threads() []string }); ok && !l.cmd.IsSet("thread") && len(several.Threads()) > 0 {
		threads = several.Threads()
	}
	var all []profile.Diagnostic
	for _, thread := range threads {
		if thread != "" {
			if err := dialect.SetThread(doc, thread); err != nil {
				return nil, err
			}
		}
		policy, list, err := doc.Resolve(l.target, l.options...)
		if policy != nil {
			list = append(slices.Clip(list), profile.LintPolicy(policy)...)
		}
		if list, err = lintFailure(list, name, err); err != nil {
			return nil, err
		}
		for _, d := range list {
			if !slices.ContainsFunc(all, func(o profile.Diagnostic) bool { return o.String() == d.String() }) {
				all = append(all, d)
			}
		}
	}
	return all, nil
}

// manifests is what is said of the profiles in a Kubernetes file. One that is based on
// another has not all of its rules here.
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
		for _, d := range o.Seccomp.Lint(l.target, l.options...) {
			if o.Base == "" || d.Code != "missing-calls" && d.Code != "new-call-denied" && d.Code != "absent-syscall" {
				list = append(list, d)
			}
		}
		for _, d := range list {
			if !slices.ContainsFunc(all, func(o profile.Diagnostic) bool { return o.Code == d.Code && o.Place == d.Place && o.Severity >= d.Severity }) {
				all = append(all, d)
			}
		}
	}
	slices.SortStableFunc(all, byPlace)
	return all, nil
}

// byPlace is the order of a document.
func byPlace(a, b profile.Diagnostic) int {
	return cmp.Or(cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Column, b.Place.Column))
}

// lintFailure adds an error about the document to what is said of it, unless it is
// there. Any other error is trouble.
func lintFailure(list []profile.Diagnostic, name string, err error) ([]profile.Diagnostic, error) {
	if err == nil {
		return list, nil
	}
	if slices.ContainsFunc(list, func(d profile.Diagnostic) bool { return d.Severity == profile.Failure }) {
		return list, nil
	}
	var known *profile.Error
	var refused *mesos.Error
	switch {
	case errors.As(err, &known):
		return append(list, known.Diagnostic), nil
	case errors.As(err, &refused):
		return append(list, profile.Diagnostic{Severity: profile.Failure, Code: mesos.Refused, Message: refused.Message, Place: refused.Place, Fix: refused.Fix}), nil
	}
	return nil, fmt.Errorf("%s: %w", name, err)
}

// mesos says what a Mesos agent makes of a document that is written for another
// tool.
func (l *linter) mesos(p *profile.Profile, name string, text []byte) []profile.Diagnostic {
	d := profile.Diagnostic{Severity: profile.Info, Code: "differs-mesos", Place: profile.Place{File: name}}
	theirs, err := mesos.Parse(name, text, l.target.Arch)
	var refused *mesos.Error
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

// lintText writes findings for people.
func lintText(w io.Writer, list []linting) error {
	paint := func(_ profile.Severity, s string) string { return s }
	if isTerminal(w) && colour() {
		paint = painted
	}
	var b bytes.Buffer
	var counts [profile.Failure + 1]int
	for _, one := range list {
		for _, d := range one.findings {
			counts[d.Severity]++
			fmt.Fprintf(&b, "%s: %s: %s (%s)\n", printable(origin(d.Place)), paint(d.Severity, d.Severity.String()), printable(d.Message), d.Code)
			if d.Fix != "" {
				fmt.Fprintf(&b, "\tfix: %s\n", printable(d.Fix))
			}
		}
	}
	fmt.Fprintf(&b, "%s: %s, %s, %s\n", counted(len(list), "file"), counted(counts[profile.Failure], "error"),
		counted(counts[profile.Warning], "warning"), counted(counts[profile.Info], "note"))
	_, err := w.Write(b.Bytes())
	return err
}

// printable keeps what someone wrote in a document from driving the terminal.
func printable(s string) string {
	var b strings.Builder
	for _, c := range s {
		if unicode.IsControl(c) {
			fmt.Fprintf(&b, "\\u%04x", c)
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

// origin is a place as editors read it; without a line, the path in the document.
func origin(p profile.Place) string {
	if p.Line == 0 {
		return p.String()
	}
	p.Path = ""
	return p.String()
}

func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// painted is a severity as a terminal shows it.
func painted(s profile.Severity, text string) string {
	return map[profile.Severity]string{profile.Failure: "\x1b[31m", profile.Warning: "\x1b[33m", profile.Info: "\x1b[36m"}[s] + text + "\x1b[0m"
}

// joined are words in one line, of those that are alike one.
func joined(words []string) string {
	slices.Sort(words)
	return strings.Join(slices.Compact(words), ", ")
}
