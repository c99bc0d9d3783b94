// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/documents"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// hostile is a document of rules for many calls, with two conditions each that divide the
// arguments into as many sets as can be.
func hostile(t testing.TB, rules, names int, condition func(r *rand.Rand, index int) string) *profile.Profile {
	t.Helper()
	var all []string
	for _, name := range arch.X86_64.Calls() {
		all = append(all, fmt.Sprintf("%q", name))
	}
	random := rand.New(rand.NewPCG(1, 2))
	var list []string
	for range rules {
		list = append(list, `{"names": [`+strings.Join(all[:names], ",")+`], "action": "SCMP_ACT_ERRNO", `+
			documents.Args(condition(random, 0), condition(random, 1))+`}`)
	}
	p, err := profile.Parse(documents.Docker("ALLOW", list...))
	require.NoError(t, err)
	return p
}

func masks(r *rand.Rand, index int) string {
	mask := r.Uint64()
	return fmt.Sprintf("%d MASKED_EQ %d %d", index, mask, mask&r.Uint64())
}

// TestBudget counts the work on documents that are written to take long: it does not grow with
// the number of calls and rules, and each kind of question that is given up is told once.
func TestBudget(t *testing.T) {
	const steps = 1 << 18
	tests := map[string]func(r *rand.Rand, index int) string{
		"masks":  masks,
		"ranges": func(r *rand.Rand, index int) string { return fmt.Sprintf("%d GT %d", index, r.Uint64()) },
		"holes":  func(r *rand.Rand, index int) string { return fmt.Sprintf("%d NE %d", index, r.Uint64()) },
	}
	for name, condition := range tests {
		t.Run(name, func(t *testing.T) {
			for _, rules := range []int{40, 400} {
				for _, names := range []int{20, 340} {
					l := look(hostile(t, rules, names, condition), linux, []profile.Option{Within(context.Background(), seccomp.Limits{Steps: steps})})
					assert.Less(t, l.work.spent, steps+steps/2, "%d rules for %d calls", rules, names)
					assert.Less(t, l.work.proofs, 20, "calls with equal rules are one question")
					missed := map[string]int{}
					for _, d := range l.diags {
						if d.Code == "not-examined" {
							missed[d.Message]++
							assert.NotZero(t, d.Place.Line)
						}
					}
					if name == "masks" { // the others are decided within the bound, or fill the list
						assert.NotEmpty(t, missed)
					}
					for message, n := range missed {
						assert.Equal(t, 1, n, message)
						assert.Contains(t, message, "262144 steps")
					}
				}
			}
		})
	}
}

// TestBudgetStrict: what was not looked at is a warning if it may be one, and so Strict refuses
// the document. A bound that has ended is told however many other diagnostics there are.
func TestBudgetStrict(t *testing.T) {
	p := hostile(t, 40, 340, masks)
	for _, d := range Lint(p, linux, profile.Strict, Within(context.Background(), seccomp.Limits{Steps: 1000})) {
		if d.Code == "not-examined" && strings.Contains(d.Message, wideMissed) {
			assert.Equal(t, profile.Failure, d.Severity)
			return
		}
	}
	t.Error("nothing is said of what was not looked at")
}

// TestBudgetEnded: with a context that has ended no question is answered, and the document
// does not look good.
func TestBudgetEnded(t *testing.T) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	p, err := profile.Parse(documents.Docker("ALLOW", documents.Rule("socket", "ERRNO", documents.Args("0 EQ 38"))))
	require.NoError(t, err)
	policy, _, err := p.Resolve(linux)
	require.NoError(t, err)
	has := func(list []profile.Diagnostic, code profile.Code) (found bool) {
		for _, d := range list {
			found = found || d.Code == code && d.Severity >= profile.Warning
		}
		return found
	}
	assert.True(t, has(Lint(p, linux), "wide-bypass"))
	assert.True(t, has(Policy(policy), "wide-bypass"))
	assert.False(t, has(Lint(p, linux), "not-examined"))
	assert.False(t, has(Policy(policy), "not-examined"))
	bound := Within(ended, seccomp.Limits{})
	assert.True(t, has(Lint(p, linux, bound), "not-examined"))
	assert.True(t, has(Policy(policy, bound), "not-examined"))
}

// TestBudgetPolicy is TestBudget for Policy.
func TestBudgetPolicy(t *testing.T) {
	policy, _, err := hostile(t, 40, 340, masks).Resolve(linux)
	require.NoError(t, err)
	n := 0
	for _, d := range Policy(policy, Within(context.Background(), seccomp.Limits{Steps: 1 << 18})) {
		if d.Code == "not-examined" {
			n++
		}
	}
	assert.Equal(t, 1, n)
}

// TestWideTogether: calls that are one question get what each gets alone.
func TestWideTogether(t *testing.T) {
	names := []string{"socket", "socketpair", "openat", "read", "chmod", "fchmod", "ioctl", "close", "dup2"}
	about := func(only string) (list []string) {
		var rules []string
		for _, name := range names {
			if only == "" || only == name {
				rules = append(rules, documents.Rule(name, "ERRNO", documents.Args("0 EQ 3", "1 GT 5")), documents.Rule(name, "ERRNO", documents.Args("1 MASKED_EQ 15 2")))
			}
		}
		p, err := profile.Parse(documents.Docker("ALLOW", rules...))
		require.NoError(t, err)
		for _, d := range Lint(p, linux) {
			if strings.HasPrefix(string(d.Code), "wide-") {
				list = append(list, fmt.Sprint(d.Severity, d.Code, d.Message, d.Fix, *d.Witness))
			}
		}
		return list
	}
	var want []string
	for _, name := range names {
		want = append(want, about(name)...)
	}
	assert.NotEmpty(t, want)
	assert.ElementsMatch(t, want, about(""))
}
