// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/seccomp"
)

// TestRandom builds random policies through libseccomp-golang's interface, on libseccomp and
// on Sieve, and compares the errors of each call and the decisions of both programs at the
// borders of the rules, on the filter's ABIs and on others. Sieve must decide as its reading
// of the rules says (model), and libseccomp may differ for the reasons below alone.
//
// It takes 2,000 policies, and 50,000 where SIEVE_LONG is set; those that libseccomp does not
// come back from do not count.
func TestRandom(t *testing.T) {
	n := 2000
	if shared.Long() {
		n = 50000
	}
	libseccomps(t, func(t *testing.T, theirs *library) {
		theirs.limit = 2 * time.Second // some sets of rules make libseccomp loop for ever
		p := &pair{theirs, own(t), newTally()}
		for seed := uint64(0); p.policies+p.unexplained < n && p.endless <= n/20; seed++ {
			policy := (&generator{rand.New(rand.NewPCG(seed, 1))}).policy()
			if strings.HasPrefix(theirs.name, "libseccomp 2.5") { // which has no transactions
				policy.rejected = [2]int{}
			}
			if err := p.compare(policy, seed); err != nil {
				t.Errorf("seed %d: %v\n%s", seed, err, p.smallest(policy, seed))
				if p.unexplained++; p.unexplained == 5 {
					t.Fatal("and so on")
				}
			}
		}
		t.Logf("%s: %v", theirs.name, p.tally)
		if p.endless > n/20 || p.calls < 200*p.policies {
			t.Errorf("%d policies, %d calls: the generator makes too few that can be compared", p.policies, p.calls)
		}
	})
}

// smallest is a policy in which the same seed finds a difference, as small as can be.
func (p *pair) smallest(large *policy, seed uint64) string {
	var last error
	small := shrink(large, func(q *policy) bool {
		err := (&pair{p.theirs, p.sieve, newTally()}).compare(q, seed)
		if err != nil {
			last = err
		}
		return err != nil
	})
	return fmt.Sprintf("smallest: %v\n%v", last, small)
}

// pair is the two libraries that are compared.
type pair struct {
	theirs, sieve *library
	*tally
}

// compare builds a policy with both and compares errors and decisions. An error is a
// difference without a reason.
func (p *pair) compare(policy *policy, seed uint64) error {
	b, err := p.build(policy)
	if b == nil || err != nil {
		return err
	}
	p.policies++
	reasons := map[string]bool{}
	b.visit(rand.New(rand.NewPCG(seed, 2)), func(c *seccomp.Call) {
		p.calls++
		if err != nil {
			return
		}
		var reason string
		if reason, err = b.difference(c); reason != "" {
			p.decisions[reason]++
			reasons[reason] = true
		}
	})
	for r := range reasons {
		p.affected[r]++
	}
	return err
}

// build plays the policy on both until they take the same rules: those that only one of them
// refuses, for a reason, are left out. It is nil if libseccomp did not come back.
func (p *pair) build(policy *policy) (*both, error) {
	b := &both{policy: policy, library: p.theirs, out: map[int]bool{}}
	for {
		b.meant, b.own, b.others = newModel(policy, libseccomp, b.out), newModel(policy, sieve, b.out), map[reading]*model{}
		steps, rules := policy.script(b.out)
		theirs, err := p.theirs.play(steps)
		if err != nil {
			p.endless++
			return nil, nil
		}
		own, err := p.sieve.play(steps)
		if err != nil {
			return nil, err
		}
		again, err := p.refusals(b, rules, theirs, own)
		if err != nil {
			return nil, err
		}
		if again {
			continue
		}
		if b.theirs, err = decode(policy, theirs); err == nil {
			b.sieve, err = decode(policy, own)
		}
		return b, err
	}
}

// refusals holds both libraries' errors to the models. Of the rules that one of them refuses
// and the other does not it takes out the first: what comes after may follow from it.
func (p *pair) refusals(b *both, rules []int, theirs, own []Reply) (again bool, err error) {
	for i, rule := range rules {
		meant, deviates := "", ""
		if rule >= 0 {
			meant, deviates = b.meant.refused[rule], b.own.refused[rule]
		}
		switch {
		case theirs[i].Kind == "" && meant == errno(syscall.EEXIST) && b.leaveOut():
			p.errors[leftOut]++
			return true, nil
		case theirs[i].Kind != meant:
			return false, fmt.Errorf("step %d, rule %d: libseccomp: %q %s, expected %q", i, rule, theirs[i].Kind, theirs[i].Err, meant)
		case own[i].Kind != deviates:
			return false, fmt.Errorf("step %d, rule %d: Sieve: %q %s, expected %q (libseccomp %q)", i, rule, own[i].Kind, own[i].Err, deviates, meant)
		case meant != deviates:
			reason := b.without(func(m *model) bool { return m.refused[rule] == meant })
			if reason == "" {
				return false, fmt.Errorf("step %d, rule %d: libseccomp %q, Sieve %q", i, rule, meant, deviates)
			}
			p.errors[fmt.Sprintf("%s: libseccomp %q, Sieve %q", reason, meant, deviates)]++
			b.out[rule] = true
			return true, nil
		}
	}
	return false, nil
}

// leaveOut takes out the rules that say nothing that a shorter one with the same action does
// not say. It says whether there are any.
func (b *both) leaveOut() (some bool) {
	for i, r := range b.rules {
		for j, shorter := range b.rules {
			if i == j || b.out[i] || b.out[j] || r.Name != shorter.Name || r.Action != shorter.Action || len(shorter.Conditions) >= len(r.Conditions) {
				continue
			}
			more := slices.ContainsFunc(shorter.Conditions, func(c Condition) bool { return !slices.Contains(r.Conditions, c) })
			if !more {
				b.out[i], some = true, true
			}
		}
	}
	return some
}
