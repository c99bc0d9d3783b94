// SPDX-License-Identifier: Apache-2.0

package lint

import (
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

// TestWide judges conditions one by one: with the call that gets around them, or
// none.
func TestWide(t *testing.T) {
	allow := func(name string, conditions ...string) string {
		return documents.Rule(name, "ALLOW", documents.Args(conditions...))
	}
	deny := func(name string, conditions ...string) string {
		return documents.Rule(name, "ERRNO", documents.Args(conditions...))
	}
	const minus100 = "18446744073709551516" // AT_FDCWD, extended to 64 bits
	tests := map[string]struct {
		action string
		rules  []string
		want   []string // the calls
	}{
		"an allowed value":                     {"ERRNO", []string{allow("socket", "0 EQ 41")}, nil},
		"values below":                         {"ERRNO", []string{allow("socket", "0 LT 38"), allow("socket", "0 LE 38")}, nil},
		"values above":                         {"ERRNO", []string{allow("socket", "0 GT 40")}, []string{"socket(0x100000000)"}},
		"values from":                          {"ERRNO", []string{allow("socket", "0 GE 1")}, []string{"socket(0x100000000)"}},
		"values from 0 are all":                {"ERRNO", []string{allow("socket", "0 GE 0")}, nil},
		"all values but one":                   {"ERRNO", []string{allow("socket", "0 NE 40")}, []string{"socket(0x100000028)"}},
		"bits of the low half":                 {"ERRNO", []string{allow("socket", "1 MASKED_EQ 15 1")}, nil},
		"bits of all 64":                       {"ERRNO", []string{allow("socket", "1 MASKED_EQ 18446744073709025279 1")}, nil},
		"a denied value":                       {"ALLOW", []string{deny("socket", "0 EQ 38")}, []string{"socket(0x100000026)"}},
		"a denied value, with a mask":          {"ALLOW", []string{deny("socket", "0 MASKED_EQ 4294967295 38")}, nil},
		"denied bits of all 64":                {"ALLOW", []string{deny("socket", "1 MASKED_EQ 18446744073709551615 3")}, []string{"socket(0x0, 0x100000003)"}},
		"denied values below":                  {"ALLOW", []string{deny("socket", "0 LT 3")}, []string{"socket(0x100000000)"}},
		"denied values above":                  {"ALLOW", []string{deny("socket", "0 GT 3")}, nil},
		"all values but one are denied":        {"ALLOW", []string{deny("socket", "0 NE 3")}, nil},
		"an argument of 64 bits":               {"ERRNO", []string{allow("clone", "0 GT 3"), allow("mmap", "2 NE 4")}, nil},
		"a pointer":                            {"ERRNO", []string{allow("read", "1 NE 0")}, nil},
		"a call of which nothing is known":     {"ERRNO", []string{allow("set_tls", "0 GT 3")}, nil},
		"a negative int, extended":             {"ERRNO", []string{allow("openat", "0 EQ "+minus100)}, nil},
		"a negative int, not extended":         {"ERRNO", []string{allow("openat", "0 EQ 4294967196")}, nil},
		"a negative int that is denied":        {"ALLOW", []string{deny("openat", "0 EQ "+minus100)}, []string{"openat(0xffffff9c)"}},
		"a constant that the kernel never has": {"ERRNO", []string{allow("socket", "0 EQ 4294967297")}, []string{"socket(0x100000001)"}},
		"a weaker denial":                      {"KILL_PROCESS", []string{documents.Rule("socket", "ERRNO", documents.Args("0 NE 3"))}, []string{"socket(0x100000003)"}},
		"a denial without conditions":          {"ALLOW", []string{documents.Rule("socket", "ERRNO"), allow("socket", "0 GT 3")}, nil},
		"two rules that complete each other":   {"ERRNO", []string{allow("socket", "0 LE 40"), allow("socket", "0 GT 40")}, nil},
		"either of two conditions": {"ERRNO", []string{allow("socket", "0 NE 40", "1 GT 2")},
			[]string{"socket(0x100000028, 0x3)", "socket(0x0, 0x100000000)"}},
		"a mode of 16 bits":            {"ALLOW", []string{deny("chmod", "1 EQ 511")}, []string{"chmod(0x0, 0x101ff)"}},
		"bits of a mode of 16 bits":    {"ALLOW", []string{deny("chmod", "1 MASKED_EQ 2048 2048")}, nil},
		"a mode of 16 bits is allowed": {"ERRNO", []string{allow("chmod", "1 EQ 511")}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := profile.Parse(documents.Docker(tt.action, tt.rules...))
			require.NoError(t, err)
			var got []string
			for _, d := range Lint(p, linux) {
				if d.Code == "wide-bypass" {
					call, _, _ := strings.Cut(d.Message, " on ")
					got = append(got, call)
					assert.Equal(t, profile.Failure, d.Severity)
					assert.NotEmpty(t, d.Fix)
				}
			}
			assert.ElementsMatch(t, tt.want, got)
			for _, d := range Lint(p, linux, profile.Narrow) {
				if !strings.Contains(name, "16 bits") && !strings.Contains(name, "a negative int") {
					assert.NotContains(t, string(d.Code), "wide-")
				}
				assert.NotContains(t, d.Fix, "--args narrow")
			}
			for _, d := range Lint(p, on(arch.X86)) {
				assert.NotContains(t, string(d.Code), "wide-", "no argument has another half there")
			}
		})
	}
}

// TestWideSampled holds what is said of random rules to what calls near their
// constants get, with any high half and with none.
func TestWideSampled(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	ops := []string{"EQ", "NE", "LT", "LE", "GT", "GE", "MASKED_EQ"}
	holes := 0
	for range 400 {
		action, other := "ERRNO", "ALLOW"
		if random.IntN(2) == 0 {
			action, other = other, action
		}
		var rules []string
		var near []uint64
		for range 1 + random.IntN(3) {
			var conditions []string
			for _, index := range random.Perm(2)[:1+random.IntN(2)] {
				value, datum := uint64(random.IntN(6)), uint64(random.IntN(6))
				near = append(near, value-1, value, value+1, datum, value^7)
				conditions = append(conditions, fmt.Sprintf("%d %s %d %d", index, ops[random.IntN(len(ops))], value, datum))
			}
			rules = append(rules, documents.Rule("socket", other, documents.Args(conditions...)))
		}
		text := documents.Docker(action, rules...)
		p, err := profile.Parse(text)
		require.NoError(t, err)
		policy, _, err := p.Resolve(linux)
		require.NoError(t, err)
		var found *seccomp.Call
		for _, d := range Lint(p, linux) {
			if d.Code == "wide-bypass" {
				found = d.Witness
				read := *found
				for i := range read.Args {
					read.Args[i] &= 1<<32 - 1
				}
				assert.Greater(t, policy.Evaluate(found).Rank(), policy.Evaluate(&read).Rank(), "%s: %v", text, d)
			}
		}
		if sampled := sample(policy, near); sampled != nil {
			holes++
			assert.NotNil(t, found, "%s: %#x", text, sampled.Args)
		}
	}
	assert.Greater(t, holes, 50)
}

// sample looks for a call that gets a weaker action with high halves than without.
func sample(p *seccomp.Policy, near []uint64) *seccomp.Call {
	for _, a := range near {
		for _, b := range near {
			for high := range uint64(4) {
				read := documents.Call(arch.X86_64, "socket", a&(1<<32-1), b&(1<<32-1))
				other := read
				other.Args[0] |= high & 1 << 32
				other.Args[1] |= high >> 1 << 32
				if p.Evaluate(&other).Rank() > p.Evaluate(&read).Rank() {
					return &other
				}
			}
		}
	}
	return nil
}
