// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/internal/solve"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// differs says what other tools make of the document, where that is not what Docker
// and runc do. Where it is the same rules read otherwise, both readings are
// resolved and compared over all calls.
func (l *linter) differs() {
	l.containerd()
	l.crun()
	if l.p.Dialect == profile.Docker || l.p.Dialect == "" {
		l.podman()
	}
}

// change is the calls that another reading decides otherwise, by name.
//
// Weaker means that the other reading lets a call through, or restricts it less. Names
// stand in the order of proof.Diff, each once in a row. The witness is a call that gets
// weaker.
type change struct {
	weaker, stricter, other []string    // other: with another number alone
	lost                    []arch.Arch // ABIs that are no longer filtered but killed
	witness                 *seccomp.Call
	a, b                    seccomp.Action
}

func (c *change) none() bool { return len(c.weaker)+len(c.stricter)+len(c.other)+len(c.lost) == 0 }

// text says what another reading changes. What it lets through comes first: nothing else tells
// a reader of that, while a denial shows when a program fails.
func (c *change) text(abi arch.Arch) string {
	var parts []string
	if len(c.weaker) > 0 {
		name, _ := abi.Name(c.witness.Nr)
		parts = append(parts, fmt.Sprintf("it lets through more of %s; %s gets %v, not %v",
			wording.Few(c.weaker), solve.CallText(name, abi, c.witness.Args), c.b, c.a))
	}
	if len(c.stricter) > 0 {
		parts = append(parts, "it denies more of "+wording.Few(c.stricter))
	}
	if len(c.other) > 0 {
		parts = append(parts, "it denies with another number "+wording.Few(c.other))
	}
	if len(c.lost) > 0 {
		var names []string
		for _, a := range c.lost {
			names = append(names, a.String())
		}
		parts = append(parts, "it kills every call through "+strings.Join(names, ", "))
	}
	return strings.Join(parts, "; ")
}

// reread is what changes if the document is read in another way, as others do. It is false
// where that cannot be said.
//
// Overlaps are decided by the more restrictive rule, and warnings stay warnings, since
// the question is only what the other tool would run. ABIs that it does not list are
// taken out of both sides, or every call of theirs would be a difference.
func (l *linter) reread(p *profile.Profile, who string) (*change, bool) {
	policy, _, err := p.Resolve(l.target, append(slices.Clip(l.options), profile.RestrictOverlaps, resolution.Lenient{})...)
	if err != nil {
		return nil, false
	}
	c := &change{}
	for _, a := range l.arches {
		if !slices.Contains(policy.Arches, a) {
			c.lost = append(c.lost, a)
		}
	}
	own := *l.Policy
	own.Arches = policy.Arches
	own.Rules = rulesFor(own.Rules, policy.Arches)
	each := 0 // what it takes to see what both give a call
	for i := range l.Parts {
		each += 2 * l.Parts[i].Calls()
	}
	for d, err := range l.work.differences(proof.Of(&own), proof.Of(policy), each) {
		if err != nil {
			l.work.miss(profile.Info, "all that "+who+" decides otherwise")
			return c, errors.Is(err, errRegions)
		}
		c.add(&d, l.arches[0])
	}
	return c, true
}

// rulesFor are the rules that speak of some of the ABIs, without the others.
//
// A rule without a list is for every ABI of its policy, so one whose list would become
// empty is left out. An empty list would widen it.
func rulesFor(rules []seccomp.Rule, abis []arch.Arch) []seccomp.Rule {
	var list []seccomp.Rule
	for _, r := range rules {
		if len(r.Arches) > 0 {
			r.Arches = slices.DeleteFunc(slices.Clone(r.Arches), func(a arch.Arch) bool { return !slices.Contains(abis, a) })
			if len(r.Arches) == 0 {
				continue
			}
		}
		list = append(list, r)
	}
	return list
}

// add adds a difference, if it is one of the target's own ABI.
//
// Of a call with several names on the ABI each is listed.
func (c *change) add(d *proof.Difference, abi arch.Arch) {
	if d.ABI != abi {
		return
	}
	if d.B.Rank() <= d.A.Rank() {
		list := &c.stricter
		if d.B.Rank() == d.A.Rank() {
			list = &c.other
		}
		for _, name := range d.Names {
			*list = wording.AppendNew(*list, name)
		}
		return
	}
	for _, name := range d.Names {
		c.weaker = wording.AppendNew(c.weaker, name)
	}
	if c.witness == nil && len(d.Names) > 0 {
		call := d.Call
		c.witness, c.a, c.b = &call, d.A, d.B
	}
}

// containerd reads the document as it stands into the OCI structure (profiles of
// type Localhost, and ctr --seccomp-profile), and does not look at what that lacks.
func (l *linter) containerd() {
	if l.p.Dialect == profile.OCI {
		return
	}
	other := *l.p
	other.Dialect = profile.OCI
	other.ArchMap, other.DefaultErrno = nil, ""
	other.Syscalls = slices.Clone(l.p.Syscalls)
	var keys []string
	var first profile.Place
	ignore := func(key string, at profile.Place) {
		if len(keys) == 0 {
			first = at
		}
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for i := range other.Syscalls {
		r := &other.Syscalls[i]
		if l.Legacy(i) {
			ignore("name", l.of(resolution.RulePath(i)))
			r.Names = nil
		}
		if r.Includes != nil {
			ignore("includes", l.of(resolution.RulePath(i)))
		}
		if r.Excludes != nil {
			ignore("excludes", l.of(resolution.RulePath(i)))
		}
		if r.Errno != "" {
			ignore("errno", l.of(resolution.RulePath(i)))
		}
		r.Includes, r.Excludes, r.Errno = nil, nil, ""
	}
	if l.p.DefaultErrno != "" {
		ignore("defaultErrno", l.at("defaultAction", ""))
	}
	if len(l.p.ArchMap) > 0 {
		ignore("archMap", l.of("archMap"))
	}
	if len(keys) == 0 {
		return
	}
	c, ok := l.reread(&other, "containerd")
	if !ok || c.none() {
		return
	}
	l.noteCall(c.witness, profile.Info, "differs-containerd", first, "resolve the document for one target before (sieve convert --resolve)",
		"containerd does not look at %s in a file: %s", strings.Join(keys, ", "), c.text(l.arches[0]))
}

// crun says where crun decides or answers otherwise than runc.
func (l *linter) crun() {
	const code = "differs-crun"
	if abi := l.arches[0]; l.ENOSYS == resolution.ENOSYSRunc && len(l.Missing[0]) > 0 && errnos.ENOSYS(abi) != l.def {
		above := l.Missing[0][len(l.Missing[0])-1]
		name, _ := abi.Name(l.Index.Highest[0])
		l.noteCall(&seccomp.Call{Audit: abi.Audit(), Nr: above.From}, profile.Info, code, l.of("defaultAction"), "",
			"crun has no ENOSYS for new calls: those above %s (%d on %v) get %v", name, l.Index.Highest[0], abi, l.def)
	}
	if _, most, _ := scmp.Action(l.p.DefaultAction); most == 0 && l.p.DefaultErrnoRet != nil {
		l.note(profile.Info, code, l.of("defaultErrnoRet"), "remove it", "crun refuses a number for %s", l.p.DefaultAction)
	}
	for i := range l.p.Syscalls {
		doc := &l.p.Syscalls[i]
		if _, most, _ := scmp.Action(doc.Action); most == 0 && doc.ErrnoRet != nil {
			l.note(profile.Info, code, l.of(resolution.RulePath(i)+".errnoRet"), "remove it", "crun refuses a number for %s", doc.Action)
		}
		if len(doc.Args) > 6 {
			l.note(profile.Info, code, l.of(resolution.ArgPath(i, 6)), "give the further conditions a rule of their own",
				"crun of before September 2026 looks at the first 6 conditions of a rule and at none after")
		}
	}
	if path := l.p.ListenerPath; path != "" && path[0] != '/' {
		l.note(profile.Info, code, l.of("listenerPath"), "", "crun wants an absolute path, not %q", text.Clip(path))
	}
}

// podman says where containers/common (Podman, Buildah, CRI-O) decides otherwise
// than Docker.
func (l *linter) podman() {
	const code = "differs-podman"
	other := *l.p
	other.Dialect = profile.Podman
	if c, ok := l.reread(&other, "Podman"); ok && !c.none() {
		at := l.at("defaultAction", "")
		for i := range l.p.Syscalls {
			r := &l.p.Syscalls[i]
			if r.Includes != nil && r.Includes.MinKernel != nil || r.Excludes != nil && r.Excludes.MinKernel != nil {
				at = l.of(resolution.RulePath(i))
				break
			}
		}
		l.noteCall(c.witness, profile.Info, code, at, "", "Podman does not look at minKernel, nor at archMap on some hosts, and has names of its own for some machines: %s",
			c.text(l.arches[0]))
	}
	l.validator(code)
}

// validator says why containers/common's ValidateProfile refuses the document. What
// Podman runs does not pass it.
//
// It gives the first reason alone, as the validator does. A rule in several parts is
// looked at once.
func (l *linter) validator(code profile.Code) {
	err := cmp.Or(l.refusedArch(), l.refusedAction(l.p.DefaultAction))
	path := "defaultAction"
	for i, part := range l.Parts {
		if err != nil {
			break
		}
		if i > 0 && l.Parts[i-1].Doc == part.Doc {
			continue
		}
		doc := &l.p.Syscalls[part.Doc]
		if err = l.refusedAction(doc.Action); err == nil && part.Default {
			err = errors.New("a rule equal to the default")
		}
		path = resolution.RulePath(part.Doc)
	}
	if err != nil {
		l.note(profile.Info, code, l.of(path), "", "the validator of containers/common refuses %v; at run time it is accepted", err)
	}
}

// refusedAction is about the actions that containers/common knows at run time and its
// BuildFilter does not.
func (l *linter) refusedAction(name string) error {
	switch name {
	case "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_NOTIFY":
		return fmt.Errorf("the action %s", name)
	}
	return nil
}

// refusedArch is about the ABIs that the document names: the target's own is added
// by the library.
func (l *linter) refusedArch() error {
	for _, a := range l.arches {
		if a.Token() == "" || !slices.Contains(l.p.Architectures, a.Token()) && len(l.p.ArchMap) == 0 {
			continue
		}
		switch a {
		case arch.RISCV64, arch.LoongArch64, arch.PARISC, arch.PARISC64, arch.M68K, arch.SH, arch.SHEB:
			return fmt.Errorf("the architecture %s", a.Token())
		}
	}
	return nil
}
