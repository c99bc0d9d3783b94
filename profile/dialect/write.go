// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"errors"
	"slices"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Options say how Write and Convert write. The zero value writes exactly what is meant.
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
	// Version is the systemd that reads the document: 252, 255 or 256, or 0 for the newest
	// of them (systemd).
	Version int
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

// Write writes a document in a dialect that means what a policy does, for the first of its
// ABIs as the machine. That is proved: the document is read as its own tool would, and
// compared for every call, but for what Options say need not be kept.
//
// The error is a *profile.UnsayableError with the reasons where the dialect has no words
// for it, and wraps seccomp.ErrPolicy or proof.ErrUndecided where the policy is
// invalid or too large, and ErrDialect for a dialect that is none. Equal policies give
// equal bytes.
func Write(to profile.Dialect, p *seccomp.Policy, o Options) ([]byte, error) {
	d, err := find(to)
	if err != nil {
		return nil, err
	}
	if len(p.Arches) > 0 {
		p = o.narrowed(p, d)
	}
	doc, err := d.Write(p, o.writing())
	var e *profile.UnsayableError
	if o.Unnamed == nil || len(p.Arches) == 0 || !errors.As(err, &e) {
		return doc, err
	}
	return unnamed(d, p, o, err)
}

// writing returns the options that a dialect looks at.
func (o *Options) writing() document.Writing {
	return document.Writing{ENOSYS: o.ENOSYS, Like: o.Like, Thread: o.Thread, Name: o.Name, Compiler: o.Compiler, Version: o.Version}
}

// narrowed returns the policy without what the options give up. It is this policy that the
// document is proved against.
func (o *Options) narrowed(p *seccomp.Policy, d *document.Contract) *seccomp.Policy {
	q := *p
	if o.ForeignKills && kills(p.BadArch) && kills(d.BadArch) {
		q.BadArch = d.BadArch
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

// process returns KILL_PROCESS for KILL_THREAD, and any other action as it is.
func process(a seccomp.Action) seccomp.Action {
	if a == seccomp.KillThread {
		return seccomp.KillProcess
	}
	return a
}

// kills says whether an action ends at least the thread.
func kills(a seccomp.Action) bool { return a == seccomp.KillThread || a == seccomp.KillProcess }
