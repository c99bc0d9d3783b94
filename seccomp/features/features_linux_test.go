// SPDX-License-Identifier: Apache-2.0

package features

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

// TestProbe holds the answers to the kernel's version: what a kernel of that age
// has and the answers lack is a failure, as is the reverse.
func TestProbe(t *testing.T) {
	kerneltest.Need(t, kerneltest.Unfiltered)
	f, err := probed()
	require.NoError(t, err)
	rig.RequireFree(t)
	require.NotZero(t, f.Kernel, f.Release)
	has := func(major, minor arch.Kernel) bool { return f.Kernel >= major<<8|minor }
	yes := func(b bool) Answer { return map[bool]Answer{true: Yes, false: No}[b] }

	assert.True(t, f.Filters)
	assert.True(t, f.NoNewPrivs)
	assert.False(t, f.Filtered)
	assert.Equal(t, has(3, 17), f.Syscall)
	for a, first := range map[seccomp.Action]arch.Kernel{seccomp.KillProcess: 4<<8 | 14, seccomp.KillThread: 1, seccomp.Trap(0): 1, seccomp.Errno(0): 1, seccomp.Notify: 5 << 8, seccomp.Trace(0): 1, seccomp.Log: 4<<8 | 14, seccomp.Allow: 1} {
		assert.Equal(t, f.Kernel >= first, slices.Contains(f.Actions, a), "%v", a)
	}
	assert.True(t, slices.IsSortedFunc(f.Actions, func(a, b seccomp.Action) int { return int(int64(a.Rank()) - int64(b.Rank())) }))
	for flag, first := range map[seccomp.Flags]arch.Kernel{seccomp.TSync: 3<<8 | 17, seccomp.LogAll: 4<<8 | 14, seccomp.SpecAllow: 4<<8 | 17, seccomp.NewListener: 5 << 8, seccomp.TSyncESRCH: 5<<8 | 7, seccomp.WaitKillable: 5<<8 | 19} {
		assert.Equal(t, f.Kernel >= first, f.Flags&flag != 0, "%v", flag)
	}
	n := f.Notify
	assert.Equal(t, yes(has(5, 5)), n.Continue)
	assert.Equal(t, yes(has(5, 6)), n.PidfdGetfd)
	assert.Equal(t, yes(has(5, 9)), n.AddFD)
	assert.Equal(t, yes(has(5, 14)), n.AddFDSend)
	assert.Equal(t, yes(has(5, 19)), n.WaitKillable)
	assert.Equal(t, yes(has(6, 6)), n.SyncWakeUp)
	if has(5, 0) {
		// The structures have not grown since (include/uapi/linux/seccomp.h).
		assert.Equal(t, [3]uint16{80, 24, 64}, [3]uint16{n.Notif, n.Response, n.Data})
	}
	if !strings.HasPrefix(arch.Native().GOARCH(), "mips") {
		assert.Equal(t, yes(has(5, 11)), f.Bitmap)
	}
	assert.Equal(t, Yes, f.ABIs[arch.Native()])
}

// TestProbeFiles compares with what files of the kernel say.
func TestProbeFiles(t *testing.T) {
	f, err := Probe()
	require.NoError(t, err)
	if b, err := os.ReadFile("/proc/sys/kernel/seccomp/actions_avail"); err == nil {
		assert.Equal(t, kernelNames(f.Actions), strings.TrimSpace(string(b)))
	}
	b, err := os.ReadFile("/proc/sys/net/core/bpf_jit_enable")
	assert.Equal(t, err != nil, f.JIT == Unknown)
	assert.Equal(t, err == nil && strings.TrimSpace(string(b)) != "0", f.JIT == Yes)
}

// kernelNames are actions as kernel.seccomp.actions_avail has them.
func kernelNames(actions []seccomp.Action) string {
	var all []string
	for _, a := range actions {
		name, _, _ := strings.Cut(a.Kind().String(), "(")
		all = append(all, strings.ToLower(name))
	}
	return strings.Join(all, " ")
}

// probed is Probe, where Flags and Actions alone say the same.
func probed() (*Features, error) {
	f, err := Probe()
	if err == nil && (Flags() != f.Flags || !slices.Equal(Actions(), f.Actions)) {
		return nil, fmt.Errorf("alone %v and %v, in Probe %v and %v", Flags(), Actions(), f.Flags, f.Actions)
	}
	return f, err
}

// featureScenes ask kernels that lack something, or hide it.
var featureScenes = map[string]func() error{
	"features, as nobody": func() error {
		f, err := probed()
		return rig.Want(err, err == nil && f.Filters && f.Syscall && f.NoNewPrivs && !f.Filtered && f.Flags&seccomp.TSync != 0)
	},
	"features, prctl alone": func() error {
		if err := rig.Pretend(rig.NoSeccompCall); err != nil {
			return err
		}
		f, err := probed()
		if err != nil {
			return err
		}
		right := f.Filters && f.NoNewPrivs && f.Filtered && !f.Syscall && f.Flags == 0 && f.Notify.Notif == 0 &&
			f.Notify.Continue == No && slices.Equal(f.Actions, firstActions)
		return rig.Want(fmt.Errorf("%+v", f), right)
	},
	"features, no filters": func() error {
		if err := rig.Pretend(rig.NoFilterMode, rig.NoPrctlMode, rig.NoNewPrivs); err != nil {
			return err
		}
		f, err := probed()
		if err != nil {
			return err
		}
		return rig.Want(fmt.Errorf("%+v", f), !f.Filters && f.Syscall && f.Actions == nil && f.Flags == 0 && f.Notify == Notify{} && f.Bitmap == Unknown)
	},
	"features, before 4.14": func() error {
		question := seccomp.Rule{Syscalls: []string{"seccomp"}, Args: []seccomp.Arg{{Index: 0, Op: seccomp.GT, Value: unix.SECCOMP_SET_MODE_FILTER}}, Action: seccomp.Errno(uint16(unix.EINVAL))}
		if err := rig.Pretend(question, rig.WithoutFlag(seccomp.LogAll), rig.WithoutFlag(seccomp.SpecAllow), rig.WithoutFlag(seccomp.NewListener), rig.WithoutFlag(seccomp.TSyncESRCH)); err != nil {
			return err
		}
		f, err := probed()
		if err != nil {
			return err
		}
		right := f.Filters && f.Syscall && f.Flags == seccomp.TSync && slices.Equal(f.Actions, firstActions) && f.Notify.Notif == 0 && f.Notify.WaitKillable == No
		return rig.Want(fmt.Errorf("%+v", f), right)
	},
	"features, no foreign call under a filter": func() error {
		// Which kills for ABIs that it does not list, and for pidfd_getfd.
		p := &seccomp.Policy{Arches: []arch.Arch{arch.Native()}, Default: seccomp.Allow, BadArch: seccomp.KillProcess,
			Rules: []seccomp.Rule{{Syscalls: []string{"pidfd_getfd"}, Action: seccomp.KillProcess}}}
		filter, err := p.Compile()
		if err != nil {
			return err
		}
		if err := rig.InstallInChild(filter, 0); err != nil {
			return err
		}
		f, err := probed()
		return rig.Want(err, err == nil && f.Filtered)
	},
}
