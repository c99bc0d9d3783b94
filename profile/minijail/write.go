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

// format writes for minijail0, or for the compiler.
func format(p *seccomp.Policy, o document.Writing) ([]byte, error) {
	w := writer{compiler: o.Compiler, reasons: document.Reasons{Dialect: profile.Minijail}}
	w.write(p)
	if err := w.reasons.Err(); err != nil {
		return nil, err
	}
	return []byte(w.text.String()), nil
}

type writer struct {
	compiler bool // write for tools/compile_seccomp_policy.py
	abi      arch.Arch
	def      seccomp.Action
	text     strings.Builder
	reasons  document.Reasons
}

func (w *writer) write(p *seccomp.Policy) {
	if len(p.Arches) != 1 {
		w.reasons.Add("a policy for %v: want one ABI", p.Arches)
		return
	}
	w.abi = p.Machine()
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

// words are the actions without a number.
var words = sync.OnceValue(func() map[seccomp.Action]string {
	return map[seccomp.Action]string{
		seccomp.Allow: "1", seccomp.KillProcess: "kill-process", seccomp.KillThread: "kill-thread",
		seccomp.Trap(0): "trap", seccomp.Trace(0): "trace", seccomp.Log: "log", seccomp.Notify: "user-notify",
	}
})

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

// part is cases in a row with one action.
type part struct {
	clauses []string
	action  seccomp.Action
	always  bool
}

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

// filters is what stands behind the colon.
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

// clause is conditions that all hold, empty if they always do.
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

// signsOf are the operators but for MaskedEQ.
var signsOf = sync.OnceValue(func() map[seccomp.Op]string {
	return map[seccomp.Op]string{
		seccomp.EQ: "==", seccomp.NE: "!=", seccomp.LT: "<", seccomp.LE: "<=", seccomp.GT: ">", seccomp.GE: ">=",
	}
})

// atoms are a condition in the terms of the dialect. Bits that must be clear are
// not in a mask; those that must be set are asked for one by one.
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
