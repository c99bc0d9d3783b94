// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"errors"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Verdict is the answer to a question.
type Verdict uint8

// The verdicts, the best first.
const (
	// Closed: proved that no call of the question gets through, on any ABI of the machine.
	Closed Verdict = iota + 1
	// Supervised: the kernel makes none of the calls by itself, but hands one over to a
	// supervisor or a tracer (USER_NOTIF, TRACE), who may let it run.
	Supervised
	// Undecided: the proof met its limits. It is not Closed.
	Undecided
	// Reached: a call gets through.
	Reached
)

// String is the verdict in one word.
func (v Verdict) String() string {
	switch v {
	case Closed:
		return "closed"
	case Supervised:
		return "supervised"
	case Undecided:
		return "undecided"
	case Reached:
		return "reached"
	}
	return "unknown"
}

// Answer is what was found out about a question.
type Answer struct {
	Question Question
	Verdict  Verdict
	// Found are the calls that get through or to a supervisor, one for each name and ABI that does, the
	// machine's own ABI first.
	Found []Found
	// Err is why the verdict is Undecided.
	Err error
	// Closing closes the question, where it is not closed.
	Closing Closing
}

// Found is a call that is not denied.
type Found struct {
	ABI      arch.Arch
	Name     string // as the ABI calls it; empty for a number without a name
	Call     seccomp.Call
	Decision seccomp.Decision
	// Denied is a call that is denied although Call does the same: of the questions about ways
	// around rules.
	Denied *seccomp.Call
	asked  [6]asked
}

// Ask asks questions about a subject, of a machine whose own ABI is native. Limits hold for each proof.
func Ask(x *Subject, native arch.Arch, list []Question, opts ...seccomp.Option) []Answer {
	answers := make([]Answer, len(list))
	for i := range list {
		answers[i] = ask(x, native, list[i], opts)
	}
	return answers
}

func ask(x *Subject, native arch.Arch, q Question, opts []seccomp.Option) Answer {
	s := &search{Subject: x, question: &q, machine: Machine(native), opts: opts}
	a := Answer{Question: q, Closing: Closing{machine: s.machine}}
	if q.special != "" {
		a.Err = special(q.special)(s)
	} else {
		s.open = doors(&q, s.machine)
	}
	if a.Err == nil {
		a.Err = s.run()
	}
	a.Found = s.found
	slices.SortStableFunc(a.Found, func(b, c Found) int {
		return cmp.Compare(slices.Index(s.machine, b.ABI), slices.Index(s.machine, c.ABI))
	})
	switch {
	case slices.ContainsFunc(a.Found, func(f Found) bool { return f.Decision.Action.Runs() }):
		a.Verdict, a.Err = Reached, nil // a call is a proof, whatever else was not found out
	case a.Err != nil:
		a.Verdict = Undecided
	case len(a.Found) > 0:
		a.Verdict = Supervised
	default:
		a.Verdict = Closed
	}
	if a.Verdict != Closed {
		a.Closing = s.closing(&a)
	}
	return a
}

// door is a call number through which a question's calls may be made, and those calls.
type door struct {
	id     int // among those of a question
	abi    arch.Arch
	nr     uint32
	any    bool // any number of the ABI
	rules  []seccomp.Rule
	denied *seccomp.Call // see Found
}

// has says whether a call is the door's.
func (d *door) has(c *seccomp.Call) bool {
	p := seccomp.Policy{Arches: []arch.Arch{d.abi}, Rules: d.rules}
	return p.Explain(c).By == seccomp.ByRule
}

// search looks for calls that get through doors.
type search struct {
	*Subject
	question *Question
	machine  []arch.Arch
	opts     []seccomp.Option
	open     []door // not known to be closed
	tried    []door // all that there were
	found    []Found
}

// run tries the doors, first with the plainest call of each, which mostly gets through if any
// does. A proof then says which of the others have a call that does.
func (s *search) run() error {
	for i := range s.open {
		s.open[i].id = i
	}
	s.tried = slices.Clone(s.open)
	s.open = slices.DeleteFunc(s.open, func(d door) bool {
		for c := range d.plain() {
			if s.explain(c).Action.Runs() {
				s.report(&d, c)
				return true
			}
		}
		return false
	})
	// What runs, and then what a supervisor is asked about.
	err := s.prove(seccomp.Trace(0))
	if more := s.prove(seccomp.Errno(0)); err == nil {
		err = more
	}
	return err
}

// prove finds the open doors that have a call with a less restrictive answer, and takes them
// away. Where all together cannot be decided, each is tried for itself; of a filter it is always
// the whole program that is looked at.
func (s *search) prove(most seccomp.Action) error {
	err := s.proveOf(s.open, most)
	if err == nil || len(s.open) < 2 || s.policy == nil {
		return err
	}
	var undecided error
	for _, d := range slices.Clone(s.open) {
		undecided = cmp.Or(s.proveOf([]door{d}, most), undecided)
	}
	return undecided
}

func (s *search) proveOf(doors []door, most seccomp.Action) error {
	doors = slices.Clone(doors)
	for len(doors) > 0 {
		err := proof.AtMost(s.only(doors), proof.Of(baseline(s.machine, doors, most)), s.opts...)
		var looser *proof.LooserError
		if !errors.As(err, &looser) {
			return err
		}
		c := looser.Set.Call
		i := slices.IndexFunc(doors, func(d door) bool { return d.has(&c) })
		if i < 0 {
			panic("audit: the prover found a call that was not asked about")
		}
		s.report(&doors[i], &c)
		s.open = slices.DeleteFunc(s.open, func(d door) bool { return d.id == doors[i].id })
		doors = slices.Delete(doors, i, i+1)
	}
	return nil
}

// baseline allows all but the calls of doors.
func baseline(machine []arch.Arch, doors []door, most seccomp.Action) *seccomp.Policy {
	p := &seccomp.Policy{Arches: machine, Default: seccomp.Allow, BadArch: seccomp.Allow}
	for _, d := range doors {
		for _, r := range d.rules {
			r.Action = most
			p.Rules = append(p.Rules, r)
		}
	}
	return p
}

func (s *search) report(d *door, c *seccomp.Call) {
	f := Found{ABI: d.abi, Call: *c, Decision: s.explain(c), Denied: d.denied}
	f.Name, _ = d.abi.Name(c.Nr)
	f.asked = s.question.askedOf(&f)
	s.found = append(s.found, f)
}
