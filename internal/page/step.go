// SPDX-License-Identifier: Apache-2.0

package page

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/argument"
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
	{allowed, "allowed"}, {depends, "depends on arguments"}, {fails, "fails with an errno"}, {killed, "killed"}, {watched, "notified, traced or logged"},
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
		s := step{Rule: g.ruleOf(r)}
		for _, arg := range p.Rules[r].Args {
			s.When = append(s.When, Text(condition(g.abi, name, arg)))
		}
		a.Steps = append(a.Steps, s)
	}
	if open {
		l := labelled(g.abi, p.Default)
		a.Steps = append(a.Steps, step{Rule: g.addRule(rule{Action: l, Other: true}, "default "+l.Text)})
	}
	return g.addAnswer(a)
}

// ruleOf is the index, in the page, of a rule of the policy.
func (g *grid) ruleOf(i int) int {
	r := &g.machine.Policy.Rules[i]
	o := r.Origin
	out := rule{Action: labelled(g.abi, r.Action), File: g.file(o.File), Line: o.Line, Column: o.Column, Path: Text(o.Path), Note: Text(o.Note)}
	if out.Path == "" && out.File == "" {
		out.Path = Text(g.paths[[2]int{o.Line, o.Column}])
	}
	switch {
	case o.Reason == seccomp.UnknownCall && o.Note == "":
		out.Note = "a call that the profile does not know: the runtime adds this answer"
	case o.Reason == seccomp.Multiplexed:
		out.Note = Text("through " + o.Note)
	}
	return g.addRule(out, fmt.Sprintf("%q %v", out.Action.Text, o))
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
	if varies(alone, g.abi, nr) {
		return depends
	}
	for _, a := range actions {
		if always(alone, nr, a) {
			return kindOf(a)
		}
	}
	return depends
}

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
func always(p *seccomp.Policy, nr uint32, action seccomp.Action) bool {
	same := &seccomp.Policy{Arches: p.Arches, Default: p.Default, BadArch: p.BadArch,
		Rules: []seccomp.Rule{{Numbers: []seccomp.Range{{From: nr, To: nr}}, Action: action}}}
	for range proof.Diff(proof.Of(p), proof.Of(same)) {
		return false // a difference, or that it is not known
	}
	return true
}

// condition is a condition in words: "argument 0 is AF_VSOCK".
func condition(a arch.Arch, name string, arg seccomp.Arg) string {
	who := "argument " + strconv.Itoa(arg.Index)
	if arg.Narrow {
		who += " (its low 32 bits)"
	}
	value := symbol(a, name, arg.Index, arg.Value)
	switch arg.Op {
	case seccomp.EQ:
		return who + " is " + value
	case seccomp.NE:
		return who + " is not " + value
	case seccomp.LT:
		return who + " is below " + value
	case seccomp.LE:
		return who + " is at most " + value
	case seccomp.GT:
		return who + " is above " + value
	case seccomp.GE:
		return who + " is at least " + value
	}
	mask := symbol(a, name, arg.Index, arg.Mask)
	switch arg.Value & arg.Mask {
	case 0:
		return who + " has none of " + mask
	case arg.Mask:
		return who + " has all of " + mask
	}
	return fmt.Sprintf("%s has of %s just %s", who, mask, symbol(a, name, arg.Index, arg.Value&arg.Mask))
}

// symbol is a value as that argument of the call is written: AF_VSOCK, CLONE_NEWUSER.
func symbol(a arch.Arch, name string, index int, value uint64) string {
	if name != "" && value <= math.MaxUint32 {
		var args [6]uint64
		args[index] = value
		if texts := argument.Text(a, name, args, nil); index < len(texts) && value != 0 {
			return texts[index]
		}
	}
	if value < 10 {
		return strconv.FormatUint(value, 10)
	}
	return fmt.Sprintf("%#x", value)
}
