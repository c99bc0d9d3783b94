// SPDX-License-Identifier: Apache-2.0

package page

import (
	"context"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/argument"
	"github.com/gosieve/sieve/internal/review"
	"github.com/gosieve/sieve/internal/settings"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// The kinds of answers, which colour the cells. Of a call whose answer depends on its arguments
// no other kind is known.
const (
	allowed = "allow"
	depends = "args"
	fails   = "errno"
	killed  = "kill" // the signal that a handler may catch is one
	watched = "watch"
)

// kinds are the kinds in the order of the legend, with their words.
var kinds = []struct{ name, words string }{
	{allowed, "allowed"}, {depends, "depends on arguments"}, {fails, "fails with an errno"}, {killed, "killed or trapped"}, {watched, "notified, traced or logged"},
}

// kindOf is the kind of an action.
func kindOf(a seccomp.Action) string {
	switch a.Kind() {
	case seccomp.Allow:
		return allowed
	case seccomp.Errno(0):
		return fails
	case seccomp.KillProcess, seccomp.KillThread, seccomp.Trap(0):
		return killed
	}
	return watched
}

// labelled is an action for people: the kernel's word, and an errno by its name on the ABI.
func labelled(a arch.Arch, action seccomp.Action) label {
	l := label{Text: action.String(), Kind: kindOf(action)}
	if action.Kind() != seccomp.Errno(0) {
		return l
	}
	if name := argument.Errno(a, action.Data()); name != "" {
		l.Text = "ERRNO(" + name + ")"
	}
	return l
}

// mostSteps is how many rules of a call are shown. The generated profiles of a few programs have
// dozens; a filter may have been made to have thousands.
const mostSteps = 64

// answer is what a call gets: the rules that name it up to the first without conditions, and
// the default action if there is none.
func (g *grid) answer(name string, nr uint32, rules []int) int {
	p := g.machine.Policy
	for i, r := range rules {
		if len(p.Rules[r].Args) == 0 {
			rules = rules[:i+1]
			break
		}
	}
	a := answer{Kind: g.kind(nr, rules), Steps: []step{}}
	open := len(rules) == 0 || len(p.Rules[rules[len(rules)-1]].Args) > 0
	for i, r := range rules {
		if i == mostSteps {
			a.More = len(rules) - i
			break
		}
		s := step{Rule: g.ruleOf(g.abi, p.Rules[r].Action, p.Rules[r].Origin)}
		if args := p.Rules[r].Args; len(args) > 0 {
			s.When = Text(review.Calls(g.abi, name, review.Conditions(g.abi, args)))
		}
		a.Steps = append(a.Steps, s)
	}
	if open {
		l := labelled(g.abi, p.Default)
		a.Steps = append(a.Steps, step{Rule: g.addRule(rule{Action: l, Other: true}, "default "+l.Text)})
	}
	return g.addAnswer(a)
}

// ruleOf is the index, in the page, of a rule that gives an action on an ABI.
func (b *builder) ruleOf(a arch.Arch, action seccomp.Action, o seccomp.Origin) int {
	out := rule{Action: labelled(a, action), File: b.file(o.File), Line: o.Line, Column: o.Column, Path: Text(o.Path), Note: Text(o.Note)}
	if out.Path == "" && out.File == "" {
		out.Path = Text(b.paths[[2]int{o.Line, o.Column}])
	}
	switch {
	case o.Reason == seccomp.UnknownCall && o.Note == "":
		out.Note = "a call that the profile does not know: the runtime adds this answer"
	case o.Reason == seccomp.Multiplexed:
		out.Note = Text("through " + o.Note)
	}
	return b.addRule(out, fmt.Sprintf("%q %v", out.Action.Text, o))
}

// kind is the kind of the answer. Where the rules have conditions and several actions, it is
// decided over all arguments: conditions that leave nothing over do not make a call depend on
// its arguments.
func (g *grid) kind(nr uint32, rules []int) string {
	p := g.machine.Policy
	alone := &seccomp.Policy{Arches: []arch.Arch{g.abi}, Default: p.Default, BadArch: p.Default}
	actions := []seccomp.Action{}
	for _, r := range rules {
		one := p.Rules[r]
		alone.Rules = append(alone.Rules, seccomp.Rule{Numbers: []seccomp.Range{{From: nr, To: nr}}, Args: one.Args, Action: one.Action})
		actions = append(actions, one.Action)
	}
	if len(rules) == 0 || len(p.Rules[rules[len(rules)-1]].Args) > 0 {
		actions = append(actions, p.Default)
	}
	slices.Sort(actions)
	actions = slices.Compact(actions)
	if len(actions) == 1 {
		return kindOf(actions[0])
	}
	key := fmt.Sprint(rules)
	if kind, ok := g.kinds[key]; ok {
		return kind // most names of a rule have the same rules
	}
	kind := depends
	if g.spent += len(rules) * len(rules); g.spent < mostSpent && !varies(alone, g.abi, nr) {
		for _, a := range actions {
			if g.always(alone, nr, a) {
				kind = kindOf(a)
				break
			}
		}
	}
	g.kinds[key] = kind
	return kind
}

// mostSpent is how many steps the answers of a page take together, as those of a proof are
// counted. What is left then depends on its arguments.
const mostSpent = seccomp.DefaultSteps

// varies says whether a few calls, one with the values of each rule, get different answers: this
// tells nearly all calls that depend on their arguments, without a proof.
func varies(p *seccomp.Policy, a arch.Arch, nr uint32) bool {
	call := seccomp.Call{Audit: a.Audit(), Nr: nr}
	first := p.Evaluate(&call)
	for i := range p.Rules {
		call.Args = [6]uint64{}
		for _, arg := range p.Rules[i].Args {
			call.Args[arg.Index] = arg.Value
		}
		if p.Evaluate(&call) != first {
			return true
		}
	}
	return false
}

// always says whether a call gets an action whatever its arguments are, which is proved. What
// cannot be decided is no yes.
func (b *builder) always(p *seccomp.Policy, nr uint32, action seccomp.Action) bool {
	left := mostSpent - b.spent
	if left <= 0 {
		return false
	}
	spent := 0
	defer func() { b.spent += spent }()
	share := seccomp.Within(context.Background(), seccomp.Limits{Steps: max(left/2, 1)})

	same := &seccomp.Policy{Arches: p.Arches, Default: p.Default, BadArch: p.BadArch,
		Rules: []seccomp.Rule{{Numbers: []seccomp.Range{{From: nr, To: nr}}, Action: action}}}
	for range proof.Diff(proof.Of(p), proof.Of(same), share, func(s *settings.Settings) { s.Spent = &spent }) {
		return false // a difference, or that it is not known
	}
	return true
}
