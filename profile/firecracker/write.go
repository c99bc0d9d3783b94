// SPDX-License-Identifier: Apache-2.0

package firecracker

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// format writes one filter, for the thread that o names or else for "main". seccompiler takes
// any name. Firecracker takes exactly vmm, api and vcpu, and refuses a file that lacks one of
// them or has another (filter_thread_categories, src/firecracker/src/seccomp.rs): the filters
// of three documents must be put together in one for it.
func format(p *seccomp.Policy, o document.Writing) ([]byte, error) {
	w := writer{policy: p, reasons: document.Reasons{Dialect: profile.Firecracker}, filter: threadFilter{Thread: cmp.Or(o.Thread, "main")}}
	if err := w.build(); err != nil {
		return nil, err
	}
	return w.document(), nil
}

// writer builds a document with one filter.
type writer struct {
	policy  *seccomp.Policy
	abi     arch.Arch
	filter  threadFilter
	matched bool // a rule with Match was there
	reasons document.Reasons
}

// build makes the filter. The default becomes Mismatch; the first other action that a rule
// has becomes Match. Rules in a document are alternatives with one action, so a policy with a
// third action cannot be written: that is a reason, not an approximation.
//
// A policy without other actions needs a Match all the same, since the two must differ
// (IdenticalActions). Any will do, as no rule has it.
func (w *writer) build() error {
	p := w.policy
	if len(p.Arches) != 1 || !slices.Contains(targets, document.Machine(p)) {
		w.reasons.Add("a filter for %v: want one ABI of %v", p.Arches, targets)
		return w.reasons.Err()
	}
	w.abi = document.Machine(p)
	if p.BadArch != seccomp.KillProcess {
		w.reasons.Add("%v for foreign ABIs, want KILL_PROCESS", p.BadArch)
	}
	w.filter.Mismatch = document.Otherwise(p, w.abi)
	for _, d := range document.Decide(p, w.abi) {
		w.call(d)
	}
	if !w.matched {
		w.filter.Match = seccomp.Allow
		if w.filter.Mismatch == seccomp.Allow {
			w.filter.Match = seccomp.KillProcess
		}
	}
	for _, a := range []seccomp.Action{w.filter.Mismatch, w.filter.Match} {
		if word(a) == nil {
			w.reasons.Add("action %v", a)
		}
	}
	return w.reasons.Err()
}

// call adds the rules for one call. The cases hold in order, but a document's rules are
// alternatives without an order: that is the same as long as all have one action, and a
// case without conditions replaces those before it.
func (w *writer) call(d document.Decision) {
	cases, ok := d.Cases(w.filter.Mismatch)
	if !ok {
		w.reasons.Add("the rules for %s: too many cases", d.Name)
		return
	}
	var rules []callRule
	for _, c := range cases {
		if !w.matched {
			w.matched, w.filter.Match = true, c.Action
		}
		if c.Action != w.filter.Match {
			w.reasons.Add("%v for %s beside %v and %v: a filter has two actions", c.Action, d.Name, w.filter.Match, w.filter.Mismatch)
			return
		}
		out := callRule{Syscall: d.Name}
		for _, a := range c.Args {
			out.Args = append(out.Args, condition(a))
		}
		if len(out.Args) == 0 {
			rules = nil // it holds for all that the others do
		}
		rules = append(rules, out)
	}
	w.filter.Rules = append(w.filter.Rules, rules...)
}

// condition returns a condition of the policy in the terms of the dialect. Bits of a value
// outside the mask never count, and are cleared so that equal conditions look equal.
func condition(a seccomp.Arg) argCondition {
	c := argCondition{Index: uint8(a.Index), Dword: a.Narrow, Op: a.Op, Value: a.Value, Mask: a.Mask}
	if a.Op == seccomp.MaskedEQ {
		c.Value &= a.Mask
	}
	return c
}

// word returns an action as a value for JSON, nil if the dialect has no word for it:
// USER_NOTIF has none, nor a TRAP with a number.
//
//	ALLOW      "allow"
//	ERRNO(1)   {"errno": 1}
func word(a seccomp.Action) any {
	for name, b := range actions() {
		if a == b {
			return name
		}
	}
	switch a.Kind() {
	case seccomp.Errno(0):
		return map[string]uint16{"errno": a.Data()}
	case seccomp.Trace(0):
		return map[string]uint16{"trace": a.Data()}
	}
	return nil
}

// The document's objects, with their fields in the order and by the names that Firecracker's
// files have. seccompiler reads mismatch_action and match_action as well.
type (
	jsonFilter struct {
		Mismatch any        `json:"default_action"`
		Match    any        `json:"filter_action"`
		Rules    []jsonRule `json:"filter"`
	}
	jsonRule struct {
		Syscall string     `json:"syscall"`
		Args    []jsonCond `json:"args,omitempty"`
	}
	jsonCond struct {
		Index uint8  `json:"index"`
		Type  string `json:"type"`
		Op    any    `json:"op"`
		Value uint64 `json:"val"`
	}
)

// document returns the JSON, indented by four columns as Firecracker's own files are. "&",
// "<" and ">" stay as they are: encoding/json would write them for HTML, and a person is to
// read this.
func (w *writer) document() []byte {
	f := jsonFilter{Mismatch: word(w.filter.Mismatch), Match: word(w.filter.Match), Rules: []jsonRule{}}
	for i := range w.filter.Rules {
		r := &w.filter.Rules[i]
		out := jsonRule{Syscall: r.Syscall}
		for _, c := range r.Args {
			out.Args = append(out.Args, jsonCond{Index: c.Index, Type: c.typeWord(), Op: c.opWord(), Value: c.Value})
		}
		f.Rules = append(f.Rules, out)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "    ")
	if err := e.Encode(map[string]jsonFilter{w.filter.Thread: f}); err != nil {
		panic("firecracker: a filter that is no JSON: " + err.Error())
	}
	return b.Bytes()
}

// typeWord returns the type of a condition as a document writes it.
func (c *argCondition) typeWord() string {
	if c.Dword {
		return "dword"
	}
	return "qword"
}

// opWord returns the operator as a value for JSON: a word, or an object with the mask.
func (c *argCondition) opWord() any {
	if c.Op == seccomp.MaskedEQ {
		return map[string]uint64{"masked_eq": c.Mask}
	}
	for name, o := range ops() {
		if o == c.Op {
			return name
		}
	}
	panic(fmt.Sprintf("firecracker: operator %v", c.Op)) // Validate has refused it
}
