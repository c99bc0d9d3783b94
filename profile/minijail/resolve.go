// SPDX-License-Identifier: Apache-2.0

package minijail

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

const (
	// maxCases is how many rules one expression may become: an "&" with a mask of
	// several bits is one for each.
	maxCases = 4096
	// maxRules is how many all of them may.
	maxRules = 1 << 16
)

// Resolve makes the policy that the document means for a target, of which only the ABI
// counts. Of the options Strict and Narrow count: there is no
// ENOSYS in this dialect.
//
// Calls through another ABI get Profile.Kill, x32's on x86_64 included. The
// diagnostics are Warnings and then those of the target, an error last. Errors wrap
// profile.ErrTarget or profile.ErrProfile.
func (p *Profile) Resolve(t profile.Target, opts ...profile.Option) (*seccomp.Policy, []profile.Diagnostic, error) {
	if p == nil {
		return nil, nil, fmt.Errorf("%w: it is nil", profile.ErrProfile)
	}
	strict, narrow := document.Resolving(opts)
	r := resolver{Profile: p, abi: t.Arch, narrow: narrow, notes: document.After(p.Warnings, strict), decided: map[uint32]token{}, closed: map[uint32]bool{}}
	err := r.notes.Check()
	if err == nil {
		err = r.resolve()
	}
	if err != nil {
		return nil, r.notes.Failed(err), err
	}
	return &r.policy, r.notes.List(), nil
}

type resolver struct {
	*Profile
	abi     arch.Arch
	narrow  bool
	notes   *document.Notes
	policy  seccomp.Policy
	decided map[uint32]token // numbers that have a line
	closed  map[uint32]bool  // and one that always holds
}

// whole is the place of the document as such.
func (r *resolver) whole() profile.Place {
	if r.text == nil {
		return profile.Place{}
	}
	return r.text.Place(-1, "")
}

func (r *resolver) resolve() error {
	if !r.abi.Valid() {
		return document.Fail(profile.ErrTarget, targetCode, r.whole(), "the target is no ABI: %v", r.abi)
	}
	if r.names != nil && r.names.ABI != r.abi {
		return document.Fail(profile.ErrTarget, targetCode, r.whole(), "the target is %v, and constants.json is for %v", r.abi, r.names.ABI)
	}
	r.policy = seccomp.Policy{Arches: []arch.Arch{r.abi}, Default: r.Kill, BadArch: r.Kill}
	if r.denylist {
		r.policy.Default = seccomp.Allow
	}
	if r.fallback != nil {
		a, err := r.action(*r.fallback)
		if err != nil {
			return err
		}
		r.policy.Default = a
	}
	if len(r.lines) == 0 {
		if err := r.notes.Warn(emptyCode, r.whole(), "", "no line for a system call: every call gets %v", r.policy.Default); err != nil {
			return err
		}
	}
	if r.abi == arch.X86_64 && r.policy.Default != r.policy.BadArch {
		r.notes.Info(x32Code, r.whole(), "", "calls through x32 get %v: minijail does not tell them from those of x86_64, "+
			"and gives them %v", r.policy.BadArch, r.policy.Default)
	}
	for i := range r.lines {
		if err := r.line(&r.lines[i]); err != nil {
			return err
		}
	}
	return r.multiplexers()
}

func (r *resolver) scope() *scope { return &scope{r.abi, r.names, r.compiler} }

// action is what an action means here.
func (r *resolver) action(a action) (seccomp.Action, error) {
	if a.errno == nil {
		if a.kill {
			return r.Kill, nil
		}
		return a.plain, nil
	}
	n, err := a.errno.evaluate(r.scope())
	if err != nil {
		return 0, err
	}
	if n > seccomp.MaxErrno {
		return 0, document.Fail(profile.ErrProfile, errnoCode, a.token.place(), "errno %d is too large, want 0 to %d", n, seccomp.MaxErrno)
	}
	return seccomp.Errno(uint16(n)), nil
}

func (r *resolver) line(l *line) error {
	calls, err := r.calls(l)
	if err != nil || len(calls) == 0 {
		return err
	}
	for i := range l.filters {
		if err := r.filter(calls, &l.filters[i]); err != nil {
			return err
		}
	}
	if l.mismatch == nil {
		return nil
	}
	a, err := r.action(*l.mismatch)
	if err == nil {
		r.add(calls, nil, a, l.mismatch.token)
	}
	return err
}

// calls are those of a line that count: for this machine, and the first time.
func (r *resolver) calls(l *line) ([]call, error) {
	var list []call
	for _, c := range l.calls {
		if len(c.arches) > 0 && !slices.Contains(c.arches, r.abi) {
			r.notes.Info(otherArchsCode, c.token.place(), "", "%s is for other machines", text.Clip(c.token.text))
			continue
		}
		nr := c.number
		if !c.byNumber {
			var ok bool
			if nr, ok = r.abi.Number(c.token.text); !ok {
				return nil, r.unknown(c)
			}
		}
		before, ok := r.decided[nr]
		if ok && r.compiler {
			if _, always := r.closed[nr]; always {
				return nil, document.Fail(profile.ErrProfile, duplicateCode, c.token.place(), "a second line for %s, which has one at %v that always holds", text.Clip(c.token.text), before.place())
			}
		} else if ok {
			if err := r.twice(c, before, r.closed[nr]); err != nil {
				return nil, err
			}
			continue
		}
		r.decided[nr] = c.token
		if len(l.filters[len(l.filters)-1].clauses) == 0 {
			r.closed[nr] = true
		}
		list = append(list, c)
	}
	return list, nil
}

// twice is about a second line for a call, behind one that always holds or not.
func (r *resolver) twice(c call, before token, closed bool) error {
	name := text.Clip(c.token.text)
	switch {
	case !r.AllowDuplicates && !closed && !c.byNumber:
		return document.Fail(profile.ErrProfile, duplicateCode, c.token.place(),
			"a second line for %s, which has one at %v: minijail0 refuses it, and compile_seccomp_policy.py takes it (--minijail-compiler)", name, before.place())
	case !r.AllowDuplicates:
		return document.Fail(profile.ErrProfile, duplicateCode, c.token.place(), "a second line for %s, which has one at %v", name, before.place())
	}
	return r.notes.Warn(duplicateCode, c.token.place(), "remove the line", "a second line for %s is not looked at: it has one at %v", name, before.place())
}

// unknown refuses a name that the target does not have.
func (r *resolver) unknown(c call) error {
	name := text.Clip(c.token.text)
	if arch.Known(c.token.text) {
		return document.Fail(profile.ErrProfile, syscallCode, c.token.place(), "%v has no system call %q, which other ABIs have", r.abi, name)
	}
	near := arch.Suggest(c.token.text)
	if near == "" {
		return document.Fail(profile.ErrProfile, syscallCode, c.token.place(), "unknown system call %q", name)
	}
	err := document.Fail(profile.ErrProfile, syscallCode, c.token.place(), "unknown system call %q, nearest is %q", name, near)
	err.Fix = "write " + near
	return err
}

// filter adds the rules of one filter.
func (r *resolver) filter(calls []call, f *filter) error {
	a, err := r.action(f.action)
	if err != nil {
		return err
	}
	if len(f.clauses) == 0 {
		r.add(calls, nil, a, f.token)
		return nil
	}
	count := 0
	for _, clause := range f.clauses {
		terms, err := r.clause(clause)
		if err != nil {
			return err
		}
		if count += len(terms); count > maxCases {
			return document.Fail(profile.ErrProfile, casesCode, f.token.place(), "the expression has more than %d cases", maxCases)
		}
		if len(r.policy.Rules)+len(terms) > maxRules {
			return document.Fail(profile.ErrProfile, casesCode, f.token.place(), "the expressions have more than %d cases together", maxRules)
		}
		for _, args := range terms {
			r.add(calls, args, a, f.token)
		}
	}
	return nil
}

// add adds a rule for calls. Where an argument's width depends on the call, it is one
// a call.
func (r *resolver) add(calls []call, args []seccomp.Arg, a seccomp.Action, t token) {
	origin := t.place().Origin()
	if r.narrow && len(args) > 0 {
		for _, c := range calls {
			r.policy.Rules = append(r.policy.Rules, rule([]call{c}, r.narrowed(c, args), a, origin))
		}
		return
	}
	r.policy.Rules = append(r.policy.Rules, rule(calls, args, a, origin))
}

func rule(calls []call, args []seccomp.Arg, a seccomp.Action, origin seccomp.Origin) seccomp.Rule {
	out := seccomp.Rule{Args: args, Action: a, Origin: origin}
	for _, c := range calls {
		if c.byNumber {
			out.Numbers = append(out.Numbers, seccomp.Range{From: c.number, To: c.number})
		} else {
			out.Syscalls = append(out.Syscalls, c.token.text)
		}
	}
	return out
}

// narrowed compares 32 bits of the arguments of which the kernel reads no more.
func (r *resolver) narrowed(c call, args []seccomp.Arg) []seccomp.Arg {
	name := c.token.text
	if c.byNumber {
		name, _ = r.abi.Name(c.number)
	}
	args = slices.Clone(args)
	for i := range args {
		width, ok := arch.Width(name, args[i].Index)
		args[i].Narrow = ok && width <= 32
	}
	return args
}

// clause is conditions of which one list must hold.
func (r *resolver) clause(atoms []atom) ([][]seccomp.Arg, error) {
	terms := [][]seccomp.Arg{nil}
	for i := range atoms {
		alternatives, err := r.atom(&atoms[i])
		if err != nil {
			return nil, err
		}
		if len(terms)*len(alternatives) > maxCases {
			return nil, document.Fail(profile.ErrProfile, casesCode, atoms[i].token.place(), "the expression has more than %d cases", maxCases)
		}
		var list [][]seccomp.Arg
		for _, t := range terms {
			for _, a := range alternatives {
				list = append(list, append(slices.Clone(t), a))
			}
		}
		terms = list
	}
	return terms, nil
}

// atom is conditions of which one must hold: several for "&", one a bit.
func (r *resolver) atom(a *atom) ([]seccomp.Arg, error) {
	v, err := a.value.evaluate(r.scope())
	if err != nil {
		return nil, err
	}
	word := uint64(math.MaxUint64)
	if r.abi.Bits() == 32 {
		word = math.MaxUint32
	}
	switch a.operator {
	case "&":
		return r.anyBit(a, v, word)
	case "in":
		if v == word {
			err = r.notes.Warn(alwaysCode, a.token.place(), "remove the condition", "every value is in %#x", v)
		}
		return []seccomp.Arg{{Index: a.index, Op: seccomp.MaskedEQ, Mask: word &^ v}}, err
	}
	out := seccomp.Arg{Index: a.index, Op: operators()[a.operator], Value: v}
	if out.Op == seccomp.LT && v == 0 || out.Op == seccomp.GT && v == word {
		err = r.notes.Warn(neverCode, a.token.place(), "remove the condition", "%s %s %#x never holds", a.token.text, a.operator, v)
	}
	if out.Op == seccomp.GE && v == 0 || out.Op == seccomp.LE && v == word {
		err = r.notes.Warn(alwaysCode, a.token.place(), "remove the condition", "%s %s %#x always holds", a.token.text, a.operator, v)
	}
	return []seccomp.Arg{out}, err
}

// anyBit is the conditions for some bit of a mask to be set.
func (r *resolver) anyBit(a *atom, mask, word uint64) ([]seccomp.Arg, error) {
	if mask == 0 {
		return nil, r.notes.Warn(neverCode, a.token.place(), "write a mask", "%s & 0 never holds", a.token.text)
	}
	if low := word &^ mask; low&(low+1) == 0 { // all upper bits
		return []seccomp.Arg{{Index: a.index, Op: seccomp.GT, Value: low}}, nil
	}
	var list []seccomp.Arg
	for m := mask; m != 0; m &= m - 1 {
		bit := uint64(1) << bits.TrailingZeros64(m)
		list = append(list, seccomp.Arg{Index: a.index, Op: seccomp.MaskedEQ, Mask: bit, Value: bit})
	}
	return list, nil
}

// multiplexers warns of a call that lets others through.
func (r *resolver) multiplexers() error {
	for _, mux := range []string{"socketcall", "ipc"} {
		nr, ok := r.abi.Number(mux)
		if !ok || !r.lets(nr) {
			continue
		}
		place := r.whole()
		if t, ok := r.decided[nr]; ok {
			place = t.place()
		}
		for callNr, name := range r.abi.Calls() {
			if m, _, ok := r.abi.Multiplexer(name); !ok || m != mux || r.lets(callNr) {
				continue
			}
			if !r.denylist {
				r.notes.Info(multiplexCode, place, "", "%s lets %s through, which has no line that allows it", mux, name)
				break
			}
			if err := r.notes.Warn(multiplexCode, place, "deny "+mux+" too", "%s is denied, and can be reached through %s", name, mux); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// lets says whether a number is allowed with any arguments.
func (r *resolver) lets(nr uint32) bool {
	for i := range r.policy.Rules {
		rule := &r.policy.Rules[i]
		if rule.Names(r.abi, nr) {
			return rule.Action == seccomp.Allow && len(rule.Args) == 0
		}
	}
	return r.policy.Default == seccomp.Allow
}
