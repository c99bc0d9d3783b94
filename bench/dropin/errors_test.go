// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
)

// TestErrors makes calls with bad input, and asks what they leave behind: the same kind of
// error, the same values, and programs that decide alike.
func TestErrors(t *testing.T) {
	libseccomps(t, func(t *testing.T, theirs *library) {
		c := &comparison{theirs, own(t), 0, map[string]int{}}
		for _, scripts := range []map[string][]Step{badRules(), badABIs(), invalid(), merges(), attributes(), numbers(), actions(), words(), pairs()} {
			c.compare(t, scripts)
		}
		highest := uint64(7)
		if strings.HasPrefix(theirs.name, "libseccomp 2.5") {
			highest = 6
		}
		for name, steps := range levels(highest) {
			c.compare(t, map[string][]Step{name: steps})
			theirs.close() // the level is the process's
			c.sieve.close()
		}
		t.Logf("%s: %d replies are alike; others: %v", theirs.name, c.same, c.reasons)
	})
}

// comparison counts the replies of two libraries that are alike, and why others are not.
type comparison struct {
	theirs, sieve *library
	same          int
	reasons       map[string]int
}

// compare plays scripts on both. What follows a call that libseccomp is too old for is left
// out, because it asks what that call has done.
func (c *comparison) compare(t *testing.T, scripts map[string][]Step) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(scripts)) {
		steps := scripts[name]
		x, err := c.theirs.play(steps)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		y, err := c.sieve.play(steps)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i := range steps {
			difference, reason := unlike(&steps[i], &x[i], &y[i])
			switch {
			case difference == "":
				c.same++
				continue
			case reason == "":
				t.Errorf("%s, step %d %+v: %s: %s %q %s, Sieve %q %s", name, i, steps[i], difference, c.theirs.name, x[i].Kind, x[i].Err, y[i].Kind, y[i].Err)
			}
			c.reasons[reason]++
			if reason == older {
				break
			}
		}
	}
}

// older is the reason for which libseccomp-golang has no answer of the C library's.
const older = "the library is older than the call, or the ABI"

// unlike says what differs in two replies, and why it may.
func unlike(s *Step, theirs, own *Reply) (difference, reason string) {
	switch {
	case theirs.Kind != own.Kind:
		difference = "error"
	case theirs.Value != own.Value:
		difference = fmt.Sprintf("%q and %q", theirs.Value, own.Value)
	case (theirs.Bytes == nil) != (own.Bytes == nil):
		difference = "program"
	default:
		difference = decidesOtherwise(theirs.Bytes, own.Bytes)
	}
	wide := s.Do == "SetOptimize" && int64(s.Value) > math.MaxUint32
	for _, c := range s.Conditions {
		wide = wide || c.Argument > math.MaxUint32
	}
	kind := s.Action & 0xffff
	switch {
	case difference == "":
	case s.Do == "AddRule" && (kind < KillThread || kind > KillProcess) && theirs.Kind == "":
		reason = "an action that is none is refused, and not taken for ActKillThread"
	case wide:
		reason = "numbers above 2^32 are refused, and not cut"
	case theirs.Kind == "VersionError", strings.Contains(theirs.Err, "not supported on this version"):
		reason = older
	}
	return difference, reason
}

// decidesOtherwise is a call without arguments on an ABI of the scripts that two programs
// decide differently.
func decidesOtherwise(theirs, own []byte) string {
	if theirs == nil {
		return ""
	}
	var programs [2]seccomp.Filter
	for i, raw := range [][]byte{theirs, own} {
		p, err := bpf.Decode(raw, binary.LittleEndian)
		if err != nil {
			return err.Error()
		}
		programs[i] = seccomp.Filter{p}
	}
	for _, a := range little {
		for nr := a.Base(); nr < a.Base()+600; nr++ {
			c := seccomp.Call{Audit: a.Audit(), Nr: nr}
			if x, y := programs[0].Run(&c), programs[1].Run(&c); x != y {
				return fmt.Sprintf("%v %d: %v and %v", a, nr, x, y)
			}
		}
	}
	return ""
}
