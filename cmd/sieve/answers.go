// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/audit"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// The verdicts in the order of a report: what wants a decision first.
var auditOrder = [...]audit.Verdict{audit.Reached, audit.Supervised, audit.Undecided, audit.Closed}

// count is how many answers have a verdict.
func (a *audited) count(v audit.Verdict) (n int) {
	for i := range a.answers {
		if a.answers[i].Verdict == v {
			n++
		}
	}
	return n
}

// beside are the other ABIs that were asked about.
func (a *audited) beside() (names []string) {
	for _, abi := range audit.Machine(a.native)[1:] {
		names = append(names, abi.String())
	}
	return names
}

// answersText writes answers for people, those of a verdict under a head:
//
//	reached:
//	  tiocsti  input for somebody else's terminal
//	      ioctl(0, TIOCSTI, ...) on x86_64, x86, x32   docker-default.json:52:3 syscalls[0]
//	      closed by {"names":["ioctl"],"action":"SCMP_ACT_ERRNO","args":[...]}
func answersText(w io.Writer, a *audited) error {
	var b bytes.Buffer
	on := a.native.String()
	if beside := a.beside(); beside != nil {
		on += ", and beside it " + series(beside, "and")
	}
	fmt.Fprintf(&b, "%s on %s\n", printable(a.in.name), on)
	width := 0
	for i := range a.answers {
		width = max(width, len(a.answers[i].Question.ID))
	}
	var counts []string
	for _, v := range auditOrder {
		n := a.count(v)
		if n == 0 && v == audit.Undecided {
			continue
		}
		counts = append(counts, fmt.Sprintf("%d %v", n, v))
		if n > 0 {
			fmt.Fprintf(&b, "\n%s:\n", paintedVerdict(w, v))
		}
		for i := range a.answers {
			if answer := &a.answers[i]; answer.Verdict == v {
				fmt.Fprintf(&b, "  %-*s  %s%s\n", width, answer.Question.ID, answer.Question.Title, a.mark(answer))
				a.details(&b, answer)
			}
		}
	}
	fmt.Fprintf(&b, "\n%s: %s\n", counted(len(a.answers), "question"), strings.Join(counts, ", "))
	_, err := w.Write(b.Bytes())
	return err
}

// mark says that a question is required and not closed.
func (a *audited) mark(answer *audit.Answer) string {
	if a.requires(&answer.Question) && answer.Verdict != audit.Closed {
		return " (required)"
	}
	return ""
}

// mostCalls and mostRules are how many calls and closing rules of a question the text shows: JSON
// has all, and so has --close of rules.
const mostCalls, mostRules = 6, 3

// details are the calls of an answer, where they come from, and what would close the question.
func (a *audited) details(b *bytes.Buffer, answer *audit.Answer) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	lines := a.lines(answer)
	more := len(lines) - mostCalls
	if more > 1 {
		lines = lines[:mostCalls]
	}
	for _, l := range lines {
		fmt.Fprintf(t, "      %s on %s\t%s\n", l.text, strings.Join(l.abis, ", "), printable(l.rule))
	}
	t.Flush()
	if more > 1 {
		fmt.Fprintf(b, "      %s (--format json)\n", counted(more, "more call"))
	}
	if answer.Err != nil {
		fmt.Fprintf(b, "      %v\n", answer.Err)
	}
	c := &answer.Closing
	if c.Architectures != nil {
		instead := ""
		if a.archMap {
			instead = ` in place of "archMap", beside which it is not taken`
		}
		fmt.Fprintf(b, "      closed by \"architectures\": [%q]%s\n", c.Architectures[0], instead)
	}
	for i := range c.Rules {
		if i == mostRules && len(c.Rules) > mostRules+1 {
			fmt.Fprintf(b, "      closed by %s (--close %s)\n", counted(len(c.Rules)-i, "more rule"), answer.Question.ID)
			break
		}
		text, _ := c.Rules[i].MarshalJSON() // strings and numbers, which can all be written
		fmt.Fprintf(b, "      closed by %s\n", text)
	}
}

// auditLine is calls that are the same but for the ABI.
type auditLine struct {
	text, rule string
	abis       []string
}

func (a *audited) lines(answer *audit.Answer) (list []auditLine) {
next:
	for i := range answer.Found {
		f := &answer.Found[i]
		l := auditLine{text: f.Text(), rule: a.rule(f)}
		if action := f.Decision.Action; action != seccomp.Allow {
			l.rule = action.String() + " by " + l.rule
		}
		if denied := f.DeniedText(); denied != "" {
			l.text += ", though not " + denied + ","
		}
		for j := range list {
			if list[j].text == l.text && list[j].rule == l.rule {
				list[j].abis = append(list[j].abis, f.ABI.String())
				continue next
			}
		}
		l.abis = []string{f.ABI.String()}
		list = append(list, l)
	}
	return list
}

// rule says what decided about a call. A filter does not know.
func (a *audited) rule(f *audit.Found) string {
	if a.policy == nil {
		return "the filter"
	}
	return decidedBy(a.policy, f.Decision)
}

// place is where the rule stands that decided; it has no line if no rule of the document did.
func (a *audited) place(f *audit.Found) profile.Place {
	if a.policy == nil || f.Decision.By != seccomp.ByRule {
		return profile.Place{File: a.in.name}
	}
	o := &a.policy.Rules[f.Decision.Rule].Origin
	return profile.Place{File: o.File, Line: o.Line, Column: o.Column, Path: o.Path}
}

// listQuestions writes the questions without answers: text or JSON, as --format says.
func listQuestions(cmd *cli.Command) error {
	w := cmd.Root().Writer
	switch cmd.String("format") {
	case "json":
		list := []auditQuestion{}
		for _, q := range audit.Questions() {
			list = append(list, newAuditQuestion(&q))
		}
		return indented(w, list)
	case "sarif":
		return fmt.Errorf("--format: %w", unknownWord("format of --list", "sarif", "text", "json"))
	}
	var b bytes.Buffer
	for _, q := range audit.Questions() {
		fmt.Fprintf(&b, "%s: %s\n    %s\n", q.ID, q.Title, q.Reason)
		for _, r := range q.References {
			fmt.Fprintf(&b, "    %s\n", r.URL)
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// The JSON of answers. Its fields are an interface: some may be added, none renamed.
type (
	auditDocument struct {
		File    string         `json:"file"`
		Arch    string         `json:"arch"`
		Beside  []string       `json:"beside"`
		Answers []auditAnswer  `json:"answers"`
		Summary map[string]int `json:"summary"`
	}
	auditQuestion struct {
		ID         string           `json:"id"`
		Title      string           `json:"title"`
		Reason     string           `json:"reason"`
		References []auditReference `json:"references"`
	}
	auditReference struct {
		Name string `json:"name"`
		URL  string `json:"url"`
	}
	auditAnswer struct {
		auditQuestion
		Verdict  string           `json:"verdict"`
		Required bool             `json:"required,omitempty"`
		Found    []auditFound     `json:"found"`
		Error    string           `json:"error,omitempty"`
		Closing  *profile.Profile `json:"closing,omitempty"` // a profile that closes the question
	}
	auditFound struct {
		Call   auditCall  `json:"call"` // as sieve eval reads it
		Text   string     `json:"text"`
		Action string     `json:"action"`
		Value  uint32     `json:"value"`
		Rule   string     `json:"rule"`
		File   string     `json:"file,omitempty"`
		Line   int        `json:"line,omitempty"`
		Column int        `json:"column,omitempty"`
		Path   string     `json:"path,omitempty"`
		Denied *auditCall `json:"denied,omitempty"` // does the same, and is not allowed
	}
	auditCall struct {
		Arch string    `json:"arch"`
		Nr   uint32    `json:"nr"`
		Name string    `json:"name,omitempty"`
		Args [6]uint64 `json:"args"`
	}
)

func newAuditQuestion(q *audit.Question) auditQuestion {
	out := auditQuestion{ID: q.ID, Title: q.Title, Reason: q.Reason}
	for _, r := range q.References {
		out.References = append(out.References, auditReference(r))
	}
	return out
}

func newAuditCall(abi arch.Arch, c *seccomp.Call) *auditCall {
	if c == nil {
		return nil
	}
	name, _ := abi.Name(c.Nr)
	return &auditCall{abi.String(), c.Nr, name, c.Args}
}

// answersJSON writes the answers for programs, in the order of the table. Lists are never null.
func answersJSON(w io.Writer, a *audited) error {
	doc := auditDocument{File: a.in.name, Arch: a.native.String(), Beside: append([]string{}, a.beside()...), Summary: map[string]int{}}
	for _, v := range auditOrder {
		doc.Summary[v.String()] = a.count(v)
	}
	for i := range a.answers {
		answer := &a.answers[i]
		out := auditAnswer{auditQuestion: newAuditQuestion(&answer.Question), Verdict: answer.Verdict.String(),
			Required: a.requires(&answer.Question), Found: []auditFound{}}
		for j := range answer.Found {
			f := &answer.Found[j]
			p := a.place(f)
			out.Found = append(out.Found, auditFound{*newAuditCall(f.ABI, &f.Call), f.Text(), f.Decision.Action.String(), uint32(f.Decision.Action),
				a.rule(f), p.File, p.Line, p.Column, p.Path, newAuditCall(f.ABI, f.Denied)})
		}
		if answer.Err != nil {
			out.Error = answer.Err.Error()
		}
		if answer.Verdict != audit.Closed {
			out.Closing = answer.Closing.Document()
		}
		doc.Answers = append(doc.Answers, out)
	}
	return indented(w, doc)
}
