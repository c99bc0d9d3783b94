// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"fmt"
	"maps"
	"slices"
)

// tally counts what a comparison of two libraries found.
type tally struct {
	policies, calls int
	endless         int            // scripts that libseccomp did not come back from
	errors          map[string]int // rules that one of the two refuses, by reason
	decisions       map[string]int // calls that they decide differently, by reason
	affected        map[string]int // policies with such calls
	unexplained     int
}

func newTally() *tally {
	return &tally{errors: map[string]int{}, decisions: map[string]int{}, affected: map[string]int{}}
}

func (t *tally) String() string {
	text := fmt.Sprintf("%d policies, %d calls compared; %d scripts without an end", t.policies, t.calls, t.endless)
	for _, why := range slices.Sorted(maps.Keys(t.errors)) {
		text += fmt.Sprintf("\n  %d rules refused by one: %s", t.errors[why], why)
	}
	for _, why := range slices.Sorted(maps.Keys(t.decisions)) {
		text += fmt.Sprintf("\n  %d calls of %d policies differ: %s", t.decisions[why], t.affected[why], why)
	}
	return text
}

// The reasons for which libseccomp may do otherwise than its own reading of the rules says.
const (
	// wrongHere: no rule that matches the call has the action that libseccomp's program gives,
	// or one matches and it gives the default.
	wrongHere = "libseccomp wrong: no rule that matches has the action"
	// amongOthers: a rule that matches has it, but libseccomp gives another action without some
	// of the rules that do not match, which by its own reading do not matter.
	amongOthers = "libseccomp wrong: rules that do not match decide which of the others wins"
	// inconstant: the very rules that match give another action for other arguments.
	inconstant = "libseccomp wrong: the rules that match win for some arguments, and lose for others"
	// leftOut: a rule that a later one conflicts with is left out, as one with fewer of its
	// conditions has its action. That depends on what other rules there are.
	leftOut = "libseccomp leaves out a rule that is contained in another of the same action"
)

// deviations are the reasons that are Sieve's, by their codes.
var deviations = map[reading]string{
	ownOrder:    "libseccomp-order",
	kernelWidth: "socketcall-width, ipc-version",
	strictest:   "multiplexer-conditions",
	skipped:     "x32-alone",
}
