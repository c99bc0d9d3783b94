// SPDX-License-Identifier: Apache-2.0

package marathon

import (
	"slices"

	"github.com/gosieve/sieve/internal/mesos"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Report says what an agent would do with one container. Exactly one of three cases
// holds: the container is Docker's (Launch and Err are nil), the launch would fail (Err),
// or it would run under Launch. Instructions and Denied are set only in the third case,
// and only with a filter.
type Report struct {
	Definition   *mesos.Definition
	Container    *mesos.Container
	Launch       *mesos.Launch // how the agent would launch it; nil where it would not, or Docker would
	Diagnostics  []profile.Diagnostic
	Instructions int      // of the filter
	Denied       []Denial // of the recorded calls
	Err          error    // why it would fail
}

// Denial groups the recorded calls that a profile denies in the same way: they have the
// same ABI token and number, the same action, and the same deciding rule. Their arguments
// may differ, so a call that several rules decide by its arguments gives several denials.
type Denial struct {
	Call   seccomp.Call // the first of them
	Count  int
	Action seccomp.Action
	By     string // what decided, as Policy.Describe says it
}

// Check says what would become of a container, and proves the filter that the container
// would run under. It starts nothing and installs nothing, so it works on every system
// and for every target. The target's capabilities decide which rules with includes and
// excludes apply.
//
// The recorded calls are put to the policy, not to the filter: the proof has shown that
// both decide alike, and only the policy knows the rule that decides.
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
	// A policy that one program cannot hold is compiled to a stack: the kernel runs all
	// of it.
	for _, program := range filter {
		r.Instructions += len(program)
	}
	r.Denied = denials(policy, calls)
	return r
}

// denials groups the calls that would not run, in the order in which they first appear.
// ALLOW and LOG are no denials (Action.Runs); every other action keeps the call from
// running, or leaves that to a tracer or a supervisor, of which an agent has none.
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
