// SPDX-License-Identifier: Apache-2.0

package marathon

import (
	"slices"

	"github.com/gosieve/sieve/internal/mesos"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Report is what would become of a container on an agent.
type Report struct {
	Definition   *mesos.Definition
	Container    *mesos.Container
	Launch       *mesos.Launch // nil if the launch would fail, or Docker would do it
	Diagnostics  []profile.Diagnostic
	Instructions int      // of the filter
	Denied       []Denial // of the recorded calls
	Err          error    // why it would fail
}

// Denial is recorded calls that a profile denies alike: the same call and the same
// deciding rule.
type Denial struct {
	Call   seccomp.Call // the first of them
	Count  int
	Action seccomp.Action
	By     string // what decided, as Policy.Describe says it
}

// Check says what would become of a container, and proves the filter that it would
// run under.
func Check(agent *mesos.Isolator, t profile.Target, def *mesos.Definition, c *mesos.Container, calls []seccomp.Call) Report {
	r := Report{Definition: def, Container: c}
	if c.Docker {
		return r
	}
	if r.Launch, r.Err = agent.Prepare(c.Seccomp); r.Err != nil || r.Launch.Unconfined() {
		return r
	}
	policy, diagnostics, err := r.Launch.Policy(t)
	r.Diagnostics = diagnostics
	if err != nil {
		r.Err = err
		return r
	}
	filter, err := policy.Compile()
	if err == nil {
		err = proof.Prove(filter, policy)
	}
	if err != nil {
		r.Err = err
		return r
	}
	for _, program := range filter {
		r.Instructions += len(program)
	}
	r.Denied = denials(policy, calls)
	return r
}

// denials are the calls that get anything but ALLOW and LOG.
func denials(policy *seccomp.Policy, calls []seccomp.Call) []Denial {
	var list []Denial
	for _, call := range calls {
		d := policy.Explain(&call)
		if d.Action.Runs() {
			continue
		}
		by := policy.Describe(d)
		i := slices.IndexFunc(list, func(o Denial) bool {
			return o.Call.Audit == call.Audit && o.Call.Nr == call.Nr && o.Action == d.Action && o.By == by
		})
		if i < 0 {
			i = len(list)
			list = append(list, Denial{Call: call, Action: d.Action, By: by})
		}
		list[i].Count++
	}
	return list
}
