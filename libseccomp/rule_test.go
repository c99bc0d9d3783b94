// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"encoding/binary"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
)

// filterOf is a filter of those ABIs, which allows what no rule is about.
func filterOf(t *testing.T, abis ...ScmpArch) *ScmpFilter {
	return filterWith(t, ActAllow, abis...)
}

func filterWith(t *testing.T, action ScmpAction, abis ...ScmpArch) *ScmpFilter {
	f, err := NewFilter(action)
	require.NoError(t, err)
	require.NoError(t, f.RemoveArch(ArchNative))
	for _, a := range abis {
		require.NoError(t, f.AddArch(a))
	}
	return f
}

func number(t *testing.T, name string) ScmpSyscall {
	nr, err := GetSyscallFromName(name)
	require.NoError(t, err)
	return nr
}

// decision is what the exported program does with a call.
func decision(t *testing.T, f *ScmpFilter, abi arch.Arch, name string, args ...uint64) seccomp.Action {
	b, err := f.ExportBPFMem()
	require.NoError(t, err)
	var order binary.ByteOrder = binary.LittleEndian
	if abi.BigEndian() {
		order = binary.BigEndian
	}
	program, err := bpf.Decode(b, order)
	require.NoError(t, err)
	nr, ok := abi.Number(name)
	require.True(t, ok, name)
	c := seccomp.Call{Audit: abi.Audit(), Nr: nr}
	copy(c.Args[:], args)
	return seccomp.Filter{program}.Run(&c)
}

func fails(code int16) ScmpAction { return ActErrno.SetReturnCode(code) }

// a condition on an argument, or on its masked bits.
func when(arg uint, op ScmpCompareOp, values ...uint64) ScmpCondition {
	c, err := MakeCondition(arg, op, values...)
	if err != nil {
		panic(err)
	}
	return c
}

type conds = []ScmpCondition

const (
	eq     = CompareEqual
	ne     = CompareNotEqual
	lt     = CompareLess
	le     = CompareLessOrEqual
	gt     = CompareGreater
	ge     = CompareGreaterEqual
	masked = CompareMaskedEqual
)

// TestOrder: which of two rules wins where both hold does not depend on which was added
// first, but for ties. The outcomes are libseccomp's, 2.5.4 and 2.6.0.
func TestOrder(t *testing.T) {
	for _, test := range []struct {
		name       string
		wins, lose conds // in any order
		args       []uint64
		tie        bool // the first that is added wins
	}{
		{"higher argument", conds{when(1, eq, 1)}, conds{when(0, eq, 1)}, []uint64{1, 1}, false},
		{"equality before more", conds{when(0, eq, 10)}, conds{when(0, gt, 5)}, []uint64{10}, false},
		{"equality before less", conds{when(0, eq, 3)}, conds{when(0, lt, 5)}, []uint64{3}, false},
		{"mask before less", conds{when(0, masked, 1, 1)}, conds{when(0, le, 5)}, []uint64{3}, false},
		{"less before more", conds{when(0, lt, 10)}, conds{when(0, gt, 5)}, []uint64{7}, false},
		{"larger of more", conds{when(0, ge, 10)}, conds{when(0, gt, 5)}, []uint64{11}, false},
		{"smaller of less", conds{when(0, le, 3)}, conds{when(0, lt, 10)}, []uint64{2}, false},
		{"larger of inequality", conds{when(0, ne, 9)}, conds{when(0, ne, 8)}, []uint64{1}, false},
		{"upper half first", conds{when(0, ge, 1<<32)}, conds{when(0, ge, 1<<32-1)}, []uint64{1 << 33}, false},
		{"second condition", conds{when(0, eq, 1), when(2, eq, 7)}, conds{when(0, eq, 1), when(1, eq, 7)}, []uint64{1, 7, 7}, false},
		{"equality and mask of one value", conds{when(0, eq, 5)}, conds{when(0, masked, 0xff, 5)}, []uint64{5}, true},
		{"less of one value", conds{when(0, lt, 5)}, conds{when(0, le, 5)}, []uint64{4}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := filterOf(t, ArchAMD64, ArchARM64)
			call := number(t, "ioctl")
			require.NoError(t, f.AddRuleConditional(call, fails(1), test.wins))
			require.NoError(t, f.AddRuleConditional(call, fails(2), test.lose))
			require.Equal(t, seccomp.Errno(1), decision(t, f, arch.X86_64, "ioctl", test.args...))

			f = filterOf(t, ArchAMD64, ArchARM64)
			require.NoError(t, f.AddRuleConditional(call, fails(2), test.lose))
			require.NoError(t, f.AddRuleConditional(call, fails(1), test.wins))
			want := seccomp.Errno(1)
			if test.tie {
				want = seccomp.Errno(2)
			}
			require.Equal(t, want, decision(t, f, arch.AArch64, "ioctl", test.args...))
		})
	}
}

// TestRules: what a rule does beside others of its call, as libseccomp has it.
func TestRules(t *testing.T) {
	longer, shorter := conds{when(0, eq, 1), when(1, eq, 2)}, conds{when(0, eq, 1)}
	for _, test := range []struct {
		name          string
		first, second conds
		err           error
		args          []uint64
		want          seccomp.Action
	}{
		{"two without conditions", nil, nil, nil, nil, seccomp.Errno(1)},
		{"conditions after none", nil, shorter, nil, []uint64{1}, seccomp.Errno(1)},
		{"none after conditions", shorter, nil, nil, []uint64{1}, seccomp.Errno(2)},
		{"the same conditions", shorter, shorter, syscall.EEXIST, []uint64{1}, seccomp.Errno(1)},
		{"longer after shorter", shorter, longer, nil, []uint64{1, 2}, seccomp.Errno(1)},
		{"shorter after longer", longer, shorter, syscall.EEXIST, []uint64{1, 3}, seccomp.Allow},
		{"an end of the other", conds{when(1, eq, 2)}, longer, nil, []uint64{1, 2}, seccomp.Errno(1)},
		{"opposites", shorter, conds{when(0, ne, 1)}, nil, []uint64{2}, seccomp.Errno(2)},
		{"a mask of nothing", conds{when(0, masked, 0, 5)}, shorter, nil, []uint64{7}, seccomp.Errno(1)},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := filterOf(t, ArchAMD64)
			require.NoError(t, f.AddRuleConditional(number(t, "ioctl"), fails(1), test.first))
			require.Equal(t, test.err, f.AddRuleConditional(number(t, "ioctl"), fails(2), test.second))
			require.Equal(t, test.want, decision(t, f, arch.X86_64, "ioctl", test.args...))
		})
	}
}

// TestWordSize: on a 32-bit ABI operands lose their upper half.
func TestWordSize(t *testing.T) {
	f := filterOf(t, ArchAMD64, ArchX86, ArchX32)
	require.NoError(t, f.AddRuleConditional(number(t, "ioctl"), fails(1), conds{when(1, eq, 1<<40|5)}))
	require.NoError(t, f.AddRuleConditional(number(t, "write"), fails(1), conds{when(1, masked, 1<<40, 1<<40)}))
	require.Equal(t, seccomp.Allow, decision(t, f, arch.X86_64, "ioctl", 0, 5))
	require.Equal(t, seccomp.Errno(1), decision(t, f, arch.X86_64, "ioctl", 0, 1<<40|5))
	require.Equal(t, seccomp.Errno(1), decision(t, f, arch.X86, "ioctl", 0, 5))
	require.Equal(t, seccomp.Errno(1), decision(t, f, arch.X32, "ioctl", 0, 1<<40|5))
	require.Equal(t, seccomp.Allow, decision(t, f, arch.X86_64, "write"))
	require.Equal(t, seccomp.Errno(1), decision(t, f, arch.X86, "write"), "no bit is left to compare")
}

// TestMultiplexed: calls that go through socketcall and ipc are not let through by what
// cannot be seen there.
func TestMultiplexed(t *testing.T) {
	const socket, semget = 1, 2 // of socketcall(2) and ipc(2)
	f := filterWith(t, fails(1), ArchX86)
	require.NoError(t, f.AddRuleConditional(number(t, "socket"), ActAllow, conds{when(0, eq, 1)}))
	require.NoError(t, f.AddRule(number(t, "semget"), ActAllow))
	require.Equal(t, seccomp.Allow, decision(t, f, arch.X86, "socket", 1))
	require.Equal(t, seccomp.Errno(1), decision(t, f, arch.X86, "socketcall", socket), "whatever the family")
	require.Equal(t, seccomp.Allow, decision(t, f, arch.X86, "ipc", semget))
	require.Equal(t, seccomp.Allow, decision(t, f, arch.X86, "ipc", 1<<16|semget), "the upper half is a version")

	f = filterOf(t, ArchX86)
	require.NoError(t, f.AddRuleConditional(number(t, "socket"), fails(1), conds{when(1, eq, 3)}))
	require.Equal(t, seccomp.Errno(1), decision(t, f, arch.X86, "socketcall", socket, 0xbffff000), "a denied type")
	require.Equal(t, seccomp.Allow, decision(t, f, arch.X86, "socketcall", socket+1, 0xbffff000))

	require.NoError(t, f.AddRule(number(t, "socketcall"), fails(2)))
	require.Equal(t, seccomp.Errno(2), decision(t, f, arch.X86, "socketcall", socket), "a rule for all of it")

	f = filterOf(t, ArchS390X)
	require.NoError(t, f.AddRule(number(t, "socket"), fails(1)))
	require.Equal(t, seccomp.Errno(1), decision(t, f, arch.S390X, "socketcall", 1<<32|socket), "an int")
}

// TestForeign: calls through ABIs that the filter lacks, and calls that an ABI lacks.
func TestForeign(t *testing.T) {
	f := filterOf(t, ArchAMD64, ArchARM64)
	require.NoError(t, f.SetBadArchAction(ActTrap))
	require.NoError(t, f.AddRule(number(t, "open"), fails(1)))
	require.NoError(t, f.AddRule(number(t, "socketcall"), fails(1)))
	require.Equal(t, seccomp.Errno(1), decision(t, f, arch.X86_64, "open"))
	require.Equal(t, seccomp.Trap(0), decision(t, f, arch.X32, "open"), "x32 is an ABI of its own")
	require.Equal(t, seccomp.Trap(0), decision(t, f, arch.X86, "open"))
	require.Equal(t, seccomp.Allow, decision(t, f, arch.AArch64, "openat"))

	own := filterOf(t, ArchNative)
	require.NoError(t, own.AddRule(5000, fails(1)), "a number without a name, on the ABI of this program")
	require.NoError(t, own.AddArch(ArchNative))
}
