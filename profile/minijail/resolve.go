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
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

const (
	// maxCases is how many rules one expression may become. A condition "argN & MASK" with n
	// bits in its mask becomes n alternatives, and conditions joined by "&&" multiply: two
	// masks of 32 bits are 1024. Without a bound one line with six of them would ask for
	// 32^6 rules, a billion.
	maxCases = 4096
	// maxRules is how many rules all expressions of a policy may become together: maxCases
	// bounds one line, and a policy may have many.
	maxRules = 1 << 16
)

// Resolve makes the policy that the document means for a target. Only the ABI of the target
// counts: a policy has conditions on machines alone. Of the options Strict and Narrow count:
// this dialect has no ENOSYS of its own.
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
	return r.notes.Policy(&r.policy, r.resolve)
}

// resolver makes one policy for one ABI.
type resolver struct {
	*Profile
	abi    arch.Arch
	narrow bool
	notes  *document.Notes
	policy seccomp.Policy
	// decided are the numbers of calls that a line was for, with the first such line's token.
	decided map[uint32]token
	// closed are those of decided whose line always decides: nothing behind it is reached.
	closed map[uint32]bool
}

// whole is the place of the document as such, for what no line is to blame for: a target that
// does not fit, a policy without lines. It is empty for a profile that a program made.
func (r *resolver) whole() profile.Place {
	if r.text == nil {
		return profile.Place{}
	}
	return r.text.Place(-1, "")
}

// resolve sets the policy's defaults and adds the rules of each line in order.
//
// minijail0's filter compares the AUDIT_ARCH number alone, and x32 shares x86_64's. Package
// seccomp tells the two apart by bit 30 of the call's number and treats x32 as a foreign
// ABI here, which the diagnostic says where that makes a difference.
func (r *resolver) resolve() error {
	if !r.abi.Valid() {
		return document.Fail(profile.ErrTarget, targetCode, r.whole(), "the target is no ABI: %v", r.abi)
	}
	if r.names != nil && r.names.abi != r.abi {
		return document.Fail(profile.ErrTarget, targetCode, r.whole(), "the target is %v, and constants.json is for %v", r.abi, r.names.abi)
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

// action returns what an action means on this ABI. minijail0 cuts an errno to the 16 bits
// of SECCOMP_RET_DATA, and the kernel takes at most 4095 (MAX_ERRNO,
// include/linux/err.h), so that 65536 would become 0: success. A larger errno is refused.
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

// line adds the rules of one line: one or more for each filter, and a last one for mismatch.
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

// calls returns the calls of a line that the target has and that no earlier line decides.
// Lines are compared by number: two names may share one, and a number may be written.
//
// A second line for a call is an error for minijail0, unless it was built with
// ALLOW_DUPLICATE_SYSCALLS: then the first counts. The compiler appends the second line's
// filters to the first's, and refuses what stands behind a filter that always holds.
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

// twice reports a second line for a call to minijail0. Closed says whether the first always
// decides: if not, the compiler would take both, and the message says so.
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

// unknown refuses a name that the target does not have. A name of another ABI gets its own
// message: the policy is most likely written for another machine.
func (r *resolver) unknown(c call) error {
	name := text.Clip(c.token.text)
	if arch.Known(c.token.text) {
		return document.Fail(profile.ErrProfile, syscallCode, c.token.place(), "%v has no system call %q, which other ABIs have", r.abi, name)
	}
	near := wording.NearestCall(c.token.text)
	if near == "" {
		return document.Fail(profile.ErrProfile, syscallCode, c.token.place(), "unknown system call %q", name)
	}
	err := document.Fail(profile.ErrProfile, syscallCode, c.token.place(), "unknown system call %q, nearest is %q", name, near)
	err.Fix = "write " + near
	return err
}

// filter adds the rules of one filter. Each clause becomes one or more rules with the same
// action; together they are the alternatives of "||". The first rule that matches decides
// in package seccomp too, so order is kept.
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

// add appends one rule for all of the calls. With profile.Narrow it appends one for each
// call, since the kernel's width of an argument depends on the call (arch.Width).
func (r *resolver) add(calls []call, args []seccomp.Arg, a seccomp.Action, t token) {
	origin := document.Origin(t.place())
	if r.narrow && len(args) > 0 {
		for _, c := range calls {
			r.policy.Rules = append(r.policy.Rules, rule([]call{c}, r.narrowed(c, args), a, origin))
		}
		return
	}
	r.policy.Rules = append(r.policy.Rules, rule(calls, args, a, origin))
}

// rule is one rule for all of the calls. Those by number go into Numbers, as a number may
// have no name in package arch.
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

// narrowed marks the arguments of which the kernel reads 32 bits or fewer. Their upper half
// is then not compared: a program may leave anything there.
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

// clause returns the rules' conditions that one clause becomes. It multiplies the
// alternatives of its atoms: (a or b) and (c or d) becomes ac, ad, bc, bd. The size is
// checked before each product is made, so memory stays within maxCases rules of at most as
// many conditions as the clause has atoms.
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

// atom returns alternatives, of which one must hold. The operators that C lacks are
//
//	argN & MASK    some bit of MASK is set: one alternative for each bit (anyBit)
//	argN in MASK   no bit outside of MASK is set: argN & ^MASK == 0
//
// The others compare unsigned words.
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

// anyBit returns the alternatives for "argN & MASK": for 0x6, bit 1 is set, or bit 2 is set.
// A mask of all upper bits is one comparison instead: argN & 0xfffffff0 is argN > 15.
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

// multiplexers reports a call that lets others through. On x86, s390 and others, socket and
// its kin can be made through socketcall, and semget and its kin through ipc (socketcall(2),
// ipc(2)). minijail adds no rule for that, unlike libseccomp: a policy that allows
// socketcall and not socket allows both. In an allow list that is a fact; in a deny list the
// denial has no effect, and it is a warning.
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

// lets reports whether a call is allowed whatever its arguments are. The first rule that
// names it is enough: a rule with conditions in front of it does not allow it whatever its
// arguments are.
func (r *resolver) lets(nr uint32) bool {
	for i := range r.policy.Rules {
		rule := &r.policy.Rules[i]
		if rule.Names(r.abi, nr) {
			return rule.Action == seccomp.Allow && len(rule.Args) == 0
		}
	}
	return r.policy.Default == seccomp.Allow
}
