// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// corpusPolicy is a file of the corpus for a machine.
type corpusPolicy struct {
	name   string
	target arch.Arch
	policy *seccomp.Policy
}

// corpusPolicies are all that resolve, on a machine of either byte order and one more.
func corpusPolicies(t testing.TB) []corpusPolicy {
	var list []corpusPolicy
	for _, f := range corpus(t) {
		if f.folder() == "" {
			continue
		}
		for _, p := range f.read(t, f.folder()).parts {
			for _, a := range []arch.Arch{arch.X86_64, arch.AArch64, arch.S390X} {
				if p.document == nil || !slices.Contains(f.targets(), a) {
					continue
				}
				if policy, _, err := p.document.Resolve(corpusTarget(a)); err == nil {
					list = append(list, corpusPolicy{strings.TrimSpace(f.name + " " + p.name), a, policy})
				}
			}
		}
	}
	return list
}

// dockerPolicy is Docker's default on a machine.
func dockerPolicy(t testing.TB, a arch.Arch) *seccomp.Policy {
	p, _, err := profile.DockerDefault().Resolve(corpusTarget(a))
	require.NoError(t, err)
	return p
}

// TestAtMostCorpus holds every file of the corpus to Docker's default, and that to it. Each
// verdict is confirmed by Evaluate at the boundaries of both.
func TestAtMostCorpus(t *testing.T) {
	atMost, looser := 0, 0
	for _, x := range corpusPolicies(t) {
		docker := dockerPolicy(t, x.target)
		for _, pair := range [][2]*seccomp.Policy{{x.policy, docker}, {docker, x.policy}} {
			err := proof.AtMost(proof.Of(pair[0]), proof.Of(pair[1]))
			var e *proof.LooserError
			if errors.As(err, &e) {
				looser++
				require.Equal(t, e.Set.A.Kind(), pair[0].Evaluate(&e.Set.Call).Kind(), x.name)
				require.Equal(t, e.Set.B.Kind(), pair[1].Evaluate(&e.Set.Call).Kind(), x.name)
				require.Greater(t, e.Set.A.Rank(), e.Set.B.Rank())
			} else {
				atMost++
				require.NoError(t, err, x.name)
			}
			if c := looserCall(pair[0], pair[1]); c != nil {
				require.Error(t, err, "%s on %v: %+v: %v, %v", x.name, x.target, *c, pair[0].Evaluate(c), pair[1].Evaluate(c))
			}
		}
	}
	t.Logf("%d at most, %d looser", atMost, looser)
	require.Greater(t, atMost, 30)
	require.Greater(t, looser, 100)
}

// looserCall is a call at a boundary of two policies for which the first is less restrictive.
func looserCall(p, q *seccomp.Policy) *seccomp.Call {
	for _, side := range []*seccomp.Policy{p, q} {
		for c := range boundary.Calls(side) {
			if p.Evaluate(c).Rank() > q.Evaluate(c).Rank() {
				return c
			}
		}
	}
	return nil
}
