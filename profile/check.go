// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/seccomp"
)

// Validate refuses what Parse refuses in a profile that a program made or changed:
// words and numbers that mean nothing, wherever they stand. The error is an *Error
// that wraps ErrProfile. Resolve asks it too.
//
// It does not look at names of calls, which depend on the target, nor at whether rules
// overlap.
func (p *Profile) Validate() error {
	if p == nil {
		return fmt.Errorf("%w: it is nil", ErrProfile)
	}
	if e := p.check(); e != nil {
		return e
	}
	return nil
}

// check refuses words and numbers that mean nothing, wherever they stand. A rule that does
// not apply to the target is checked too: it applies on another host, and an error there
// should not wait for that day. Several errors come back together, up to maxErrors.
func (p *Profile) check() *Error {
	list := p.checkHead()
	for i := range p.Syscalls {
		if e := p.checkRule(i); e != nil {
			if list = append(list, e); len(list) >= maxErrors {
				break
			}
		}
	}
	return together(list)
}

// checkHead is check for all but the rules.
func (p *Profile) checkHead() []*Error {
	var list []*Error
	for _, e := range []*Error{p.checkDefault(), p.checkArches(), p.checkFlags()} {
		if e != nil {
			list = append(list, e)
		}
	}
	return list
}

// wrong is an error about the profile, at a place of the document if that is known.
func (p *Profile) wrong(code Code, at mark, path, format string, args ...any) *Error {
	d := Diagnostic{Severity: Failure, Code: code, Message: fmt.Sprintf(format, args...), Place: p.source.place(at, path)}
	return &Error{Diagnostic: d, Kind: ErrProfile}
}

// unknown refuses a word that is not among those known.
func (p *Profile) unknown(code Code, at mark, path, what, got string, known []string) *Error {
	if got == "" {
		return p.wrong(code, at, path, "no %s, want %s", what, wording.Join(known))
	}
	e := p.wrong(code, at, path, "unknown %s %q, want %s", what, text.Clip(got), wording.Join(known))
	if near := meant(got, known); near != "" {
		e.Fix = fmt.Sprintf("write %q", near)
		e.Message += fmt.Sprintf("; did you mean %q?", near)
	}
	return e
}

// meant is the word of a list that was probably meant: another spelling of an
// architecture is one of those that the list has, and else the nearest counts.
//
// "x86_64" is "amd64" where Docker's names of machines are known.
func meant(got string, known []string) string {
	if a, ok := wording.Arch(got); ok {
		for _, word := range known {
			if b, err := arch.Parse(word); err == nil && a == b {
				return word
			}
		}
	}
	return wording.Meant(got, known)
}

// checkDefault refuses a profile without a default action, and one that asks a supervisor
// about every call: runc refuses it too.
func (p *Profile) checkDefault() *Error {
	const path = "defaultAction"
	if !p.Dialect.family() {
		return p.wrong("dialect", 0, "", "%s", p.Dialect.strange())
	}
	if p.DefaultAction == "" {
		return p.wrong("no-default", p.at.defaultAction, path, "no default action, want %s; "+
			"Docker would run the container without a filter", wording.Join(scmp.Actions))
	}
	a, most, ok := scmp.Action(p.DefaultAction)
	switch {
	case !ok:
		return p.unknown("unknown-action", p.at.defaultAction, path, "action", p.DefaultAction, scmp.Actions)
	case a == seccomp.Notify:
		return p.wrong("notify-default", p.at.defaultAction, path,
			"SCMP_ACT_NOTIFY cannot be the default: the supervisor would never be told")
	}
	if p.DefaultErrno != "" {
		if err := p.checkErrnoName(p.DefaultErrno, most, p.at.defaultErrno, "defaultErrno", p.DefaultAction); err != nil {
			return err
		}
	}
	return p.checkErrno(p.DefaultErrnoRet, most, p.at.defaultErrnoRet, "defaultErrnoRet", p.DefaultAction)
}

// checkErrno refuses a number that the action cannot carry; libseccomp would cut it.
//
// runc passes 16 bits on, so 65536 would become errno 0, which lets a call seem to
// succeed. most is 0 for an action that carries no number, where one is a warning.
func (p *Profile) checkErrno(n *uint32, most uint32, at mark, path, action string) *Error {
	if n == nil || most == 0 || *n <= most {
		return nil
	}
	return p.wrong("errno-range", at, path, "%d is too large for %s, want 0 to %d", *n, action, most)
}

// checkArches refuses unknown ABIs, and both lists at once, as Docker does: it could not
// be said which counts. An unknown ABI is refused in archMap's entries for other machines too.
func (p *Profile) checkArches() *Error {
	if len(p.Architectures) > 0 && len(p.ArchMap) > 0 {
		return p.wrong("architectures-and-archmap", max(p.at.architectures, p.at.archMap), "",
			"the document has both architectures and archMap, want one of them")
	}
	for i, token := range p.Architectures {
		if _, ok := scmp.Arch(token); !ok {
			at := p.source.item(p.at.architecture, i)
			return p.unknown("unknown-arch", at, fmt.Sprintf("architectures[%d]", i), "architecture", token, scmp.Archs())
		}
	}
	for i := range p.ArchMap {
		m := &p.ArchMap[i]
		if _, ok := scmp.Arch(m.Architecture); !ok {
			return p.unknown("unknown-arch", m.at, fmt.Sprintf("archMap[%d].architecture", i), "architecture", m.Architecture, scmp.Archs())
		}
		for j, token := range m.SubArchitectures {
			if _, ok := scmp.Arch(token); !ok {
				at := p.source.item(m.subs, j)
				path := fmt.Sprintf("archMap[%d].subArchitectures[%d]", i, j)
				return p.unknown("unknown-arch", at, path, "architecture", token, scmp.Archs())
			}
		}
	}
	return nil
}

// checkFlags refuses a flag that no document may have. NEW_LISTENER and TSYNC_ESRCH are
// such flags.
func (p *Profile) checkFlags() *Error {
	for i, flag := range p.Flags {
		if !slices.Contains(scmp.Flags, flag) {
			at := p.source.item(p.at.flags, i)
			return p.unknown("unknown-flag", at, fmt.Sprintf("flags[%d]", i), "flag", flag, scmp.Flags)
		}
	}
	return nil
}

// checkRule refuses words and numbers of a rule. It gives the first of the rule; the
// others come to light once that is mended.
func (p *Profile) checkRule(i int) *Error {
	r := &p.Syscalls[i]
	for j, name := range r.Names {
		if name == "" {
			return p.wrong("empty-name", p.nameAt(r, j), resolution.NamePath(i, j), "an empty name, want a system call")
		}
	}
	_, most, ok := scmp.Action(r.Action)
	if !ok {
		return p.unknown("unknown-action", cmp.Or(r.at.action, r.at.rule), fmt.Sprintf("syscalls[%d].action", i),
			"action", r.Action, scmp.Actions)
	}
	if r.ErrnoRet != nil && *r.ErrnoRet > most {
		path := fmt.Sprintf("syscalls[%d].errnoRet", i)
		if err := p.checkErrno(r.ErrnoRet, most, r.at.errnoRet, path, r.Action); err != nil {
			return err
		}
	}
	if r.Errno != "" {
		path := fmt.Sprintf("syscalls[%d].errno", i)
		if err := p.checkErrnoName(r.Errno, most, r.at.errno, path, r.Action); err != nil {
			return err
		}
	}
	for j := range r.Args {
		c := &r.Args[j]
		if c.Index > 5 {
			return p.wrong("arg-index", cmp.Or(c.index, c.at, r.at.rule), resolution.ArgPath(i, j)+".index",
				"a call has no argument %d, want 0 to 5", c.Index)
		}
		if _, ok := scmp.Op(c.Op); !ok {
			return p.unknown("unknown-op", cmp.Or(c.op, c.at, r.at.rule), resolution.ArgPath(i, j)+".op", "operator", c.Op, scmp.Ops)
		}
	}
	return nil
}

// nameAt is the place of a rule's name, or else of the rule.
func (p *Profile) nameAt(r *Rule, j int) mark {
	return cmp.Or(p.source.item(r.at.names, j), r.at.rule)
}
