// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/seccomp"
)

// TestAnything calls methods in any order with values good and bad: there is an error or
// not, and the program that comes of it decides as the rules say.
func TestAnything(t *testing.T) {
	rounds := uint64(200)
	if shared.Long() {
		rounds = 5000
	}
	compared := uint64(0)
	for seed := range rounds {
		r := rand.New(rand.NewPCG(seed, 0))
		f := filterOf(t, ArchNative)
		for range 30 {
			anything(r, f)
		}
		b, err := f.ExportBPFMem()
		if err != nil || f.tables[0].abi.BigEndian() {
			continue
		}
		compared++
		program, err := bpf.Decode(b, binary.LittleEndian)
		require.NoError(t, err)
		policy, filter := f.policy(), seccomp.Filter{program}
		for range 200 {
			c := seccomp.Call{Audit: f.tables[r.IntN(len(f.tables))].abi.Audit(), Nr: uint32(r.IntN(8))}
			for i := range c.Args {
				c.Args[i] = word(r)
			}
			require.Equal(t, policy.Evaluate(&c), filter.Run(&c), "seed %d: %+v", seed, c)
		}
	}
	require.True(t, compared > rounds/2 || arch.Native().BigEndian(), "%d of %d", compared, rounds)
}

// word is a value near those that conditions have.
func word(r *rand.Rand) uint64 {
	return uint64(r.IntN(4)) + uint64(r.IntN(3)&1)<<32 - uint64(r.IntN(8)/7)
}

func anything(r *rand.Rand, f *ScmpFilter) {
	a, action := ScmpArch(r.IntN(int(ArchSHEB)+2)), ScmpAction(r.IntN(10))
	if r.IntN(2) == 0 {
		a, action = ArchX86, ActErrno.SetReturnCode(int16(r.IntN(6)-1))
	}
	call := ScmpSyscall(r.IntN(8))
	if r.IntN(8) == 0 {
		call = -ScmpSyscall(r.IntN(300))
	}
	var conds []ScmpCondition
	for range r.IntN(4) {
		conds = append(conds, ScmpCondition{uint(r.IntN(7)), ScmpCompareOp(r.IntN(9)), word(r), word(r)})
	}
	switch r.IntN(24) {
	case 0:
		f.AddArch(a)
	case 1:
		f.RemoveArch(a)
	case 2:
		f.SetBadArchAction(action)
	case 3:
		f.TransactionStart()
	case 4:
		f.TransactionReject()
	case 5:
		f.TransactionCommit()
	case 6:
		f.Precompute()
	case 7:
		if other, err := NewFilter(action); err == nil {
			other.AddArch(a)
			other.RemoveArch(ArchNative)
			other.AddRule(call, ActTrap)
			f.Merge(other)
		}
	case 8:
		f.SetSyscallPriority(call, 1)
	case 9:
		f.AddRule(call, action)
	case 10:
		f.AddRuleConditionalExact(call, action, conds)
	default:
		f.AddRuleConditional(call, action, conds)
	}
}
