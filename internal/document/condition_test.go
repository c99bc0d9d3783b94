// SPDX-License-Identifier: Apache-2.0

package document

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// TestConditions has one row for each way to say what an argument must be.
func TestConditions(t *testing.T) {
	ge := func(v uint64) seccomp.Arg { return seccomp.Arg{Op: seccomp.GE, Value: v} }
	le := func(v uint64) seccomp.Arg { return seccomp.Arg{Op: seccomp.LE, Value: v} }
	low := func(a seccomp.Arg) seccomp.Arg { a.Narrow = true; return a }
	tests := map[string]struct {
		bits int
		args []seccomp.Arg
		want string
	}{
		"none":                             {64, nil, "[]"},
		"from 0 on":                        {64, []seccomp.Arg{ge(0)}, "[]"},
		"one end":                          {64, []seccomp.Arg{le(37)}, "[LE 25]"},
		"the other end":                    {64, []seccomp.Arg{ge(41)}, "[GE 29]"},
		"less than 1":                      {64, []seccomp.Arg{{Op: seccomp.LT, Value: 1}}, "[EQ 0]"},
		"less than 0":                      {64, []seccomp.Arg{{Op: seccomp.LT}}, "never"},
		"more than the most":               {64, []seccomp.Arg{{Op: seccomp.GT, Value: 1<<64 - 1}}, "never"},
		"two ends are blocks":              {64, []seccomp.Arg{ge(6), le(18)}, "[MASKED_EQ fffffffffffffffe=6 MASKED_EQ fffffffffffffff8=8 MASKED_EQ fffffffffffffffe=10 EQ 12]"},
		"a power of two is one block":      {64, []seccomp.Arg{ge(0x1000), le(0x1fff)}, "[MASKED_EQ fffffffffffff000=1000]"},
		"all but one":                      {64, []seccomp.Arg{{Op: seccomp.NE, Value: 5}}, "[NE 5]"},
		"all but two":                      {64, []seccomp.Arg{{Op: seccomp.NE, Value: 5}, {Op: seccomp.NE, Value: 7}}, "[LE 4 EQ 6 GE 8]"},
		"all but the first":                {64, []seccomp.Arg{{Op: seccomp.NE}}, "[GE 1]"},
		"some bits":                        {64, []seccomp.Arg{{Op: seccomp.MaskedEQ, Mask: 0xf0, Value: 0x31}}, "[MASKED_EQ f0=30]"},
		"some bits and others":             {64, []seccomp.Arg{{Op: seccomp.MaskedEQ, Mask: 0xf0, Value: 0x30}, {Op: seccomp.MaskedEQ, Mask: 0x3, Value: 1}}, "[MASKED_EQ f3=31]"},
		"bits that exclude one another":    {64, []seccomp.Arg{{Op: seccomp.MaskedEQ, Mask: 0xf0, Value: 0x30}, {Op: seccomp.MaskedEQ, Mask: 0x30, Value: 0x10}}, "never"},
		"all bits":                         {64, []seccomp.Arg{{Op: seccomp.MaskedEQ, Mask: 1<<64 - 1, Value: 5}}, "[EQ 5]"},
		"some bits up to a value":          {64, []seccomp.Arg{{Op: seccomp.MaskedEQ, Mask: 1, Value: 1}, le(5)}, "[MASKED_EQ fffffffffffffffd=1 EQ 5]"},
		"the low half alone":               {64, []seccomp.Arg{low(seccomp.Arg{Op: seccomp.EQ, Value: 5})}, "[MASKED_EQ ffffffff=5]"},
		"a range of the low half":          {64, []seccomp.Arg{low(le(2))}, "[MASKED_EQ fffffffe=0 MASKED_EQ ffffffff=2]"},
		"a high half and a low range":      {64, []seccomp.Arg{{Op: seccomp.MaskedEQ, Mask: 0xff << 32, Value: 1 << 32}, low(ge(1 << 31))}, "[MASKED_EQ ff80000000=180000000]"},
		"32 bits: two ends":                {32, []seccomp.Arg{ge(2), le(33)}, "[MASKED_EQ fffffffffffffffe=2 MASKED_EQ fffffffffffffffc=4 MASKED_EQ fffffffffffffff8=8 MASKED_EQ fffffffffffffff0=10 MASKED_EQ fffffffffffffffe=20]"},
		"a few values":                     {64, []seccomp.Arg{ge(7), le(10)}, "[EQ 7 EQ 8 EQ 9 EQ a]"},
		"32 bits: to the end":              {32, []seccomp.Arg{ge(2), le(1<<32 - 1)}, "[GE 2]"},
		"32 bits: beyond the end":          {32, []seccomp.Arg{ge(1 << 32)}, "never"},
		"32 bits: below what is beyond":    {32, []seccomp.Arg{{Op: seccomp.LT, Value: 1 << 40}}, "[]"},
		"32 bits: a mask of all of them":   {32, []seccomp.Arg{{Op: seccomp.MaskedEQ, Mask: 1<<32 - 1, Value: 5}}, "[EQ 5]"},
		"32 bits: bits that are not there": {32, []seccomp.Arg{{Op: seccomp.MaskedEQ, Mask: 1 << 40, Value: 1 << 40}}, "never"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := conditions(tt.args, 0, tt.bits)
			require.NoError(t, err)
			assert.Equal(t, tt.want, written(got))
		})
	}
}

func written(list []profile.Arg) string {
	if list != nil && len(list) == 0 {
		return "never"
	}
	words := []string{}
	for _, a := range list {
		word := fmt.Sprintf("%s %x", a.Op[len("SCMP_CMP_"):], a.Value)
		if a.ValueTwo != 0 || a.Op == "SCMP_CMP_MASKED_EQ" {
			word += fmt.Sprintf("=%x", a.ValueTwo)
		}
		words = append(words, word)
	}
	return fmt.Sprint(words)
}

// TestConditionsMean compares random conditions with what is said for them.
func TestConditionsMean(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	value := func() uint64 {
		v := random.Uint64() >> (random.IntN(8) * 8)
		return v &^ (1<<random.IntN(60) - 1)
	}
	said := 0
	for range 3000 {
		abi := []arch.Arch{arch.X86_64, arch.X86}[random.IntN(2)]
		var args []seccomp.Arg
		var points []uint64
		for range 1 + random.IntN(3) {
			a := seccomp.Arg{Op: seccomp.EQ + seccomp.Op(random.IntN(7)), Value: value(), Narrow: random.IntN(4) == 0}
			if a.Op == seccomp.MaskedEQ {
				a.Mask = value()
			}
			args = append(args, a)
			points = append(points, a.Value-1, a.Value, a.Value+1, a.Value^1<<32, a.Value&a.Mask, a.Value|^a.Mask, value())
		}
		list, err := conditions(args, 0, abi.Bits())
		if err != nil {
			continue
		}
		said++
		for _, a := range list {
			points = append(points, a.Value, a.Value+1, a.Value-1, a.ValueTwo, a.ValueTwo|^a.Value, a.ValueTwo-1, (a.ValueTwo|^a.Value)+1)
		}
		want := decision(abi, args)
		for _, x := range points {
			got := list == nil
			for i := range list {
				got = got || decision(abi, []seccomp.Arg{scmp.Condition(list[i].Index, list[i].Op, list[i].Value, list[i].ValueTwo)})(x)
			}
			require.Equal(t, want(x), got, "%v: %+v said as %+v, argument %#x", abi, args, list, x)
		}
	}
	assert.Greater(t, said, 2000)
}

// decision is whether conditions on argument 0 hold.
func decision(abi arch.Arch, args []seccomp.Arg) func(uint64) bool {
	p := &seccomp.Policy{Arches: []arch.Arch{abi}, Rules: []seccomp.Rule{{Syscalls: []string{"read"}, Args: args, Action: seccomp.Allow}}}
	nr, _ := abi.Number("read")
	return func(x uint64) bool {
		return p.Evaluate(&seccomp.Call{Audit: abi.Audit(), Nr: nr, Args: [6]uint64{x}}) == seccomp.Allow
	}
}

// TestFromPolicyComplement: what a policy has by default may be what a document has to
// say.
func TestFromPolicyComplement(t *testing.T) {
	abis := []arch.Arch{arch.X86_64}
	denied := seccomp.Rule{Numbers: []seccomp.Range{{From: 0, To: 8}, {From: 10, To: 1<<32 - 1}}, Action: seccomp.KillThread}
	eq := func(index int, v uint64) seccomp.Arg { return seccomp.Arg{Index: index, Op: seccomp.EQ, Value: v} }
	for name, rules := range map[string][]seccomp.Rule{
		"a mask":         {{Args: []seccomp.Arg{{Index: 2, Op: seccomp.MaskedEQ, Mask: 6, Value: 6}}}},
		"a value":        {{Args: []seccomp.Arg{eq(2, 6)}}},
		"two values":     {{Args: []seccomp.Arg{eq(2, 6)}}, {Args: []seccomp.Arg{eq(2, 9)}}},
		"two arguments":  {{Args: []seccomp.Arg{eq(2, 6), eq(3, 1)}}},
		"other actions":  {{Args: []seccomp.Arg{eq(2, 6), eq(3, 1)}, Action: seccomp.Errno(7)}, {Args: []seccomp.Arg{eq(2, 7)}}},
		"the upper half": {{Args: []seccomp.Arg{{Index: 2, Op: seccomp.GE, Value: 1 << 32}}}},
	} {
		t.Run(name, func(t *testing.T) {
			p := &seccomp.Policy{Arches: abis, Default: seccomp.Allow, Rules: []seccomp.Rule{denied}}
			for _, r := range rules {
				r.Syscalls = []string{"mmap"}
				p.Rules = append(p.Rules, r)
			}
			doc, mode, err := FromPolicy(p) // which proves it
			require.NoError(t, err)
			assert.Equal(t, "SCMP_ACT_KILL_THREAD", doc.DefaultAction)
			assert.Equal(t, profile.ENOSYSOff, mode)
		})
	}
}
