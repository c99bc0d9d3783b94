// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// sigsys is strace's line for a call through i386.
const sigsys = `--- SIGSYS {si_signo=SIGSYS, si_code=SYS_SECCOMP, si_call_addr=0xb7f10302, si_syscall=__NR_clock_gettime64, si_arch=AUDIT_ARCH_I386} ---`

// snappy is what snappy-debug prints of a record.
const snappy = `= Seccomp =
Time: Mar 27 20:29:40
Log: auid=1000 uid=1000 gid=1000 ses=119 subj=snap.rt-app.edf pid=37555 comm="edf" exe="/snap/rt-app/x1/bin/edf" sig=0 arch=c000003e 314(sched_setattr) compat=0 ip=0x78846c90325d code=0x7ffc0000
Syscall: sched_setattr
Suggestion:
* add 'process-control' to 'plugs'
`

func TestAuditStrace(t *testing.T) {
	clock := denied{Count: 1, ABI: arch.X86, Audit: arch.X86.Audit(), Nr: 403, Action: seccomp.Trap(0), Signal: "SIGSYS", BySignal: true}
	of := func(pid int, command string) denied {
		d := clock
		d.PID, d.Command = pid, command
		return d
	}
	for name, row := range map[string]struct {
		line string
		want denied
	}{
		"alone":              {sigsys, clock},
		"of a process":       {"[pid 21924] " + sigsys, of(21924, "")},
		"of a named process": {"[pid    12<my prog>] " + sigsys, of(12, "my prog")},
		"in a file":          {"21924 " + sigsys, of(21924, "")},
		"with a time":        {"21924 12:00:01.123456 " + sigsys, of(21924, "")},
		"seconds":            {"1700000000.123456 " + sigsys, clock},
		"by number":          {strings.Replace(sigsys, "__NR_clock_gettime64", "403", 1), clock},
		"a token":            {strings.Replace(sigsys, "AUDIT_ARCH_I386", "0x40000003", 1), clock},
	} {
		got, ok, err := otherRecord(row.line)
		require.NoError(t, err, name)
		require.True(t, ok, name)
		assert.Equal(t, row.want, *got, name)
	}
	// as the kernel spells its tokens (include/uapi/linux/audit.h), which strace does too
	for name, abi := range map[string]arch.Arch{"X86_64": arch.X86_64, "I386": arch.X86, "AARCH64": arch.AArch64, "ARM": arch.ARM,
		"S390X": arch.S390X, "PPC64LE": arch.PPC64LE, "RISCV64": arch.RISCV64, "LOONGARCH64": arch.LoongArch64, "MIPSEL64": arch.MIPSEL64} {
		d, err := parseSignal("si_code=SYS_SECCOMP, si_syscall=__NR_read, si_arch=AUDIT_ARCH_" + name)
		require.NoError(t, err, name)
		assert.Equal(t, abi, d.ABI, name)
	}
	for _, line := range []string{
		`kill(1, SIGSYS) = 0`,
		`write(1, "` + sigsys + `", 8) = 8`,
		strings.Replace(sigsys, "SYS_SECCOMP", "SI_USER", 1),
		`+++ killed by SIGSYS (core dumped) +++`,
		`Log: apparmor="DENIED" operation="open" pid=1 comm="x"`,
	} {
		_, ok, err := otherRecord(line)
		require.NoError(t, err, line)
		assert.False(t, ok, line)
	}
	for line, want := range map[string]string{
		strings.Replace(sigsys, "AUDIT_ARCH_I386", "AUDIT_ARCH_Z80", 1):     "si_arch",
		strings.Replace(sigsys, "__NR_clock_gettime64", "__NR_zzz", 1):      `"zzz" is neither a number nor a call`,
		strings.Replace(sigsys, ", si_arch=AUDIT_ARCH_I386", "", 1):         "a SIGSYS without si_arch",
		strings.Replace(sigsys, ", si_syscall=__NR_clock_gettime64", "", 1): "a SIGSYS without si_syscall",
	} {
		_, ok, err := otherRecord(line)
		assert.True(t, ok, line)
		assert.ErrorContains(t, err, want, line)
	}
	p := write(t, "p.json", `{"defaultAction":"SCMP_ACT_KILL_PROCESS","architectures":["SCMP_ARCH_X86"],"syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}`)
	got := call(t, sigsys, "explain", "--audit", "-", "--enosys", "off", "--arch", "amd64", "--profile", p)
	assert.Regexp(t, `clock_gettime64 +x86 +.* SIGSYS +default +add a rule for clock_gettime64`, got.stdout)
}

func TestAuditSnappy(t *testing.T) {
	got := call(t, snappy+snappy, "explain", "--audit", "-")
	assert.Equal(t, result{0, "COUNT  COMMAND  CALL           ABI     RESULT\n2      edf      sched_setattr  x86_64  is allowed and logged\n", ""}, got)
}
