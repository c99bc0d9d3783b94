// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/docker"
	"github.com/gosieve/sieve/internal/test/documents"
)

// BenchmarkDockerDefault is what a launcher pays before it compiles: reading
// Docker's default profile and resolving it for x86_64, x86 and x32.
func BenchmarkDockerDefault(b *testing.B) {
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(docker.Default())))
		for b.Loop() {
			if _, err := Parse(docker.Default()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parse+resolve", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p, err := Parse(docker.Default())
			if err != nil {
				b.Fatal(err)
			}
			if _, _, err := p.Resolve(linux); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// TestDockerDefaultAllocations: the two together make fewer than 200.
func TestDockerDefaultAllocations(t *testing.T) {
	allocations := testing.AllocsPerRun(20, func() {
		p, err := Parse(docker.Default())
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := p.Resolve(linux); err != nil {
			t.Fatal(err)
		}
	})
	require.Less(t, allocations, 200.0)
}

// manyRules is a document of n rules: each with a name and, of every ten, nine
// with a condition.
func manyRules(n int) []byte {
	var names []string
	for _, name := range arch.X86_64.Calls() {
		names = append(names, name)
	}
	rules := make([]string, n)
	for i := range rules {
		name, action := names[i%len(names)], "ALLOW"
		if i%10 == 0 {
			action = "LOG"
		}
		rules[i] = documents.Rule(name, action, documents.Args(fmt.Sprintf("%d EQ %d", i%10/5, i), "2 NE 3"), `"comment": "a rule among many, that says something"`)
	}
	return documents.Docker("ERRNO", rules...)
}

// BenchmarkRules shows that the cost of a rule does not grow with their number.
func BenchmarkRules(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 10_000, 100_000} {
		text := manyRules(n)
		b.Run(fmt.Sprintf("parse/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := Parse(text); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/rule")
		})
		p, err := Parse(text)
		require.NoError(b, err)
		b.Run(fmt.Sprintf("resolve/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := p.Resolve(linux, RestrictOverlaps); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/rule")
		})
	}
}

// TestLargeDocument: 100,000 rules in 10 MB take less than ten times their size,
// what is dropped on the way included.
func TestLargeDocument(t *testing.T) {
	rule := `{"names":["socket"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":%d,"op":"SCMP_CMP_EQ"}]}`
	rules := make([]string, 100_000)
	for i := range rules {
		rules[i] = fmt.Sprintf(rule, i)
	}
	text := documents.Docker("ERRNO", rules...)
	require.InDelta(t, 10e6, len(text), 0.5e6)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	p, err := Parse(text)
	runtime.ReadMemStats(&after)
	require.NoError(t, err)
	require.Len(t, p.Syscalls, len(rules))
	require.Less(t, after.TotalAlloc-before.TotalAlloc, 10*uint64(len(text)))
	policy, _, err := p.Resolve(linux)
	require.NoError(t, err)
	require.Len(t, policy.Rules, len(rules)+1, "and one for ENOSYS")
}

// TestManyConditionsOnOneCall: rules that all meet on one call are compared in
// order of their values, not each with each.
func TestManyConditionsOnOneCall(t *testing.T) {
	rules := make([]string, 20_000)
	for i := range rules {
		rules[i] = documents.Rule("read", []string{"ALLOW", "LOG"}[i%2], documents.Args(fmt.Sprintf("0 EQ %d", i)))
	}
	policy, _ := resolve(t, documents.Docker("ERRNO", rules...), linux)
	require.Len(t, policy.Rules, len(rules))
}

// TestTooManyOverlaps: what would take too long to compare is refused.
func TestTooManyOverlaps(t *testing.T) {
	rules := make([]string, 6000)
	for i := range rules {
		// Only the second argument keeps them apart, and no order of the first does.
		rules[i] = documents.Rule("read", []string{"ALLOW", "LOG"}[i%2], documents.Args("0 NE 0", fmt.Sprintf("1 MASKED_EQ 8191 %d", i)))
	}
	p, err := Parse(documents.Docker("ERRNO", rules...))
	require.NoError(t, err)
	_, _, err = p.Resolve(linux)
	require.ErrorContains(t, err, "too many rules for read to see whether they overlap")
	require.ErrorIs(t, err, ErrProfile)
	_, _, err = p.Resolve(linux, RestrictOverlaps)
	require.NoError(t, err)

	conditions := make([]string, 20_000)
	for i := range conditions {
		conditions[i] = fmt.Sprintf("0 NE %d", i)
	}
	for _, name := range []string{"read", "socket"} {
		p, err = Parse(documents.Docker("ERRNO", documents.Rule(name, "ALLOW", documents.Args(conditions...)), documents.Rule(name, "LOG", documents.Args("0 NE 0"))))
		require.NoError(t, err)
		_, _, err = p.Resolve(on(arch.X86), AndRepeated)
		require.ErrorContains(t, err, "too many rules for "+name)
	}
}
