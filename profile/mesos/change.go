// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/jsontext"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/grant"
	"github.com/gosieve/sieve/seccomp"
)

// changes returns changes to the rules of the document after which an agent lets the call
// through. They are those of the changes to the same profile for Docker that an agent can
// read. Each is made in the document's text and read as an agent does, so that none is
// proposed which the agent would refuse. There are none, and no error, for a document that
// Docker cannot read.
func (p *Profile) changes(t profile.Target, c seccomp.Call, opts ...profile.Option) ([]grant.Change, error) {
	if _, _, err := p.Resolve(t, opts...); err != nil {
		return nil, err
	}
	docker, err := p.like()
	if err != nil {
		return nil, nil // a document that Docker could not read
	}
	list, err := grant.Changes(docker, t, c, append([]profile.Option{profile.ENOSYSOff}, opts...)...)
	if err != nil {
		return nil, nil
	}
	spans, err := ruleSpans(p.doc)
	if err != nil {
		return nil, nil
	}
	var kept []grant.Change
	for _, change := range list {
		if doc, ok := spans.apply(p.doc, &change); ok {
			again := Profile{file: p.file, doc: doc, strict: p.strict}
			if document.Runs(&again, t, &c, opts) {
				kept = append(kept, change)
			}
		}
	}
	return kept, nil
}

// deepest is how deep lists and objects may nest in a document that is changed. An agent
// reads no deeper one either (package picojson).
const deepest = 200

// spans are where the rules stand in a document's text, as offsets from and to. A change of
// the text leaves all else as the author wrote it.
type spans struct {
	rules [][2]int
	end   int // of the list
}

// apply returns a text with one change made to its rules. It is false for a change to
// something else: to archMap, or to one filter of a rule (includes, excludes), which would
// leave an object that the agent refuses. The change's JSON becomes what an agent reads,
// with all of its required keys.
//
// A rule goes with the comma before it, or if it is the first with the one behind it.
func (s *spans) apply(doc []byte, change *grant.Change) ([]byte, bool) {
	var i int
	if n, _ := fmt.Sscanf(change.Place.Path, "syscalls[%d]", &i); n != 1 || strings.Contains(change.Place.Path, "cludes") {
		return nil, false
	}
	if change.JSON != "" {
		if len(change.Rules) != 1 {
			return nil, false
		}
		var w writer
		given := change.Rules[0]
		r := profile.Rule{Names: given.Names, Action: given.Action, Args: given.Args, Includes: given.Includes, Excludes: given.Excludes}
		out := w.rule(i, &r)
		text, err := json.Marshal(out)
		if err != nil || w.reasons != nil {
			return nil, false
		}
		change.JSON = string(text)
	}
	switch {
	case i == len(s.rules) && i > 0:
		return splice(doc, s.end, s.end, ", "+change.JSON), true
	case i == len(s.rules):
		return splice(doc, s.end, s.end, change.JSON), true
	case i > len(s.rules):
		return nil, false
	case change.JSON != "":
		change.Place.Path = fmt.Sprintf("syscalls[%d]", i)
		return splice(doc, s.rules[i][0], s.rules[i][1], change.JSON), true
	case len(s.rules) == 1:
		return splice(doc, s.rules[0][0], s.rules[0][1], ""), true
	case i == 0:
		return splice(doc, s.rules[0][0], s.rules[1][0], ""), true
	}
	return splice(doc, s.rules[i-1][1], s.rules[i][1], ""), true
}

// splice returns the document with other text in place of the bytes from..to.
func splice(doc []byte, from, to int, text string) []byte {
	return append(append(bytes.Clone(doc[:from]), text...), doc[to:]...)
}

// errNoRules is about a document without a list of rules.
var errNoRules = errors.New("no syscalls")

// ruleSpans finds the rules in the text of a document that Docker's reader takes too. What
// is between them (white space, commas) stays as the author wrote it.
func ruleSpans(doc []byte) (*spans, error) {
	root, err := jsontext.Parse(string(doc), deepest)
	if err != nil {
		return nil, err
	}
	list := root.Member("syscalls")
	if list == nil || list.Kind != jsontext.List {
		return nil, errNoRules
	}
	s := &spans{end: list.From + 1}
	for _, rule := range list.Items {
		s.end = rule.To
		s.rules = append(s.rules, [2]int{rule.From, rule.To})
	}
	return s, nil
}
