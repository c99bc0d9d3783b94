// SPDX-License-Identifier: Apache-2.0

package minijail

import (
	"fmt"
	"math"
	"math/bits"
	"strings"
	"sync"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// format writes for minijail0, or for the compiler if o says so. The two take different
// words, and minijail0 takes fewer; what neither can say is a reason of the error.
func format(p *seccomp.Policy, o document.Writing) ([]byte, error) {
	w := writer{compiler: o.Compiler, reasons: document.Reasons{Dialect: profile.Minijail}}
	w.write(p)
	if err := w.reasons.Err(); err != nil {
		return nil, err
	}
	return []byte(w.text.String()), nil
}

// writer builds a document. What it has no words for goes into reasons, and it goes on: the
// caller gets all reasons at once, not the first alone.
type writer struct {
	compiler bool // write for tools/compile_seccomp_policy.py
	abi      arch.Arch
	def      seccomp.Action
	text     strings.Builder
	reasons  document.Reasons
}

// write writes the head of the policy and then a line for each call. The default decides
// the form: KILL_THREAD is minijail0's own, ALLOW makes a deny list, and others need the
// compiler's @default.
func (w *writer) write(p *seccomp.Policy) {
	if len(p.Arches) != 1 {
		w.reasons.Add("a policy for %v: want one ABI", p.Arches)
		return
	}
	w.abi = document.Machine(p)
	if p.BadArch != seccomp.KillThread {
		w.reasons.Add("%v for foreign ABIs, want KILL_THREAD", p.BadArch)
	}
	w.def = document.Otherwise(p, w.abi)
	switch w.def {
	case seccomp.KillThread:
	case seccomp.Allow:
		w.text.WriteString("@denylist\n")
	case seccomp.KillProcess, seccomp.Trap(0), seccomp.Notify:
		if !w.compiler {
			w.reasons.Add("%v as the default: minijail0's is KILL_THREAD, and it takes no @default", w.def)
		}
		fmt.Fprintf(&w.text, "@default %s\n", words()[w.def])
	default:
		w.reasons.Add("%v as the default", w.def)
	}
	for _, d := range document.Decide(p, w.abi) {
		w.call(d)
	}
}

// words are the actions without a number, as policies write them.
var words = sync.OnceValue(func() map[seccomp.Action]string {
	return map[seccomp.Action]string{
		seccomp.Allow: "1", seccomp.KillProcess: "kill-process", seccomp.KillThread: "kill-thread",
		seccomp.Trap(0): "trap", seccomp.Trace(0): "trace", seccomp.Log: "log", seccomp.Notify: "user-notify",
	}
})

// word returns an action as a policy writes it. Errnos are written as numbers, which both
// compilers take and which do not depend on an ABI. It is empty for an action without a word,
// for instance a TRACE with a number: that is a reason, and the text is not used then.
func (w *writer) word(a seccomp.Action) string {
	if a.Kind() == seccomp.Errno(0) {
		return fmt.Sprintf("return %d", a.Data())
	}
	word, ok := words()[a]
	switch {
	case !ok:
		w.reasons.Add("action %v", a)
	case word != "1" && !w.compiler:
		w.reasons.Add("action %v, which minijail0 does not know", a)
	}
	return word
}

// part is a run of cases with the same action, which become one filter with "||". Cases that
// are no neighbours stay apart even if their actions are equal, since the order decides.
type part struct {
	clauses []string
	action  seccomp.Action
	always  bool
}

// call writes the line of one call, nothing if it gets the default action. The cases are in
// order, the first that holds decides; a case without conditions ends the line.
func (w *writer) call(d document.Decision) {
	cases, ok := d.Cases(w.def)
	if !ok {
		w.reasons.Add("the rules for %s: too many cases", d.Name)
	}
	var parts []part
	for _, c := range cases {
		clause, ok := w.clause(d.Name, c.Args)
		if !ok {
			return
		}
		if n := len(parts); n == 0 || parts[n-1].action != c.Action {
			parts = append(parts, part{action: c.Action})
		}
		last := &parts[len(parts)-1]
		last.clauses = append(last.clauses, clause)
		last.always = last.always || clause == ""
		if last.always {
			break
		}
	}
	if len(parts) > 0 {
		fmt.Fprintf(&w.text, "%s: %s\n", d.Name, w.filters(d.Name, parts))
	}
}

// filters returns what stands behind the colon. minijail0 can say three forms:
//
//	name: 1                          always allowed
//	name: arg0 == 1 || arg1 == 2     allowed on conditions, else the default
//	name: arg0 == 1; return 1        allowed on conditions, else an errno
//
// All others are a list of filters in braces, which the compiler alone reads.
func (w *writer) filters(name string, parts []part) string {
	first, last := parts[0], parts[len(parts)-1]
	if w.def == seccomp.Allow && (!first.always || first.action.Kind() != seccomp.Errno(0)) {
		w.reasons.Add("%s: a deny list has only errnos without conditions", name)
	}
	switch {
	case first.always:
		return w.word(first.action)
	case first.action == seccomp.Allow && len(parts) == 1:
		return strings.Join(first.clauses, " || ")
	case !w.compiler && first.action == seccomp.Allow && len(parts) == 2 && last.always && last.action.Kind() == seccomp.Errno(0):
		return strings.Join(first.clauses, " || ") + "; " + w.word(last.action)
	}
	if !w.compiler {
		w.reasons.Add("%s: several actions, or one but ALLOW on conditions, which minijail0 does not take", name)
	}
	var list []string
	for _, p := range parts {
		if p.always {
			list = append(list, w.word(p.action))
			break
		}
		text := strings.Join(p.clauses, " || ")
		if p.action != seccomp.Allow {
			text += "; " + w.word(p.action)
		}
		list = append(list, text)
	}
	return "{ " + strings.Join(list, ", ") + " }"
}

// clause returns conditions joined by "&&", empty if there are none. It is false for a
// condition that the dialect cannot say. The dialect compares whole words of the ABI, so on
// 64 bits an ordered comparison of the low 32 bits has no form. EQ has one (atoms).
func (w *writer) clause(name string, args []seccomp.Arg) (string, bool) {
	var atoms []string
	for _, a := range args {
		list, ok := w.atoms(a)
		if !ok {
			w.reasons.Add("%s: argument %d %v %#x, of which the low 32 bits are compared", name, a.Index, a.Op, a.Value)
			return "", false
		}
		atoms = append(atoms, list...)
	}
	return strings.Join(atoms, " && "), true
}

// signsOf are the signs of all operators but MaskedEQ, which has none.
var signsOf = sync.OnceValue(func() map[seccomp.Op]string {
	return map[seccomp.Op]string{
		seccomp.EQ: "==", seccomp.NE: "!=", seccomp.LT: "<", seccomp.LE: "<=", seccomp.GT: ">", seccomp.GE: ">=",
	}
})

// atoms returns a condition in the dialect's terms. There is no masked comparison, so that
// argument & 0x6 == 0x2 becomes two atoms: bits that must be clear are left out of an "in"
// mask, and bits that must be set are asked for one by one.
//
//	arg1 & 0x6 == 0x2  ->  arg1 in 0xfffffffffffffffb && arg1 & 0x2
func (w *writer) atoms(a seccomp.Arg) ([]string, bool) {
	word := uint64(math.MaxUint64)
	if w.abi.Bits() == 32 {
		word, a.Narrow = math.MaxUint32, false
	}
	if a.Narrow && a.Op == seccomp.EQ {
		a.Op, a.Mask = seccomp.MaskedEQ, math.MaxUint64
	}
	if a.Op != seccomp.MaskedEQ {
		if a.Narrow || a.Value > word {
			return nil, false
		}
		return []string{fmt.Sprintf("arg%d %s %#x", a.Index, signsOf()[a.Op], a.Value)}, true
	}
	present := word
	if a.Narrow {
		present = math.MaxUint32
	}
	set := a.Value & a.Mask
	if set&^present != 0 {
		return nil, false
	}
	var list []string
	if clear := a.Mask & present &^ set; clear != 0 {
		list = append(list, fmt.Sprintf("arg%d in %#x", a.Index, word&^clear))
	}
	for ; set != 0; set &= set - 1 {
		list = append(list, fmt.Sprintf("arg%d & %#x", a.Index, uint64(1)<<bits.TrailingZeros64(set)))
	}
	return list, true
}
