// SPDX-License-Identifier: Apache-2.0

package baseline_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/baseline"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// hostile are artifacts that are made to cost as much as they can. Each of them lets some
// call through that Docker's default does not, so that no answer but a refusal is right.
func hostile() map[string]string {
	r := rand.New(rand.NewPCG(3, 128))
	mask := func(arg int) string {
		m := r.Uint64()
		return fmt.Sprintf(`{"index": %d, "op": "SCMP_CMP_MASKED_EQ", "value": %d, "valueTwo": %d}`, arg, m, m&r.Uint64())
	}
	entries := func(n int, action func(i int) string, args func(i int) string) string {
		list := []string{rule("ALLOW", `"bpf"`, "")}
		for i := range n {
			list = append(list, rule(action(i), `"ioctl"`, `, "args": [`+args(i)+`]`))
		}
		return doc("ERRNO", list...)
	}
	allow := func(int) string { return "ALLOW" }
	mixed := func(i int) string { return words[(i%4)*2+1-i%2] }
	all := func(int) string {
		var list []string
		for arg := range 6 {
			list = append(list, mask(arg))
		}
		return strings.Join(list, ",")
	}
	fill := func(size int, one func(i int) string) string {
		var b strings.Builder
		for i := 0; b.Len() < size; i++ {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(one(i))
		}
		return b.String()
	}
	const most = 1<<20 - 1000
	bpf := rule("ALLOW", `"bpf"`, "") + ","
	return map[string]string{
		"128 entries, masks on all arguments": entries(127, allow, all),
		"128 entries, several actions":        entries(127, mixed, all),
		"128 masks on one argument":           entries(127, allow, func(int) string { return mask(1) }),
		"128 ranges that overlap":             entries(127, allow, func(i int) string { return fmt.Sprintf(`{"index": 1, "op": "SCMP_CMP_GE", "value": %d}`, i*3) }),
		"129 entries":                         entries(129, allow, all),
		"256 conditions that stand alone":     entries(1, allow, func(int) string { return fill(18_000, func(int) string { return mask(1) }) }),
		"10,000 conditions that stand alone":  entries(1, allow, func(int) string { return fill(most, func(int) string { return mask(1) }) }),
		"1 MiB of names of one rule":          doc("ERRNO", bpf+rule("ALLOW", fill(most, func(i int) string { return fmt.Sprintf(`"c%d"`, i) }), "")),
		"1 MiB of one name":                   doc("ERRNO", bpf+rule("ALLOW", fill(most, func(int) string { return `"read"` }), "")),
		"1 MiB of rules":                      doc("ERRNO", bpf+fill(most, func(i int) string { return rule("ALLOW", fmt.Sprintf(`"c%d"`, i), "") })),
		"names times conditions":              doc("ERRNO", bpf+rule("ALLOW", fill(300_000, func(i int) string { return fmt.Sprintf(`"c%d"`, i) }), `, "args": [`+fill(20_000, func(int) string { return mask(0) })+`]`)),
		"1 MiB of flags":                      strings.Replace(doc("ERRNO", rule("ALLOW", `"bpf"`, "")), `"flags": []`, `"flags": [`+fill(most, func(int) string { return `"SECCOMP_FILTER_FLAG_LOG"` })+`]`, 1),
		"1 MiB of architectures":              strings.Replace(doc("ERRNO", rule("ALLOW", `"bpf"`, "")), `["SCMP_ARCH_X86_64"]`, `[`+fill(most, func(int) string { return `"SCMP_ARCH_X86"` })+`]`, 1),
		"1 MiB of notifications":              doc("ERRNO", bpf+fill(most, func(int) string { return rule("NOTIFY", `"read"`, "") })),
		"all calls, each with masks on arguments": doc("ERRNO", bpf+fill(most/2, func(i int) string {
			return rule("ALLOW", fmt.Sprintf(`"%s"`, someNames[i%len(someNames)]), `, "args": [`+mask(i%6)+`]`)
		})),
	}
}

var someNames = strings.Fields("read write open close stat mmap ioctl socket connect accept clone execve kill fcntl personality ptrace prctl mount futex keyctl unshare bpf")

// TestHostile: none is accepted, each ends, and all that is left of an artifact after the
// limits on it is bounded by counted steps and bytes.
func TestHostile(t *testing.T) {
	for name, members := range hostile() {
		t.Run(name, func(t *testing.T) {
			n := &baseline.Baseline{Document: profile.DockerDefault(), Targets: []profile.Target{machine}, Options: []profile.Option{profile.RestrictOverlaps}, OwnFilters: true}
			p, err := n.Parse([]byte("{" + members + "}"))
			if err != nil {
				require.ErrorIs(t, err, profile.ErrProfile)
				return
			}
			err = n.Check(ctx, p)
			require.Error(t, err)
			var e *baseline.LooserError
			if errors.As(err, &e) {
				policy, _, err := p.Resolve(machine, profile.RestrictOverlaps)
				require.NoError(t, err)
				for _, f := range e.Findings {
					require.Equal(t, f.Set.A, policy.Evaluate(&f.Set.Call))
				}
				n.Limits = seccomp.Limits{Steps: 2000}
				require.ErrorIs(t, n.Check(ctx, p), proof.ErrUndecided)
				n.Limits = seccomp.Limits{Memory: 1 << 12}
				require.ErrorIs(t, n.Check(ctx, p), proof.ErrUndecided)
				return
			}
			require.True(t, errors.Is(err, profile.ErrLimit) || errors.Is(err, profile.ErrProfile) || errors.Is(err, proof.ErrUndecided), "%.300v", err)
			require.Less(t, len(err.Error()), 10_000)
		})
	}
}

// TestHostileListener: a listener that is the node's own opens no way around the limits.
func TestHostileListener(t *testing.T) {
	const own = `, "listenerPath": "/run/node.sock"`
	n := node(t, doc("ERRNO", rule("NOTIFY", `"mkdir"`, ""))+own)
	many := strings.TrimSuffix(strings.Repeat(rule("NOTIFY", `"mkdir"`, "")+",", 200), ",")
	require.ErrorIs(t, n.Check(ctx, parse(t, doc("ERRNO", many)+own)), profile.ErrLimit)
	require.NoError(t, n.Check(ctx, parse(t, doc("ERRNO", rule("NOTIFY", `"mkdir"`, ""))+own)))
}

// FuzzCheck: of any bytes, what is accepted is at most the baseline at every boundary.
func FuzzCheck(f *testing.F) {
	for _, members := range hostile() {
		if len(members) < 1<<14 {
			f.Add([]byte("{" + members + "}"))
		}
	}
	f.Add([]byte(`{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86"], "syscalls": [{"names": ["read"], "action": "SCMP_ACT_LOG", "args": [{"index": 0, "value": 3, "op": "SCMP_CMP_LT"}]}]}`))
	f.Add([]byte(`{"defaultAction": "SCMP_ACT_KILL"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		n := &baseline.Baseline{Document: profile.DockerDefault(), Targets: []profile.Target{machine}, Limits: seccomp.Limits{Steps: 1 << 18, Memory: 16 << 20}}
		p, err := n.Parse(text)
		if err != nil || n.Check(ctx, p) != nil {
			return
		}
		ours, theirs := resolved(profile.DockerDefault()), resolved(p)
		require.NotNil(t, theirs)
		if c := looserAmong(theirs, ours, 2000); c != nil {
			t.Fatalf("accepted, and looser: %+v: %v, %v", *c, theirs.Evaluate(c), ours.Evaluate(c))
		}
	})
}

// TestHostileIntersect: an intersection with each of them, and of two of them, ends, and is
// proved or refused.
func TestHostileIntersect(t *testing.T) {
	n := &baseline.Baseline{Document: profile.DockerDefault(), Options: []profile.Option{profile.RestrictOverlaps}, OwnFilters: true}
	all := hostile()
	masks := parse(t, all["128 masks on one argument"])
	for name, members := range all {
		p, err := n.Parse([]byte("{" + members + "}"))
		if err != nil {
			continue
		}
		for _, documents := range [][]baseline.Document{{p}, {masks, p}} {
			x, err := n.Intersect(ctx, machine, documents...)
			if err != nil {
				require.Nil(t, x)
				require.True(t, errors.Is(err, profile.ErrLimit) || errors.Is(err, profile.ErrProfile) || errors.Is(err, proof.ErrUndecided) || errors.Is(err, bpf.ErrTooLong), "%s: %.300v", name, err)
				continue
			}
			require.Nil(t, looserAmong(x.Policy, resolved(profile.DockerDefault()), 2000), name)
		}
	}
}
