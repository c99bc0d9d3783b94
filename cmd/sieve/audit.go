// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/audit"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// audit asks a profile or filter the questions of package audit, and writes the answers in one
// of three formats: text for people and JSON (answers.go), and SARIF for code scanning (sarif.go).
//
// An answer is about the filter alone. It is closed only if that was proved, for every ABI that
// the machine may run.
func auditCommand() *cli.Command {
	flags := []*cli.Flag{
		{Name: "format", Value: "text", Usage: "write `FORMAT`: text, json, or sarif (2.1.0) for code scanning"},
		{Name: "require", Kind: cli.List, Usage: "exit with status 1 unless these `QUESTIONS`, or all, are closed"},
		{Name: "close", Kind: cli.List, Usage: "write the profile that closes these `QUESTIONS`, or all, for merge --intersect"},
		{Name: "list", Kind: cli.Bool, Usage: "show the questions, with reasons and references"},
	}
	return &cli.Command{
		Name:      "audit",
		Usage:     "say which known attacks a profile or filter leaves open",
		ArgsUsage: "PROFILE|FILTER|-|docker",
		Description: `Asks questions such as "can it make user namespaces?" and answers each by proof:
closed, if no call of that kind gets through on any ABI that the machine may run;
reached, with a call that does, the rule that lets it, and the rules that would
close the question; supervised, if the kernel asks somebody else (USER_NOTIF,
TRACE); undecided, if the proof met its limits.

The answers are about the filter alone: the kernel may still want a capability.
The exit status is 0, and 2 for trouble or an undecided answer. With --require it
is 1 if a question of the list is reached or supervised. docs/audit.md has more.

Examples:
  sieve audit docker
  sieve audit --cap CAP_SYS_ADMIN --format json docker
  sieve audit --require user-namespaces,bpf,io-uring profile.json
  sieve audit --list
  sieve audit --close tiocsti profile.json > close.json`,
		Flags:  slices.Concat(flags, policyFlags()[1:], pidFlags(), []*cli.Flag{effortFlag()}), // no --profile
		Action: auditSubject,
	}
}

// auditSubject answers all questions, whatever --require names: a gate that fails should say
// what else there is.
func auditSubject(ctx context.Context, cmd *cli.Command) error {
	write, err := auditFormat(cmd)
	if err != nil {
		return err
	}
	required, err := questionsOf(cmd, "require")
	if err != nil {
		return err
	}
	closing, err := questionsOf(cmd, "close")
	if err != nil {
		return err
	}
	if cmd.Bool("list") {
		if cmd.Args().Present() || cmd.IsSet("require") || cmd.IsSet("close") || cmd.IsSet("pid") {
			return errors.New("audit: --list is of no profile, and stands alone or with --format")
		}
		return listQuestions(cmd)
	}
	if cmd.IsSet("close") && (cmd.IsSet("require") || cmd.IsSet("format")) {
		return errors.New("audit: --close writes a profile: it excludes --require and --format")
	}
	a, err := newAudited(ctx, cmd)
	if err != nil {
		return err
	}
	a.required = required
	a.answers = audit.Ask(a.subject, a.native, audit.Questions(), within(ctx, cmd))
	if cmd.IsSet("close") {
		return a.close(cmd.Root().Writer, closing)
	}
	if err := write(cmd.Root().Writer, a); err != nil {
		return err
	}
	return a.status()
}

// auditFormat is the writer for --format. An unknown format is refused before a file is read.
func auditFormat(cmd *cli.Command) (func(io.Writer, *audited) error, error) {
	switch format := cmd.String("format"); format {
	case "text":
		return answersText, nil
	case "json":
		return answersJSON, nil
	case "sarif":
		return answersSARIF, nil
	default:
		return nil, fmt.Errorf("--format: %w", unknownWord("format", format, "text", "json", "sarif"))
	}
}

// questionIDs are those that --require and --close take, in the order of the table.
func questionIDs() []string {
	var list []string
	for _, q := range audit.Questions() {
		list = append(list, q.ID)
	}
	return list
}

// questionsOf are the IDs of questions that a flag lists, or all of them. A list with nothing
// in it, as of a variable that is not set, is refused: the gate would let everything pass.
func questionsOf(cmd *cli.Command, flag string) ([]string, error) {
	var list []string
	for _, id := range cmd.Strings(flag) {
		id = strings.TrimSpace(id)
		switch _, known := audit.Find(id); {
		case id == "all":
			return questionIDs(), nil
		case id == "":
		case !known:
			return nil, fmt.Errorf("--%s: unknown question %q%s \"sieve audit --list\" shows all", flag, id, before(didYouMean(id, questionIDs())))
		default:
			list = append(list, id)
		}
	}
	if cmd.IsSet(flag) && list == nil {
		return nil, fmt.Errorf("--%s: want QUESTIONS, or all: \"sieve audit --list\" shows them", flag)
	}
	return list, nil
}

// audited is what was asked and the answers.
type audited struct {
	in       *input
	native   arch.Arch
	policy   *seccomp.Policy // nil for a filter
	archMap  bool            // the document has one
	subject  *audit.Subject
	required []string
	answers  []audit.Answer
}

// newAudited reads what the argument or --pid names. If there is no file of that name, there may
// be a stack of filters, NAME.0, NAME.1 and so on.
func newAudited(ctx context.Context, cmd *cli.Command) (*audited, error) {
	t, err := target(cmd)
	if err != nil {
		return nil, err
	}
	pid, ok := pidOf(cmd)
	switch n := cmd.Args().Len(); {
	case ok && n != 0:
		return nil, errors.New("audit: want no profile or filter beside --pid")
	case !ok && n != 1:
		return nil, errors.New("audit: want one profile or filter")
	case ok:
		f, err := seccomp.Installed(ctx, pid)
		return &audited{in: &input{name: fmt.Sprintf("process %d", pid)}, native: t.Arch, subject: audit.Of(f)}, err
	}
	name := cmd.Args().First()
	in, err := readInput(cmd, name)
	a := &audited{in: in, native: t.Arch}
	var f seccomp.Filter
	switch {
	case errors.Is(err, fs.ErrNotExist):
		a.in = &input{name: shown(name)}
		f, err = readStack(cmd, name)
	case err != nil:
		return nil, err
	case filterLike(in.text):
		f, err = decodeFilter(cmd, name, in.text)
	default:
		return a, a.resolve(cmd, t)
	}
	a.subject = audit.Of(f)
	return a, err
}

// resolve makes the document's policy the subject.
func (a *audited) resolve(cmd *cli.Command, t profile.Target) error {
	a.in.wants = "a profile or a raw filter"
	doc, err := a.in.document(cmd, "dialect")
	if err != nil {
		return err
	}
	p := doc.Profile()
	a.archMap = p != nil && len(p.ArchMap) > 0
	a.policy, err = resolve(cmd, doc, t)
	a.subject = audit.Of(a.policy)
	return err
}

// requires says whether --require names a question.
func (a *audited) requires(q *audit.Question) bool { return slices.Contains(a.required, q.ID) }

// status is the exit status, and why. What is required must be closed by the kernel alone: a
// supervisor may let a call run, and nothing here knows it.
func (a *audited) status() error {
	var no, undecided []string
	var why error
	for i := range a.answers {
		answer := &a.answers[i]
		id := answer.Question.ID
		if a.required != nil && !a.requires(&answer.Question) {
			continue
		}
		switch answer.Verdict {
		case audit.Undecided:
			undecided, why = append(undecided, id), answer.Err
		case audit.Reached, audit.Supervised:
			no = append(no, fmt.Sprintf("%s is %s", id, answer.Verdict))
		}
	}
	switch {
	case a.required != nil && no != nil:
		return &statusError{statusNo, errors.New("--require: " + series(no, "and"))}
	case undecided != nil:
		return fmt.Errorf("not decided: %s: %w; --effort 4 works four times as long", series(undecided, "and"), why)
	}
	return nil
}

// close writes the profile that closes questions. Those that are closed need nothing.
func (a *audited) close(w io.Writer, ids []string) error {
	var closing audit.Closing
	for i := range a.answers {
		if answer := &a.answers[i]; slices.Contains(ids, answer.Question.ID) {
			closing.Add(&answer.Closing)
		}
	}
	return indented(w, closing.Document())
}
