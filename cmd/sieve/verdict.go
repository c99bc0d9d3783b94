// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/argument"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/review"
	"github.com/gosieve/sieve/internal/unfiltered"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/profile/grant"
	"github.com/gosieve/sieve/seccomp"
)

// verdict is what a profile says about a call.
type verdict struct {
	*question
	read     *inputs
	decision seccomp.Decision
	builtIn  bool          // the profile is no file
	rule     string        // what decided, for people
	place    profile.Place // of what decided, without a line where that is not known
	meant    string        // the calls that the rule is for; "" if it asks for no arguments
	others   []ruleFor     // rules for the call that do not match, where none does
	looks    []int         // arguments that rules look at and that were not given
	changes  []grant.Change
	// unfiltered is the first kernel that does not ask about the call, 0 where the target
	// asks. Then no change to the profile changes what the call does.
	unfiltered arch.Kernel
}

// answer asks the profile of the flags. It notes the arguments that rules for the call
// look at and that were not given: the answer holds for 0 there, and the text says so. The
// question is put to the policy, whose meaning every filter is proved against, and not to a
// filter: a policy knows which of its rules decided.
func (q *question) answer(cmd *cli.Command) (*verdict, error) {
	p, policy, err := loadFor(cmd, q.target)
	if err != nil {
		return nil, err
	}
	a := &verdict{question: q, read: inputsOf(cmd), decision: policy.Explain(&q.call), builtIn: cmd.String("profile") == dockerName}
	options, err := resolveOptions(cmd, q.target)
	if err != nil {
		return nil, err
	}
	a.decide(p, policy, options)
	// Changes are not looked for: no profile would have an effect on the call.
	if since, ok := unfiltered.Since(q.abi, q.call.Nr); ok && q.target.Kernel >= since {
		a.unfiltered = since
		return a, nil
	}
	a.changes, err = p.Changes(q.target, q.call, options...)
	return a, err
}

// mostOthers is how many rules are shown that do not match.
const mostOthers = 5

// ruleFor is a rule for a call, in words: the calls that it is for, socket(AF_INET, *), its
// place, and what it does.
type ruleFor struct {
	calls  string
	action seccomp.Action
	place  profile.Place
}

// decide finds what decided and where that stands, what else the profile says of the call if no
// rule matches, and the arguments that its rules look at and that were not given.
func (a *verdict) decide(p *dialect.Document, policy *seccomp.Policy, options []profile.Option) {
	a.rule = decidedBy(policy, a.decision)
	if a.decision.By == seccomp.ByRule {
		r := &policy.Rules[a.decision.Rule]
		if len(r.Args) > 0 {
			a.meant = a.calls(r)
		}
	}
	a.place = a.placeIn(p, policy, options)
	for _, i := range rulesOf(policy, a.abi, a.call.Nr) {
		r := &policy.Rules[i]
		for _, arg := range r.Args {
			if (arg.Index >= a.args || a.open[arg.Index]) && !slices.Contains(a.looks, arg.Index) {
				a.looks = append(a.looks, arg.Index)
			}
		}
		if other := (ruleFor{a.calls(r), r.Action, placeOf(r.Origin)}); a.decision.By == seccomp.ByDefault && !slices.Contains(a.others, other) {
			a.others = append(a.others, other)
		}
	}
	slices.Sort(a.looks)
}

// calls are the calls of this name that a rule is for, in words.
func (a *verdict) calls(r *seccomp.Rule) string {
	name, ok := a.abi.Name(a.call.Nr)
	if !ok {
		name = nameOf(a.abi, a.call.Nr)
	}
	return review.Calls(a.abi, name, review.Conditions(a.abi, r.Args))
}

// placeOf is where a rule stands. A rule that resolving has added stands nowhere.
func placeOf(o seccomp.Origin) profile.Place {
	return profile.Place{File: o.File, Line: o.Line, Column: o.Column, Path: o.Path}
}

// placeIn is where a document says what decided: the name of the call in a rule, the default
// action, or the list of architectures. Documents with Docker's keys say it so; of others it is
// the rule's place.
func (a *verdict) placeIn(p *dialect.Document, policy *seccomp.Policy, options []profile.Option) profile.Place {
	var found *resolution.Resolution
	observe := resolution.Observer(func(r *resolution.Resolution) { found = r })
	_, _, _ = p.Resolve(a.target, append(slices.Clip(options), observe)...) // its errors have been seen
	of := func(path string) profile.Place { return profile.Place(found.Place(path, path)) }
	switch {
	case a.decision.By == seccomp.ByRule:
		rule := placeOf(policy.Rules[a.decision.Rule].Origin)
		if found != nil && p.Profile() != nil {
			return a.nameIn(p.Profile(), rule, of)
		}
		return rule
	case found == nil:
		return profile.Place{}
	case a.decision.By == seccomp.ByDefault:
		return of("defaultAction")
	case p.Profile() != nil && len(p.Profile().ArchMap) > 0:
		return of("archMap")
	}
	return of("architectures")
}

// nameIn is where the call's name stands in the rule at a place, or that place.
func (a *verdict) nameIn(p *profile.Profile, rule profile.Place, of func(path string) profile.Place) profile.Place {
	name, ok := a.abi.Name(a.call.Nr)
	for i := range p.Syscalls {
		j := slices.Index(p.Syscalls[i].Names, name)
		path := resolution.RulePath(i)
		if at := of(path); !ok || j < 0 || at.Line != rule.Line || at.Column != rule.Column {
			continue
		}
		return of(fmt.Sprintf("%s.names[%d]", path, j))
	}
	return rule
}

// allowed says whether the kernel makes the call: the filter lets it, or is not asked. Who is
// asked in the filter's place, a supervisor or a tracer, may say no, and counts as that.
func (a *verdict) allowed() bool { return a.unfiltered != 0 || a.decision.Action.Runs() }

// decidedBy says for people what decided: the place of the rule, or the policy's own
// words.
func decidedBy(p *seccomp.Policy, d seccomp.Decision) string {
	if d.By == seccomp.ByRule {
		return originText(p.Rules[d.Rule].Origin)
	}
	return p.Describe(d)
}

// originText says where a rule comes from. One kind of rule stands in no document:
// resolving adds it, so that new calls fail with ENOSYS as under runc.
func originText(origin seccomp.Origin) string {
	if origin.Reason == seccomp.UnknownCall && origin.Note == "" {
		return "ENOSYS for calls that the profile does not know (--enosys)"
	}
	return origin.String()
}

// rulesOf returns the indices of the rules that name a call, in the order in which they
// are tried; none for an ABI that the policy does not list, whose calls BadArch decides.
func rulesOf(p *seccomp.Policy, abi arch.Arch, nr uint32) []int {
	var list []int
	if !slices.Contains(p.Arches, abi) {
		return nil
	}
	for i := range p.Rules {
		if p.Rules[i].Names(abi, nr) {
			list = append(list, i)
		}
	}
	return list
}

// texts are the call's arguments in words; nil if none was given, so that the line shows
// the call alone. What only a driver or a protocol knows, such as the requests of ioctl, is
// named as in sets of calls.
func (a *verdict) texts() []string {
	if a.args == 0 {
		return nil
	}
	name, _ := a.abi.Name(a.call.Nr)
	list := argument.Text(a.abi, name, a.call.Args, nil)
	var exact []seccomp.Arg
	for i := range a.args {
		exact = append(exact, seccomp.Arg{Index: i, Op: seccomp.EQ, Value: a.call.Args[i]})
	}
	set := strings.Trim(review.Arguments(a.abi, name, review.Conditions(a.abi, exact)), "()")
	for i, text := range strings.Split(set, ", ") {
		if i < len(list) && list[i] != "" && list[i][0] >= '0' && list[i][0] <= '9' && text != "" && text[0] >= 'A' && text[0] <= 'Z' {
			list[i] = text
		}
	}
	return list
}

// text writes the verdict for people: what happens, what decided, and what would allow
// the call. Changes come with the narrowest first, as package grant orders them; those
// that answer ENOSYS stand under a head of their own, because they do not allow the call.
func (a *verdict) text(w io.Writer) error {
	row := denied{ABI: a.abi, Audit: a.call.Audit, Nr: a.call.Nr, Args: a.texts()}
	var b strings.Builder
	fmt.Fprintf(&b, "%s on %s %s\n", row.call(), row.abi(), inWords(a.abi, a.decision.Action, true))
	fmt.Fprintf(&b, "decided by: %s\n", a.decidedText())
	b.WriteString(a.read.quoted(a.place, painter(w, profile.Info)))
	a.writeOthers(&b)
	if a.unfiltered != 0 {
		fmt.Fprintf(&b, "this does not count: Linux %v and later ask no filter about the call\n", a.unfiltered)
	}
	if len(a.looks) > 0 {
		fmt.Fprintf(&b, "rules look at argument %s, taken for 0\n", series(texts(a.looks), "and"))
	}
	head := ""
	for _, c := range a.changes {
		// The head is written again only when the kind of change differs from the one
		// before.
		next := "to allow it, one of:\n"
		if c.Kind == grant.AnswerENOSYS {
			next = "to have programs go on without it:\n"
		}
		if next != head {
			head = next
			b.WriteString(head)
		}
		fmt.Fprintf(&b, "  %s\n", c.Text)
		if c.JSON != "" && c.Kind != grant.GrantCapability && c.Kind != grant.DropCapability {
			fmt.Fprintf(&b, "    %s: %s\n", c.Place, strings.ReplaceAll(c.JSON, "\n", "\n    "))
		} else {
			fmt.Fprintf(&b, "    %s\n", c.Place)
		}
	}
	if len(a.changes) == 0 && a.unfiltered == 0 && !a.decision.Action.Runs() {
		b.WriteString("no change to the profile is known that would allow it\n")
	}
	// The places name lines of a file that the user does not have.
	if a.builtIn && strings.Contains(b.String(), "docker-default.json:") {
		b.WriteString("docker-default.json is built in: \"sieve convert --to docker docker -o docker-default.json\" writes it\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// decidedText is what decided, and for which calls the rule is.
func (a *verdict) decidedText() string {
	switch {
	case a.meant != "":
		return a.rule + ": " + a.meant
	case a.decision.By != seccomp.ByRule && a.place.Line > 0:
		return a.rule + ", " + origin(a.place)
	}
	return a.rule
}

// writeOthers writes the rules for the call that do not match it, where none does: one of them
// is often the one that was meant to.
func (a *verdict) writeOthers(b *strings.Builder) {
	if len(a.others) == 0 {
		return
	}
	fmt.Fprintf(b, "no rule for %s matches:\n", nameOf(a.abi, a.call.Nr))
	for i, r := range a.others {
		if i == mostOthers {
			fmt.Fprintf(b, "  and %s\n", counted(len(a.others)-i, "more rule"))
			break
		}
		text := fmt.Sprintf("%s %s", r.calls, inWords(a.abi, r.action, true))
		if place := origin(r.place); place != "" {
			text = place + ": " + text
		}
		fmt.Fprintf(b, "  %s\n", text)
	}
}

// json writes the verdict as one object. Names and types of its fields are an interface.
func (a *verdict) json(w io.Writer) error {
	out := struct {
		Call    string    `json:"call,omitempty"`
		Nr      uint32    `json:"nr"`
		Arch    string    `json:"arch"`
		Args    []string  `json:"args,omitempty"` // in words
		Text    string    `json:"text"`           // the call in words
		Values  [6]uint64 `json:"values"`         // the arguments as sieve eval reads them
		Action  string    `json:"action"`
		Value   uint32    `json:"value"`
		Allowed bool      `json:"allowed"`
		Rule    string    `json:"rule"`
		ruleJSON
		Others  []ruleJSON    `json:"unmatched,omitempty"`
		Unknown []int         `json:"unknownArgs,omitempty"`
		Since   string        `json:"unfiltered,omitempty"`
		Changes []*changeJSON `json:"changes"`
	}{
		Nr: a.call.Nr, Arch: a.abi.String(), Args: a.texts(), Values: a.call.Args, Action: a.decision.Action.String(), Value: uint32(a.decision.Action),
		Allowed: a.allowed(), Rule: a.rule, ruleJSON: a.ruleJSON(ruleFor{calls: a.meant, place: a.place}), Unknown: a.looks, Changes: []*changeJSON{},
	}
	row := denied{ABI: a.abi, Audit: a.call.Audit, Nr: a.call.Nr, Args: a.texts()}
	out.Text = row.call()
	for _, r := range a.others {
		next := a.ruleJSON(r)
		next.Does = r.action.String()
		out.Others = append(out.Others, next)
	}
	out.Call, _ = a.abi.Name(a.call.Nr)
	if a.unfiltered != 0 {
		out.Since = a.unfiltered.String()
	}
	for i := range a.changes {
		out.Changes = append(out.Changes, newChangeJSON(&a.changes[i]))
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(out)
}

// ruleJSON is a rule as JSON, or what decides in the place of one. Its place has the fields of
// lint's findings.
type ruleJSON struct {
	Matches string `json:"matches,omitempty"` // the calls that it is for, in words
	Does    string `json:"does,omitempty"`    // its action, of a rule that does not match
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Path    string `json:"path,omitempty"`
	Source  string `json:"source,omitempty"` // the line of the document
}

// ruleJSON has the fields of a rule, with the line where it stands.
func (a *verdict) ruleJSON(r ruleFor) ruleJSON {
	out := ruleJSON{Matches: r.calls, File: r.place.File, Line: r.place.Line, Column: r.place.Column, Path: r.place.Path}
	out.Source = a.read.source(r.place)
	return out
}
