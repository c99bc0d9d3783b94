// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/review"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// reviewDocument is what diff --format json writes. Its fields are an interface: some may be
// added, none renamed.
type reviewDocument struct {
	A        string         `json:"a"`
	B        string         `json:"b"`
	Equal    bool           `json:"equal"`
	Complete bool           `json:"complete"` // false if there may be more changes
	Summary  reviewSummary  `json:"summary"`
	Changes  []reviewChange `json:"changes"`
}

// reviewSummary counts changes.
type reviewSummary struct {
	Opened  int `json:"opened"`
	Closed  int `json:"closed"`
	Changed int `json:"changed"` // otherwise
}

// reviewChange is calls of one ABI that changed in the same way: those of Calls and those
// with a number in Numbers, if their arguments are in one of Where.
type reviewChange struct {
	Arch      string              `json:"arch,omitempty"`
	Audits    []reviewRange       `json:"audits,omitempty"` // in place of arch, tokens that no ABI has
	Direction string              `json:"direction"`        // opened, closed, changed
	All       bool                `json:"all,omitempty"`    // every number of the ABI
	Calls     []reviewCall        `json:"calls"`
	Numbers   []reviewRange       `json:"numbers,omitempty"` // without a name
	Where     [][]reviewCondition `json:"where,omitempty"`   // absent if arguments do not matter
	A         reviewAnswer        `json:"a"`
	B         reviewAnswer        `json:"b"`
	Computed  bool                `json:"computed,omitempty"` // the answers are those for the witness alone
	Witness   *writtenCall        `json:"witness"`            // as sieve eval --calls reads it
}

type reviewRange struct {
	From uint32 `json:"from"`
	To   uint32 `json:"to"`
}

type reviewCall struct {
	Nr   uint32   `json:"nr"`
	Name string   `json:"name"`
	Sets []string `json:"sets"` // in words
}

// reviewCondition is one field of a call: it is in one of the ranges under its mask.
type reviewCondition struct {
	Arg   *int                `json:"arg,omitempty"`
	Field string              `json:"field,omitempty"` // ip, nr or audit, if it is no argument
	In    []reviewMaskedRange `json:"in"`
}

type reviewMaskedRange struct {
	Mask uint64 `json:"mask"`
	From uint64 `json:"from"`
	To   uint64 `json:"to"`
}

// reviewAnswer is an answer and what gives it. The place is that of the rule.
type reviewAnswer struct {
	Action string `json:"action"`
	Value  uint32 `json:"value"`
	By     string `json:"by"`             // rule, default, badArch or filter
	Rule   *int   `json:"rule,omitempty"` // of the resolved policy, from 0
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Path   string `json:"path,omitempty"`
	Reason string `json:"reason,omitempty"` // unknown-call, multiplexed; absent if the document has the rule
	Note   string `json:"note,omitempty"`
	// Others are rules that decide for other calls of the change, Default if for some none does.
	Others  []int `json:"others,omitempty"`
	Default bool  `json:"default,omitempty"`
}

// reviewJSON writes a review for programs. No list is null.
func reviewJSON(cmd *cli.Command, c *compared) error {
	doc := reviewDocument{A: c.a.name, B: c.b.name, Equal: len(c.Changes) == 0, Complete: !c.More && !c.failed, Changes: []reviewChange{}}
	for i := range c.Changes {
		switch c.Changes[i].Direction {
		case review.Opened:
			doc.Summary.Opened++
		case review.Closed:
			doc.Summary.Closed++
		default:
			doc.Summary.Changed++
		}
		doc.Changes = append(doc.Changes, newReviewChange(&c.Changes[i]))
	}
	return indented(cmd.Root().Writer, doc)
}

func newReviewChange(c *review.Change) reviewChange {
	x := reviewChange{Direction: directionWord(c.Direction), All: c.All, Calls: []reviewCall{}, Computed: c.Computed, Witness: written(&c.Witness),
		Numbers: newRanges(c.Numbers), Audits: newRanges(c.Audits), A: newReviewAnswer(&c.A), B: newReviewAnswer(&c.B)}
	if c.ABI.Valid() {
		x.Arch = c.ABI.String()
	}
	for _, call := range c.Calls {
		x.Calls = append(x.Calls, reviewCall{call.Number, call.Name, c.Sets(call)})
	}
	for _, where := range c.Where {
		if len(where) > 0 {
			x.Where = append(x.Where, newConditions(where))
		}
	}
	return x
}

// directionWord is a direction as one word.
func directionWord(d review.Direction) string {
	if d == review.Other {
		return "changed"
	}
	return d.String()
}

func newRanges(list []seccomp.Range) []reviewRange {
	var ranges []reviewRange
	for _, r := range list {
		ranges = append(ranges, reviewRange(r))
	}
	return ranges
}

func newConditions(where []proof.Constraint) []reviewCondition {
	list := []reviewCondition{}
	for _, w := range where {
		var c reviewCondition
		switch w.Index {
		case proof.IndexIP:
			c.Field = "ip"
		case proof.IndexNr:
			c.Field = "nr"
		case proof.IndexAudit:
			c.Field = "audit"
		default:
			c.Arg = &w.Index
		}
		for _, m := range w.Any {
			c.In = append(c.In, reviewMaskedRange(m))
		}
		list = append(list, c)
	}
	return list
}

func newReviewAnswer(a *review.Answer) reviewAnswer {
	x := reviewAnswer{Action: a.Action.String(), Value: uint32(a.Action), By: "filter", Others: a.Others, Default: a.Else}
	if a.By == nil {
		return x
	}
	switch a.By.By {
	case seccomp.ByBadArch:
		x.By = "badArch"
	case seccomp.ByDefault:
		x.By = "default"
	default:
		x.By, x.Rule = "rule", &a.By.Rule
	}
	o := a.Origin
	x.File, x.Line, x.Column, x.Path, x.Note = o.File, o.Line, o.Column, o.Path, o.Note
	switch o.Reason {
	case seccomp.UnknownCall:
		x.Reason = "unknown-call"
	case seccomp.Multiplexed:
		x.Reason = "multiplexed"
	}
	return x
}
