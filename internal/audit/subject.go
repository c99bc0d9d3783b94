// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Subject is what an audit is of: a policy or a filter.
type Subject struct {
	proof.Side
	policy *seccomp.Policy // nil for a filter
	filter seccomp.Filter
	// meaning is the filter as a policy, once a question has needed that.
	meaning *seccomp.Policy
}

// Of makes a policy or a filter the subject of an audit.
func Of[T *seccomp.Policy | seccomp.Filter](x T) *Subject {
	s := &Subject{Side: proof.Of(x)}
	switch x := any(x).(type) {
	case *seccomp.Policy:
		s.policy = x
	case seccomp.Filter:
		s.filter = x
	}
	return s
}

// explain is the answer to one call, and what decided it. A filter does not say what did.
func (s *Subject) explain(c *seccomp.Call) seccomp.Decision {
	if s.policy != nil {
		return s.policy.Explain(c)
	}
	return seccomp.Decision{Action: s.filter.Run(c), By: seccomp.ByDefault, Rule: -1}
}

// rules are the subject as a policy: itself, or what decompiling the filter finds, which is
// proved to mean the same.
func (s *Subject) rules(opts []seccomp.Option) (*seccomp.Policy, error) {
	if s.policy != nil {
		return s.policy, nil
	}
	if s.meaning == nil {
		p, err := proof.Decompile(s.filter, opts...)
		if err != nil {
			return nil, err
		}
		s.meaning = p
	}
	return s.meaning, nil
}
