// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/stretchr/testify/assert"
)

// The calls by the number that the multiplexers give them
// (include/uapi/linux/net.h and ipc.h); a dash has none.
const (
	socketcalls = "- socket bind connect listen accept getsockname getpeername socketpair send recv sendto recvfrom" +
		" shutdown setsockopt getsockopt sendmsg recvmsg accept4 recvmmsg sendmmsg"
	ipcs = "- semop semget semctl semtimedop - - - - - - msgsnd msgrcv msgget msgctl - - - - - - shmat shmdt shmget shmctl"
)

// multiplexed are the ABIs that have both multiplexers; the others have none.
var multiplexed = []arch.Arch{
	arch.X86, arch.M68K, arch.MIPS, arch.MIPSEL, arch.PPC, arch.PPC64, arch.PPC64LE, arch.S390, arch.S390X, arch.SH, arch.SHEB,
}

func TestMultiplexer(t *testing.T) {
	type entry struct {
		mux string
		n   uint32
	}
	want := map[string]entry{}
	for mux, list := range map[string]string{"socketcall": socketcalls, "ipc": ipcs} {
		for n, name := range strings.Fields(list) {
			if name != "-" {
				want[name] = entry{mux, uint32(n)}
			}
		}
	}
	assert.Len(t, want, 32)
	for _, a := range arch.All() {
		for _, name := range append(knownNames(), "", "frobnicate", "SOCKET") {
			w := want[name]
			if !slices.Contains(multiplexed, a) {
				w = entry{}
			}
			mux, n, ok := a.Multiplexer(name)
			assert.Equal(t, w, entry{mux, n}, "%v %s", a, name)
			assert.Equal(t, w.n != 0, ok, "%v %s", a, name)
		}
	}
	for name := range want {
		assert.True(t, arch.Known(name), name)
	}
}

// TestMultiplexerAlone: calls that some ABI has in no other way.
func TestMultiplexerAlone(t *testing.T) {
	tests := map[string]struct {
		abi  arch.Arch
		name string
	}{
		"x86 has no semop":           {arch.X86, "semop"},
		"x86 has no semtimedop":      {arch.X86, "semtimedop"},
		"x86 has no accept":          {arch.X86, "accept"},
		"x86 has no send":            {arch.X86, "send"},
		"s390x has no semop":         {arch.S390X, "semop"},
		"s390x has no send":          {arch.S390X, "send"},
		"m68k has no semop":          {arch.M68K, "semop"},
		"MIPS o32 has no semtimedop": {arch.MIPS, "semtimedop"},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			_, direct := tt.abi.Number(tt.name)
			_, _, reached := tt.abi.Multiplexer(tt.name)
			assert.False(t, direct)
			assert.True(t, reached)
			assert.True(t, arch.Known(tt.name))
		})
	}
}
