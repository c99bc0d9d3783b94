// SPDX-License-Identifier: Apache-2.0

package systemd

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/callset"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Resolve makes the policy that the settings mean for a target. Only the ABI of the target
// counts, since settings have no conditions. Of the options only profile.Strict counts: what
// systemd says to calls that it does not know is its own (Known), and rules have no
// conditions on arguments.
//
// The diagnostics are Warnings and then those of the target, an error last. Errors wrap
// profile.ErrTarget or profile.ErrProfile.
func (p *Profile) Resolve(t profile.Target, opts ...profile.Option) (*seccomp.Policy, []profile.Diagnostic, error) {
	if p == nil {
		return nil, nil, fmt.Errorf("%w: it is nil", profile.ErrProfile)
	}
	strict, _ := document.Resolving(opts)
	r := resolver{Profile: p, native: t.Arch, notes: document.After(p.Warnings, strict), version: cmp.Or(p.Version, callset.Newest), deny: seccomp.KillProcess}
	return r.notes.Policy(&r.policy, r.resolve)
}

// resolver makes the policy for one machine. The native ABI decides what names mean: systemd
// looks every name and errno up there, and has libseccomp translate to the others.
type resolver struct {
	*Profile
	native      arch.Arch
	arches      []arch.Arch
	version     int
	notes       *document.Notes
	deny        seccomp.Action // SystemCallErrorNumber=
	filter, log list
	taken       int // names that came from sets
	policy      seccomp.Policy
}

// place is where a word stands; nowhere for a profile that a program made.
func (r *resolver) place(at int) profile.Place {
	if r.text == nil {
		return profile.Place{}
	}
	return r.text.Place(at, "")
}

// resolve reads the settings in their order, the architectures first, since words are
// checked against the ABIs that are filtered.
func (r *resolver) resolve() error {
	if !r.native.Valid() {
		return document.Fail(profile.ErrTarget, targetCode, r.place(-1), "the target is no ABI: %v", r.native)
	}
	if !callset.Has(r.version) {
		return document.Fail(profile.ErrProfile, versionCode, r.place(-1), "the sets of systemd %d are not known, want 252, 255 or 256", r.version)
	}
	restricted, err := r.architectures()
	if err != nil {
		return err
	}
	for i := range r.settings {
		s := &r.settings[i]
		switch s.name {
		case filterName:
			err = r.read(&r.filter, s)
		case logName:
			err = r.read(&r.log, s)
		case errorName:
			err = r.errorNumber(s)
		}
		if err != nil {
			return err
		}
	}
	if !r.filter.given && !r.log.given && !restricted {
		return document.Fail(profile.ErrProfile, nothingCode, r.place(-1), "the settings are empty: systemd would run the unit without a filter")
	}
	r.write()
	return r.about()
}

// architectures finds the ABIs that are filtered. Restricted says that
// SystemCallArchitectures= names some; an empty value forgets those before it. All others
// of the machine are then foreign, and calls through them kill the thread.
func (r *resolver) architectures() (restricted bool, err error) {
	wanted := map[arch.Arch]bool{}
	for i := range r.settings {
		s := &r.settings[i]
		if s.name != archName {
			continue
		}
		if restricted = len(s.words) > 0; !restricted {
			clear(wanted)
		}
		for _, w := range s.words {
			if err := r.architecture(w, wanted); err != nil {
				return false, err
			}
		}
	}
	local := others()[r.native]
	if !knowsArch(r.version, r.native) {
		if err := r.notes.Warn(noArch, r.place(-1), "", "systemd has no word for %v and filters nothing there; here it is filtered", r.native); err != nil {
			return false, err
		}
	}
	if r.native == arch.X32 && wanted[arch.X32] {
		wanted[arch.X86_64] = true // the vdso of x32 makes x86_64's calls
	}
	r.arches = []arch.Arch{r.native}
	for _, a := range local {
		if !restricted || wanted[a] {
			r.arches = append(r.arches, a)
		}
	}
	return restricted, nil
}

// architecture reads one word of SystemCallArchitectures=. "native" adds nothing, as the
// native ABI is always filtered.
func (r *resolver) architecture(w word, wanted map[arch.Arch]bool) error {
	if w.text == "native" {
		return nil
	}
	a, ok := archOf(w.text)
	if !ok || !knowsArch(r.version, a) {
		fix := ""
		if near := nearArch(w.text); near != "" {
			fix = "write " + near
		}
		return r.notes.Warn(archCode, r.place(w.at), fix, "unknown architecture %q", text.Clip(w.text))
	}
	if wanted[a] = true; a != r.native && !slices.Contains(others()[r.native], a) {
		r.notes.Info(foreignArch, r.place(w.at), "", "a kernel for %v does not run %v", r.native, a)
	}
	return nil
}

// nearArch is systemd's word for an architecture that is spelt otherwise, or the nearest.
func nearArch(text string) string {
	if a, ok := wording.Arch(text); ok {
		return archWord(a)
	}
	words := []string{"native"}
	for _, w := range archWords {
		words = append(words, w.word)
	}
	return wording.Nearest(text, words)
}

// errorNumber reads SystemCallErrorNumber=, the answer to what is denied: an errno, or
// "kill", which is also what an empty value and no setting mean. The last value counts. A
// value that cannot be read is a warning and no error: what is denied stays denied.
func (r *resolver) errorNumber(s *setting) error {
	if len(s.words) == 0 {
		r.deny = seccomp.KillProcess
		return nil
	}
	w := s.words[0]
	if w.text == "kill" && len(s.words) == 1 {
		r.deny = seccomp.KillProcess
		return nil
	}
	n, ok := errnoOf(r.native, w.text)
	if !ok || n == 0 || len(s.words) > 1 {
		return r.notes.Warn(numberCode, r.place(w.at), nearErrno("", w.text), "%q is no errno from 1 to 4095 and not kill, and not looked at", text.Clip(w.text))
	}
	r.deny = seccomp.Errno(n)
	return nil
}

// rest returns what the two lists say to calls that neither has. A list that is not given
// allows all, and so the other one alone decides.
func (r *resolver) rest() (filter, log seccomp.Action) {
	filter, log = seccomp.Allow, seccomp.Allow
	if r.filter.given && r.filter.allows {
		filter = r.deny
	}
	if r.log.given && !r.log.allows {
		log = seccomp.Log
	}
	return filter, log
}

// actions returns what the two lists say to a name. systemd installs a filter for each list
// (apply_syscall_filter and apply_syscall_log, exec-invoke.c). The kernel runs both, and the
// stricter answer counts: a call that is allowed and logged is logged.
func (r *resolver) actions(name string) (filter, log seccomp.Action) {
	filter, log = r.rest()
	if e, ok := r.filter.entries[name]; ok {
		switch {
		case e.own:
			filter = e.action
		case r.filter.allows:
			filter = seccomp.Allow
		default:
			filter = r.deny
		}
	}
	if _, ok := r.log.entries[name]; ok {
		log = seccomp.Allow
		if r.log.allows {
			log = seccomp.Log
		}
	}
	return filter, log
}

// stricter returns the action that the kernel takes if two filters answer: that of the
// higher precedence (seccomp(2), "Filter return values").
func stricter(a, b seccomp.Action) seccomp.Action {
	if b.Rank() < a.Rank() {
		return b
	}
	return a
}

// write makes the policy. The rules about socketcall and ipc come first: they have
// conditions, and a rule without conditions before them would decide.
func (r *resolver) write() {
	r.policy = seccomp.Policy{Arches: r.arches, Default: stricter(r.rest()), BadArch: seccomp.KillThread}
	r.companions()
	r.named()
	if r.answersENOSYS() {
		r.unknown()
	}
}

// kind is what names have in common that share a rule: an action, and the word that they
// come from.
type kind struct {
	action seccomp.Action
	at     int
}

// named makes the rules for names: one for all of a value that have the same action, the
// stricter first, since two names may share a number.
func (r *resolver) named() {
	groups := map[kind][]string{}
	all := slices.Collect(maps.Keys(r.filter.entries))
	for name := range r.log.entries {
		all = append(all, name)
	}
	slices.Sort(all)
	for _, name := range slices.Compact(all) {
		if !slices.ContainsFunc(r.arches, func(a arch.Arch) bool { _, ok := a.Number(name); return ok }) {
			continue
		}
		if a := stricter(r.actions(name)); a != r.policy.Default || r.strange(name) {
			k := kind{a, r.said(name)}
			groups[k] = append(groups[k], name)
		}
	}
	order := slices.SortedFunc(maps.Keys(groups), func(a, b kind) int {
		return cmp.Or(cmp.Compare(a.action.Rank(), b.action.Rank()), cmp.Compare(a.action, b.action), cmp.Compare(a.at, b.at))
	})
	for _, k := range order {
		r.policy.Rules = append(r.policy.Rules, seccomp.Rule{Syscalls: groups[k], Action: k.action, Origin: document.Origin(r.place(k.at))})
	}
}

// said is the offset of the word that a name comes from: in SystemCallFilter=, or else in
// SystemCallLog=.
func (r *resolver) said(name string) int {
	if e, ok := r.filter.entries[name]; ok {
		return e.at
	}
	return r.log.entries[name].at
}

// answersENOSYS reports whether calls that systemd does not know get ENOSYS. Since version
// 255 they do in a list that allows (override_default_action, seccomp-util.c): systemd adds
// a rule with the default action for every call that it knows, and makes ENOSYS the default.
// C libraries then fall back from a new call to an older one instead of failing with EPERM.
func (r *resolver) answersENOSYS() bool {
	filter, _ := r.rest()
	return r.version >= 255 && filter != seccomp.Allow
}

// knows says whether systemd gives a call of an ABI what its list gives to others: it
// must be older than the list of calls, and have a number on the native ABI, by which
// systemd looks it up.
func (r *resolver) knows(a arch.Arch, nr uint32, name string) bool {
	_, ok := r.native.Number(name)
	return ok && (r.Known == 0 || a.Since(nr) <= r.Known)
}

// strange reports whether a name needs a rule even if its action is the default's: on some
// ABI it would otherwise be among the numbers that get ENOSYS.
func (r *resolver) strange(name string) bool {
	return r.answersENOSYS() && slices.ContainsFunc(r.arches, func(a arch.Arch) bool {
		nr, ok := a.Number(name)
		return ok && !r.knows(a, nr, name)
	})
}

// companions are the rules for calls through socketcall and ipc. They have what their own
// number has, unless the multiplexer has a rule; in a list that allows, systemd gives
// it one since version 255 where the native ABI has it, as to all calls that it knows.
func (r *resolver) companions() {
	for _, a := range r.arches {
		for _, mux := range []string{"socketcall", "ipc"} {
			if nr, ok := a.Number(mux); ok {
				r.companionsOf(a, mux, nr)
			}
		}
	}
}

// companionsOf adds the rules for the calls behind one multiplexer of an ABI. The call's
// number is the first argument, as in "socketcall, argument 0 is 1": socket. A rule is left
// out where the multiplexer's own answer is the same.
func (r *resolver) companionsOf(a arch.Arch, mux string, nr uint32) {
	filter, log := r.actions(mux)
	_, inFilter := r.filter.entries[mux]
	_, inLog := r.log.entries[mux]
	if r.answersENOSYS() && !inFilter {
		if inFilter = r.knows(a, nr, mux); !inFilter {
			filter = enosysOf(r.native)
		}
	}
	for _, name := range callset.Known() {
		m, n, ok := a.Multiplexer(name)
		if !ok || m != mux {
			continue
		}
		own, ownLog := filter, log
		if _, listed := r.filter.entries[name]; listed && !inFilter {
			own, _ = r.actions(name)
		}
		if _, listed := r.log.entries[name]; listed && !inLog {
			_, ownLog = r.actions(name)
		}
		if action := stricter(own, ownLog); action != stricter(filter, log) {
			r.policy.Rules = append(r.policy.Rules, seccomp.Rule{Arches: []arch.Arch{a}, Syscalls: []string{mux},
				Args: []seccomp.Arg{{Op: seccomp.MaskedEQ, Mask: muxMask(mux), Value: uint64(n)}}, Action: action, Origin: document.Origin(r.place(r.said(name)))})
		}
	}
}

// muxMask is the bits of its first argument that a multiplexer looks at. ipc takes a version
// in the upper 16 bits (ipc/syscall.c); socketcall's argument is an int.
func muxMask(mux string) uint64 {
	if mux == "ipc" {
		return 0xffff
	}
	return 0xffffffff
}

// unknown adds the rules for numbers that systemd does not know, one for each ABI. They come
// last and have no conditions.
func (r *resolver) unknown() {
	enosys := enosysOf(r.native)
	for _, a := range r.arches {
		if ranges := r.unknownNumbers(a); enosys != r.policy.Default {
			r.policy.Rules = append(r.policy.Rules, seccomp.Rule{Arches: []arch.Arch{a}, Numbers: ranges, Action: enosys,
				Origin: seccomp.Origin{Reason: seccomp.UnknownCall, Note: "ENOSYS for what systemd does not know"}})
		}
	}
}

// enosysOf is ENOSYS as systemd was compiled with it: 38, 89 on MIPS, 251 on PA-RISC. On the
// machine's other ABIs it is the same number.
func enosysOf(native arch.Arch) seccomp.Action {
	n, _ := errnos.Number("ENOSYS", native)
	return seccomp.Errno(uint16(n))
}

// unknownNumbers are the numbers of an ABI without a call that systemd knows, as ranges that
// fill the gaps between those that it does. next is 64 bits wide, since the number behind the
// last one is 1<<32. The last range reaches the end: package seccomp gives an x86_64 rule no
// number of x32's.
func (r *resolver) unknownNumbers(a arch.Arch) []seccomp.Range {
	var list []seccomp.Range
	next := uint64(0)
	for nr, name := range a.Calls() {
		if !r.knows(a, nr, name) || uint64(nr) < next {
			continue
		}
		if uint64(nr) > next {
			list = append(list, seccomp.Range{From: uint32(next), To: nr - 1})
		}
		next = uint64(nr) + 1
	}
	return append(list, seccomp.Range{From: uint32(next), To: 1<<32 - 1})
}

// about notes what surprises in the result: a denied write, and multiplexers.
func (r *resolver) about() error {
	if !r.filter.given {
		return nil
	}
	if a, _ := r.actions("write"); a != seccomp.Allow {
		r.notes.Info(writeCode, r.place(-1), "", "write is denied; where systemd's own set-up needs it after the filter, it is allowed all the same")
	}
	for _, a := range r.arches {
		if err := r.aboutMultiplexers(a); err != nil {
			return err
		}
	}
	return nil
}

// aboutMultiplexers warns where a list allows socketcall or ipc and denies a call that can
// be made through it. libseccomp adds no rule for such a call if its multiplexer has one.
func (r *resolver) aboutMultiplexers(a arch.Arch) error {
	for _, mux := range []string{"socketcall", "ipc"} {
		e, ok := r.filter.entries[mux]
		if _, has := a.Number(mux); !has || !ok || e.own || !r.filter.allows {
			continue
		}
		for _, name := range callset.Known() {
			if m, _, ok := a.Multiplexer(name); !ok || m != mux {
				continue
			}
			if action, _ := r.actions(name); action != seccomp.Allow {
				if err := r.notes.Warn(multiplexing, r.place(e.at), "deny "+mux+" too, or set SystemCallArchitectures=native",
					"%s is denied, and can be reached through %s on %v", name, mux, a); err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}
