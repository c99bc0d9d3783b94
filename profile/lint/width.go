// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/internal/solve"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// The kernel reads many arguments as int, so that a call's high half makes no
// difference to it. A filter that compares all 64 bits sees another call. Where
// that one gets a weaker action, a program gets around the rule.
//
// Both readings of the rules for a call are compared over all calls (proof.Diff):
// as they stand, and with each such condition on what the kernel reads. A constant
// that is a negative int, extended to 64 bits, stands for that int.

// mostCompared is how many rules for a call are compared, which takes a second. A document
// with more for one call is told that nothing was found out.
const mostCompared = 1000

// wide looks for comparisons of more than the kernel reads.
//
// A rule without conditions compares nothing (Always), and an ABI of 32 bits has no high
// halves.
func (l *linter) wide() {
	w := widths{budget: l.work, known: map[string]*widthFindings{}}
	told := map[wideKey]bool{}
	for i := range l.Index.Entries {
		if c := &l.Index.Entries[i]; c.Always == 0 && c.First != 0 && l.arches[c.ABI].Bits() == 64 {
			if r, ok := l.readings(c); ok {
				l.wideEntry(r, w.findings(r, c.Nr), told)
			}
		}
	}
}

// wideKey is what is said once: of a condition and a call, whatever the ABI.
type wideKey struct {
	code     profile.Code
	doc, arg int
	name     string
}

// readings are the rules for a call as they stand and as the kernel reads them.
type readings struct {
	abi        arch.Arch
	name       string
	parts      []int // of each rule: its part of the document
	wide, read seccomp.Policy
}

// wideEntry says what was found out about one call.
func (l *linter) wideEntry(r *readings, found *widthFindings, told map[wideKey]bool) {
	for i := range found.list {
		l.wideFinding(r, &found.list[i], told)
	}
	if !found.whole {
		l.work.miss(profile.Warning, wideMissed, r.name)
	}
}

// wideMissed is what is not looked at where the comparison takes too long.
const wideMissed = "what the high halves change for arguments"

// readings is false where no condition is on an argument that the kernel narrows.
func (l *linter) readings(c *resolution.Entry) (*readings, bool) {
	r := &readings{abi: l.arches[c.ABI]}
	r.name, _ = r.abi.Name(c.Nr)
	r.parts = l.Index.Conditional(nil, c)
	if l.Ranked {
		slices.SortStableFunc(r.parts, func(a, b int) int {
			return cmp.Compare(l.Parts[a].Action.Rank(), l.Parts[b].Action.Rank())
		})
	}
	r.wide = seccomp.Policy{Arches: []arch.Arch{r.abi}, Default: l.unmatchedBy(c)}
	r.read = r.wide
	some := false
	for _, i := range r.parts {
		some = r.add(c.Nr, l.Parts[i].Args, l.Parts[i].Action) || some
	}
	return r, some
}

// add adds a rule, and says whether the kernel reads less than one of its conditions
// compares.
func (r *readings) add(nr uint32, args []seccomp.Arg, action seccomp.Action) (some bool) {
	rule := seccomp.Rule{Numbers: []seccomp.Range{{From: nr, To: nr}}, Args: args, Action: action}
	r.wide.Rules = append(r.wide.Rules, rule)
	rule.Args = slices.Clone(args)
	for j, arg := range args {
		if read, ok := solve.AsRead(r.name, arg); ok && read != arg {
			rule.Args[j], some = read, true
		}
	}
	r.read.Rules = append(r.read.Rules, rule)
	return some
}

// unmatchedBy is what a call gets if no rule matches.
func (l *linter) unmatchedBy(c *resolution.Entry) seccomp.Action {
	if l.Missing[c.ABI].Contain(c.Nr) {
		return errnos.ENOSYS(l.arches[c.ABI])
	}
	return l.def
}

// wideFinding says what is to be said of calls that the two readings decide
// differently.
//
// The set is weaker if the document as it stands gives its calls an action that restricts
// less than the kernel's reading would. That is a way round the rule and a Failure; the
// other direction breaks programs at most and is a note.
func (l *linter) wideFinding(r *readings, f *widthFinding, told map[wideKey]bool) {
	code, severity := profile.Code("wide-comparison"), profile.Info
	key := wideKey{code: code, doc: -1, name: r.name}
	part := &l.Parts[r.parts[f.rule]]
	if f.weaker() {
		code, severity = "wide-bypass", profile.Failure
		key = wideKey{code, part.Doc, f.differs, r.name}
	}
	if told[key] {
		return
	}
	told[key] = true
	if l.full(severity) {
		l.dropped++
		return
	}
	call, bits, text := r.says(f)
	path := resolution.RulePath(part.Doc)
	if k := l.argOf(part, f.arg); k >= 0 {
		path = resolution.ArgPath(part.Doc, k)
	}
	fix := ""
	if f.weaker() {
		if c := part.Args[f.arg]; c.Op == seccomp.EQ && path != resolution.RulePath(part.Doc) {
			mask, low := maskedEQ(c, bits)
			l.mend(replacing(path+".value", mask), replacing(path+".valueTwo", low), replacing(path+".op", `"SCMP_CMP_MASKED_EQ"`))
		}
		fix = wideFix(part.Args[f.arg], bits)
	}
	l.noteCall(&call, severity, code, l.of(path), fix, "%s", text)
}

// says is a call of a finding, how many bits of the argument the kernel reads, and what to say.
func (r *readings) says(f *widthFinding) (call seccomp.Call, bits int, text string) {
	index := r.wide.Rules[f.rule].Args[f.arg].Index
	bits, _ = arch.Width(r.name, index)
	call = f.call
	read := call
	read.Args[index] &= 1<<bits - 1
	but := "although"
	if f.weaker() {
		but = "but"
	}
	return call, bits, fmt.Sprintf("%s gets %v, %s the kernel reads only %d bits of argument %d: that is %s, which gets %v",
		solve.CallText(r.name, r.abi, call.Args), f.a, but, bits, index, solve.ArgsText(r.name, read.Args), f.b)
}

// blame is the rule whose condition is answered differently: the one that decides the call in
// one reading and does not match in the other.
func (r *readings) blame(c *seccomp.Call) int {
	a, b := r.wide.Explain(c), r.read.Explain(c)
	if a.By == seccomp.ByRule && (b.By != seccomp.ByRule || !r.holds(&r.read, a.Rule, c)) {
		return a.Rule
	}
	if b.By == seccomp.ByRule {
		return b.Rule
	}
	return 0
}

// holds says whether one rule of a policy matches a call.
func (r *readings) holds(p *seccomp.Policy, rule int, c *seccomp.Call) bool {
	one := seccomp.Policy{Arches: p.Arches, Rules: p.Rules[rule : rule+1], Default: seccomp.Allow}
	return one.Explain(c).By == seccomp.ByRule
}

// condition is the condition of a rule that the two readings answer differently.
func (r *readings) condition(rule int, c *seccomp.Call) int {
	wide, read := &r.wide.Rules[rule], &r.read.Rules[rule]
	for j := range wide.Args {
		one := func(p *seccomp.Policy, args []seccomp.Arg) bool {
			only := p.Rules[rule]
			only.Args = args
			q := seccomp.Policy{Arches: p.Arches, Rules: []seccomp.Rule{only}}
			return q.Explain(c).By == seccomp.ByRule
		}
		if one(&r.wide, wide.Args[j:j+1]) != one(&r.read, read.Args[j:j+1]) {
			return j
		}
	}
	return 0
}

// plain is a call of the set that is easy to read: high halves of 1, and 0 wherever
// that makes no difference.
//
// Each change is kept only if both readings still give the actions of the set, so the
// call stays a witness.
func (r *readings) plain(set *proof.Difference) seccomp.Call {
	call := set.Call
	for i, x := range call.Args {
		for _, simple := range []uint64{0, x & (1<<32 - 1), 1 << 32, 1<<32 | x&(1<<32-1)} {
			other := call
			other.Args[i] = simple
			if r.wide.Evaluate(&other) == set.A && r.read.Evaluate(&other) == set.B {
				call = other
				break
			}
		}
	}
	return call
}

// argOf is the condition of the document that a part's condition comes from, -1 if
// it is not found.
func (l *linter) argOf(part *resolution.Part, j int) int {
	want := part.Args[j]
	return slices.IndexFunc(l.p.Syscalls[part.Doc].Args, func(a profile.Arg) bool {
		c := scmp.Condition(a.Index, a.Op, a.Value, a.ValueTwo)
		return c.Index == want.Index && c.Op == want.Op && c.Value == want.Value && c.Mask == want.Mask
	})
}

// maskedEQ is the mask and the value with which MASKED_EQ compares the low bits of an
// argument, and no more.
func maskedEQ(c seccomp.Arg, bits int) (mask, low string) {
	most := uint64(1)<<bits - 1
	return strconv.FormatUint(most, 10), strconv.FormatUint(c.Value&most, 10)
}

// wideFix is what would mend a comparison of an argument of which the kernel reads
// that many bits.
func wideFix(c seccomp.Arg, bits int) string {
	most := uint64(1)<<bits - 1
	fix := ""
	switch c.Op {
	case seccomp.EQ:
		mask, low := maskedEQ(c, bits)
		fix = fmt.Sprintf("write SCMP_CMP_MASKED_EQ with value %s and valueTwo %s", mask, low)
	case seccomp.MaskedEQ:
		fix = fmt.Sprintf("write value %d", c.Mask&most)
	default:
		fix = "name the values that are meant with SCMP_CMP_EQ"
	}
	if bits == 32 && !c.Narrow {
		return "compare what the kernel reads (--args narrow), or " + fix
	}
	return fix
}
