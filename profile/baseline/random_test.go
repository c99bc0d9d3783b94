// SPDX-License-Identifier: Apache-2.0

package baseline_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/baseline"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// pairs is how many pairs of documents a test makes.
func pairs() int {
	if shared.Long() {
		return 10_000
	}
	return 2000
}

// randomProfile is a profile with few calls and small values, so that two of them meet.
func randomProfile(r *rand.Rand) *profile.Profile {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	action := func() string {
		return "SCMP_ACT_" + pick("ALLOW", "ALLOW", "ALLOW", "ERRNO", "ERRNO", "LOG", "TRAP", "TRACE", "KILL_PROCESS", "KILL_THREAD")
	}
	p := &profile.Profile{Dialect: profile.OCI, DefaultAction: pick("SCMP_ACT_ERRNO", "SCMP_ACT_ERRNO", action()), Flags: []string{}}
	if r.IntN(3) > 0 {
		p.Architectures = []string{"SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"}[:1+r.IntN(3)]
	}
	for range r.IntN(6) {
		rule := profile.Rule{Names: []string{pick("read", "write", "ioctl", "socket", "personality")}, Action: action()}
		if r.IntN(3) == 0 {
			rule.Names = append(rule.Names, pick("close", "clone", "bpf"))
		}
		for range r.IntN(3) {
			a := profile.Arg{Index: uint32(r.IntN(2)), Op: "SCMP_CMP_" + pick("EQ", "NE", "LT", "LE", "GT", "GE", "MASKED_EQ"), Value: uint64(r.IntN(6))}
			if r.IntN(8) == 0 {
				a.Value <<= 32
			}
			if a.Op == "SCMP_CMP_MASKED_EQ" {
				a.ValueTwo = a.Value & uint64(r.IntN(6))
			}
			rule.Args = append(rule.Args, a)
		}
		p.Syscalls = append(p.Syscalls, rule)
	}
	return p
}

// near changes a rule of a profile, or makes another one.
func near(r *rand.Rand, p *profile.Profile) *profile.Profile {
	q := *p
	q.Syscalls = slices.Clone(p.Syscalls)
	if len(q.Syscalls) == 0 || r.IntN(3) == 0 {
		return randomProfile(r)
	}
	i := r.IntN(len(q.Syscalls))
	switch r.IntN(3) {
	case 0:
		q.Syscalls = slices.Delete(q.Syscalls, i, i+1)
	case 1:
		q.Syscalls[i].Args = nil
	case 2:
		q.Syscalls[i].Action = "SCMP_ACT_ERRNO"
	}
	return &q
}

// resolved is the policy of a profile for the machine, nil if it has none: overlaps with
// several actions are refused.
func resolved(p *profile.Profile) *seccomp.Policy {
	policy, _, err := p.Resolve(machine)
	if err != nil {
		return nil
	}
	return policy
}

// looserAt is a call at a boundary of two policies for which the first is less restrictive.
func looserAt(p, q *seccomp.Policy) *seccomp.Call { return looserAmong(p, q, math.MaxInt) }

// looserAmong is looserAt for so many calls at most: masks have millions of boundaries.
func looserAmong(p, q *seccomp.Policy, most int) *seccomp.Call {
	both := &seccomp.Policy{Arches: p.Arches, Rules: append(slices.Clone(p.Rules), q.Rules...)}
	for _, a := range q.Arches {
		if !slices.Contains(both.Arches, a) {
			both.Arches = append(slices.Clone(both.Arches), a)
		}
	}
	n := 0
	for c := range boundary.Calls(both) {
		if n++; n > most {
			break
		}
		if p.Evaluate(c).Rank() > q.Evaluate(c).Rank() {
			return c
		}
	}
	return nil
}

// TestCheckRandom confirms the verdict on random pairs by brute force at the boundaries of
// both, and every looser set by its witness.
func TestCheckRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 6061))
	atMost, looser := 0, 0
	for atMost+looser < pairs() {
		x := randomProfile(r)
		y := near(r, x)
		p, q := resolved(x), resolved(y)
		if p == nil || q == nil {
			continue
		}
		err := (&baseline.Baseline{Document: y, Targets: []profile.Target{machine}, OwnFilters: true}).Check(ctx, x)
		found := looserAt(p, q)
		var e *baseline.LooserError
		switch {
		case err == nil:
			atMost++
			require.Nil(t, found, "%+v\n%+v", x, y)
		case errors.As(err, &e):
			looser++
			for _, f := range e.Findings {
				require.Equal(t, f.Set.A, p.Evaluate(&f.Set.Call))
				require.Equal(t, f.Set.B, q.Evaluate(&f.Set.Call))
				require.Greater(t, f.Set.A.Rank(), f.Set.B.Rank())
			}
		default:
			t.Fatalf("%v\n%+v\n%+v", err, x, y)
		}
	}
	t.Logf("%d at most, %d looser", atMost, looser)
	require.Greater(t, min(atMost, looser), pairs()/5)
}

// naive joins two profiles entry by entry, as one would who does not ask for which calls an
// entry is: a name that is in one gets the more restrictive of its action and the other's
// default, and a name in both the more restrictive of the two actions, with the conditions of
// the second profile's entry.
func naive(a, b *profile.Profile) *profile.Profile {
	stricter := func(x, y string) string {
		if order(x) <= order(y) {
			return x
		}
		return y
	}
	out := &profile.Profile{Dialect: profile.OCI, Flags: []string{}, Architectures: a.Architectures,
		DefaultAction: stricter(a.DefaultAction, b.DefaultAction)}
	add := func(mine, other *profile.Profile, last bool) {
		for _, r := range mine.Syscalls {
			for _, name := range r.Names {
				action, found := stricter(r.Action, other.DefaultAction), false
				for _, o := range other.Syscalls {
					if slices.Contains(o.Names, name) && !found {
						action, found = stricter(r.Action, o.Action), true
					}
				}
				if !found || last {
					out.Syscalls = append(out.Syscalls, profile.Rule{Names: []string{name}, Action: action, Args: r.Args})
				}
			}
		}
	}
	add(a, b, false)
	add(b, a, true)
	return out
}

// order is the place of a word in the order of actions.
func order(word string) int {
	return slices.IndexFunc(words, func(w string) bool { return "SCMP_ACT_"+w == word })
}

// TestIntersectRandom: the intersection of random pairs is never looser than a part and never
// stricter than both, also as a profile where OCI can say it; a merger of entries is.
func TestIntersectRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1317))
	made, said, wrong := 0, 0, 0
	for n := 0; n < pairs()/4; n++ {
		x, y := randomProfile(r), randomProfile(r)
		p, q := resolved(x), resolved(y)
		if p == nil || q == nil {
			continue
		}
		meet, err := (&baseline.Baseline{Document: x, OwnFilters: true}).Intersect(ctx, machine, y)
		require.NoError(t, err)
		made++
		if joined := resolved(naive(x, y)); joined != nil && (looserAt(joined, p) != nil || looserAt(joined, q) != nil) {
			wrong++
		}
		if n%8 != 0 {
			continue // what Intersect proved
		}
		for _, part := range []*seccomp.Policy{p, q} {
			require.Nil(t, looserAt(meet.Policy, part), "%+v\n%+v", x, y)
		}
		exact := &seccomp.Policy{Arches: p.Arches, Rules: append(slices.Clone(p.Rules), q.Rules...)}
		for c := range boundary.Calls(exact) {
			want := p.Evaluate(c)
			if b := q.Evaluate(c); b.Rank() < want.Rank() {
				want = b
			}
			require.Equal(t, want, meet.Policy.Evaluate(c))
			require.Equal(t, want, meet.Stack.Run(c))
		}
		said += asProfile(t, meet)
	}
	t.Logf("%d intersections, of an eighth %d as profiles; a merger of entries is looser for %d", made, said, wrong)
	require.Greater(t, made, pairs()/12)
	require.NotZero(t, said)
	require.Greater(t, wrong, made/50)
}

// asProfile is 1 if an intersection has words, which then mean what it does.
func asProfile(t *testing.T, x *baseline.Intersection) int {
	p, err := x.Profile()
	var e *profile.UnsayableError
	if errors.As(err, &e) {
		return 0
	}
	require.NoError(t, err)
	q := resolved(p)
	require.NoError(t, proof.AtMost(proof.Of(q), proof.Of(x.Policy)))
	require.NoError(t, proof.AtMost(proof.Of(x.Policy), proof.Of(q)))
	return 1
}

// TestIntersectionProfileErrnos: a small profile beside Docker's default on two ABIs gets
// ENOSYS above other calls on each, which no document says. Its profile is as restrictive.
func TestIntersectionProfileErrnos(t *testing.T) {
	artifact := parse(t, `"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], "syscalls": [`+rule("ALLOW", `"read", "socket"`, "")+`]`)
	x, err := (&baseline.Baseline{Document: profile.DockerDefault()}).Intersect(ctx, machine, artifact)
	require.NoError(t, err)
	require.Equal(t, 1, asProfile(t, x))
	require.Equal(t, []arch.Arch{arch.X86_64, arch.X86}, x.Policy.Arches)
	_, err = new(baseline.Intersection).Profile()
	require.ErrorIs(t, err, profile.ErrProfile)
}

func ExampleBaseline() {
	node := baseline.Baseline{Document: profile.DockerDefault(), Targets: []profile.Target{{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}}}
	pulled, err := node.Parse([]byte(`{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read", "write", "bpf"], "action": "SCMP_ACT_ALLOW"}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(node.Check(ctx, pulled))
	effective, err := node.Intersect(ctx, node.Targets[0], pulled)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(node.Check(ctx, pulled) == nil, proof.AtMost(proof.Of(effective.Policy), proof.Of(effective.Stack)) == nil)
	// Output:
	// looser than the baseline: x86_64 bpf (321): ALLOW, ERRNO(1) (the artifact's and the baseline's answer; 1:50, defaultAction)
	// false true
}
