// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

const (
	eperm  = 1
	enosys = 38
)

// call is a call of this machine.
func call(t *testing.T, name string, args ...uint64) *seccomp.Call {
	nr, ok := arch.Native().Number(name)
	require.True(t, ok, name)
	c := &seccomp.Call{Audit: arch.Native().Audit(), Nr: nr}
	copy(c.Args[:], args)
	return c
}

func TestContainer(t *testing.T) {
	filter, err := Container([]string{arch.Native().Token()}, seccomp.Errno(eperm),
		Call{"personality", []seccomp.Arg{{Index: 0, Op: seccomp.EQ, Value: 0}}, seccomp.Allow},
		Call{"read", nil, seccomp.Allow},
		Call{"no_such_call", nil, seccomp.Allow},
	)
	require.NoError(t, err)
	newest := call(t, "openat2") // above what the rules name, on every ABI
	assert.Equal(t, []seccomp.Action{seccomp.Allow, seccomp.Errno(eperm), seccomp.Allow, seccomp.Errno(enosys)}, []seccomp.Action{
		filter.Run(call(t, "personality", 0)), filter.Run(call(t, "personality", 1)), filter.Run(call(t, "read")), filter.Run(newest),
	})
	_, err = Container([]string{"pdp11"}, seccomp.Allow)
	assert.ErrorContains(t, err, "pdp11")
}

func TestJudge(t *testing.T) {
	program, err := Judge([]string{"read", "write"}, []string{"openat"}, seccomp.KillProcess)
	require.NoError(t, err)
	filter := seccomp.Filter{program}
	assert.Equal(t, seccomp.Allow, filter.Run(call(t, "write")))
	assert.Equal(t, seccomp.Trace(0), filter.Run(call(t, "openat")))
	assert.Equal(t, seccomp.KillProcess, filter.Run(call(t, "socket")))
	assert.Equal(t, seccomp.KillProcess, filter.Run(&seccomp.Call{}), "no ABI")

	program, err = Judge(nil, nil, seccomp.KillProcess)
	require.NoError(t, err)
	assert.Equal(t, seccomp.KillProcess, seccomp.Filter{program}.Run(call(t, "write")))
	_, err = Judge([]string{"no_such_call"}, nil, seccomp.KillProcess)
	assert.ErrorIs(t, err, seccomp.ErrPolicy)
}

func TestServer(t *testing.T) {
	filter, err := proof.Compile(Server())
	require.NoError(t, err)
	for _, c := range []struct {
		name    string
		args    []uint64
		allowed bool
	}{
		{"mprotect", []uint64{0, 4096, 3}, true},
		{"mprotect", []uint64{0, 4096, 5}, false},
		{"fcntl", []uint64{3, fGetFL}, true},
		{"fcntl", []uint64{3, 4}, false},
		{"statx", []uint64{3, 0, emptyPath | 0x100}, true},
		{"statx", []uint64{1<<32 - 100, 0, emptyPath}, false},
		{"statx", []uint64{3, 0, 0}, false},
		{"execve", nil, false},
	} {
		want := seccomp.KillProcess
		if c.allowed {
			want = seccomp.Allow
		}
		assert.Equal(t, want, filter.Run(call(t, c.name, c.args...)), fmt.Sprint(c))
	}
}
