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

// The reasons for which decisions may differ: libseccomp's mistakes, and the deviations by
// their codes.
const (
	// wrongHere: no rule that matches the call has the action that libseccomp's program gives,
	// or one matches and it gives the default.
	wrongHere = "libseccomp wrong: no rule that matches has the action"
	// amongOthers: a rule that matches has it, but libseccomp gives another action where it has
	// only the rules that match: one that does not match decides which of these wins.
	amongOthers = "libseccomp wrong: rules that do not match decide which of the others wins"
)

// deviations are the reasons that are Sieve's.
var deviations = map[reading]string{
	ownOrder:    "libseccomp-order",
	kernelWidth: "socketcall-width, ipc-version",
	strictest:   "multiplexer-conditions",
	skipped:     "x32-alone",
}
