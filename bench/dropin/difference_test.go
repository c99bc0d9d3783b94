// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
)

// both is a policy as both libraries took it.
type both struct {
	*policy
	library       *library
	out           map[int]bool // rules that neither was given in the end
	meant, own    *model       // in libseccomp's reading and in Sieve's
	others        map[reading]*model
	theirs, sieve seccomp.Filter
}

// decode is the program at the end of the replies.
func decode(p *policy, replies []Reply) (seccomp.Filter, error) {
	order := binary.ByteOrder(binary.LittleEndian)
	if p.arches[0].big {
		order = binary.BigEndian
	}
	program, err := bpf.Decode(replies[len(replies)-1].Bytes, order)
	return seccomp.Filter{program}, err
}

// difference is why both programs decide a call differently, or nothing. An error is a
// difference without a reason, or a decision of Sieve's that its own reading does not give.
func (b *both) difference(c *seccomp.Call) (reason string, err error) {
	theirs, own := b.theirs.Run(c), b.sieve.Run(c)
	if expected := b.own.evaluate(c); own != expected {
		return "", fmt.Errorf("%+v: Sieve %v, expected %v (libseccomp %v)", *c, own, expected, theirs)
	}
	if theirs == own {
		return "", nil
	}
	if !slices.Contains(b.meant.possible(c), theirs) {
		return wrongHere, nil
	}
	if reason := b.without(func(m *model) bool { return m.evaluate(c) == theirs }); reason != "" {
		return reason, nil
	}
	if b.disturbed(c) {
		return amongOthers, nil
	}
	if b.inconstant(c) {
		return inconstant, nil
	}
	return "", fmt.Errorf("%+v: libseccomp %v, in its own reading %v; Sieve %v", *c, theirs, b.meant.evaluate(c), own)
}

// without is the deviations, as few as can be, without which Sieve would do as libseccomp, or
// nothing.
func (b *both) without(same func(*model) bool) string {
	var sets []reading
	for r := reading(1); r <= sieve; r++ {
		sets = append(sets, r)
	}
	slices.SortStableFunc(sets, func(a, b reading) int { return bits.OnesCount(uint(a)) - bits.OnesCount(uint(b)) })
	for _, set := range sets {
		if !same(b.in(sieve &^ set)) {
			continue
		}
		var codes []string
		for _, bit := range []reading{ownOrder, kernelWidth, strictest, skipped} {
			if set&bit != 0 {
				codes = append(codes, deviations[bit])
			}
		}
		return strings.Join(codes, " with ")
	}
	return ""
}

// in is the policy in another reading.
func (b *both) in(r reading) *model {
	if b.others[r] == nil {
		b.others[r] = newModel(b.policy, r, b.out)
	}
	return b.others[r]
}

// matching are the rules that match a call, by their places in the policy.
func (b *both) matching(c *seccomp.Call) (rules []int) {
	found, width, _ := b.meant.find(c)
	args := visible(c)
	for _, e := range found.entries(width) {
		if e.matches(&args) {
			rules = append(rules, e.rule)
		}
	}
	return rules
}

// disturbed says whether libseccomp gives the call another action, or does not come back,
// without some of the rules that do not match it and by its own reading do not matter.
func (b *both) disturbed(c *seccomp.Call) bool {
	var others []int
	matching := b.matching(c)
	for i := range b.rules {
		if !b.out[i] && !slices.Contains(matching, i) {
			others = append(others, i)
		}
	}
	for set := 1<<len(others) - 1; set > 0; set-- { // all of them first
		out := maps.Clone(b.out)
		for j, rule := range others {
			if set>>j&1 != 0 {
				out[rule] = true
			}
		}
		if newModel(b.policy, libseccomp, out).evaluate(c) != b.meant.evaluate(c) {
			continue
		}
		steps, _ := b.script(out)
		replies, err := b.library.play(steps)
		if err != nil {
			return true
		}
		if less, err := decode(b.policy, replies); err == nil && less.Run(c) != b.theirs.Run(c) {
			return true
		}
	}
	return false
}

// inconstant says whether libseccomp gives other arguments, which the same rules match,
// another action.
func (b *both) inconstant(c *seccomp.Call) (found bool) {
	here, answer := b.matching(c), b.theirs.Run(c)
	rules, width, _ := b.meant.find(c)
	var conditions []condition
	for _, e := range rules.entries(width) {
		conditions = append(conditions, e.conditions...)
	}
	other := seccomp.Call{Audit: c.Audit, Nr: c.Nr}
	around(rand.New(rand.NewPCG(uint64(c.Nr), uint64(c.Audit))), &other, conditions, 10000, func(other *seccomp.Call) {
		found = found || b.theirs.Run(other) != answer && slices.Equal(b.matching(other), here)
	})
	return found
}
