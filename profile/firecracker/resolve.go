// SPDX-License-Identifier: Apache-2.0

package firecracker

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// targets are the ABIs that seccompiler has tables for (src/syscall_table).
var targets = []arch.Arch{arch.X86_64, arch.AArch64, arch.RISCV64, arch.S390X, arch.LoongArch64}

// Resolve makes the policy that the filter of a thread means for a target. Only the ABI of
// the target counts: a document has no conditions on kernels or capabilities. Of the options
// Strict and Narrow count: this dialect has no ENOSYS of its own.
//
// Every call through another ABI kills the process, x32's on x86_64 included. The
// diagnostics are in the order of the filter, an error last. Errors wrap
// profile.ErrTarget or profile.ErrProfile.
func (p *Profile) Resolve(t profile.Target, opts ...profile.Option) (*seccomp.Policy, []profile.Diagnostic, error) {
	if p == nil {
		return nil, nil, fmt.Errorf("%w: it is nil", profile.ErrProfile)
	}
	strict, narrow := document.Resolving(opts)
	r := resolver{profile: p, text: p.text, abi: t.Arch, narrow: narrow, notes: &document.Notes{Strict: strict}}
	if r.text == nil {
		r.text = document.NewText("", "") // a program made the profile
	}
	return r.notes.Policy(&r.policy, r.resolve)
}

// resolver makes the policy of one filter for one ABI.
type resolver struct {
	profile *Profile
	text    *document.Text
	filter  *threadFilter
	abi     arch.Arch
	narrow  bool
	notes   *document.Notes
	policy  seccomp.Policy
}

// place is where a part of the filter stands.
func (r *resolver) place(at int, path string) profile.Place {
	if r.text.Text == "" {
		at = -1
	}
	return r.text.Place(at, path)
}

// resolve chooses the filter and makes the policy.
//
// seccompiler compares the AUDIT_ARCH number alone, and kills the process if it differs
// (build_arch_validation_sequence, bpf.rs). x32 has x86_64's number and differs in bit 30 of
// the call's number, which no rule of a document has, so that x32's calls get the mismatch
// action there. Sieve takes x32 for the foreign ABI that it is, and says so.
func (r *resolver) resolve() error {
	if !slices.Contains(targets, r.abi) {
		return document.Fail(profile.ErrTarget, archCode, r.place(-1, ""),
			"seccompiler has no table for %v, want one of %v", r.abi, targets)
	}
	if err := r.choose(); err != nil {
		return err
	}
	f := r.filter
	if err := r.check(); err != nil {
		return err
	}
	r.policy = seccomp.Policy{Arches: []arch.Arch{r.abi}, Default: f.Mismatch, BadArch: seccomp.KillProcess}
	if r.abi == arch.X86_64 && f.Mismatch != seccomp.KillProcess {
		r.notes.Info(x32Code, r.place(f.at, f.Thread), "", "calls through x32 kill the process: "+
			"seccompiler does not tell them from those of x86_64, and answers %v", f.Mismatch)
	}
	if len(f.Rules) == 0 {
		r.notes.Info(noRules, r.place(f.at, f.Thread), "", "no rules: every call gets %v", f.Mismatch)
	}
	return r.rules()
}

// choose finds the filter of the thread that Profile.Thread names, or the only one. Where
// there are several and none is named, no guess is made: the filters of one file differ on
// purpose, and the widest of them would be wrong for the other threads.
func (r *resolver) choose() error {
	p := r.profile
	names := strings.Join(p.Threads(), ", ")
	if p.Thread == "" {
		if len(p.filters) != 1 {
			return document.Fail(profile.ErrProfile, threadCode, r.place(-1, ""),
				"the document has %d filters, want the name of a thread: %s", len(p.filters), names)
		}
		r.filter = &p.filters[0]
		return nil
	}
	i := slices.IndexFunc(p.filters, func(f threadFilter) bool { return f.Thread == p.Thread })
	if i < 0 {
		return document.Fail(profile.ErrProfile, threadCode, r.place(-1, ""), "no filter for thread %q, there are: %s",
			text.Clip(p.Thread), names)
	}
	r.filter = &p.filters[i]
	return nil
}

// check refuses in a filter that a program made what Parse refuses in a document. An index
// above 5 would be outside of seccomp_data, which has six arguments.
func (r *resolver) check() error {
	f := r.filter
	if f.Mismatch == f.Match {
		return document.Fail(profile.ErrProfile, identical, r.place(f.at, f.Thread), "mismatch_action and match_action are both %v", f.Match)
	}
	for i := range f.Rules {
		for _, c := range f.Rules[i].Args {
			if c.Index > 5 {
				return document.Fail(profile.ErrProfile, argIndex, r.place(c.at, rulePath(f, i)), "a call has no argument %d, want 0 to 5", c.Index)
			}
			if c.Op < seccomp.EQ || c.Op > seccomp.MaskedEQ {
				return document.Fail(profile.ErrProfile, opCode, r.place(c.at, rulePath(f, i)), "unknown operator %v", c.Op)
			}
		}
	}
	return nil
}

// rules makes the policy's rules. seccompiler keeps a list of rules for each number
// (append_syscall_chain, filter.rs); an empty list means that the call always matches. A
// rule without conditions adds nothing to a list that others have filled, so it counts only
// if no rule for that number has conditions:
//
//	{"syscall": "read"},
//	{"syscall": "read", "args": [{"index": 0, "type": "dword", "op": "eq", "val": 0}]}
//
// read matches for descriptor 0 alone. libseccomp decides the other way round: the rule
// without conditions wins there.
func (r *resolver) rules() error {
	// Two names may share a number, so the rules are grouped by number, as in seccompiler.
	numbers := make([]uint32, len(r.filter.Rules))
	conditions := map[uint32]bool{}
	for i := range r.filter.Rules {
		rule := &r.filter.Rules[i]
		nr, ok := r.abi.Number(rule.Syscall)
		if !ok {
			return r.unknown(i, rule)
		}
		numbers[i] = nr
		if len(rule.Args) > 0 {
			conditions[nr] = true
		}
	}
	for i := range r.filter.Rules {
		rule := &r.filter.Rules[i]
		if len(rule.Args) == 0 && conditions[numbers[i]] {
			err := r.notes.Warn(shadowed, r.place(rule.at, rulePath(r.filter, i)), "remove the rule, or those with conditions",
				"%s has rules with conditions too: for seccompiler those alone count, for libseccomp this one alone", rule.Syscall)
			if err != nil {
				return err
			}
			continue
		}
		out, err := r.rule(i)
		if err != nil {
			return err
		}
		r.policy.Rules = append(r.policy.Rules, out)
	}
	return nil
}

// unknown is the error for a name that the target does not have. seccompiler refuses the
// document too: its tables are those of one ABI.
func (r *resolver) unknown(i int, rule *callRule) error {
	place := r.place(rule.at, rulePath(r.filter, i)+".syscall")
	near, name := wording.NearestCall(rule.Syscall), text.Clip(rule.Syscall)
	if arch.Known(rule.Syscall) {
		return document.Fail(profile.ErrProfile, syscallCode, place, "%v has no system call %q, which other ABIs have", r.abi, name)
	}
	if near == "" {
		return document.Fail(profile.ErrProfile, syscallCode, place, "unknown system call %q", name)
	}
	err := document.Fail(profile.ErrProfile, syscallCode, place, "unknown system call %q, nearest is %q", name, near)
	err.Fix = "write " + near
	return err
}

// rule returns one rule of the policy.
func (r *resolver) rule(i int) (seccomp.Rule, error) {
	rule := &r.filter.Rules[i]
	out := seccomp.Rule{Syscalls: []string{rule.Syscall}, Action: r.filter.Match, Origin: document.Origin(r.place(rule.at, rulePath(r.filter, i)))}
	for j := range rule.Args {
		c, err := r.condition(i, j)
		if err != nil {
			return out, err
		}
		out.Args = append(out.Args, c)
	}
	return out, nil
}

// condition returns a condition of the policy. A dword's value and mask lose their upper
// halves, as in seccompiler, which compares one word of BPF (condition.rs). With
// profile.Narrow a qword is compared as 32 bits where the kernel reads no more.
func (r *resolver) condition(i, j int) (seccomp.Arg, error) {
	rule := &r.filter.Rules[i]
	c := &rule.Args[j]
	out := seccomp.Arg{Index: int(c.Index), Op: c.Op, Value: c.Value, Mask: c.Mask, Narrow: c.Dword}
	if !c.Dword {
		bits, ok := arch.Width(rule.Syscall, out.Index)
		out.Narrow = r.narrow && ok && bits <= 32
		return out, nil
	}
	out.Value &= math.MaxUint32
	out.Mask &= math.MaxUint32
	return out, r.dword(c, rulePath(r.filter, i))
}

// dword warns where a comparison of 32 bits surprises: a value that has an upper half, and
// an operator for which Firecracker's own compiler compares all 64 bits. That compiler
// heeds dword for eq alone, which it hands to libseccomp with a mask of 32 bits.
func (r *resolver) dword(c *argCondition, path string) error {
	if c.Value > math.MaxUint32 && (c.Op != seccomp.MaskedEQ || c.Value&c.Mask > math.MaxUint32) {
		if err := r.notes.Warn(wideValue, r.place(c.value, path), "write qword", "the upper half of %d is not looked at in a dword", c.Value); err != nil {
			return err
		}
	}
	if c.Op == seccomp.EQ || c.Op == seccomp.MaskedEQ && c.Mask <= math.MaxUint32 {
		return nil
	}
	return r.notes.Warn(dwordCode, r.place(c.at, path), "write eq, or masked_eq with a mask of 32 bits",
		"%v on a dword compares the low 32 bits; Firecracker's own compiler compares all 64", c.Op)
}
