// SPDX-License-Identifier: Apache-2.0

package record

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/seccomp"
)

// DeniedError lists the calls of a recording that a policy denies. `sieve record` writes
// no profile then: one that denies the calls that it was made from would be of no use.
type DeniedError struct {
	Calls []Denied
}

// Denied is a call that was seen and what decides it.
type Denied struct {
	Call   seccomp.Call
	Name   string // empty if no table has the number
	Action seccomp.Action
	By     string // the rule's origin, or what decided instead
}

// maxNamed is how many calls an error names.
const maxNamed = 10

// Error names the calls, at most maxNamed of them, each with the rule that denies it.
func (e *DeniedError) Error() string {
	var b strings.Builder
	b.WriteString("the profile denies calls of this run: ")
	for i, d := range e.Calls {
		if i == maxNamed {
			fmt.Fprintf(&b, "; and %d more", len(e.Calls)-i)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		name := d.Name
		if name == "" {
			name = fmt.Sprintf("number %#x of audit architecture %#x", d.Call.Nr, d.Call.Audit)
		}
		fmt.Fprintf(&b, "%s: %v by %s", name, d.Action, d.By)
	}
	return b.String()
}

// Check holds a policy to the recording: each call that was seen, with the arguments that
// something was learnt from, must be allowed. The error is a *DeniedError, with at most
// one example for each call. Check trusts nothing that Profile and Complete did: it asks
// the resolved policy alone, and so finds mistakes in either, and rules of a base that
// deny what was seen.
func (r *Recording) Check(p *seccomp.Policy) error {
	var denied []Denied
	for _, c := range r.Calls() {
		s := r.seen[key{c.Arch, c.Nr}]
		for i := range s.examples {
			example := &s.examples[i]
			if d := p.Explain(example); !d.Action.Runs() {
				denied = append(denied, Denied{*example, s.name, d.Action, p.Describe(d)})
				break
			}
		}
	}
	if denied != nil {
		return &DeniedError{denied}
	}
	return nil
}
