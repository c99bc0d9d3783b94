// SPDX-License-Identifier: Apache-2.0

package grant

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/profile"
)

// add tries rules for the call: with the arguments that rules look at, and with any.
//
// The first is tried only where some rule looks at arguments of the call: there they
// matter to the author.
func (f *changeFinder) add() {
	if args := f.values(); len(args) > 0 {
		f.addRule(classValue, 0, f.names[0], args)
	}
	f.addRule(classCall, 0, f.names[0], nil)
}

// addMasked tries a rule that looks at the bits that another looks at.
func (f *changeFinder) addMasked(i int) {
	if args, kept := f.masked(i); args != nil {
		f.addRule(classMask, -kept, f.names[0], args)
	}
}

// addInner tries a rule for the call that a multiplexer was to make.
//
// A denied socketcall(1, ...) on x86 is a denied socket: a rule for socket is what the
// document should have, and resolving it makes the rule for socketcall.
func (f *changeFinder) addInner() {
	for _, a := range arch.All() {
		for _, name := range a.Calls() {
			mux, n, ok := f.abi.Multiplexer(name)
			if !ok || !f.isName(mux) {
				continue
			}
			for _, m := range resolution.Multiplexers {
				if m.Name == mux && f.call.Args[0]&m.Mask == uint64(n) {
					f.addRule(classValue, 1, name, nil)
					return
				}
			}
		}
	}
}

// addRule tries a rule at the end of the document.
//
// The text is "add a rule for socket where argument 0 is 0x10 and argument 1 is 0x3".
func (f *changeFinder) addRule(class, breadth int, name string, args []profile.Arg) {
	rule := profile.Rule{Names: []string{name}, Action: "SCMP_ACT_ALLOW", Args: args}
	text := "add a rule for " + name
	for i := range args {
		text += [...]string{" where ", " and "}[min(i, 1)] + condText(&args[i])
	}
	end := len(f.p.Syscalls)
	f.try(class, breadth, f.with(append(slices.Clip(f.p.Syscalls), rule)), f.target,
		Change{Kind: AddRule, Text: text, Place: f.newPlace(resolution.RulePath(end))}.writing(rule))
}

// newPlace is the place of something that the document does not have.
func (f *changeFinder) newPlace(path string) profile.Place {
	return profile.Place(f.Place("", path))
}

// condText is a condition for people.
func condText(a *profile.Arg) string {
	if a.Op == "SCMP_CMP_MASKED_EQ" {
		return fmt.Sprintf("argument %d has %#x of the bits %#x", a.Index, a.ValueTwo, a.Value)
	}
	return fmt.Sprintf("argument %d is %#x", a.Index, a.Value)
}

// value is an argument of the call as the ABI has it.
//
// An ABI of 32 bits has the low half alone, and a constant with more bits would never be
// met.
func (f *changeFinder) value(index uint32) uint64 {
	if f.abi.Bits() == 32 {
		return f.call.Args[index] & (1<<32 - 1)
	}
	return f.call.Args[index]
}

// values are conditions that the arguments are those of the call, for all that
// some rule looks at.
func (f *changeFinder) values() []profile.Arg {
	var looked [6]bool
	for i := range f.p.Syscalls {
		if f.about(i) {
			for _, a := range f.p.Syscalls[i].Args {
				looked[a.Index] = true
			}
		}
	}
	var list []profile.Arg
	for i := range uint32(6) {
		if looked[i] {
			list = append(list, profile.Arg{Index: i, Op: "SCMP_CMP_EQ", Value: f.value(i)})
		}
	}
	return list
}

// masked are conditions that look at the bits that a rule looks at, and how many
// those are; nil if it looks at all bits. A rule with several conditions on an
// argument, of which one is enough, has no such form.
//
// Where a rule allows clone for flags with none of the namespace bits, the new one allows
// the flags that this call has among those bits, whatever its others are. The more bits
// it looks at, the narrower it is.
func (f *changeFinder) masked(i int) (list []profile.Arg, kept int) {
	found := false
	seen := map[uint32]bool{}
	for _, a := range f.p.Syscalls[i].Args {
		c := profile.Arg{Index: a.Index, Op: "SCMP_CMP_EQ", Value: f.value(a.Index)}
		if a.Op == "SCMP_CMP_MASKED_EQ" {
			found = true
			c = profile.Arg{Index: a.Index, Op: a.Op, Value: a.Value, ValueTwo: f.value(a.Index) & a.Value}
			kept += bits.OnesCount64(a.Value)
		}
		if seen[a.Index] {
			return nil, 0
		}
		seen[a.Index] = true
		list = append(list, c)
	}
	if !found {
		return nil, 0
	}
	return list, kept
}

// widen tries to let a rule that would allow the call look less closely.
//
// A condition that can be met is kept, one that the call just misses is moved to it, and
// one that cannot be moved goes.
func (f *changeFinder) widen(i int) {
	doc := &f.p.Syscalls[i]
	if _, action := f.resolved(i); !action.Runs() {
		return
	}
	rule := *doc
	rule.Args = nil
	var texts []string
	for j := range doc.Args {
		a, text := f.wider(&doc.Args[j])
		if text != "" {
			texts = append(texts, fmt.Sprintf(text, resolution.ArgPath(i, j)))
		}
		if a != nil {
			rule.Args = append(rule.Args, *a)
		}
	}
	if len(texts) == 0 || len(rule.Args) == 0 {
		return // without a condition it is as wide as a rule for the call
	}
	f.try(classWiden, len(rule.Names), f.without(i, rule), f.target,
		Change{Kind: WidenCondition, Text: strings.Join(texts, ", and "), Place: f.place(resolution.RulePath(i))}.writing(rule))
}

// wider is the nearest condition that holds for the call, nil if none is left,
// and how to make it; the text is empty if the condition holds as it is.
//
// LT 10 becomes LE 12 for a call with 12, and GE 10 becomes GE 8 for one with 8. Of
// MASKED_EQ the bits that differ leave the mask. EQ and NE have no nearest form and are
// removed.
func (f *changeFinder) wider(a *profile.Arg) (*profile.Arg, string) {
	c, v := scmp.Condition(a.Index, a.Op, a.Value, a.ValueTwo), f.value(a.Index)
	wide := *a
	switch a.Op {
	case "SCMP_CMP_MASKED_EQ":
		differ := (v ^ c.Value) & c.Mask
		if differ == 0 {
			return a, ""
		}
		wide.Value &^= differ
		wide.ValueTwo &= wide.Value
		if wide.Value == 0 {
			return nil, "remove %s"
		}
		return &wide, fmt.Sprintf("change the mask of %%s from %#x to %#x", a.Value, wide.Value)
	case "SCMP_CMP_LT", "SCMP_CMP_LE":
		if v < c.Value || v == c.Value && a.Op == "SCMP_CMP_LE" {
			return a, ""
		}
		wide.Op, wide.Value = "SCMP_CMP_LE", v
	case "SCMP_CMP_GT", "SCMP_CMP_GE":
		if v > c.Value || v == c.Value && a.Op == "SCMP_CMP_GE" {
			return a, ""
		}
		wide.Op, wide.Value = "SCMP_CMP_GE", v
	default:
		if (v == c.Value) == (a.Op == "SCMP_CMP_EQ") {
			return a, ""
		}
		return nil, "remove %s"
	}
	return &wide, fmt.Sprintf("change %%s to %s %d", wide.Op, v)
}

// denying tries to do without a rule that denies the call, and to let it allow.
//
// Taking the name out of the rule is the narrower way: the call then has what later rules
// and the default say. Letting the rule allow is tried only where it names no other call.
func (f *changeFinder) denying(i int) {
	doc := &f.p.Syscalls[i]
	if applies, action := f.resolved(i); !applies || action.Runs() {
		return
	}
	rule := f.unnamed(i)
	change := Change{Kind: RemoveName, Text: f.removal(i), Place: f.place(resolution.RulePath(i))}
	if len(rule.Names) > 0 {
		change = change.writing(rule)
	}
	f.try(classDeny, 0, f.without(i, rule), f.target, change)
	if len(rule.Names) > 0 {
		return
	}
	rule = *doc
	rule.Action, rule.ErrnoRet = "SCMP_ACT_ALLOW", nil
	f.try(classDeny, 1, f.without(i, rule), f.target,
		Change{Kind: AllowInstead, Text: "let " + resolution.RulePath(i) + " allow", Place: f.place(resolution.RulePath(i) + ".action")}.writing(rule))
}

// unnamed is a rule without the call's names.
func (f *changeFinder) unnamed(i int) profile.Rule {
	rule := f.p.Syscalls[i]
	rule.Names = slices.DeleteFunc(slices.Clone(rule.Names), f.isName)
	return rule
}

// removal says how to take the call out of a rule.
func (f *changeFinder) removal(i int) string {
	if len(f.unnamed(i).Names) == 0 {
		return "remove " + resolution.RulePath(i)
	}
	return fmt.Sprintf("remove %s from %s.names", f.names[0], resolution.RulePath(i))
}

// denyingAll tries to do without any rule that denies the call, where one is not
// enough, and with a rule that allows it where that is not enough either.
func (f *changeFinder) denyingAll() {
	var rules, changed []profile.Rule
	var texts []string
	first := -1
	for i := range f.p.Syscalls {
		applies, action := f.resolved(i)
		if !applies || action.Runs() || !f.about(i) {
			rules = append(rules, f.p.Syscalls[i])
			continue
		}
		if first < 0 {
			first = i
		}
		texts = append(texts, f.removal(i))
		if rule := f.unnamed(i); len(rule.Names) > 0 {
			rules = append(rules, rule)
			changed = append(changed, rule)
		}
	}
	if first < 0 || slices.ContainsFunc(f.found, func(r ranked) bool { return r.class < classTarget }) {
		return
	}
	place := f.place(resolution.RulePath(first))
	change := Change{Kind: RemoveName, Text: strings.Join(texts, ", and "), Place: place}.writing(changed...)
	if f.try(classDeny, 2, f.with(rules), f.target, change) {
		return
	}
	rule := profile.Rule{Names: f.names[:1], Action: "SCMP_ACT_ALLOW"}
	change.Text += ", and add a rule for " + f.names[0]
	f.try(classDeny, 3, f.with(append(rules, rule)), f.target, change.writing(append(changed, rule)...))
}
