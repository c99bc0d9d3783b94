// SPDX-License-Identifier: Apache-2.0

package page

import (
	"encoding/json"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/audit"
	"github.com/gosieve/sieve/seccomp"
)

// question is one of the audit, and its answer on a machine.
type question struct {
	ID         string      `json:"id"`
	Title      string      `json:"title"`
	Reason     string      `json:"reason"`
	References []reference `json:"references"`
	Verdict    string      `json:"verdict"`
	Found      []found     `json:"found,omitempty"`
	Why        Text        `json:"why,omitempty"`     // why it is undecided
	Closing    []Text      `json:"closing,omitempty"` // parts of a document that closes it
}

// reference is where the reason is told. Those of the audit's own table are the only links that
// leave the page.
type reference struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// found is a call that gets through, and the rule that lets it.
type found struct {
	ABI  string `json:"abi"`
	Call Text   `json:"call"`
	Rule int    `json:"rule"`
	Like Text   `json:"like,omitempty"` // a call that is denied although this one does the same
}

// audit is the answers on one machine.
func (b *builder) audit(m *Machine) []question {
	list := []question{}
	for _, a := range audit.Ask(audit.Of(m.Policy), m.Target.Arch, audit.Questions(), b.subject.Options...) {
		q := question{ID: a.Question.ID, Title: a.Question.Title, Reason: a.Question.Reason, Verdict: a.Verdict.String()}
		for _, r := range a.Question.References {
			q.References = append(q.References, reference{r.Name, r.URL})
		}
		if a.Err != nil {
			q.Why = Text(a.Err.Error())
		}
		for i := range a.Found {
			f := &a.Found[i]
			q.Found = append(q.Found, found{f.ABI.String(), Text(f.Text()), b.decided(f.ABI, m.Policy, f.Decision), Text(f.DeniedText())})
		}
		q.Closing = closing(&a.Closing)
		list = append(list, q)
	}
	return list
}

// closing is what a document must have to close a question: the ABIs that are left, and rules.
func closing(c *audit.Closing) []Text {
	var list []Text
	add := func(v any) {
		text, err := json.Marshal(v)
		if err != nil {
			panic("page: a rule cannot be written as JSON: " + err.Error())
		}
		list = append(list, Text(text))
	}
	if len(c.Architectures) > 0 {
		add(map[string][]string{"architectures": c.Architectures})
	}
	for i := range c.Rules {
		add(c.Rules[i])
	}
	return list
}

// decided is the index, in the page, of the rule that decided.
func (b *builder) decided(a arch.Arch, p *seccomp.Policy, d seccomp.Decision) int {
	if d.By == seccomp.ByRule {
		return b.ruleOf(a, d.Action, p.Rules[d.Rule].Origin)
	}
	l := labelled(a, d.Action)
	return b.addRule(rule{Action: l, Other: true, Note: Text(map[bool]string{true: "the ABI is not listed"}[d.By == seccomp.ByBadArch])}, "default "+p.Describe(d)+" "+l.Text)
}
