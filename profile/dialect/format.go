// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Options say how Format and Convert write.
type Options struct {
	// ENOSYS is how the written document will be read: nil as the dialect's own
	// tool does, profile.ENOSYSOff for one that answers as the document says
	// (crun reads Docker's so).
	ENOSYS profile.Option
	// Thread is the name of the filter, in dialects that have several (firecracker).
	Thread string
	// Name is the object's name, in dialects of objects (spo); "profile" if empty.
	Name string
	// Compiler writes for minijail's compile_seccomp_policy.py, which takes more than
	// minijail0 (minijail).
	Compiler bool
	// ForeignKills takes KILL_THREAD and KILL_PROCESS for foreign ABIs to be the
	// same: which of them a tool gives is not the document's to say.
	ForeignKills bool
	// KillProcess writes KILL_PROCESS where the policy says KILL_THREAD of a call.
	KillProcess bool
	// NativeOnly leaves out all ABIs but the machine's own: calls through them get
	// what foreign ABIs get.
	NativeOnly bool

	// Unnamed, if not nil, takes another answer for numbers that no kernel has, which
	// denies as the policy's does, where the dialect cannot say the policy's: systemd
	// answers them with ENOSYS. It is called with what changes.
	Unnamed func(profile.Diagnostic)

	// Like is the profile whose flags and listener are written, nil for none.
	Like *profile.Profile
}

// UnsayableError lists what a document of a dialect cannot say.
type UnsayableError struct {
	Dialect Name
	Reasons []string
}

// Error is all reasons in one line.
func (e *UnsayableError) Error() string {
	if e == nil {
		return "<nil>"
	}
	return fmt.Sprintf("%s cannot say this: %s", e.Dialect, strings.Join(e.Reasons, "; "))
}

func unsayable(name Name, format string, args ...any) error {
	return &UnsayableError{name, []string{fmt.Sprintf(format, args...)}}
}

// Format writes a document that means what a policy does, for the first of its ABIs as
// the machine. That is proved: the document is read as its own tool would, and
// compared for every call, but for what Options say need not be kept.
//
// The error is an *UnsayableError with the reasons where the dialect has no words
// for it, and wraps seccomp.ErrPolicy or seccomp.ErrUndecided where the policy is
// invalid or too large. Equal policies give equal bytes.
func Format(name Name, p *seccomp.Policy, o Options) ([]byte, error) {
	t, err := name.tool()
	if err != nil {
		return nil, err
	}
	if t.format == nil {
		return nil, unsayable(name, "documents of this dialect are only read")
	}
	if len(p.Arches) == 0 {
		return nil, unsayable(name, "a policy for no ABI")
	}
	if o.ENOSYS == nil {
		o.ENOSYS = t.own
	}
	p = o.narrowed(p, t)
	doc, err := t.exact(p, o)
	var e *UnsayableError
	if o.Unnamed == nil || !errors.As(err, &e) {
		return doc, err
	}
	return t.unnamed(p, o, err)
}

// exact writes a policy as it is.
func (t *tool) exact(p *seccomp.Policy, o Options) ([]byte, error) {
	simple, err := plain(p)
	if err != nil {
		return nil, err
	}
	doc, err := t.format(simple, o)
	if err != nil {
		return nil, asUnsayable(t.name, err)
	}
	if err := proved(t, doc, p, o); err != nil {
		return nil, err
	}
	return doc, nil
}

// narrowed is the policy without what the options say need not be kept.
func (o *Options) narrowed(p *seccomp.Policy, t *tool) *seccomp.Policy {
	q := *p
	if o.ForeignKills && kills(p.BadArch) && kills(t.bad) {
		q.BadArch = t.bad
	}
	if o.NativeOnly {
		q.Arches = p.Arches[:1]
	}
	if o.KillProcess {
		q.Default = process(p.Default)
		q.Rules = slices.Clone(p.Rules)
		for i := range q.Rules {
			q.Rules[i].Action = process(q.Rules[i].Action)
		}
	}
	return &q
}

// process is the action, or the stricter one if it kills a thread.
func process(a seccomp.Action) seccomp.Action {
	if a == seccomp.KillThread {
		return seccomp.KillProcess
	}
	return a
}

// plain is the policy with rules that do not overlap, for the same machine.
func plain(p *seccomp.Policy) (*seccomp.Policy, error) {
	filter, err := p.Compile()
	if err != nil {
		return nil, err
	}
	q, err := filter.Decompile()
	if err != nil {
		return nil, err
	}
	hostFirst(q, p.Arches[0])
	return q, nil
}

// hostFirst puts the machine's own ABI in front of the others. It is listed even if
// its calls get what those of foreign ABIs do.
func hostFirst(p *seccomp.Policy, host arch.Arch) {
	list := []arch.Arch{host}
	for _, a := range p.Arches {
		if a != host {
			list = append(list, a)
		}
	}
	if len(list) > len(p.Arches) {
		all := seccomp.Rule{Arches: []arch.Arch{host}, Numbers: []seccomp.Range{{From: 0, To: 1<<32 - 1}}, Action: p.BadArch}
		p.Rules = append([]seccomp.Rule{all}, p.Rules...)
	}
	p.Arches = list
}

func kills(a seccomp.Action) bool { return a == seccomp.KillThread || a == seccomp.KillProcess }

// asUnsayable gives an error of another package this package's type.
func asUnsayable(name Name, err error) error {
	var e *profile.UnsayableError
	if errors.As(err, &e) {
		return &UnsayableError{name, e.Reasons}
	}
	return err
}

// proved reads a document again and compares it with the policy.
func proved(t *tool, doc []byte, p *seccomp.Policy, o Options) error {
	d, err := t.parse(doc, profile.File("written"))
	if err != nil {
		return unsayable(t.name, "what it would have to be is refused: %v", err)
	}
	target := profile.Target{Arch: p.Arches[0], Kernel: arch.Newest}
	again, _, err := d.Resolve(target, modes(t, o)...)
	if err != nil {
		return unsayable(t.name, "what it would have to be is refused: %v", err)
	}
	err = same(t.name, p, again)
	if err != nil && added(t, o, p, d, target) {
		return &UnsayableError{t.name, []string{onlyENOSYS}}
	}
	return err
}

const onlyENOSYS = "runc, which reads it, adds answers of ENOSYS to calls that it does not name, and nothing else differs"

// added says whether a document would mean what a policy does if its tool added no
// answers of ENOSYS.
func added(t *tool, o Options, p *seccomp.Policy, d Document, target profile.Target) bool {
	if o.ENOSYS != profile.ENOSYSRunc() {
		return false
	}
	q, _, err := d.Resolve(target, profile.ENOSYSOff())
	return err == nil && same(t.name, p, q) == nil
}

// modes are the options with which the document is read.
func modes(t *tool, o Options) []profile.Option {
	if o.ENOSYS != nil {
		return []profile.Option{o.ENOSYS}
	}
	return []profile.Option{t.own}
}

// most is how many reasons are given.
const most = 10

// same is nil if two policies decide alike, and else says where they do not.
func same(name Name, p, q *seccomp.Policy) error {
	e := &UnsayableError{Dialect: name}
	for d, err := range seccomp.Diff(p, q) {
		if err != nil {
			return err
		}
		if len(e.Reasons) == most {
			e.Reasons = append(e.Reasons, "and more")
			break
		}
		e.Reasons = append(e.Reasons, document.Brief(d)+" (what is meant, what would be read)")
	}
	if e.Reasons != nil {
		return e
	}
	return nil
}

// formatFamily writes a dialect of package profile.
func formatFamily(d profile.Dialect) func(*seccomp.Policy, Options) ([]byte, error) {
	return func(p *seccomp.Policy, o Options) ([]byte, error) {
		doc, err := familyProfile(p, o)
		if err != nil {
			return nil, err
		}
		if d == profile.Podman {
			return keepPodman(doc, p.Arches[:1], o)
		}
		return keepFamily(doc, d)
	}
}

// familyProfile is a profile for which the mode of reading makes no difference.
func familyProfile(p *seccomp.Policy, o Options) (*profile.Profile, error) {
	doc, mode, err := document.FromPolicy(p)
	if err != nil {
		return nil, err
	}
	if l := o.Like; l != nil {
		doc.Flags, doc.ListenerPath, doc.ListenerMetadata = l.Flags, l.ListenerPath, l.ListenerMetadata
	}
	if o.ENOSYS == mode {
		return doc, nil
	}
	again, _, err := doc.Resolve(profile.Target{Arch: p.Arches[0], Kernel: arch.Newest}, o.ENOSYS)
	if err != nil {
		return nil, err
	}
	if same("", p, again) != nil {
		nameAll(doc, p)
	}
	return doc, nil
}

// nameAll adds a rule that changes nothing but the highest number that the document
// names: above it runc answers ENOSYS.
func nameAll(doc *profile.Profile, p *seccomp.Policy) {
	r := profile.Rule{Action: doc.DefaultAction, ErrnoRet: doc.DefaultErrnoRet,
		Comment: "the last call of each ABI, as by default: runc answers ENOSYS to later ones"}
	seen := map[string]bool{}
	for _, a := range p.Arches {
		last := ""
		for _, name := range a.Calls() {
			last = name
		}
		if !seen[last] {
			seen[last] = true
			r.Names = append(r.Names, last)
		}
	}
	doc.Syscalls = append(doc.Syscalls, r)
}

func indented(doc []byte) ([]byte, error) {
	var b bytes.Buffer
	if err := json.Indent(&b, bytes.TrimSpace(doc), "", "\t"); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
