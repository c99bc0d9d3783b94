// SPDX-License-Identifier: Apache-2.0

package page

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/review"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Against is what a page's subject is compared with, on each of its machines.
type Against struct {
	Name  string
	Sides []review.Side
}

// mostSets is how many sets of calls that differ a page shows. Two profiles that have little in
// common differ in some hundred.
const mostSets = 2000

// comparison is what the subject changes.
type comparison struct {
	Name    Text     `json:"name"`
	Changes []change `json:"changes"`
	More    bool     `json:"more,omitempty"` // there are others, which are not shown
}

// change is calls whose answer changed in the same way.
type change struct {
	Machine   int       `json:"machine"`
	ABI       string    `json:"abi"`
	Direction string    `json:"direction"`
	Calls     []changed `json:"calls,omitempty"`
	Numbers   Text      `json:"numbers,omitempty"` // without a name, in words
	All       bool      `json:"all,omitempty"`     // all calls of the ABI
	Before    int       `json:"before"`            // rules
	After     int       `json:"after"`
	Witness   Text      `json:"witness"` // one of the calls, as sieve eval reads it
}

// changed is a call, and for which arguments its answer changed.
type changed struct {
	Name string `json:"name"`
	Sets []Text `json:"sets"`
}

// compare finds the changes. The subject is the newer one.
func (b *builder) compare(against *Against) error {
	out := &comparison{Name: Text(against.Name), Changes: []change{}}
	for i := range b.subject.Machines {
		m := &b.subject.Machines[i]
		old, now := against.Sides[i], review.Side{Policy: m.Policy}
		r, err := review.New(proof.Diff(old.Of(), now.Of(), b.subject.Options...), old, now, mostSets)
		if err != nil {
			return err
		}
		out.More = out.More || r.More
		for j := range r.Changes {
			c := b.change(&r.Changes[j])
			c.Machine = i
			out.Changes = append(out.Changes, c)
		}
	}
	b.page.Against = out
	return nil
}

// change is a change as the page has it.
func (b *builder) change(c *review.Change) change {
	out := change{ABI: "no known ABI", Direction: c.Direction.String(), All: c.All,
		Before: b.side(c.ABI, &c.A, true), After: b.side(c.ABI, &c.B, false), Witness: Text(witness(&c.Witness))}
	if c.ABI != 0 {
		out.ABI = c.ABI.String()
	}
	for _, call := range c.Calls {
		one := changed{Name: call.Name}
		for _, set := range c.Sets(call) {
			one.Sets = append(one.Sets, Text(set))
		}
		out.Calls = append(out.Calls, one)
	}
	switch {
	case c.ABI == 0:
		out.Numbers = Text(review.Tokens(c))
	case len(c.Numbers) > 0:
		out.Numbers = Text(review.NumbersOf(c))
	}
	return out
}

// side is the rule that gives an answer, as an index. A place in the other document is none in
// the page.
func (b *builder) side(a arch.Arch, answer *review.Answer, other bool) int {
	l := labelled(a, answer.Action)
	switch {
	case answer.By == nil || answer.By.By != seccomp.ByRule:
		return b.addRule(rule{Action: l, Note: Text(answer.Place())}, "side "+l.Text+" "+answer.Place())
	case !other:
		i := b.ruleOf(a, answer.Action, answer.Origin)
		if len(answer.Others) == 0 && !answer.Else {
			return i
		}
		out := b.page.Rules[i]
		return b.addRule(withOthers(out, answer), fmt.Sprintf("among %d %d %v", i, len(answer.Others), answer.Else))
	}
	o := answer.Origin
	out := rule{Action: l, Away: true, Line: o.Line, Column: o.Column, Path: Text(o.Path), Note: Text(o.Note)}
	if o.File != b.subject.Against.Name {
		out.File = Text(o.File)
	}
	return b.addRule(withOthers(out, answer), fmt.Sprintf("away %q %v %d %v", l.Text, o, len(answer.Others), answer.Else))
}

// withOthers says that a rule is one of several that give the answer.
func withOthers(r rule, answer *review.Answer) rule {
	switch n := len(answer.Others); {
	case n == 1:
		r.Note += Text(" and one more rule")
	case n > 1:
		r.Note += Text(fmt.Sprintf(" and %d more rules", n))
	}
	if answer.Else {
		r.Note += " and the default action"
	}
	r.Note = Text(strings.TrimSpace(string(r.Note)))
	return r
}

// witness is a call as sieve eval reads it.
func witness(c *seccomp.Call) string {
	out := struct {
		Arch  string    `json:"arch,omitempty"`
		Audit uint32    `json:"audit,omitempty"`
		Nr    uint32    `json:"nr"`
		Args  [6]uint64 `json:"args"`
	}{Nr: c.Nr, Args: c.Args, Audit: c.Audit}
	if a, ok := arch.Of(c.Audit, c.Nr); ok {
		out.Arch, out.Audit = a.String(), 0
	}
	text, err := json.Marshal(out)
	if err != nil {
		panic("page: numbers cannot be written as JSON: " + err.Error())
	}
	return string(text)
}
