// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"encoding/binary"
	"fmt"
	"math/bits"
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
	if reason := b.deviation(c, theirs); reason != "" {
		return reason, nil
	}
	if b.disturbed(c) {
		return amongOthers, nil
	}
	return "", fmt.Errorf("%+v: libseccomp %v, in its own reading %v; Sieve %v", *c, theirs, b.meant.evaluate(c), own)
}

// deviation is the fewest without which Sieve would decide as libseccomp.
func (b *both) deviation(c *seccomp.Call, theirs seccomp.Action) string {
	var sets []reading
	for r := reading(1); r <= sieve; r++ {
		sets = append(sets, r)
	}
	slices.SortStableFunc(sets, func(a, b reading) int { return bits.OnesCount(uint(a)) - bits.OnesCount(uint(b)) })
	for _, set := range sets {
		if b.in(sieve&^set).evaluate(c) != theirs {
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
		if b.others == nil {
			b.others = map[reading]*model{}
		}
		b.others[r] = newModel(b.policy, r, b.out)
	}
	return b.others[r]
}

// disturbed says whether libseccomp gives the call another action, or does not come back, if
// it is given no rules but those that match it, in the same order.
func (b *both) disturbed(c *seccomp.Call) bool {
	rules, width, _ := b.meant.find(c)
	args := visible(c)
	out := map[int]bool{}
	for i := range b.rules {
		out[i] = true
	}
	for _, e := range rules.entries(width) {
		if e.matches(&args) {
			delete(out, e.rule)
		}
	}
	steps, _ := b.script(out)
	replies, err := b.library.play(steps)
	if err != nil {
		return true
	}
	alone, err := decode(b.policy, replies)
	return err == nil && alone.Run(c) != b.theirs.Run(c)
}
