// SPDX-License-Identifier: Apache-2.0

package proof_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// TestProveLimits asks with limits from tiny ones upwards: each answer is ErrUndecided or
// the right one.
func TestProveLimits(t *testing.T) {
	policies := map[string]*seccomp.Policy{
		"six arguments": crowd("EQ over six arguments, own errnos", 100, arch.X86_64),
		"masks":         crowd("masks of 64 bits, one errno", 80, arch.X86_64),
		"boxes":         crowd("boxes of six dimensions, own errnos", 12, arch.X86_64),
	}
	for _, name := range []string{"W1-docker", "W2-allow350", "W3-deny44", "W4m-args", "W5-sentry"} {
		policies[name] = workload(t, name)
	}
	for name, p := range policies {
		t.Run(name, func(t *testing.T) {
			filter, err := p.Compile()
			require.NoError(t, err)
			other := &seccomp.Policy{Arches: p.Arches, Default: p.Default, BadArch: p.BadArch, Rules: slices.Clone(p.Rules)}
			other.Rules[len(other.Rules)-1].Action = seccomp.Trap(99)
			undecided, decided := 0, 0
			for step := 1; step <= 1<<22; step *= 4 {
				for _, l := range []seccomp.Limits{{Steps: step}, {Memory: 256 * step}, {Steps: step, Memory: 64 * step}} {
					within := seccomp.Within(context.Background(), l)
					switch err := proof.Prove(filter, p, within); {
					case err == nil:
						decided++
					case errors.Is(err, proof.ErrUndecided):
						undecided++
					default:
						t.Fatalf("%+v: %v", l, err)
					}
					err := proof.Prove(filter, other, within)
					if c := (*proof.Counterexample)(nil); errors.As(err, &c) {
						require.NotEqual(t, kernel(filter.Run(&c.Call)), kernel(other.Evaluate(&c.Call)))
					} else {
						require.ErrorIs(t, err, proof.ErrUndecided, "%+v", l)
					}
				}
			}
			require.NotZero(t, undecided)
			require.NotZero(t, decided)
		})
	}
}

// TestCompileUnproved: a filter that is made and not proved is refused with the call, and
// with what would do, which does.
func TestCompileUnproved(t *testing.T) {
	p := crowd("boxes of six dimensions, own errnos", 40, arch.X86_64)
	undecided := 0
	for steps := 1 << 10; ; steps *= 2 {
		filter, err := proof.Compile(p, seccomp.Within(context.Background(), seccomp.Limits{Steps: steps}))
		if err == nil {
			require.NotZero(t, undecided, "never proved within more than it was made in")
			require.NoError(t, proof.Prove(filter, p))
			return
		}
		require.Less(t, steps, seccomp.DefaultSteps)
		require.Nil(t, filter)
		if errors.Is(err, proof.ErrUndecided) {
			undecided++
			require.ErrorContains(t, err, "x86_64 ioctl (16), rule 0 to rule 39, 40 rules with 480 conditions: the filter is compiled and not proved: ")
			require.ErrorContains(t, err, "raise the limit (Within), or write fewer conditions for that call")
			continue
		}
		require.ErrorIs(t, err, bpf.ErrTooLong)
	}
}

// TestCompileEffort: the advice that sieve prints, four times the limits, mends a policy
// that is just beyond them: 600 masks of 64 bits, which take two programs.
func TestCompileEffort(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds and half a gigabyte")
	}
	p := crowd("masks of 64 bits, own errnos", 600, arch.X86_64)
	_, err := proof.Compile(p)
	require.ErrorIs(t, err, proof.ErrUndecided)
	require.ErrorContains(t, err, "600 rules with 600 conditions: the filter is compiled and not proved: ")
	four := seccomp.Within(context.Background(), seccomp.Limits{Steps: 4 * seccomp.DefaultSteps, Memory: 4 * seccomp.DefaultMemory})
	filter, err := proof.Compile(p, four)
	require.NoError(t, err)
	require.Len(t, filter, 2)
}
