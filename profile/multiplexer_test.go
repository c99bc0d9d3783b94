// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/documents"
	"github.com/gosieve/sieve/seccomp"
)

// multiplexed are the ABIs with socketcall and ipc.
func multiplexed(t *testing.T) []arch.Arch {
	var list []arch.Arch
	for _, a := range arch.All() {
		if _, _, ok := a.Multiplexer("socket"); ok {
			list = append(list, a)
		}
	}
	require.Equal(t, []arch.Arch{arch.X86, arch.M68K, arch.MIPS, arch.MIPSEL, arch.PPC, arch.PPC64, arch.PPC64LE,
		arch.S390, arch.S390X, arch.SH, arch.SHEB}, list)
	return list
}

// TestMultiplexers: the kernel looks at the low 32 bits of socketcall's first
// argument and the low 16 of ipc's, and so does the filter.
func TestMultiplexers(t *testing.T) {
	const socket, send, semop, shmctl = 1, 9, 1, 24
	type way struct {
		mux  string
		arg  uint64
		want seccomp.Action
	}
	kill := seccomp.KillProcess
	tests := map[string]struct {
		doc  []byte
		want []way
	}{
		"calls get what they get by themselves": {documents.Docker("ERRNO", documents.Rule("socket", "ALLOW"), documents.Rule("send", "KILL_PROCESS"), documents.Rule("semop", "ALLOW"), documents.Rule("shmctl", "KILL_PROCESS"), documents.Rule("listns", "ALLOW")), []way{
			{"socketcall", socket, seccomp.Allow}, {"socketcall", send, kill}, {"socketcall", 2, eperm_}, {"socketcall", 0, eperm_},
			{"ipc", semop, seccomp.Allow}, {"ipc", shmctl, kill}, {"ipc", 2, eperm_}}},
		"a denial is not gone round": {documents.Docker("ALLOW", documents.Rule("socket", "KILL_PROCESS"), documents.Rule("shmctl", "KILL_PROCESS")), []way{
			{"socketcall", socket, kill}, {"socketcall", send, seccomp.Allow}, {"ipc", shmctl, kill}, {"ipc", semop, seccomp.Allow}}},
		"a checked ALLOW is no unchecked one": {documents.Docker("ERRNO", documents.Rule("socket", "ALLOW", documents.Args("0 EQ 2")), documents.Rule("semop", "ALLOW", documents.Args("1 EQ 2")), documents.Rule("listns", "ALLOW")), []way{
			{"socketcall", socket, eperm_}, {"ipc", semop, eperm_}}},
		"a checked denial denies all": {documents.Docker("ALLOW", documents.Rule("socket", "KILL_PROCESS", documents.Args("0 EQ 2")), documents.Rule("semop", "KILL_PROCESS", documents.Args("1 EQ 2"))), []way{
			{"socketcall", socket, kill}, {"ipc", semop, kill}}},
		"conditions that leave nothing out need no default": {documents.Docker("ERRNO", documents.Rule("socket", "ALLOW", documents.Args("0 LE 2")), documents.Rule("socket", "LOG", documents.Args("0 GT 2")), documents.Rule("listns", "ALLOW")), []way{
			{"socketcall", socket, seccomp.Log}}},
		"conditions on bits that leave nothing out": {documents.Docker("ERRNO", documents.Rule("socket", "ALLOW", documents.Args("0 MASKED_EQ 1 0")), documents.Rule("socket", "LOG", documents.Args("0 MASKED_EQ 1 1")), documents.Rule("listns", "ALLOW")), []way{
			{"socketcall", socket, seccomp.Log}}},
		"conditions that never hold give nothing": {documents.Docker("ALLOW", documents.Rule("socket", "KILL_PROCESS", documents.Args("0 LT 0"))), []way{
			{"socketcall", socket, seccomp.Allow}}},
		"the multiplexer's own rule wins": {documents.Docker("ERRNO", documents.Rule("socket", "KILL_PROCESS"), documents.Rule("socketcall", "ALLOW"), documents.Rule("semop", "ALLOW"), documents.Rule("ipc", "KILL_PROCESS"), documents.Rule("listns", "ALLOW")), []way{
			{"socketcall", socket, seccomp.Allow}, {"socketcall", send, seccomp.Allow}, {"ipc", semop, kill}}},
		"also if it is the default": {documents.Docker("ERRNO", documents.Rule("socket", "ALLOW"), documents.Rule("socketcall", "ERRNO"), documents.Rule("listns", "ALLOW")), []way{
			{"socketcall", socket, eperm_}}},
		"a condition of its own comes first": {documents.Docker("ERRNO", documents.Rule("socket", "ALLOW"), documents.Rule("send", "ALLOW"), documents.Rule("socketcall", "KILL_PROCESS", documents.Args("0 EQ 1")), documents.Rule("socketcall", "ERRNO", documents.Args("0 EQ 9")), documents.Rule("listns", "ALLOW")), []way{
			{"socketcall", socket, kill}, {"socketcall", send, eperm_}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for _, abi := range multiplexed(t) {
				policy, _ := resolve(t, tt.doc, on(abi), ENOSYSOff)
				for _, w := range tt.want {
					c := documents.Call(abi, w.mux, w.arg)
					assert.Equal(t, w.want, policy.Evaluate(&c), "%v %+v\n%+v", abi, w, policy)
				}
			}
		})
	}
	t.Run("upper bits do not count", func(t *testing.T) {
		d := documents.Docker("ERRNO", documents.Rule("socket", "ALLOW"), documents.Rule("semop", "KILL_PROCESS"), documents.Rule("listns", "ALLOW"))
		for _, abi := range multiplexed(t) {
			policy, _ := resolve(t, d, on(abi), ENOSYSOff)
			for _, upper := range []uint64{0, 1 << 32, 1 << 63, 0xffffffff << 32} {
				c := documents.Call(abi, "socketcall", upper|socket)
				assert.Equal(t, seccomp.Allow, policy.Evaluate(&c), "%v %#x", abi, upper)
			}
			for _, upper := range []uint64{0, 1 << 16, 1 << 32, 1 << 63, 0xffffffffffff << 16} {
				c := documents.Call(abi, "ipc", upper|semop)
				assert.Equal(t, kill, policy.Evaluate(&c), "%v %#x", abi, upper)
			}
			c := documents.Call(abi, "socketcall", 1<<16|socket)
			assert.Equal(t, eperm_, policy.Evaluate(&c), "%v: socketcall's bit 16 counts", abi)
		}
	})
	t.Run("other ABIs have none", func(t *testing.T) {
		policy, _ := resolve(t, documents.Docker("ERRNO", documents.Rule("socket", "ALLOW")), on(arch.X86_64), ENOSYSOff)
		assert.Len(t, policy.Rules, 1)
	})
}

// TestMultiplexersOfDocker: what Docker wrote in May 2026 to close socketcall, and
// took back.
func TestMultiplexersOfDocker(t *testing.T) {
	policy, _, err := DockerDefault().Resolve(linux)
	require.NoError(t, err)
	c := documents.Call(arch.X86, "socketcall", 1)
	assert.Equal(t, seccomp.Allow, policy.Evaluate(&c))
	c = documents.Call(arch.X86, "socket", 38)
	assert.Equal(t, eperm_, policy.Evaluate(&c), "AF_ALG")
}
