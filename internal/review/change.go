// SPDX-License-Identifier: Apache-2.0

package review

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Direction says which side of a change is more permissive, in the kernel's order of actions.
type Direction uint8

// The directions, in the order in which they are shown.
const (
	Opened Direction = iota // B is less restrictive than A
	Closed                  // B is more restrictive
	Other                   // the two rank alike, and their data differ: ERRNO(1) and ERRNO(38)
)

// String is "opened", "closed" or "changed otherwise".
func (d Direction) String() string {
	return [...]string{Opened: "opened", Closed: "closed", Other: "changed otherwise"}[d]
}

// DirectionOf compares two answers.
func DirectionOf(a, b seccomp.Action) Direction {
	switch {
	case b.Rank() > a.Rank():
		return Opened
	case b.Rank() < a.Rank():
		return Closed
	}
	return Other
}

// Change is calls of one ABI whose answer changed in the same way, by the same rules.
type Change struct {
	// ABI is the one that the calls come through, 0 for AUDIT_ARCH tokens that no ABI has:
	// then those are in Audits.
	ABI       arch.Arch
	Audits    []seccomp.Range
	Direction Direction
	// Calls are the calls that have a name, by name.
	Calls []Call
	// Numbers are those without a name.
	Numbers []seccomp.Range
	// All says that these are all calls of the ABI, whatever their number.
	All bool
	// Where are the sets of arguments, the same for all calls: a call is meant if all conditions
	// of one of them hold. Sets has them in words.
	Where [][]proof.Constraint
	// A and B are the answers to Witness, which is one of the calls. All others get the
	// same, unless a filter computes them from the call: then Computed is set, and
	// others get answers that lie in the same direction.
	A, B     Answer
	Witness  seccomp.Call
	Computed bool
}

// Call is a call with a name.
type Call struct {
	Number uint32
	Name   string
}

// mostSets is how many sets of arguments are written.
const mostSets = 64

// Sets are a call of the change with its arguments in words, an element each:
// socket(AF_VSOCK, *). There are as many as Where has, or 64 and then the number of the others.
func (c *Change) Sets(call Call) []string {
	var list []string
	for i, where := range c.Where {
		if i == mostSets {
			return append(list, fmt.Sprintf("%s with %d more sets of arguments", call.Name, len(c.Where)-i))
		}
		list = append(list, Calls(c.ABI, call.Name, where))
	}
	return list
}

// Answer is what a side does with a call and what decided it.
type Answer struct {
	Action seccomp.Action
	// By is what decided, nil for a filter: it does not say.
	By *seccomp.Decision
	// Origin is where the rule comes from, if a rule decided.
	Origin seccomp.Origin
	// Others are more rules, by index, that decide for other calls of the change, and Else
	// says that for some no rule does.
	Others []int
	Else   bool
}

// key is equal for answers that are given by the same.
func (a *Answer) key() string {
	by := seccomp.Decision{Rule: -2}
	if a.By != nil {
		by = *a.By
	}
	return fmt.Sprint(uint32(a.Action), by.By, by.Rule, a.Others, a.Else)
}

// Place says in words what decided: the place of the rule and how many others there are;
// empty for a filter.
func (a *Answer) Place() string {
	if a.By == nil {
		return ""
	}
	text := ""
	switch {
	case a.By.By == seccomp.ByBadArch:
		return "architecture not listed"
	case a.By.By == seccomp.ByDefault:
		text = "default action"
	case a.Origin == seccomp.Origin{}:
		text = fmt.Sprintf("rule %d", a.By.Rule)
	case a.Origin.Reason == seccomp.UnknownCall && a.Origin.Note == "":
		text = "calls that the profile does not know"
	default:
		text = a.Origin.String()
	}
	switch n := len(a.Others); {
	case n == 1:
		text += ", for others 1 more rule"
	case n > 1:
		text += fmt.Sprintf(", for others %d more rules", n)
	}
	if a.Else {
		text += ", for others the default action"
	}
	return text
}
