// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
)

// everything is all that can be asked of a filter, with the error of each.
func everything(f *ScmpFilter) map[string]error {
	second := func(_ any, err error) error { return err }
	call := ScmpSyscall(1)
	return map[string]error{
		"Reset":                   f.Reset(ActAllow),
		"IsArchPresent":           second(f.IsArchPresent(ArchX86)),
		"AddArch":                 f.AddArch(ArchX86),
		"RemoveArch":              f.RemoveArch(ArchX86),
		"Precompute":              f.Precompute(),
		"Load":                    f.Load(),
		"GetDefaultAction":        second(f.GetDefaultAction()),
		"GetBadArchAction":        second(f.GetBadArchAction()),
		"GetNoNewPrivsBit":        second(f.GetNoNewPrivsBit()),
		"GetLogBit":               second(f.GetLogBit()),
		"GetSSB":                  second(f.GetSSB()),
		"GetOptimize":             second(f.GetOptimize()),
		"GetRawRC":                second(f.GetRawRC()),
		"GetWaitKill":             second(f.GetWaitKill()),
		"SetBadArchAction":        f.SetBadArchAction(ActAllow),
		"SetNoNewPrivsBit":        f.SetNoNewPrivsBit(true),
		"SetLogBit":               f.SetLogBit(true),
		"SetSSB":                  f.SetSSB(true),
		"SetOptimize":             f.SetOptimize(2),
		"SetRawRC":                f.SetRawRC(true),
		"SetWaitKill":             f.SetWaitKill(true),
		"SetSyscallPriority":      f.SetSyscallPriority(call, 1),
		"AddRule":                 f.AddRule(call, ActTrap),
		"AddRuleExact":            f.AddRuleExact(call, ActTrap),
		"AddRuleConditional":      f.AddRuleConditional(call, ActTrap, nil),
		"AddRuleConditionalExact": f.AddRuleConditionalExact(call, ActTrap, nil),
		"ExportPFC":               f.ExportPFC(os.Stdout),
		"ExportBPF":               f.ExportBPF(os.Stdout),
		"ExportBPFMem":            second(f.ExportBPFMem()),
		"GetNotifFd":              second(f.GetNotifFd()),
		"TransactionStart":        f.TransactionStart(),
		"TransactionCommit":       f.TransactionCommit(),
	}
}

// TestInvalid: filters that are none, and such as were released.
func TestInvalid(t *testing.T) {
	atLevel(t, 7) // below it some errors are a *VersionError
	released, err := NewFilter(ActAllow)
	require.NoError(t, err)
	released.Release()
	released.Release()
	for name, f := range map[string]*ScmpFilter{"nil": nil, "zero": {}, "released": released} {
		t.Run(name, func(t *testing.T) {
			require.False(t, f.IsValid())
			f.Release()
			f.TransactionReject()
			for method, err := range everything(f) {
				require.EqualError(t, err, "filter is invalid or uninitialized", method)
			}
			good := filterOf(t, ArchAMD64)
			const invalid = "one or more of the filter contexts is invalid or uninitialized"
			require.EqualError(t, good.Merge(f), invalid)
			require.EqualError(t, f.Merge(good), invalid)
			require.EqualError(t, f.Merge(f), invalid)
			require.True(t, good.IsValid())
		})
	}
}

// TestNoArch: a filter without ABIs can be given one, and does nothing else.
func TestNoArch(t *testing.T) {
	atLevel(t, 7)
	f := filterOf(t)
	require.NoError(t, f.RemoveArch(ArchX86), "it is not there")
	_, get := f.GetDefaultAction()
	_, mem := f.ExportBPFMem()
	_, fd := f.GetNotifFd()
	for name, err := range map[string]error{
		"Precompute": f.Precompute(), "Load": f.Load(), "GetDefaultAction": get, "SetLogBit": f.SetLogBit(true),
		"ExportPFC": f.ExportPFC(os.Stdout), "ExportBPF": f.ExportBPF(os.Stdout), "ExportBPFMem": mem, "GetNotifFd": fd,
		"SetSyscallPriority": f.SetSyscallPriority(1, 1), "TransactionStart": f.TransactionStart(), "TransactionCommit": f.TransactionCommit(),
	} {
		require.Equal(t, syscall.EINVAL, err, name)
	}
	require.Error(t, f.AddRule(1, ActTrap))
	require.ErrorIs(t, f.Merge(filterOf(t, ArchAMD64)), syscall.EINVAL)
	require.ErrorIs(t, filterOf(t, ArchAMD64).Merge(f), syscall.EINVAL)
	require.NoError(t, f.AddArch(ArchS390X), "of any byte order")
	_, err := f.ExportBPFMem()
	require.NoError(t, err)
}

// TestBadRules: each is refused and leaves the filter as it was.
func TestBadRules(t *testing.T) {
	read := ScmpSyscall(0)
	if nr, err := GetSyscallFromName("read"); err == nil {
		read = nr
	}
	seven := make(conds, 7)
	for i := range seven {
		seven[i] = when(uint(i%6), eq, 1)
	}
	for _, test := range []struct {
		name   string
		call   ScmpSyscall
		action ScmpAction
		conds  conds
		exact  bool
		err    string
	}{
		{"the default action", read, ActAllow, nil, false, "requested action matches default action of filter"},
		{"no action", read, ActInvalid, nil, false, "unrecognized action 0x0"},
		{"an unknown action", read, 99, nil, false, "unrecognized action 0x63"},
		{"an errno too large", read, fails(4095), nil, false, "Action: Return error code 4095: not supported by libseccomp or this kernel"},
		{"a negative errno", read, fails(-1), nil, false, "Action: Return error code 65535: not supported by libseccomp or this kernel"},
		{"a tracer's number", -1, ActTrap, nil, false, "unrecognized syscall -0x1"},
		{"a reserved number", -99, ActTrap, nil, false, "unrecognized syscall -0x63"},
		{"no number of any call", 99999, ActTrap, nil, false, "unrecognized syscall 0x1869f"},
		{"no pseudo number", -30000, ActTrap, nil, false, "unrecognized syscall -0x7530"},
		{"an argument beyond the last", read, ActTrap, conds{{Argument: 6, Op: eq}}, false, "syscalls only have up to 6 arguments (6 given)"},
		{"no operator", read, ActTrap, conds{{Argument: 1}}, false, "unrecognized comparison operator 0x0"},
		{"an unknown operator", read, ActTrap, conds{{Argument: 1, Op: masked + 1}}, false, "unrecognized comparison operator 0x8"},
		{"one argument twice", read, ActTrap, conds{when(1, ge, 1), when(1, le, 5)}, false, "two checks on same syscall argument"},
		{"too many conditions", read, ActTrap, seven, false, "7 conditions, and a syscall has up to 6 arguments"},
		{"exact, of two ABIs", read, ActTrap, nil, true, syscall.EOPNOTSUPP.Error()},
		{"exact, and wrong besides", read, ActTrap, conds{{Argument: 6, Op: eq}}, true, syscall.EOPNOTSUPP.Error()},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := filterOf(t, ArchAMD64, ArchARM64)
			before, err := f.ExportBPFMem()
			require.NoError(t, err)
			add := f.AddRuleConditional
			if test.exact {
				add = f.AddRuleConditionalExact
			}
			require.EqualError(t, add(test.call, test.action, test.conds), test.err)
			after, err := f.ExportBPFMem()
			require.NoError(t, err)
			require.Equal(t, before, after)
		})
	}
}

// TestExact: what one ABI cannot do as it is said.
func TestExact(t *testing.T) {
	f := filterOf(t, ArchX86)
	require.Error(t, f.AddRuleConditionalExact(number(t, "socket"), ActTrap, conds{when(0, eq, 1)}), "multiplexed")
	require.NoError(t, f.AddRuleExact(number(t, "socket"), ActTrap))
	f = filterOf(t, ArchARM64)
	require.Equal(t, syscall.EDOM, f.AddRuleExact(number(t, "socketcall"), ActTrap))
	require.NoError(t, f.AddRule(number(t, "socketcall"), ActTrap))
	require.Equal(t, syscall.EEXIST, func() error {
		require.NoError(t, f.AddRuleConditional(number(t, "arch_prctl"), fails(1), conds{when(0, eq, 1)}))
		return f.AddRuleConditional(number(t, "arch_prctl"), fails(2), conds{when(0, eq, 1)})
	}(), "also where the ABI lacks the call")
}

func TestBadValues(t *testing.T) {
	for _, action := range []ScmpAction{ActInvalid, 99, ActTrap | 1<<16, fails(4095)} {
		f, err := NewFilter(action)
		require.Error(t, err, "%v", action)
		require.Nil(t, f)
		good := filterOf(t, ArchAMD64)
		require.Error(t, good.Reset(action), "%v", action)
		require.Error(t, good.SetBadArchAction(action), "%v", action)
	}
	atLevel(t, 7)
	f := filterOf(t, ArchAMD64)
	for _, a := range []ScmpArch{ArchInvalid, ArchSHEB + 1, 1 << 30} {
		require.Error(t, f.AddArch(a), "%v", a)
		require.Error(t, f.RemoveArch(a), "%v", a)
		_, err := f.IsArchPresent(a)
		require.Error(t, err, "%v", a)
		_, err = ScmpSyscall(1).GetNameByArch(a)
		require.Error(t, err, "%v", a)
		_, err = GetSyscallFromNameByArch("read", a)
		require.Error(t, err, "%v", a)
	}
	require.NoError(t, f.AddArch(ArchAMD64), "it is there")
	require.Equal(t, syscall.EDOM, f.AddArch(ArchS390X))
	for _, level := range []int{0, 3, -1} {
		require.Equal(t, syscall.EOPNOTSUPP, f.SetOptimize(level))
	}
	for _, level := range []uint{0, 8, 1 << 30} {
		require.ErrorIs(t, SetAPI(level), syscall.EINVAL)
	}
	require.Equal(t, syscall.EINVAL, f.SetSyscallPriority(-1, 0))
	_, err := GetArchFromString("amd65")
	require.EqualError(t, err, `cannot convert unrecognized string "amd65"`)
	for _, name := range []string{"", "READ", "__NR_read", " read", "nosuchcall"} {
		_, err := GetSyscallFromName(name)
		require.Equal(t, ErrSyscallDoesNotExist, err, name)
	}
}

func TestMerge(t *testing.T) {
	a, b := filterOf(t, ArchAMD64), filterOf(t, ArchARM64, ArchAMD64)
	require.Equal(t, syscall.EEXIST, a.Merge(b))
	require.Equal(t, syscall.EEXIST, a.Merge(a))
	require.Equal(t, syscall.EDOM, a.Merge(filterOf(t, ArchS390X)))
	require.ErrorIs(t, a.Merge(filterWith(t, ActTrap, ArchARM64)), syscall.EINVAL)
	other := filterOf(t, ArchARM64)
	require.NoError(t, other.SetNoNewPrivsBit(false))
	require.ErrorIs(t, a.Merge(other), syscall.EINVAL)
	require.True(t, other.IsValid())

	require.NoError(t, b.RemoveArch(ArchAMD64))
	require.NoError(t, b.AddRule(number(t, "getpid"), fails(1)))
	require.NoError(t, a.Merge(b))
	require.False(t, b.IsValid())
	require.EqualValues(t, 0x50001, decision(t, a, arch.AArch64, "getpid"))
	require.EqualValues(t, 0x7fff0000, decision(t, a, arch.X86_64, "getpid"))
}

// TestDescriptors: notifications on what is no listener.
func TestDescriptors(t *testing.T) {
	if level, err := GetAPI(); err != nil || level < 6 {
		t.Skip("notifications need API level 6")
	}
	file, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer file.Close()
	for _, fd := range []ScmpFd{-1, 1 << 20, ScmpFd(file.Fd())} {
		_, err := NotifReceive(fd)
		require.Equal(t, syscall.ECANCELED, err)
		for _, r := range []ScmpNotifResp{{ID: 1}, {Error: 1}, {Error: -1}, {Error: 5000}, {Flags: 1}, {Flags: 1, Error: 1}, {Flags: 6}} {
			require.Equal(t, syscall.ECANCELED, NotifRespond(fd, &r))
		}
		require.Equal(t, syscall.EINVAL, NotifRespond(fd, nil))
		require.Equal(t, syscall.ENOENT, NotifIDValid(fd, 1))
	}
	fd, err := filterOf(t, ArchNative).GetNotifFd()
	require.NoError(t, err)
	require.EqualValues(t, -1, fd, "not loaded")
}
