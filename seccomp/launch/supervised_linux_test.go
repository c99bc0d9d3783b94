// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math/rand/v2"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

// TestSuperviseRefuses has policies that cannot be explained.
func TestSuperviseRefuses(t *testing.T) {
	if tooOld(t) {
		return
	}
	asks, other := rig.Only("getppid", seccomp.Notify), rig.Only("getppid", seccomp.Errno(1))
	tests := map[string]struct {
		policy *seccomp.Policy
		set    func(*Cmd)
		is     error
		says   string
	}{
		"asks itself":          {policy: asks, is: ErrSupervise, says: "rule 0: it asks a supervisor"},
		"asks by default":      {policy: &seccomp.Policy{Arches: asks.Arches, Default: seccomp.Notify, BadArch: seccomp.KillProcess}, is: ErrSupervise, says: "default: it asks"},
		"other policy":         {policy: other, set: func(c *Cmd) { c.Supervise = rig.Only("getppid", seccomp.Errno(2)) }, is: ErrSupervise, says: "not compiled from this policy"},
		"listens too":          {policy: other, set: func(c *Cmd) { c.Listen = true }, says: "Listen and Supervise"},
		"invalid":              {policy: other, set: func(c *Cmd) { c.Supervise = &seccomp.Policy{Default: 5} }, is: seccomp.ErrPolicy},
		"trace alone":          {policy: other, set: func(c *Cmd) { c.Supervise, c.Trace = nil, true }, says: "want Supervise"},
		"trace and privileged": {policy: other, set: func(c *Cmd) { c.Privileged, c.Trace = true, true }, says: "gains no privileges"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := explained(t, tt.policy, "/bin/true")
			if tt.set != nil {
				tt.set(c)
			}
			err := c.Run()
			require.ErrorContains(t, err, tt.says)
			if tt.is != nil {
				require.ErrorIs(t, err, tt.is)
			}
			require.Empty(t, c.Denials())
			require.Zero(t, c.DenialsOmitted())
		})
	}
	c := Command(rig.Compiled(t, other), "/bin/true")
	c.Listen = true
	require.ErrorContains(t, c.Run(), "want one program that answers USER_NOTIF: 0 of 1")
}

// TestSuperviseOwnListener has a child that wants a listener of its own.
func TestSuperviseOwnListener(t *testing.T) {
	if tooOld(t) {
		return
	}
	for name, tt := range map[string]struct {
		policy *seccomp.Policy
		want   string
	}{
		"by default": {rig.Only("reboot", seccomp.Errno(1)), "seccomp ALLOW by 2/-1 x1"},
		"by rule": {&seccomp.Policy{Arches: rig.Only("read", seccomp.Allow).Arches, Default: seccomp.Allow, BadArch: seccomp.KillProcess,
			Rules: []seccomp.Rule{{Syscalls: []string{"reboot"}, Action: seccomp.Errno(1)}, {Numbers: []seccomp.Range{{From: 0, To: 1 << 20}}, Action: seccomp.Allow}}}, "seccomp ALLOW by 1/1 x1"},
		"nothing else is asked about": {rig.Only("reboot", seccomp.KillProcess), "seccomp ALLOW by 2/-1 x1"},
	} {
		t.Run(name, func(t *testing.T) {
			c := explained(t, tt.policy, "/proc/self/exe")
			do(t, c, kerneltest.Job{Scene: "one listener, or none beside another"})
			require.Equal(t, []string{tt.want}, short(c.Denials()))
		})
	}
	require.Contains(t, scenes, "one listener, or none beside another")
}

// TestSuperviseKernel makes calls under random policies, with the kernel and the
// supervisor deciding together, and wants what the policy means. The calls take
// no arguments, so that the kernel does not mind what they are.
func TestSuperviseKernel(t *testing.T) {
	if tooOld(t) {
		return
	}
	random := rand.New(rand.NewPCG(1, 2))
	names := []string{"getppid", "getuid", "getgid", "getegid"}
	actions := []seccomp.Action{seccomp.Allow, seccomp.Log, seccomp.Errno(0), seccomp.Errno(1), seccomp.Errno(600), seccomp.Errno(4094), seccomp.Trace(1)}
	some := func() uint64 {
		return []uint64{0, 1, 7, 8, 1 << 31, 1<<32 - 1, 1 << 32, 1<<32 | 7, 1<<64 - 1}[random.IntN(9)]
	}
	for i := range 20 {
		p := rig.Only("reboot", seccomp.Errno(1))
		p.Rules = nil
		for range 1 + random.IntN(8) {
			r := seccomp.Rule{Syscalls: names[:1+random.IntN(len(names))], Action: actions[random.IntN(len(actions))]}
			for range random.IntN(3) {
				r.Args = append(r.Args, seccomp.Arg{Index: random.IntN(3), Op: seccomp.EQ + seccomp.Op(random.IntN(7)), Value: some(), Mask: some(), Narrow: random.IntN(3) == 0})
			}
			p.Rules = append(p.Rules, r)
		}
		var calls []kerneltest.Call
		var args [][6]uint64
		for range 100 {
			a := [6]uint64{some(), some(), some()}
			calls = append(calls, kerneltest.Call{Nr: rig.Number(t, names[random.IntN(len(names))]), Args: a})
			args = append(args, a)
		}
		c := explained(t, p, "/proc/self/exe")
		results := do(t, c, kerneltest.Job{Calls: calls})
		require.Len(t, results, len(calls))
		want := map[seccomp.Decision]int{}
		for j, got := range results {
			call := seccomp.Call{Audit: arch.Native().Audit(), Nr: calls[j].Nr}
			for k, v := range args[j] {
				call.Args[k] = uint64(uintptr(v))
			}
			d := p.Explain(&call)
			if d.Action.Kind() == seccomp.Errno(0) || d.Action == seccomp.Log {
				want[d]++
			}
			switch {
			case d.Action == seccomp.Allow || d.Action == seccomp.Log:
				assert.Zero(t, got.Errno, "policy %d: %+v", i, call)
			case d.Action.Kind() == seccomp.Trace(0):
				assert.Equal(t, syscall.ENOSYS, got.Errno, "policy %d: %+v", i, call)
			case d.Action.Data() == 0:
				assert.Equal(t, kerneltest.Result{}, got, "policy %d: %+v", i, call)
			default:
				assert.Equal(t, syscall.Errno(d.Action.Data()), got.Errno, "policy %d: %+v", i, call)
			}
		}
		counted := map[seccomp.Decision]int{}
		for _, d := range c.Denials() {
			counted[d.Decision] += d.Count
		}
		assert.Equal(t, want, counted)
	}
}

// do runs a job of kerneltest in a child that is there already.
func do(t *testing.T, c *Cmd, j kerneltest.Job) (results []kerneltest.Result) {
	t.Helper()
	input, err := json.Marshal(j)
	require.NoError(t, err)
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	var out bytes.Buffer
	c.Env = append(os.Environ(), supervisedScene+"=1", "SIEVE_KERNELTEST_CHILD=1", "GORACE=atexit_sleep_ms=0")
	c.Stdin, c.Stdout, c.Stderr, c.ExtraFiles = bytes.NewReader(input), &out, &out, []*os.File{w}
	err = c.Start()
	w.Close()
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Wait(), "%s", out.String()) }()
	for {
		var one struct{ Value, Errno uint64 }
		require.NoError(t, binary.Read(r, binary.NativeEndian, &one))
		if one.Errno == ^uint64(0) {
			return results // done
		}
		results = append(results, kerneltest.Result{Value: one.Value, Errno: syscall.Errno(one.Errno)})
	}
}

// TestSuperviseBadArch makes a call through an ABI that the policy does not list.
func TestSuperviseBadArch(t *testing.T) {
	if tooOld(t) {
		return
	}
	kerneltest.Need(t, kerneltest.I386)
	p := rig.Only("reboot", seccomp.Errno(1))
	p.BadArch = seccomp.Errno(38)
	nr, _ := arch.X86.Number("getppid")
	c := explained(t, p, "/proc/self/exe")
	results := do(t, c, kerneltest.Job{Calls: []kerneltest.Call{{Nr: nr, I386: true}}})
	require.Equal(t, []kerneltest.Result{{Errno: 38}}, results)
	list := c.Denials()
	require.Equal(t, []string{"getppid ERRNO(38) by 0/-1 x1"}, short(list))
	require.Equal(t, arch.X86, list[0].Arch)
}
