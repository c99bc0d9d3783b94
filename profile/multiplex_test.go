// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
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
		"calls get what they get by themselves": {doc("ERRNO", rl("socket", "ALLOW"), rl("send", "KILL_PROCESS"), rl("semop", "ALLOW"), rl("shmctl", "KILL_PROCESS"), rl("listns", "ALLOW")), []way{
			{"socketcall", socket, seccomp.Allow}, {"socketcall", send, kill}, {"socketcall", 2, eperm_}, {"socketcall", 0, eperm_},
			{"ipc", semop, seccomp.Allow}, {"ipc", shmctl, kill}, {"ipc", 2, eperm_}}},
		"a denial is not gone round": {doc("ALLOW", rl("socket", "KILL_PROCESS"), rl("shmctl", "KILL_PROCESS")), []way{
			{"socketcall", socket, kill}, {"socketcall", send, seccomp.Allow}, {"ipc", shmctl, kill}, {"ipc", semop, seccomp.Allow}}},
		"a checked ALLOW is no unchecked one": {doc("ERRNO", rl("socket", "ALLOW", args("0 EQ 2")), rl("semop", "ALLOW", args("1 EQ 2")), rl("listns", "ALLOW")), []way{
			{"socketcall", socket, eperm_}, {"ipc", semop, eperm_}}},
		"a checked denial denies all": {doc("ALLOW", rl("socket", "KILL_PROCESS", args("0 EQ 2")), rl("semop", "KILL_PROCESS", args("1 EQ 2"))), []way{
			{"socketcall", socket, kill}, {"ipc", semop, kill}}},
		"conditions that leave nothing out need no default": {doc("ERRNO", rl("socket", "ALLOW", args("0 LE 2")), rl("socket", "LOG", args("0 GT 2")), rl("listns", "ALLOW")), []way{
			{"socketcall", socket, seccomp.Log}}},
		"conditions on bits that leave nothing out": {doc("ERRNO", rl("socket", "ALLOW", args("0 MASKED_EQ 1 0")), rl("socket", "LOG", args("0 MASKED_EQ 1 1")), rl("listns", "ALLOW")), []way{
			{"socketcall", socket, seccomp.Log}}},
		"conditions that never hold give nothing": {doc("ALLOW", rl("socket", "KILL_PROCESS", args("0 LT 0"))), []way{
			{"socketcall", socket, seccomp.Allow}}},
		"the multiplexer's own rule wins": {doc("ERRNO", rl("socket", "KILL_PROCESS"), rl("socketcall", "ALLOW"), rl("semop", "ALLOW"), rl("ipc", "KILL_PROCESS"), rl("listns", "ALLOW")), []way{
			{"socketcall", socket, seccomp.Allow}, {"socketcall", send, seccomp.Allow}, {"ipc", semop, kill}}},
		"also if it is the default": {doc("ERRNO", rl("socket", "ALLOW"), rl("socketcall", "ERRNO"), rl("listns", "ALLOW")), []way{
			{"socketcall", socket, eperm_}}},
		"a condition of its own comes first": {doc("ERRNO", rl("socket", "ALLOW"), rl("send", "ALLOW"), rl("socketcall", "KILL_PROCESS", args("0 EQ 1")), rl("socketcall", "ERRNO", args("0 EQ 9")), rl("listns", "ALLOW")), []way{
			{"socketcall", socket, kill}, {"socketcall", send, eperm_}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for _, abi := range multiplexed(t) {
				policy, _ := resolve(t, tt.doc, on(abi), ENOSYSOff())
				for _, w := range tt.want {
					c := call(abi, w.mux, w.arg)
					assert.Equal(t, w.want, policy.Evaluate(&c), "%v %+v\n%+v", abi, w, policy)
				}
			}
		})
	}
	t.Run("upper bits do not count", func(t *testing.T) {
		d := doc("ERRNO", rl("socket", "ALLOW"), rl("semop", "KILL_PROCESS"), rl("listns", "ALLOW"))
		for _, abi := range multiplexed(t) {
			policy, _ := resolve(t, d, on(abi), ENOSYSOff())
			for _, upper := range []uint64{0, 1 << 32, 1 << 63, 0xffffffff << 32} {
				c := call(abi, "socketcall", upper|socket)
				assert.Equal(t, seccomp.Allow, policy.Evaluate(&c), "%v %#x", abi, upper)
			}
			for _, upper := range []uint64{0, 1 << 16, 1 << 32, 1 << 63, 0xffffffffffff << 16} {
				c := call(abi, "ipc", upper|semop)
				assert.Equal(t, kill, policy.Evaluate(&c), "%v %#x", abi, upper)
			}
			c := call(abi, "socketcall", 1<<16|socket)
			assert.Equal(t, eperm_, policy.Evaluate(&c), "%v: socketcall's bit 16 counts", abi)
		}
	})
	t.Run("other ABIs have none", func(t *testing.T) {
		policy, _ := resolve(t, doc("ERRNO", rl("socket", "ALLOW")), on(arch.X86_64), ENOSYSOff())
		assert.Len(t, policy.Rules, 1)
	})
}

// TestMultiplexersOfDocker: what Docker wrote in May 2026 to close socketcall, and
// took back.
func TestMultiplexersOfDocker(t *testing.T) {
	policy, _, err := DockerDefault().Resolve(linux)
	require.NoError(t, err)
	c := call(arch.X86, "socketcall", 1)
	assert.Equal(t, seccomp.Allow, policy.Evaluate(&c))
	c = call(arch.X86, "socket", 38)
	assert.Equal(t, eperm_, policy.Evaluate(&c), "AF_ALG")
}
