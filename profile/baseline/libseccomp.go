// SPDX-License-Identifier: Apache-2.0

package baseline

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// otherwise are diagnostics of rules that libseccomp does not compile to what they say, or of
// which it is not known. More findings than are kept may hide one.
var otherwise = []profile.Code{"constant-too-wide", "libseccomp-order", "more-warnings", "overlap"}

// kept refuses a document whose policy is no proof of what runc and crun load, because libseccomp
// does not keep to it.
func (r *resolved) kept(which string) error {
	for i := range r.list {
		if slices.Contains(otherwise, r.list[i].Code) {
			return fmt.Errorf("%w: %s: %v", proof.ErrUndecided, which, r.list[i])
		}
	}
	return nil
}

// through refuses what libseccomp may let do more through socketcall and ipc than a baseline,
// though its policy does not. libseccomp adds to each rule for a call the same for the multiplexer,
// without the condition on the first argument, whose place the call's number takes; and runc drops
// a rule that denies the multiplexer if its action is the default's.
//
// Of what it makes of the rules an upper bound is taken, and of the baseline's a lower one. An ABI
// that only one of the two lists is the policies' business.
func (r *resolved) through(baseline *resolved) error {
	if r.found == nil || baseline.found == nil {
		return nil
	}
	for _, abi := range r.policy.Arches {
		if !slices.Contains(baseline.policy.Arches, abi) {
			continue
		}
		theirs, ours := r.loaded(abi), baseline.loaded(abi)
		for i := range r.found.Parts {
			if err := theirs.within(&r.found.Parts[i], ours); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *resolved) loaded(abi arch.Arch) *loaded {
	return &loaded{r.found, slices.Index(r.found.Policy.Arches, abi), abi}
}

// loaded is what runc gives libseccomp of a document, for one ABI.
type loaded struct {
	*resolution.Resolution
	place int
	abi   arch.Arch
}

// within refuses a part of a rule by which more may get through a multiplexer than the baseline lets.
func (l *loaded) within(part *resolution.Part, ours *loaded) error {
	if part.Default || !l.has(part) {
		return nil
	}
	for _, name := range part.Names {
		mux, _, ok := l.abi.Multiplexer(name)
		if !ok || l.decides(mux) {
			continue
		}
		if part.Action.Rank() > ours.least(mux, name, part.Args).Rank() {
			return fmt.Errorf("%w: on %v libseccomp may answer %s through %s with %v whatever the conditions on it are (%s)",
				proof.ErrUndecided, l.abi, name, mux, part.Action, resolution.RulePath(part.Doc))
		}
		// libseccomp denies one number, of which the kernel reads the lower bits alone.
		rest := l.Policy.Default
		if (l.abi.Bits() == 64 || mux == "ipc") && part.Action.Rank() < rest.Rank() && rest.Rank() > ours.other(mux).Rank() {
			return fmt.Errorf("%w: on %v libseccomp denies %s through %s for one of the numbers that the kernel takes for it (%s)",
				proof.ErrUndecided, l.abi, name, mux, resolution.RulePath(part.Doc))
		}
	}
	return nil
}

// has says whether a part of a rule is for the ABI.
func (l *loaded) has(p *resolution.Part) bool { return p.Arches&(1<<l.place) != 0 }

// decides says whether a rule without conditions answers all calls of a multiplexer.
func (l *loaded) decides(mux string) bool {
	return slices.ContainsFunc(l.Parts, func(p resolution.Part) bool {
		return !p.Default && len(p.Args) == 0 && l.has(&p) && slices.Contains(p.Names, mux)
	})
}

// other is the most restrictive answer to numbers of a multiplexer that no call has.
func (l *loaded) other(mux string) seccomp.Action {
	least := l.Policy.Default
	if least.Rank() > seccomp.Errno(0).Rank() && least.Rank() < seccomp.Trace(0).Rank() {
		least = seccomp.Errno(0) // runc may answer ENOSYS in place of NOTIFY
	}
	always := l.decides(mux)
	for i := range l.Parts {
		p := &l.Parts[i]
		if p.Default || !l.has(p) || !slices.Contains(p.Names, mux) {
			continue
		}
		if always && len(p.Args) == 0 {
			return p.Action
		}
		least = stricter(least, p.Action)
	}
	return least
}

// least is the most restrictive answer that may be given to a call through a multiplexer, of
// those that meet conditions on other arguments than the first.
func (l *loaded) least(mux, name string, args []seccomp.Arg) seccomp.Action {
	least := l.other(mux)
	if l.decides(mux) {
		return least
	}
	covered, answer := false, seccomp.Allow
	for i := range l.Parts {
		p := &l.Parts[i]
		switch {
		case p.Default || !l.has(p):
		case slices.Contains(p.Names, mux): // which may come before
			answer = stricter(answer, p.Action)
		case slices.Contains(p.Names, name):
			answer = stricter(answer, p.Action)
			covered = covered || !slices.ContainsFunc(p.Args, func(x seccomp.Arg) bool { return x.Index != 0 && !slices.Contains(args, x) })
		}
	}
	if !covered {
		answer = stricter(answer, least)
	}
	return answer
}

// stricter is the more restrictive of two actions.
func stricter(a, b seccomp.Action) seccomp.Action {
	if b.Rank() < a.Rank() {
		return b
	}
	return a
}
