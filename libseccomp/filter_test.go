// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
)

// TestEmpty: a filter without rules gives the default action, and that for foreign ABIs.
func TestEmpty(t *testing.T) {
	f := filterWith(t, fails(38), ArchAMD64)
	require.Equal(t, seccomp.Errno(38), decision(t, f, arch.X86_64, "read"))
	require.Equal(t, seccomp.KillThread, decision(t, f, arch.X86, "read"))
	require.Equal(t, seccomp.KillThread, decision(t, f, arch.X32, "read"))
}

func TestTransactions(t *testing.T) {
	f := filterOf(t, ArchAMD64)
	f.TransactionReject()
	require.NoError(t, f.TransactionCommit())
	require.NoError(t, f.AddRule(number(t, "read"), fails(1)))
	before, err := f.ExportBPFMem()
	require.NoError(t, err)

	require.NoError(t, f.TransactionStart())
	require.NoError(t, f.AddRule(number(t, "write"), fails(2)))
	require.NoError(t, f.TransactionStart())
	require.NoError(t, f.AddArch(ArchARM64))
	require.NoError(t, f.AddRuleConditional(number(t, "ioctl"), fails(3), conds{when(0, eq, 1)}))
	require.NoError(t, f.SetBadArchAction(ActTrap))
	f.TransactionReject()
	present, err := f.IsArchPresent(ArchARM64)
	require.NoError(t, err)
	require.False(t, present)
	require.Equal(t, seccomp.Errno(2), decision(t, f, arch.X86_64, "write"))
	require.Equal(t, seccomp.Trap(0), decision(t, f, arch.X86, "write"), "attributes stay")
	require.NoError(t, f.AddRuleConditional(number(t, "ioctl"), fails(4), conds{when(0, eq, 1)}), "the other rule is gone")
	f.TransactionReject()
	require.NoError(t, f.SetBadArchAction(ActKill))
	after, err := f.ExportBPFMem()
	require.NoError(t, err)
	require.Equal(t, before, after)

	require.NoError(t, f.TransactionStart())
	require.NoError(t, f.AddRule(number(t, "write"), fails(2)))
	require.NoError(t, f.TransactionCommit())
	f.TransactionReject()
	require.Equal(t, seccomp.Errno(2), decision(t, f, arch.X86_64, "write"))
}

// atLevel runs the rest of a test at an API level, whatever the machine has.
func atLevel(t *testing.T, api uint) {
	before, err := GetAPI()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, SetAPI(before)) })
	require.NoError(t, SetAPI(api))
}

// TestLevels: what an API level lacks is refused, with the error that says which it needs.
func TestLevels(t *testing.T) {
	for api := uint(1); api <= 7; api++ {
		atLevel(t, api)
		got, err := GetAPI()
		require.NoError(t, err)
		require.Equal(t, api, got)

		f := filterOf(t, ArchAMD64)
		require.Equal(t, api >= 3, f.SetLogBit(true) == nil, api)
		require.Equal(t, api >= 4, f.SetSSB(true) == nil, api)
		for action, from := range map[ScmpAction]uint{ActLog: 3, ActKillProcess: 3, ActNotify: 6, ActTrap: 1} {
			require.Equal(t, api >= from, f.AddRule(number(t, "read"), action) == nil, "%v on %d", action, api)
		}
		if api == 2 {
			require.EqualError(t, f.SetLogBit(true), "SetLogBit requires libseccomp >= 2.4.0 and API level >= 3 (effective version: 2.6.0, API level: 2)")
			var v *VersionError
			require.ErrorAs(t, f.SetSSB(true), &v)
		}
	}
}

// TestLevelOfInvalid has filters that are none asked what the API level has, as runc does: below
// the level of an operation that is what the error says.
func TestLevelOfInvalid(t *testing.T) {
	from := map[string]uint{
		"GetLogBit": 3, "GetSSB": 4, "GetOptimize": 4, "GetRawRC": 4, "GetWaitKill": 7,
		"SetLogBit": 3, "SetSSB": 4, "SetOptimize": 4, "SetRawRC": 4, "SetWaitKill": 7,
	}
	for api := uint(1); api <= 7; api++ {
		atLevel(t, api)
		for method, err := range everything(&ScmpFilter{}) {
			var v *VersionError
			old := errors.As(err, &v) && v.op == method && v.minAPI == from[method]
			require.Equal(t, api < from[method], old, "%s at level %d: %v", method, api, err)
		}
	}
	atLevel(t, 3)
	require.EqualError(t, filterOf(t, ArchAMD64).SetOptimize(3), "SetOptimize requires libseccomp >= 2.5.0 and API level >= 4 (effective version: 2.6.0, API level: 3)")
}

// TestExport: what goes to files that cannot be written, and what no program holds.
func TestExport(t *testing.T) {
	f := filterOf(t, ArchAMD64)
	closed, err := os.Create(filepath.Join(t.TempDir(), "f"))
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	for _, file := range []*os.File{nil, closed} {
		require.Equal(t, syscall.ECANCELED, f.ExportBPF(file))
		require.Equal(t, syscall.ECANCELED, f.ExportPFC(file))
	}
	for i := range uint64(3000) {
		require.NoError(t, f.AddRuleConditional(number(t, "ioctl"), fails(int16(i%2+1)), conds{when(1, eq, i*i*7919), when(2, ne, i*31)}))
	}
	_, err = f.ExportBPFMem()
	require.ErrorIs(t, err, bpf.ErrTooLong)
	require.NoError(t, f.Precompute(), "several programs hold it")
}

func TestPFC(t *testing.T) {
	f := filterWith(t, fails(1), ArchAMD64)
	require.NoError(t, f.AddRule(number(t, "read"), ActAllow))
	require.NoError(t, f.AddRuleConditional(number(t, "ioctl"), ActKill, conds{when(1, masked, 0xff, 5), when(2, ge, 7)}))
	require.NoError(t, f.AddRuleConditional(number(t, "ioctl"), ActTrap, conds{when(2, lt, 3)}))
	file, err := os.Create(filepath.Join(t.TempDir(), "pfc"))
	require.NoError(t, err)
	defer file.Close()
	require.NoError(t, f.ExportPFC(file))
	text, err := os.ReadFile(file.Name())
	require.NoError(t, err)
	require.Equal(t, `#
# pseudo filter code start
#
# filter for arch x86_64 (3221225534)
if ($arch == 3221225534)
  # filter for syscall "read" (0)
  if ($syscall == 0)
    action ALLOW;
  # filter for syscall "ioctl" (16)
  if ($syscall == 16)
    if ($a2 < 3)
      action TRAP;
    if ($a1 & 0xff == 5)
      if ($a2 >= 7)
        action KILL;
  # default action
  action ERRNO(1);
# invalid architecture action
action KILL;
#
# pseudo filter code end
#
`, string(text))
}

// TestDeterministic: the same rules make the same bytes, whichever came first.
func TestDeterministic(t *testing.T) {
	var calls []ScmpSyscall
	for nr := range arch.Native().Calls() {
		calls = append(calls, ScmpSyscall(nr))
	}
	var want []byte
	for start := range 20 {
		f := filterOf(t, ArchAMD64, ArchX86, ArchARM64)
		for i := range 200 {
			nr := calls[(i*7+start*11)%200]
			require.NoError(t, f.AddRuleConditional(nr, fails(int16(nr%3+1)), conds{when(uint(nr%6), eq, uint64(nr))}))
		}
		got, err := f.ExportBPFMem()
		require.NoError(t, err)
		if want == nil {
			want = got
		}
		require.Equal(t, want, got)
	}
}

// TestTogether: several goroutines use filters, and merge them into each other.
func TestTogether(t *testing.T) {
	for range 50 {
		a, b := filterOf(t, ArchAMD64), filterOf(t, ArchARM64)
		var group sync.WaitGroup
		for _, do := range []func(){
			func() { a.Merge(b) }, func() { b.Merge(a) },
			func() { a.AddRule(1, ActTrap) }, func() { b.ExportBPFMem() }, func() { a.Release() },
		} {
			group.Go(do)
		}
		group.Wait()
	}
}

// TestNames: numbers and names of every ABI, there and back.
func TestNames(t *testing.T) {
	for a := ArchX86; a <= ArchSHEB; a++ {
		back, err := GetArchFromString(a.String())
		require.NoError(t, err)
		require.Equal(t, a, back)
		for _, abi := range arch.All() {
			for _, name := range abi.Calls() {
				nr, err := GetSyscallFromNameByArch(name, a)
				require.NoError(t, err, name)
				got, err := nr.GetNameByArch(a)
				require.NoError(t, err, "%s on %v: %d", name, a, nr)
				if got != name { // two names of one number
					again, err := GetSyscallFromNameByArch(got, a)
					require.NoError(t, err)
					require.Equal(t, nr, again, "%s and %s on %v", name, got, a)
				}
			}
		}
	}
	for _, test := range []struct {
		name string
		on   ScmpArch
		nr   ScmpSyscall
	}{
		{"socket", ArchAMD64, 41}, {"socket", ArchX86, -101}, {"shmctl", ArchS390X, -224}, {"send", ArchAMD64, -109},
		{"socketcall", ArchAMD64, -10060}, {"arch_prctl", ArchARM64, -10001}, {"uretprobe", ArchARM64, -10251}, {"uprobe", ArchARM64, -10254},
		{"read", ArchX32, 0x40000000}, {"read", ArchMIPS, 4003}, {"getpid", ArchMIPS64N32, 6038},
	} {
		t.Run(fmt.Sprint(test.name, test.on), func(t *testing.T) {
			nr, err := GetSyscallFromNameByArch(test.name, test.on)
			require.NoError(t, err)
			require.Equal(t, test.nr, nr)
		})
	}
	name, err := ScmpSyscall(1).GetNameByArch(ArchX32)
	require.NoError(t, err)
	require.Equal(t, "write", name, "also without the bit")
	_, err = ScmpSyscall(-101).GetNameByArch(ArchAMD64)
	require.Equal(t, ErrSyscallDoesNotExist, err, "which has a number of its own there")
}
