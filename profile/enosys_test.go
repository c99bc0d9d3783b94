// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/documents"
	"github.com/gosieve/sieve/seccomp"
)

func TestENOSYS(t *testing.T) {
	type answer struct {
		abi  arch.Arch
		nr   uint32
		want seccomp.Action
	}
	x32 := []byte(`{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X32"], "syscalls": [` + documents.Rule("write", "ALLOW") + `]}`)
	written := arch.Kernel(5<<8 | 10)
	const top = 0xffffffff
	tests := map[string]struct {
		doc    []byte
		target arch.Arch
		opt    Option
		want   []answer
	}{
		"above the highest that is named": {documents.Docker("ERRNO", documents.Rule("write", "ALLOW")), arch.X86_64, ENOSYSRunc, []answer{
			{arch.X86_64, 1, seccomp.Allow}, {arch.X86_64, 0, eperm_}, {arch.X86_64, 2, enosys38}, {arch.X86_64, 0x3fffffff, enosys38},
			{arch.X86_64, 0x40000000, seccomp.KillThread}, {arch.X86_64, top, eperm_}}},
		"whatever its action": {documents.Docker("ERRNO", documents.Rule("write", "ALLOW"), documents.Rule("close", "ERRNO"), documents.Rule("raed", "ALLOW")), arch.X86_64, ENOSYSRunc, []answer{
			{arch.X86_64, 2, eperm_}, {arch.X86_64, 3, eperm_}, {arch.X86_64, 4, enosys38}}},
		"rules for others name nothing": {documents.Docker("ERRNO", documents.Rule("write", "ALLOW"), documents.Rule("close", "ALLOW", `"includes": {"arches": ["arm"]}`)), arch.X86_64, ENOSYSRunc, []answer{
			{arch.X86_64, 2, enosys38}}},
		"number 0 is no highest": {documents.Docker("ERRNO", documents.Rule("read", "ALLOW")), arch.X86_64, ENOSYSRunc, []answer{
			{arch.X86_64, 1, eperm_}, {arch.X86_64, 9999, eperm_}}},
		"without any rule":            {documents.Docker("ERRNO"), arch.X86_64, ENOSYSRunc, []answer{{arch.X86_64, 9999, eperm_}}},
		"not if the default is ALLOW": {documents.Docker("ALLOW", documents.Rule("write", "ERRNO")), arch.X86_64, ENOSYSRunc, []answer{{arch.X86_64, 9999, seccomp.Allow}}},
		"not if it is LOG":            {documents.Docker("LOG", documents.Rule("write", "ERRNO")), arch.X86_64, ENOSYSRunc, []answer{{arch.X86_64, 9999, seccomp.Log}}},
		"not if it is TRACE":          {documents.Docker("TRACE", documents.Rule("write", "ERRNO")), arch.X86_64, ENOSYSRunc, []answer{{arch.X86_64, 9999, seccomp.Trace(1)}}},
		"also if it kills":            {documents.Docker("KILL_PROCESS", documents.Rule("write", "ERRNO")), arch.X86_64, ENOSYSRunc, []answer{{arch.X86_64, 9999, enosys38}, {arch.X86_64, top, seccomp.KillProcess}}},
		"x32 has its own": {x32, arch.X86_64, ENOSYSRunc, []answer{
			{arch.X32, 0x40000000, eperm_}, {arch.X32, 0x40000001, seccomp.Allow}, {arch.X32, 0x40000002, enosys38}, {arch.X32, 0xfffffffe, enosys38},
			{arch.X86_64, 2, enosys38}, {arch.X86_64, top, eperm_}}},
		"s390's number 0":   {documents.Docker("ERRNO", documents.Rule("write", "ALLOW")), arch.S390X, ENOSYSRunc, []answer{{arch.S390X, 0, enosys38}, {arch.S390X, 1, eperm_}, {arch.S390X, 5, enosys38}, {arch.S390X, top, eperm_}}},
		"MIPS's number":     {documents.Docker("ERRNO", documents.Rule("write", "ALLOW")), arch.MIPS, ENOSYSRunc, []answer{{arch.MIPS, 4005, seccomp.Errno(89)}, {arch.MIPS, 4003, eperm_}, {arch.MIPS, 0, eperm_}, {arch.MIPS, 0xfffffffe, seccomp.Errno(89)}}},
		"PA-RISC's number":  {documents.Docker("ERRNO", documents.Rule("write", "ALLOW")), arch.PARISC64, ENOSYSRunc, []answer{{arch.PARISC64, 5, seccomp.Errno(251)}}},
		"ARM's own calls":   {documents.Docker("ERRNO", documents.Rule("set_tls", "ALLOW")), arch.ARM, ENOSYSRunc, []answer{{arch.ARM, 9999, eperm_}, {arch.ARM, 0xf0005, seccomp.Allow}, {arch.ARM, 0xf0006, enosys38}}},
		"before companions": {documents.Docker("ERRNO", documents.Rule("read", "ALLOW"), documents.Rule("send", "ALLOW")), arch.X86, ENOSYSRunc, []answer{{arch.X86, 102, enosys38}}},

		"newer than the document": {documents.Docker("ERRNO", documents.Rule("write", "ALLOW")), arch.X86_64, ENOSYSKnown(written), []answer{
			{arch.X86_64, 1, seccomp.Allow}, {arch.X86_64, 0, eperm_}, {arch.X86_64, 440, eperm_}, // process_madvise 5.10
			{arch.X86_64, 441, enosys38}, {arch.X86_64, 449, enosys38}, {arch.X86_64, 467, enosys38}, {arch.X86_64, 9999, enosys38}, // epoll_pwait2 5.11
			{arch.X86_64, 0x3fffffff, enosys38}, {arch.X86_64, 335, enosys38}, {arch.X86_64, top, eperm_}}},
		"also under ALLOW":                 {documents.Docker("ALLOW"), arch.X86_64, ENOSYSKnown(written), []answer{{arch.X86_64, 0, seccomp.Allow}, {arch.X86_64, 449, enosys38}, {arch.X86_64, top, seccomp.Allow}}},
		"but not what the document names":  {documents.Docker("ERRNO", documents.Rule("futex_waitv", "ALLOW"), documents.Rule("epoll_pwait2", "ERRNO")), arch.X86_64, ENOSYSKnown(written), []answer{{arch.X86_64, 449, seccomp.Allow}, {arch.X86_64, 441, eperm_}, {arch.X86_64, 450, enosys38}}},
		"where its conditions do not hold": {documents.Docker("ERRNO", documents.Rule("futex_waitv", "ALLOW", documents.Args("0 EQ 1"))), arch.X86_64, ENOSYSKnown(written), []answer{{arch.X86_64, 449, enosys38}}},
		"of nothing that the tables know":  {documents.Docker("ERRNO"), arch.X86_64, ENOSYSKnown(arch.Newest), []answer{{arch.X86_64, 471, eperm_}, {arch.X86_64, 472, enosys38}}},
		"s390's number 0 is no call":       {documents.Docker("ERRNO"), arch.S390X, ENOSYSKnown(written), []answer{{arch.S390X, 0, enosys38}, {arch.S390X, 1, eperm_}}},

		"off": {documents.Docker("ERRNO", documents.Rule("write", "ALLOW")), arch.X86_64, ENOSYSOff, []answer{{arch.X86_64, 2, eperm_}, {arch.X86_64, 9999, eperm_}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			policy, _ := resolve(t, tt.doc, on(tt.target), tt.opt)
			for _, w := range tt.want {
				c := seccomp.Call{Audit: w.abi.Audit(), Nr: w.nr}
				assert.Equal(t, w.want, policy.Evaluate(&c), "%v %#x\n%+v", w.abi, w.nr, policy)
			}
		})
	}
}
