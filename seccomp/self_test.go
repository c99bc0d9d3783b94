// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/goruntime"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// exactly is the conditions that a call has the row's arguments.
func exactly(c *goruntime.Call) (args []seccomp.Arg) {
	for i, a := range c.Args {
		args = append(args, seccomp.Arg{Index: i, Op: seccomp.EQ, Value: a})
	}
	return args
}

// besides is a filter that allows all but one row of the list.
func besides(t *testing.T, abi arch.Arch, c *goruntime.Call, a seccomp.Action) seccomp.Filter {
	p := &seccomp.Policy{Arches: []arch.Arch{abi}, Default: seccomp.Allow, Rules: []seccomp.Rule{{Syscalls: []string{c.Name}, Args: exactly(c), Action: a}}}
	f, err := p.Compile()
	require.NoError(t, err)
	require.NoError(t, proof.Prove(f, p))
	return f
}

// TestRuntimeCalls takes the calls away one by one, on every ABI.
func TestRuntimeCalls(t *testing.T) {
	require.Len(t, rig.GoABIs(), 13)
	for _, abi := range rig.GoABIs() {
		read, _ := abi.Number("read") // as old as the ABI
		for _, kernel := range []arch.Kernel{max(4<<8|14, abi.Since(read)), arch.Newest} {
			t.Run(abi.String()+" "+kernel.String(), func(t *testing.T) {
				for _, c := range goruntime.Calls(abi, kernel) {
					if abi == arch.S390X && c.Name == "mmap" && c.Need == goruntime.Tolerated {
						continue // its arguments are in memory: it cannot be told from others
					}
					testRuntimeCall(t, abi, kernel, &c)
				}
			})
		}
	}
}

func testRuntimeCall(t *testing.T, abi arch.Arch, kernel arch.Kernel, c *goruntime.Call) {
	nr, ok := abi.Number(c.Name)
	require.True(t, ok, "%v has no %s", abi, c.Name)
	if since := abi.Since(nr); c.Need == goruntime.Required {
		require.LessOrEqual(t, since, kernel, "%v on %v", c, kernel)
	}
	require.NotEmpty(t, c.Reason)
	require.NotEmpty(t, c.Source)
	tests := map[string]struct {
		action seccomp.Action
		fine   bool
	}{
		"allowed":             {seccomp.Allow, true},
		"logged":              {seccomp.Log, true},
		"an errno":            {seccomp.Errno(1), c.Need == goruntime.Optional || c.Need == goruntime.Tolerated && c.Errno == 0},
		"ENOSYS":              {errnos.ENOSYS(abi), c.Need != goruntime.Required},
		"its thread killed":   {seccomp.KillThread, c.Need == goruntime.Optional},
		"its process killed":  {seccomp.KillProcess, c.Need == goruntime.Optional},
		"trapped":             {seccomp.Trap(0), c.Need == goruntime.Optional},
		"traced by nobody":    {seccomp.Trace(0), c.Need != goruntime.Required},
		"asks no supervisor":  {seccomp.Notify, c.Need != goruntime.Required},
		"an errno that is no": {seccomp.Errno(0), c.Need == goruntime.Optional || c.Need == goruntime.Tolerated && c.Errno == 0},
	}
	for name, tt := range tests {
		filter := besides(t, abi, c, tt.action)
		err := filter.CheckRuntime(abi, kernel, true)
		if tt.fine {
			require.NoError(t, err, "%v %s", c, name)
			continue
		}
		require.ErrorIs(t, err, seccomp.ErrFilter, "%v %s", c, name)
		denied := filter.DeniedCalls(abi, kernel, true)
		require.Contains(t, denied, seccomp.DeniedCall{Call: *c, Action: tt.action}, name)
		for _, other := range denied { // s390x has mmap's arguments in memory
			require.Equal(t, c.Args, other.Args, "%v: %v too", c, &other.Call)
		}
		require.ErrorContains(t, err, fmt.Sprintf("\n\t%v gets %v, want ALLOW", c, tt.action))
		require.ErrorContains(t, err, c.Reason)
		err = filter.CheckRuntime(abi, kernel, false)
		if abi != arch.S390X {
			require.Equal(t, c.Cgo, err == nil, "%v %s without cgo: %v", c, name, err)
		}
	}
}
