// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/codes"
	"github.com/gosieve/sieve/internal/test/documents"
	"github.com/gosieve/sieve/seccomp"
)

var linux = Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: DockerCaps()}

// on is a target with Docker's capabilities.
func on(a arch.Arch) Target { return Target{Arch: a, Kernel: arch.Newest, Caps: DockerCaps()} }

func resolve(t *testing.T, document []byte, target Target, opts ...Option) (*seccomp.Policy, []Diagnostic) {
	t.Helper()
	p, err := Parse(document)
	require.NoError(t, err)
	policy, diags, err := p.Resolve(target, opts...)
	require.NoError(t, err)
	require.NoError(t, policy.Validate())
	return policy, diags
}

const eperm_, enosys38 = seccomp.Action(0x50001), seccomp.Action(0x50026) // ERRNO(EPERM), ERRNO(ENOSYS)

func TestResolveDecides(t *testing.T) {
	type decision struct {
		call seccomp.Call
		want seccomp.Action
	}
	x := func(name string, args ...uint64) seccomp.Call { return documents.Call(arch.X86_64, name, args...) }
	i386 := func(name string, args ...uint64) seccomp.Call { return documents.Call(arch.X86, name, args...) }
	tests := map[string]struct {
		doc    []byte
		target Target
		opts   []Option
		want   []decision
	}{
		"a rule and the default": {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW")), want: []decision{
			{x("read"), seccomp.Allow}, {x("write"), eperm_}, {seccomp.Call{Audit: arch.X86_64.Audit(), Nr: 0xffffffff}, eperm_}}},
		"an ABI that is not listed is killed": {doc: documents.Docker("ALLOW"), want: []decision{
			{i386("read"), seccomp.KillThread}, {documents.Call(arch.X32, "read"), seccomp.KillThread}, {x("read"), seccomp.Allow}}},
		"KILL kills the thread": {doc: documents.Docker("ALLOW", documents.Rule("read", "KILL"), documents.Rule("write", "KILL_PROCESS"), documents.Rule("open", "KILL_THREAD")), want: []decision{
			{x("read"), seccomp.KillThread}, {x("write"), seccomp.KillProcess}, {x("open"), seccomp.KillThread}}},
		"actions carry their numbers": {doc: documents.Docker("ALLOW", documents.Rule("read", "ERRNO", `"errnoRet": 0`), documents.Rule("write", "TRACE", `"errnoRet": 65535`), documents.Rule("open", "TRAP"), documents.Rule("close", "LOG"), documents.Rule("stat", "TRACE"), documents.Rule("lstat", "ERRNO", `"errnoRet": 4095`)), want: []decision{
			{x("read"), seccomp.Errno(0)}, {x("write"), seccomp.Trace(65535)}, {x("open"), seccomp.Trap(0)}, {x("close"), seccomp.Log}, {x("stat"), seccomp.Trace(1)}, {x("lstat"), seccomp.Errno(4095)}}},
		"the first without conditions wins": {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW"), documents.Rule("read", "KILL")), want: []decision{
			{x("read"), seccomp.Allow}}},
		"one without conditions wins over an earlier one with some": {doc: documents.Docker("ERRNO", documents.Rule("read", "KILL", documents.Args("0 EQ 1")), documents.Rule("read", "ALLOW")), want: []decision{
			{x("read", 1), seccomp.Allow}}},
		"a rule equal to the default never wins": {doc: documents.Docker("ERRNO", documents.Rule("read", "ERRNO"), documents.Rule("read", "ALLOW", documents.Args("0 EQ 1"))), want: []decision{
			{x("read", 1), seccomp.Allow}, {x("read", 2), eperm_}}},
		"another errno is another action": {doc: documents.Docker("ERRNO", documents.Rule("read", "ERRNO", `"errnoRet": 2`), documents.Rule("read", "ALLOW", documents.Args("0 EQ 1"))), want: []decision{
			{x("read", 1), seccomp.Errno(2)}}},
		"a mask of 0 is no condition": {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 MASKED_EQ 0 7")), documents.Rule("read", "KILL", documents.Args("0 EQ 1"))), want: []decision{
			{x("read", 1), seccomp.Allow}}},
		"a mask of 0 beside another condition": {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 MASKED_EQ 0 7", "1 EQ 3"))), want: []decision{
			{x("read", 9, 3), seccomp.Allow}, {x("read", 9, 4), eperm_}}},
		"value is the mask and valueTwo the datum": {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 MASKED_EQ 15 19"))), want: []decision{
			{x("read", 0x23), seccomp.Allow}, {x("read", 0x24), eperm_}}},
		"a repeated argument makes one condition enough": {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 EQ 1", "0 EQ 2", "1 EQ 7"))), want: []decision{
			{x("read", 1), seccomp.Allow}, {x("read", 2), seccomp.Allow}, {x("read", 3, 7), seccomp.Allow}, {x("read", 3), eperm_}}},
		"a repeated argument with AndRepeated": {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 GE 1", "0 LE 2", "1 EQ 7"))), opts: []Option{AndRepeated}, want: []decision{
			{x("read", 1, 7), seccomp.Allow}, {x("read", 2, 7), seccomp.Allow}, {x("read", 3, 7), eperm_}, {x("read", 1), eperm_}}},
		"overlaps with RestrictOverlaps": {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 LE 5")), documents.Rule("read", "KILL", documents.Args("0 GE 5")), documents.Rule("read", "LOG", documents.Args("1 EQ 1"))), opts: []Option{RestrictOverlaps}, want: []decision{
			{x("read", 4), seccomp.Allow}, {x("read", 5), seccomp.KillThread}, {x("read", 4, 1), seccomp.Log}, {x("read", 6, 1), seccomp.KillThread}}},
		"of equally restrictive ones the first": {doc: documents.Docker("KILL", documents.Rule("read", "ERRNO", documents.Args("0 LE 5"), `"errnoRet": 2`), documents.Rule("read", "ERRNO", documents.Args("0 GE 5"), `"errnoRet": 3`)), opts: []Option{RestrictOverlaps}, want: []decision{
			{x("read", 5), seccomp.Errno(2)}, {x("read", 6), seccomp.Errno(3)}}},
		"two names of one number are one call": {doc: documents.Docker("ERRNO", documents.Rule("sync_file_range2", "ALLOW"), documents.Rule("arm_sync_file_range", "KILL")), target: on(arch.ARM), want: []decision{
			{documents.Call(arch.ARM, "sync_file_range2"), seccomp.Allow}}},
		"a wide condition sees 64 bits": {doc: documents.Docker("ERRNO", documents.Rule("socket", "ALLOW", documents.Args("0 EQ 2"))), want: []decision{
			{x("socket", 2), seccomp.Allow}, {x("socket", 1<<32|2), eperm_}}},
		"a narrow one what the kernel sees": {doc: documents.Docker("ERRNO", documents.Rule("socket", "ALLOW", documents.Args("0 EQ 2")), documents.Rule("read", "ALLOW", documents.Args("2 EQ 2"))), opts: []Option{Narrow}, want: []decision{
			{x("socket", 2), seccomp.Allow}, {x("socket", 1<<32|2), seccomp.Allow}, {x("read", 0, 0, 1<<32|2), eperm_}}},
		"names of a rule have widths of their own": {doc: documents.Docker("ERRNO", `{"names": ["read", "socket"], "action": "SCMP_ACT_ALLOW", `+documents.Args("2 EQ 2")+`}`), opts: []Option{Narrow}, want: []decision{
			{x("socket", 0, 0, 1<<32|2), seccomp.Allow}, {x("read", 0, 0, 1<<32|2), eperm_}}},
		"on 32 bits constants keep theirs": {doc: []byte(`{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86"], "syscalls": [` + documents.Rule("read", "ALLOW", documents.Args("0 EQ 4294967298")) + "," + documents.Rule("write", "ALLOW", documents.Args("0 LT 4294967298")) + "]}"), want: []decision{
			{i386("read", 2), eperm_}, {i386("write", 1<<40), seccomp.Allow}, {x("read", 1<<32|2), seccomp.Allow}}},
		"includes and excludes": {doc: documents.Docker("ERRNO",
			documents.Rule("read", "ALLOW", `"includes": {"caps": ["CAP_CHOWN", "CAP_KILL"]}`), documents.Rule("write", "ALLOW", `"includes": {"caps": ["CAP_CHOWN", "CAP_SYS_ADMIN"]}`),
			documents.Rule("open", "ALLOW", `"excludes": {"caps": ["CAP_SYS_ADMIN"]}`), documents.Rule("close", "ALLOW", `"excludes": {"caps": ["CAP_SYS_ADMIN", "CAP_CHOWN"]}`),
			documents.Rule("stat", "ALLOW", `"includes": {"arches": ["s390x", "amd64"]}`), documents.Rule("fstat", "ALLOW", `"includes": {"arches": ["s390x"]}`),
			documents.Rule("lstat", "ALLOW", `"excludes": {"arches": ["s390x"]}`), documents.Rule("poll", "ALLOW", `"excludes": {"arches": ["amd64"]}`),
			documents.Rule("lseek", "ALLOW", `"includes": {"minKernel": "7.2"}`), documents.Rule("mmap", "ALLOW", `"includes": {"minKernel": "7.3"}`),
			documents.Rule("brk", "ALLOW", `"excludes": {"minKernel": "7.3"}`), documents.Rule("ioctl", "ALLOW", `"excludes": {"minKernel": "4.8"}`),
			documents.Rule("pipe", "ALLOW", `"includes": {"caps": [], "arches": []}, "excludes": {}`), documents.Rule("listns", "ERRNO")), want: []decision{
			{x("read"), seccomp.Allow}, {x("write"), eperm_}, {x("open"), seccomp.Allow}, {x("close"), eperm_}, {x("stat"), seccomp.Allow}, {x("fstat"), eperm_},
			{x("lstat"), seccomp.Allow}, {x("poll"), eperm_}, {x("lseek"), seccomp.Allow}, {x("mmap"), eperm_}, {x("brk"), seccomp.Allow}, {x("ioctl"), eperm_}, {x("pipe"), seccomp.Allow}}},
		"a machine that Docker cannot name": {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", `"includes": {"arches": ["mips"]}`), documents.Rule("write", "ALLOW", `"excludes": {"arches": ["mips"]}`)), target: on(arch.MIPS), want: []decision{
			{documents.Call(arch.MIPS, "read"), eperm_}, {documents.Call(arch.MIPS, "write"), seccomp.Allow}}},
		"archMap of the host": {doc: []byte(`{"defaultAction": "SCMP_ACT_ALLOW", "archMap": [{"architecture": "SCMP_ARCH_ARM", "subArchitectures": ["SCMP_ARCH_S390"]}, {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X86"]}, {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X32"]}]}`), want: []decision{
			{i386("read"), seccomp.Allow}, {documents.Call(arch.X32, "read"), seccomp.KillThread}, {documents.Call(arch.S390, "read"), seccomp.KillThread}, {x("read"), seccomp.Allow}}},
		"archMap without the host": {doc: []byte(`{"defaultAction": "SCMP_ACT_ALLOW", "archMap": [{"architecture": "SCMP_ARCH_ARM", "subArchitectures": null}]}`), want: []decision{
			{documents.Call(arch.ARM, "read"), seccomp.KillThread}, {x("read"), seccomp.Allow}}},
		"archMap where Docker forgets it": {doc: []byte(`{"defaultAction": "SCMP_ACT_ALLOW", "archMap": [{"architecture": "SCMP_ARCH_MIPSEL", "subArchitectures": ["SCMP_ARCH_MIPSEL64"]}]}`), target: on(arch.MIPSEL), want: []decision{
			{documents.Call(arch.MIPSEL64, "read"), seccomp.Allow}, {documents.Call(arch.MIPSEL, "read"), seccomp.Allow}}},
		"architectures and always the host's": {doc: []byte(`{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86"]}`), want: []decision{
			{i386("read"), seccomp.Allow}, {x("read"), seccomp.Allow}, {documents.Call(arch.X32, "read"), seccomp.KillThread}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			target := tt.target
			if target.Arch == 0 {
				target = linux
			}
			policy, _ := resolve(t, tt.doc, target, tt.opts...)
			for _, d := range tt.want {
				assert.Equal(t, d.want, policy.Evaluate(&d.call), "%+v\n%+v", d.call, policy)
			}
		})
	}
}

func TestResolveRefuses(t *testing.T) {
	tests := map[string]struct {
		doc    []byte
		target Target
		opts   []Option
		code   Code
		want   string
	}{
		"an overlap": {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 LE 5", "1 EQ 9")), documents.Rule("read", "KILL", documents.Args("0 GE 5"))), code: "overlap",
			want: "p.json:3:1: syscalls[1]: read(0x5, 0x9) on x86_64 is KILL_THREAD here and ALLOW in p.json:2:1: syscalls[0]: their conditions overlap"},
		"an overlap in a bit": {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 MASKED_EQ 240 16")), documents.Rule("read", "KILL", documents.Args("0 MASKED_EQ 15 3"))), code: "overlap",
			want: "p.json:3:1: syscalls[1]: read(0x13) on x86_64 is KILL_THREAD here and ALLOW in p.json:2:1: syscalls[0]: their conditions overlap"},
		"the same condition twice": {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 EQ 1")), documents.Rule("read", "ERRNO", documents.Args("0 EQ 1"), `"errnoRet": 2`)), code: "overlap",
			want: "p.json:3:1: syscalls[1]: read(0x1) on x86_64 is ERRNO(2) here and ALLOW in p.json:2:1: syscalls[0]: their conditions overlap"},
		"a misspelt denial": {doc: documents.Docker("ALLOW", documents.Rule("raed", "KILL")), code: "unknown-syscall",
			want: `p.json:2:12: syscalls[0].names[0]: unknown system call "raed", nearest is "read": without it KILL_THREAD would become ALLOW`},
		"a misspelt name, strictly": {doc: documents.Docker("ERRNO", documents.Rule("raed", "ALLOW")), opts: []Option{Strict}, code: "unknown-syscall",
			want: `p.json:2:12: syscalls[0].names[0]: unknown system call "raed", nearest is "read": it is skipped`},
		"notify for write": {doc: documents.Docker("ERRNO", documents.Rule("write", "NOTIFY")), code: "notify-write",
			want: "p.json:2:12: syscalls[0].names[0]: SCMP_ACT_NOTIFY cannot be used for write: the launcher could not hand the listener over"},
		"a kernel that the target does not say": {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", `"includes": {"minKernel": "4.8"}`)), target: Target{Arch: arch.X86_64}, code: "target",
			want: "syscalls[0].includes.minKernel asks for the target's kernel, which is not given"},
		"no ABI":                    {doc: documents.Docker("ERRNO"), target: Target{Kernel: 1}, code: "target", want: "the target's ABI Arch(0) is unknown"},
		"a capability without CAP_": {doc: documents.Docker("ERRNO"), target: Target{Arch: arch.ARM, Caps: []string{"sys_admin"}}, code: "target", want: `the target's capability "sys_admin" is no name like CAP_CHOWN`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if tt.target.Arch == 0 && tt.target.Kernel == 0 {
				tt.target = linux
			}
			p, err := Parse(tt.doc, File("p.json"))
			require.NoError(t, err)
			policy, diags, err := p.Resolve(tt.target, tt.opts...)
			assert.Nil(t, policy)
			assert.EqualError(t, err, tt.want)
			if tt.code == "target" {
				assert.ErrorIs(t, err, ErrTarget)
			} else {
				assert.ErrorIs(t, err, ErrProfile)
			}
			var e *Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, tt.code, e.Code)
			assert.Contains(t, diags, e.Diagnostic, "the error is among the diagnostics")
		})
	}
}

func TestResolveSays(t *testing.T) {
	tests := map[string]struct {
		doc    []byte
		target Target
		opts   []Option
		want   []string
	}{
		"nothing odd":                    {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW"))},
		"what is wrong with names":       {doc: documents.Docker("ERRNO", `{"names": ["read", "raed", "s390_pci_mmio_read"], "action": "SCMP_ACT_ALLOW"}`), want: []string{`syscalls[0].names[1]: warning: unknown system call "raed", nearest is "read": it is skipped (unknown-syscall)`, `syscalls[0]: info: not on this target: s390_pci_mmio_read (absent-syscall)`}},
		"a denial that is no weaker":     {doc: documents.Docker("ERRNO", documents.Rule("raed", "ERRNO", `"errnoRet": 38`)), want: []string{`syscalls[0].names[0]: warning: unknown system call "raed", nearest is "read": it is skipped (unknown-syscall)`}},
		"no names":                       {doc: documents.Docker("ERRNO", `{"names": [], "action": "SCMP_ACT_ALLOW"}`, `{"action": "SCMP_ACT_KILL"}`), want: []string{"syscalls[0]: warning: the rule names no system call (no-names)", "syscalls[1]: warning: the rule names no system call (no-names)"}},
		"equal to the default":           {doc: documents.Docker("ERRNO", documents.Rule("read", "ERRNO", `"errnoRet": 1`)), want: []string{"syscalls[0]: info: the rule's action is the default's (equals-default)"}},
		"unknown capabilities":           {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", `"includes": {"caps": ["CAP_SYS_ADMIM"]}, "excludes": {"caps": ["cap_chown"]}`)), want: []string{`syscalls[0].includes.caps[0]: warning: unknown capability "CAP_SYS_ADMIM", which never matches; did you mean "CAP_SYS_ADMIN"? (unknown-capability)`, `syscalls[0].excludes.caps[0]: warning: unknown capability "cap_chown", which never matches; did you mean "CAP_CHOWN"? (unknown-capability)`}},
		"unknown machines":               {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", `"includes": {"arches": ["x86_64", "x32"]}`)), want: []string{`syscalls[0].includes.arches[0]: warning: unknown architecture "x86_64", which never matches; did you mean "amd64"? (unknown-filter-arch)`}},
		"errno 0":                        {doc: documents.Docker("ALLOW", documents.Rule("read", "ERRNO", `"errnoRet": 0`)), want: []string{"syscalls[0]: warning: the calls pretend success (errno-zero)"}},
		"errno 4095":                     {doc: documents.Docker("ALLOW", documents.Rule("read", "ERRNO", `"errnoRet": 4095`)), want: []string{"syscalls[0]: info: libseccomp refuses errno 4095 (errno-4095)"}},
		"an errno for nothing":           {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", `"errnoRet": 70000`)), want: []string{"syscalls[0].errnoRet: warning: SCMP_ACT_ALLOW carries no number (unused-errno)"}},
		"a default errno for nothing":    {doc: []byte(`{"defaultAction": "SCMP_ACT_KILL", "defaultErrnoRet": 1}`), want: []string{"defaultErrnoRet: warning: SCMP_ACT_KILL carries no number (unused-errno)"}},
		"masks":                          {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 MASKED_EQ 0 8", "1 MASKED_EQ 0 0", "2 MASKED_EQ 1 3"))), want: []string{"syscalls[0].args[0].value: warning: the mask is 0, so the condition always holds; 8 in valueTwo looks like the mask (mask-zero)", "syscalls[0].args[1].value: warning: the mask is 0, so the condition always holds (mask-zero)", "syscalls[0].args[2].valueTwo: warning: bits 0x2 are not in the mask 0x1 and do not count (datum-outside-mask)"}},
		"a repeated argument":            {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 EQ 1", "0 EQ 2"))), want: []string{"syscalls[0].args[1]: warning: another condition on argument 0: so any one of the rule's conditions is enough, as in runc (repeated-arg)"}},
		"a repeated argument, AND":       {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 GE 1", "0 LE 2"))), opts: []Option{AndRepeated}, want: []string{"syscalls[0].args[1]: info: another condition on argument 0: all must hold, where runc takes one (repeated-arg)"}},
		"a wide constant on 32 bits":     {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 EQ 4294967296"))), target: on(arch.X86), want: []string{"syscalls[0].args[0].value: warning: EQ of a constant of more than 32 bits: on a 32-bit ABI no argument has them, libseccomp cuts them off (constant-too-wide)"}},
		"a wide constant on 64 bits":     {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 EQ 4294967296")))},
		"a shadowed rule":                {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW"), documents.Rule("read", "KILL"), documents.Rule("read", "ALLOW", documents.Args("0 EQ 1"))), want: []string{"syscalls[1]: warning: for read the rule without conditions at 2:1: syscalls[0] decides (shadowed-rule)", "syscalls[2]: info: for read another rule without conditions has the same action (shadowed-rule)"}},
		"an overlap that is settled":     {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 LE 5")), documents.Rule("read", "KILL", documents.Args("0 GE 5"))), opts: []Option{RestrictOverlaps}, want: []string{"syscalls[1]: info: read(0x5) on x86_64 is KILL_THREAD here and ALLOW in 2:1: syscalls[0]: it gets KILL_THREAD (overlap)"}},
		"metadata for nobody":            {doc: []byte(`{"defaultAction": "SCMP_ACT_ALLOW", "listenerMetadata": "x"}`), want: []string{"listenerMetadata: warning: listenerMetadata without a listenerPath to send it to (no-listener)"}},
		"a notification for nobody":      {doc: documents.Docker("ALLOW", documents.Rule("read", "NOTIFY")), want: []string{"syscalls[0]: info: SCMP_ACT_NOTIFY without a listenerPath: the launcher must listen itself (no-listener)"}},
		"no flags":                       {doc: []byte(`{"defaultAction": "SCMP_ACT_ALLOW", "flags": []}`), want: []string{"flags: info: no flags at all; Docker loses the empty list and runc (since 1.2) adds SPEC_ALLOW (empty-flags)"}},
		"archMap where Docker forgets":   {doc: []byte(`{"defaultAction": "SCMP_ACT_ALLOW", "archMap": [{"architecture": "SCMP_ARCH_MIPSEL", "subArchitectures": ["SCMP_ARCH_MIPSEL64"]}]}`), target: on(arch.MIPSEL), want: []string{"archMap: info: Docker with moby/profiles of before 0.3.0 (October 2026) does not apply it on mipsel (arch-map)"}},
		"an ABI that runc does not know": {doc: []byte(`{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_PARISC"]}`), target: on(arch.PARISC64), want: []string{": info: runc does not know the architecture SCMP_ARCH_PARISC64 (arch-not-in-runc)", ": info: runc does not know the architecture SCMP_ARCH_PARISC (arch-not-in-runc)"}},
		"archMap that no Docker finds":   {doc: []byte(`{"defaultAction": "SCMP_ACT_ALLOW", "archMap": [{"architecture": "SCMP_ARCH_MIPS", "subArchitectures": ["SCMP_ARCH_MIPS64"]}]}`), target: on(arch.MIPS), want: []string{"archMap: info: Docker does not apply it on mips (arch-map)"}},
		"an ABI that nobody names":       {doc: []byte(`{"defaultAction": "SCMP_ACT_ALLOW"}`), target: on(arch.LoongArch64)},
		"an ABI that old runc lacks":     {doc: []byte(`{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_LOONGARCH64"]}`), target: on(arch.LoongArch64), want: []string{": info: runc of before 1.4.1 does not know the architecture SCMP_ARCH_LOONGARCH64 (arch-not-in-runc)"}},
		"where upper halves differ":      {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 LT 5")), documents.Rule("read", "ALLOW", documents.Args("0 LT 4294967301"))), want: []string{"syscalls[0]: info: libseccomp may decide read otherwise: several rules compare argument 0 by order, LT or LE among them, with constants whose upper 32 bits differ (libseccomp-order)"}},
		"orders with one upper half":     {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 LT 5")), documents.Rule("read", "ALLOW", documents.Args("0 LT 7")))},
		"orders from above alone":        {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 GT 5")), documents.Rule("read", "ALLOW", documents.Args("0 GT 4294967301")))},
		"halves of an equality":          {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 LT 5")), documents.Rule("read", "ALLOW", documents.Args("0 EQ 4294967301")))},
		"halves of two arguments":        {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 LT 5")), documents.Rule("read", "ALLOW", documents.Args("1 LT 4294967301")))},
		"where libseccomp errs":          {doc: documents.Docker("ERRNO", documents.Rule("read", "ALLOW", documents.Args("0 NE 5", "1 EQ 1")), documents.Rule("read", "ALLOW", documents.Args("0 EQ 5", "1 EQ 2"))), want: []string{"syscalls[0]: info: libseccomp may decide read otherwise: several rules with several conditions (libseccomp-order)"}},
		"conditions that socketcall loses": {doc: documents.Docker("ERRNO", documents.Rule("socket", "ALLOW", documents.Args("0 EQ 2"))), target: on(arch.X86),
			want: []string{"syscalls[0]: warning: through socketcall the arguments of socket cannot be checked: it gets ERRNO(1) there, where libseccomp drops the conditions and takes ALLOW (multiplexer-conditions)"}},
		"checks that socketcall goes round": {doc: documents.Docker("ERRNO", documents.Rule("socketcall", "ALLOW"), documents.Rule("socket", "ALLOW", documents.Args("0 EQ 2"))), target: on(arch.X86),
			want: []string{"syscalls[0]: info: on x86 socketcall is ALLOW and makes these calls without the checks of their own rules: socket (multiplexer-bypass)"}},
		"a denial that socketcall goes round": {doc: documents.Docker("ERRNO", documents.Rule("ipc", "ALLOW"), documents.Rule("semop", "KILL")), target: on(arch.X86),
			want: []string{"syscalls[0]: warning: on x86 ipc is ALLOW and makes these calls without the checks of their own rules: semop (multiplexer-bypass)"}},
		"a multiplexer equal to the default": {doc: documents.Docker("ERRNO", documents.Rule("socketcall", "ERRNO"), documents.Rule("socket", "ALLOW")), target: on(arch.X86),
			want: []string{"syscalls[0]: info: the rule's action is the default's (equals-default)", "syscalls[0]: info: on x86 socketcall is ERRNO(1), where runc drops the rule and lets through: socket (multiplexer-default)"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if tt.target.Arch == 0 {
				tt.target = linux
			}
			_, diags := resolve(t, tt.doc, tt.target, tt.opts...)
			var got []string
			warned := false
			for _, d := range diags {
				d.Place.Line = 0
				got = append(got, d.String())
				assert.NotEmpty(t, codes.Of(d.Code).Meaning, d.Code)
				warned = warned || d.Severity == Warning
			}
			for i, w := range tt.want {
				tt.want[i] = strings.TrimPrefix(w, ": ")
			}
			assert.Equal(t, tt.want, got)

			p, err := Parse(tt.doc)
			require.NoError(t, err)
			_, _, err = p.Resolve(tt.target, append(tt.opts, Strict)...)
			assert.Equal(t, warned, err != nil, "Strict: %v", err)
		})
	}
}

// TestResolveHandMade: a profile needs no document.
func TestResolveHandMade(t *testing.T) {
	p := &Profile{DefaultAction: "SCMP_ACT_ERRNO", Syscalls: []Rule{{Names: []string{"read"}, Action: "SCMP_ACT_ALLOW"}}}
	policy, diags, err := p.Resolve(linux, ENOSYSOff)
	require.NoError(t, err)
	assert.Empty(t, diags)
	assert.Equal(t, "syscalls[0]", policy.Rules[0].Origin.String())

	p.Syscalls[0].Args = []Arg{{Op: "EQ"}}
	_, _, err = p.Resolve(linux)
	assert.ErrorContains(t, err, `syscalls[0].args[0].op: unknown operator "EQ", want SCMP_CMP_EQ, `)

	_, _, err = (&Profile{}).Resolve(linux)
	assert.ErrorContains(t, err, "no default action")
	_, _, err = (&Profile{DefaultAction: "SCMP_ACT_ALLOW", Dialect: Minijail}).Resolve(linux)
	assert.EqualError(t, err, `unknown dialect "minijail", want docker, oci or podman; dialect.Parse reads others`)
}

// TestResolveRepeats: equal inputs, equal policies.
func TestResolveRepeats(t *testing.T) {
	p := DockerDefault()
	first, _, err := p.Resolve(linux)
	require.NoError(t, err)
	for range 5 {
		again, _, err := DockerDefault().Resolve(linux)
		require.NoError(t, err)
		require.Equal(t, first, again)
	}
}

// TestOrigin: a rule says where it comes from.
func TestOrigin(t *testing.T) {
	p, err := Parse([]byte("{\"defaultAction\": \"SCMP_ACT_ERRNO\",\n\"syscalls\": [\n  "+documents.Rule("socket", "ALLOW")+"]}"), File("p.json"))
	require.NoError(t, err)
	policy, _, err := p.Resolve(on(arch.X86))
	require.NoError(t, err)
	var origins []string
	for _, r := range policy.Rules {
		origins = append(origins, r.Origin.String())
	}
	assert.Equal(t, []string{"p.json:3:3", "ENOSYS", "p.json:3:3 through socketcall"}, origins)
}
