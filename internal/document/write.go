// SPDX-License-Identifier: Apache-2.0

package document

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Write writes a document that means what a policy does, for the first of its ABIs as
// the machine. It is the one way to write in any dialect: the document is built, read again
// as its own tool reads it, resolved, and compared with the policy for every call.
//
// The error is a *profile.UnsayableError where the dialect has no words for the policy,
// and wraps seccomp.ErrPolicy or proof.ErrUndecided where the policy is invalid or too
// large. Equal policies give equal bytes.
func (d *Contract) Write(p *seccomp.Policy, w Writing) ([]byte, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if len(p.Arches) == 0 {
		return nil, d.Unsayable("a policy for no ABI")
	}
	if w.ENOSYS == nil {
		w.ENOSYS = d.ENOSYS
	}
	simple, err := plain(p)
	if err != nil {
		return nil, err
	}
	doc, err := d.proved(simple, p, w)
	var e *profile.UnsayableError
	if errors.As(err, &e) {
		// Some policies are said in their own words alone: an errno behind a condition.
		if doc, failed := d.proved(p, p, w); failed == nil {
			return doc, nil
		}
	}
	return doc, err
}

// proved writes the policy "words", and proves that the document means what p does. The two
// policies mean the same; only their rules differ.
func (d *Contract) proved(words, p *seccomp.Policy, w Writing) ([]byte, error) {
	doc, err := d.Format(words, w)
	if err != nil {
		return nil, d.own(err)
	}
	if err := d.prove(doc, p, w); err != nil {
		return nil, err
	}
	return doc, nil
}

// Unsayable is the error for one reason.
func (d *Contract) Unsayable(format string, args ...any) error {
	return &profile.UnsayableError{Dialect: d.Name, Reasons: []string{fmt.Sprintf(format, args...)}}
}

// own makes an error of Docker's family, of which some dialects are built, this dialect's.
func (d *Contract) own(err error) error {
	var e *profile.UnsayableError
	if errors.As(err, &e) {
		return &profile.UnsayableError{Dialect: d.Name, Reasons: e.Reasons}
	}
	return err
}

// plain returns the policy with rules that do not overlap, by compiling and decompiling it.
// Dialects whose rules have no order can then be written rule by rule.
func plain(p *seccomp.Policy) (*seccomp.Policy, error) {
	filter, err := p.Compile()
	if err != nil {
		return nil, err
	}
	q, err := proof.Decompile(filter)
	if err != nil {
		return nil, err
	}
	hostFirst(q, Machine(p))
	return q, nil
}

// hostFirst puts the machine's own ABI before the others. Decompile leaves out an ABI
// that is answered like a foreign one. Documents always list the machine's own, so that
// one is added again, with a rule that gives all of its calls the answer for foreign
// ABIs.
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

// prove reads a document again and compares it with the policy.
func (d *Contract) prove(doc []byte, p *seccomp.Policy, w Writing) error {
	var again *seccomp.Policy
	target := profile.Target{Arch: Machine(p), Kernel: arch.Newest}
	written, err := d.Parse(doc, d.reread(w)...)
	if err == nil {
		again, _, err = written.Resolve(target, w.ENOSYS)
	}
	if err != nil {
		return d.Unsayable("what it would have to be is refused: %v", err)
	}
	return d.Differ(p, again, written, target, w)
}

// Differ is nil if what a document that was written means is what a policy does. Else it is
// an error that says where they differ.
func (d *Contract) Differ(p, again *seccomp.Policy, written Document, t profile.Target, w Writing) error {
	err := d.same(p, again)
	if err == nil || w.ENOSYS != profile.ENOSYSRunc {
		return err
	}
	if q, _, failed := written.Resolve(t, profile.ENOSYSOff); failed == nil && d.same(p, q) == nil {
		return d.Unsayable("runc, which reads it, adds answers of ENOSYS to calls that it does not name, and nothing else differs")
	}
	return err
}

// reread are the options with which a document that was written is read.
func (d *Contract) reread(w Writing) []profile.ParseOption {
	opts := []profile.ParseOption{profile.File("written")}
	if d.Reader != nil {
		opts = append(opts, d.Reader(w))
	}
	return opts
}

// mostReasons is how many reasons an error gives.
const mostReasons = 10

// same returns nil if two policies decide every call alike, and else an error with the first
// differences: what p means, and what q does.
func (d *Contract) same(p, q *seccomp.Policy) error {
	var reasons []string
	for diff, err := range proof.Diff(proof.Of(p), proof.Of(q)) {
		if err != nil {
			return err
		}
		if len(reasons) == mostReasons {
			reasons = append(reasons, "and more")
			break
		}
		reasons = append(reasons, Brief(diff)+" (what is meant, what would be read)")
	}
	if reasons != nil {
		return &profile.UnsayableError{Dialect: d.Name, Reasons: reasons}
	}
	return nil
}
