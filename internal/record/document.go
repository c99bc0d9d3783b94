// SPDX-License-Identifier: Apache-2.0

package record

import (
	"cmp"
	"maps"
	"slices"

	"github.com/gosieve/sieve/profile"
)

const (
	allow = "SCMP_ACT_ALLOW"
	deny  = "SCMP_ACT_ERRNO"
)

// always are calls that every program makes sooner or later, whether or not they were
// seen: to end, to return from a signal handler, and to go on after a stop, when
// the kernel makes restart_syscall in the program's name.
var always = []string{"exit", "exit_group", "restart_syscall", "rt_sigreturn"}

// goComment, alwaysComment and threadComment mark calls that were added unseen. They are
// looked for in a base (withoutUnseen), so their text must not change.
const goComment = "not seen: what the runtime of Go calls when it has to"

const alwaysComment = "not seen: needed to end, to return from signals and to go on after a stop"

const threadComment = "not seen: threads wait for each other when they meet"

// Profile makes a docker document that allows what was seen and what the runtime needs,
// and denies all else with EPERM, as Docker's default profile does. With a base, the
// result is the base and what it lacks; the base itself is not changed.
//
// Calls without conditions share one rule. Calls that were added unseen have rules of
// their own, with a comment that says why they are there.
func (r *Recording) Profile(base *profile.Profile, runtime Runtime) *profile.Profile {
	eperm := uint32(1)
	p := &profile.Profile{DefaultAction: deny, DefaultErrnoRet: &eperm}
	if base != nil {
		copied := *base
		p = &copied
		p.Syscalls = r.withoutUnseen(base.Syscalls)
		p.Warnings = nil
	}
	for _, a := range r.arches() {
		if token := a.Token(); !slices.Contains(p.Architectures, token) && len(p.ArchMap) == 0 {
			p.Architectures = append(slices.Clip(p.Architectures), token)
		}
	}
	names, rules := r.rules(p)
	addNames(p, names, "")
	addNames(p, missing(p, runtime.calls()), runtime.comment())
	addNames(p, missing(p, always), alwaysComment)
	addNames(p, missing(p, r.threadCalls()), threadComment)
	p.Syscalls = append(p.Syscalls, rules...)
	names, rules = r.goRuntime().rules(p)
	addNames(p, names, goComment)
	for _, rule := range rules {
		rule.Comment = goComment
		p.Syscalls = append(p.Syscalls, rule)
	}
	return p
}

// rules returns what the document lacks: names of calls to allow with any arguments, and
// rules with conditions. What was seen of a call through several ABIs is merged. A call
// without a name is left out, as a document cannot name it; Check reports it.
func (r *Recording) rules(p *profile.Profile) (names []string, rules []profile.Rule) {
	all := map[string]*arguments{}
	for _, c := range r.Calls() {
		if c.Name == "" || allows(p, c.Name) {
			continue
		}
		args := r.seen[key{c.Arch, c.Nr}].args
		if known := all[c.Name]; known != nil {
			known.merge(&args)
		} else {
			args.tuples = slices.Clone(args.tuples)
			all[c.Name] = &args
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		conditions := [][]profile.Arg{nil}
		if r.Args {
			conditions = all[name].conditions()
		}
		if len(conditions) == 1 && len(conditions[0]) == 0 {
			names = append(names, name)
			continue
		}
		for _, args := range conditions {
			rule := profile.Rule{Names: []string{name}, Action: allow, Args: args}
			if !slices.ContainsFunc(p.Syscalls, func(has profile.Rule) bool { return covers(has, rule) }) {
				rules = append(rules, rule)
			}
		}
	}
	return names, rules
}

// conditions returns one list of conditions for each rule. Values become a rule for each
// combination that was seen. Flags become one comparison, which denies all bits that were
// never set: (argument & ^bits) == 0. A list without conditions allows the call with any
// arguments.
func (a *arguments) conditions() [][]profile.Arg {
	if len(a.params) == 0 {
		return [][]profile.Arg{nil}
	}
	tuples := slices.SortedFunc(slices.Values(a.tuples), func(x, y [6]uint64) int { return slices.Compare(x[:], y[:]) })
	if len(tuples) == 0 {
		tuples = make([][6]uint64, 1)
	}
	var list [][]profile.Arg
	for _, t := range tuples {
		var args []profile.Arg
		for _, p := range a.params {
			switch mask := a.mask[p.index]; {
			case p.flags:
				// No bit but those that were ever set.
				args = append(args, masked(p.index, mask&^a.bits[p.index], 0))
			case a.many:
			case mask == ^uint64(0):
				args = append(args, profile.Arg{Index: uint32(p.index), Op: "SCMP_CMP_EQ", Value: t[p.index]})
			default:
				// The kernel reads 32 bits, whatever the others hold.
				args = append(args, masked(p.index, mask, t[p.index]))
			}
		}
		slices.SortFunc(args, func(x, y profile.Arg) int { return cmp.Compare(x.Index, y.Index) })
		list = append(list, args)
	}
	return list
}

// masked is the condition (argument & mask) == datum. The dialect keeps the mask in value
// and the datum in valueTwo.
func masked(index int, mask, datum uint64) profile.Arg {
	return profile.Arg{Index: uint32(index), Op: "SCMP_CMP_MASKED_EQ", Value: mask, ValueTwo: datum}
}

// plain says whether a rule allows its calls on every machine and with all arguments.
func plain(rule *profile.Rule) bool {
	return rule.Action == allow && len(rule.Args) == 0 && rule.Includes == nil && rule.Excludes == nil
}

// allows says whether a document allows a call whatever its arguments.
func allows(p *profile.Profile, name string) bool {
	return slices.ContainsFunc(p.Syscalls, func(rule profile.Rule) bool {
		return plain(&rule) && slices.Contains(rule.Names, name)
	})
}

// missing are the calls that a document does not allow whatever their arguments.
func missing(p *profile.Profile, names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return allows(p, name) })
}

// addNames allows calls: in a plain rule with that comment, or in a new one. Names that
// are sorted stay sorted; where a person has ordered them, the new ones come last. Lists
// are copied before they change, as they may be the base's.
func addNames(p *profile.Profile, names []string, comment string) {
	if len(names) == 0 {
		return
	}
	i := slices.IndexFunc(p.Syscalls, func(rule profile.Rule) bool { return plain(&rule) && rule.Comment == comment })
	if i < 0 {
		p.Syscalls = append(p.Syscalls, profile.Rule{Names: names, Action: allow, Comment: comment})
		return
	}
	has := p.Syscalls[i].Names
	sorted := slices.IsSorted(has)
	has = append(slices.Clone(has), names...)
	if sorted {
		slices.Sort(has)
	}
	p.Syscalls[i].Names = has
}

// covers says whether a rule allows all that another does of its call. It does if each of
// its conditions is one of the other's too: fewer conditions allow more. Conditions are
// compared as they are written, so the answer may be no where a proof would say yes; the
// document then has a rule more than it needs.
func covers(has, rule profile.Rule) bool {
	return has.Action == allow && has.Includes == nil && has.Excludes == nil && slices.Contains(has.Names, rule.Names[0]) &&
		!slices.ContainsFunc(has.Args, func(x profile.Arg) bool {
			return !slices.ContainsFunc(rule.Args, func(y profile.Arg) bool {
				return x.Index == y.Index && x.Op == y.Op && x.Value == y.Value && x.ValueTwo == y.ValueTwo
			})
		})
}
