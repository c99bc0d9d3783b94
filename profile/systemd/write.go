// SPDX-License-Identifier: Apache-2.0

package systemd

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/callset"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// format writes a section [Service] for a version of systemd, the newest known if o has none.
// The sets of a version are part of the meaning: the same lines allow other calls elsewhere.
func format(p *seccomp.Policy, o document.Writing) ([]byte, error) {
	w := writer{policy: p, version: cmp.Or(o.Version, callset.Newest), reasons: document.Reasons{Dialect: profile.Systemd}, decided: map[string]seccomp.Action{}}
	w.build()
	if err := w.reasons.Err(); err != nil {
		return nil, err
	}
	return w.document(), nil
}

// writer collects what is decided on each name, and then writes it as settings. Settings
// have no ABI: a name has one action on all of the policy's ABIs.
type writer struct {
	policy  *seccomp.Policy
	version int
	native  arch.Arch
	def     seccomp.Action // for names that no rule has
	decided map[string]seccomp.Action
	text    strings.Builder
	reasons document.Reasons
}

// build finds what is decided on each name. What cannot be said goes into reasons, and it
// goes on, so that the caller gets them all.
func (w *writer) build() {
	p := w.policy
	if len(p.Arches) == 0 {
		w.reasons.Add("a policy for no ABI")
		return
	}
	if !callset.Has(w.version) {
		w.reasons.Add("the sets of systemd %d are not known", w.version)
		return
	}
	if w.native = document.Machine(p); !knowsArch(w.version, w.native) {
		w.reasons.Add("%v, for which systemd has no word", w.native)
	}
	for _, a := range p.Arches[1:] {
		if !slices.Contains(others()[w.native], a) {
			w.reasons.Add("%v beside %v, whose kernel does not run it", a, w.native)
		}
	}
	if p.BadArch != seccomp.KillThread {
		w.reasons.Add("%v for foreign ABIs, want KILL_THREAD", p.BadArch)
	}
	w.def = w.common()
	if kind := w.def.Kind(); w.def != seccomp.Allow && w.def != seccomp.Log && w.def != seccomp.KillProcess && kind != seccomp.Errno(0) || w.def == seccomp.Errno(0) {
		w.reasons.Add("%v as the default", w.def)
	}
	for _, a := range p.Arches {
		for _, d := range document.Decide(p, a) {
			w.decide(a, d)
		}
	}
	for _, a := range p.Arches {
		w.multiplexed(a)
	}
}

// common returns the action for names that no line has, which becomes the list's kind and
// SystemCallErrorNumber=. That is what numbers without a name get. Where those deny, they
// say nothing about names since version 255, which answers them with ENOSYS: it is then the
// denial that most names get, which gives the shortest document.
func (w *writer) common() seccomp.Action {
	rest := document.Otherwise(w.policy, w.native)
	if rest.Runs() || w.version < 255 {
		return rest
	}
	count := map[seccomp.Action]int{}
	for _, d := range document.Decide(w.policy, w.native) {
		a := d.Rules[0].Action
		if count[a]++; !a.Runs() && count[a] > count[rest] {
			rest = a
		}
	}
	return rest
}

// multiplexed decides on names that an ABI has behind socketcall or ipc alone, where their
// answer is not the multiplexer's own. Package seccomp has no rule by such a name, so the
// policy is asked what it does with the multiplexer's call.
func (w *writer) multiplexed(a arch.Arch) {
	for _, name := range callset.Known() {
		mux, n, ok := a.Multiplexer(name)
		if _, decided := w.decided[name]; !ok || decided {
			continue
		}
		nr, _ := a.Number(mux)
		action := w.policy.Evaluate(&seccomp.Call{Audit: a.Audit(), Nr: nr, Args: [6]uint64{uint64(n)}})
		if action != w.decided[mux] {
			w.decided[name] = action
		}
	}
}

// decide notes what a policy does with one call of an ABI. Conditions on multiplexers are
// passed over: companions adds the same ones when the document is read, or else the proof
// finds the difference.
func (w *writer) decide(a arch.Arch, d document.Decision) {
	rules := d.Rules
	if d.Name == "socketcall" || d.Name == "ipc" {
		rules = slices.DeleteFunc(slices.Clone(rules), func(r *seccomp.Rule) bool { return len(r.Args) > 0 })
	}
	action := w.def
	if len(rules) > 0 {
		if action = rules[0].Action; len(rules[0].Args) > 0 {
			w.reasons.Add("%s: conditions on arguments", d.Name)
			return
		}
	}
	if before, ok := w.decided[d.Name]; ok && before != action {
		w.reasons.Add("%s is decided otherwise on %v than on another ABI", d.Name, a)
		return
	}
	if w.decided[d.Name] = action; action != w.def && action != seccomp.Allow && action != seccomp.Log && action != seccomp.KillProcess && action.Kind() != seccomp.Errno(0) {
		w.reasons.Add("%v for %s", action, d.Name)
	}
}

// document writes the settings: the ABIs, the errno, the names that are allowed, those that
// are denied and those that are logged. SystemCallArchitectures= is left out if all of the
// machine's ABIs are filtered, which is what systemd does without it.
func (w *writer) document() []byte {
	const head = "[Service]\n"
	w.text.WriteString(head)
	if len(w.policy.Arches) < 1+len(others()[w.native]) {
		w.architectures()
	}
	allows := !w.def.Runs()
	if w.def.Kind() == seccomp.Errno(0) {
		fmt.Fprintf(&w.text, "SystemCallErrorNumber=%s\n", w.errno(w.def))
	}
	names := slices.Sorted(maps.Keys(w.decided))
	if allows {
		w.allowList(names)
	}
	var denied []string
	for _, name := range names {
		if a := w.decided[name]; !a.Runs() && a != w.otherwise(name) {
			denied = append(denied, name+w.suffix(a, allows))
		}
	}
	w.lines("SystemCallFilter=~", denied)
	if w.logs(names); w.text.Len() == len(head) {
		w.architectures() // a document without any setting is none
	}
	return []byte(w.text.String())
}

// otherwise returns what a name gets that no list has: the default, or ENOSYS for a name
// that the native ABI lacks, where systemd answers so.
func (w *writer) otherwise(name string) seccomp.Action {
	if _, ok := w.native.Number(name); !ok && w.version >= 255 && !w.def.Runs() {
		return enosysOf(w.native)
	}
	return w.def
}

// architectures writes SystemCallArchitectures=, the native ABI as "native".
func (w *writer) architectures() {
	words := []string{"native"}
	for _, a := range w.policy.Arches[1:] {
		words = append(words, archWord(a))
	}
	fmt.Fprintf(&w.text, "SystemCallArchitectures=%s\n", strings.Join(words, " "))
}

// allowList writes what is allowed. A list that allows always has @default, so its members
// are not written, and those that the policy does not allow are taken away again.
func (w *writer) allowList(names []string) {
	given, _ := callset.Members(w.version, "@default")
	allowed := []string{"@default"}
	var less []string
	for _, name := range names {
		switch has := slices.Contains(given, name); {
		case w.decided[name].Runs() && !has:
			allowed = append(allowed, name)
		case w.decided[name] == w.otherwise(name) && has:
			less = append(less, name)
		}
	}
	w.lines("SystemCallFilter=", allowed)
	w.lines("SystemCallFilter=~", less)
}

// suffix returns what stands behind a denied name: its errno, or ":kill" where the setting
// SystemCallErrorNumber= would give another answer.
//
//	umount2:EIO     ERRNO(5)
//	reboot:kill     KILL_PROCESS
func (w *writer) suffix(a seccomp.Action, allows bool) string {
	switch {
	case a == seccomp.KillProcess && !allows:
		return "" // what a list that denies does
	case a == seccomp.KillProcess:
		return ":kill"
	}
	return ":" + w.errno(a)
}

// errnoWords are the errnos that are written by name: those that people give to calls. A
// number would mean the same, but its meaning differs between ABIs for a reader.
var errnoWords = []string{"EPERM", "ENOENT", "EIO", "EBADF", "EAGAIN", "ENOMEM", "EACCES", "EINVAL", "ENOTTY", "EROFS",
	"ENOSYS", "EOPNOTSUPP", "EAFNOSUPPORT", "EUCLEAN"}

// errno is an errno by its name, or else its number.
func (w *writer) errno(a seccomp.Action) string {
	for _, name := range errnoWords {
		if n, ok := errnos.Number(name, w.native); ok && n == uint32(a.Data()) {
			return name
		}
	}
	return fmt.Sprint(a.Data())
}

// logs writes SystemCallLog=, with "~" if all but some names are logged. Without a list of
// names "SystemCallLog=~" logs everything.
func (w *writer) logs(names []string) {
	var list []string
	for _, name := range names {
		if a := w.decided[name]; a == seccomp.Log && w.def != seccomp.Log || a == seccomp.Allow && w.def == seccomp.Log {
			list = append(list, name)
		}
	}
	if w.def != seccomp.Log {
		w.lines("SystemCallLog=", list)
	} else if w.lines("SystemCallLog=~", list); len(list) == 0 {
		w.text.WriteString("SystemCallLog=~\n")
	}
}

// lines writes a list as settings of no more than a hundred columns. Values of one name add
// up, so a long list can be split anywhere; each line of a list that denies begins with "~".
func (w *writer) lines(setting string, words []string) {
	const columns = 100
	for len(words) > 0 {
		n, length := 0, len(setting)
		for n < len(words) && (n == 0 || length+1+len(words[n]) <= columns) {
			length += 1 + len(words[n])
			n++
		}
		fmt.Fprintf(&w.text, "%s%s\n", setting, strings.Join(words[:n], " "))
		words = words[n:]
	}
}
