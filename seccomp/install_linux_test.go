// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

// scenes are what children do that cannot be done in the tests' own process:
// a filter stays.
var scenes = rig.AllScenes(installing)

// installing are those of TestInstall. Others have a test of their own.
var installing = rig.AllScenes(installScenes, selfScenes, faultScenes)

// notNamed is nil for the error about a thread that TSyncESRCH does not name.
func notNamed(err error) error {
	if !rig.KernelIs(5, 7) {
		return rig.Is("TSYNC_ESRCH", err, seccomp.ErrNotSupported)
	}
	return rig.Fails(err, "a thread cannot follow", seccomp.ErrThread)
}

var installScenes = map[string]func() error{
	"no privilege": func() error {
		err := rig.Always(seccomp.Allow).Install(0)
		return rig.Want(err, errors.Is(err, syscall.EACCES) && strings.Contains(err.Error(), "no_new_privs"))
	},
	"privilege": func() error {
		err := rig.Always(seccomp.Allow).Install(0)
		return rig.Want(err, err == nil)
	},
	"thread cannot follow": func() error {
		tid := otherThread(func() error { return rig.InstallInChild(rig.Always(seccomp.Allow), 0) })
		if err := seccomp.NoNewPrivs(); err != nil {
			return err
		}
		err := rig.Always(seccomp.Errno(1)).Install(seccomp.TSync)
		if err := rig.Fails(err, fmt.Sprintf("thread %d cannot follow", tid), seccomp.ErrThread); err != nil {
			return err
		}
		err = rig.Always(seccomp.Errno(1)).Install(seccomp.TSync | seccomp.TSyncESRCH)
		return notNamed(err)
	},
	"chain too long": func() error {
		if err := seccomp.NoNewPrivs(); err != nil {
			return err
		}
		f := seccomp.Filter{longest()}
		var err error
		n := 0
		for ; err == nil; n++ {
			err = f.Install(0)
		}
		// Each counts as 3 + 2*4096, and those before as 4 more each.
		return rig.Want(err, n == 4 && errors.Is(err, syscall.ENOMEM) && errors.Is(err, bpf.ErrTooLong))
	},
	"unknown flag": func() error {
		if err := seccomp.NoNewPrivs(); err != nil {
			return err
		}
		err := rig.Always(seccomp.Allow).Install(1<<30 | seccomp.LogAll)
		return rig.Want(err, errors.Is(err, seccomp.ErrNotSupported) && errors.Is(err, syscall.EINVAL) &&
			strings.Contains(err.Error(), "flags 0x40000000:"))
	},
	"a stack that denies its next program": func() error {
		if err := seccomp.NoNewPrivs(); err != nil {
			return err
		}
		err := seccomp.Filter{rig.Denying(unix.SYS_SECCOMP, seccomp.Errno(1)), rig.Always(seccomp.Allow)[0]}.Install(0)
		if !errors.Is(err, seccomp.ErrFilter) || !strings.Contains(err.Error(), "program 2 of 2: those before it") {
			return fmt.Errorf("unexpected: %w", err)
		}
		if mode, err := unix.PrctlRetInt(unix.PR_GET_SECCOMP, 0, 0, 0, 0); err != nil || mode != 0 {
			return fmt.Errorf("mode %d, %w", mode, err)
		}
		err = seccomp.Filter{rig.Unforeseen(unix.SYS_SECCOMP, seccomp.Errno(1)), rig.Always(seccomp.Allow)[0]}.Install(0)
		return rig.Want(err, errors.Is(err, syscall.EPERM) && strings.Contains(err.Error(), "program 2 of 2 (1 in force)"))
	},
}

// otherThread runs f on a thread that stays, and returns its id.
func otherThread(f func() error) int {
	tid := make(chan int)
	go func() {
		runtime.LockOSThread()
		if err := f(); err != nil {
			panic(err)
		}
		tid <- unix.Gettid()
		select {}
	}()
	return <-tid
}

func TestInstall(t *testing.T) { rig.RunScenes(t, installing) }

// TestInstallRefuses has filters that are refused before anything is installed.
func TestInstallRefuses(t *testing.T) {
	long := make(bpf.Program, 4096)
	for i := range long {
		long[i].Op = 0x06
	}
	tests := map[string]struct {
		filter seccomp.Filter
		flags  seccomp.Flags
		is     []error
		says   string
	}{
		"no programs":     {seccomp.Filter{}, 0, []error{seccomp.ErrFilter}, "no programs"},
		"empty program":   {seccomp.Filter{{}}, 0, []error{seccomp.ErrFilter, bpf.ErrInvalid}, "program 1 of 1"},
		"invalid program": {append(rig.Always(seccomp.Allow), bpf.Program{{Op: 0x06}, {Op: 0x00}}), 0, []error{seccomp.ErrFilter, bpf.ErrInvalid}, "program 2 of 2: instruction 1"},
		"too long":        {seccomp.Filter{long, long, long, long}, 0, []error{seccomp.ErrFilter, bpf.ErrTooLong}, "program 4 of 4"},
		"listener":        {rig.Always(seccomp.Allow), seccomp.NewListener, nil, "no listener is returned"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := tt.filter.Install(tt.flags)
			require.ErrorContains(t, err, tt.says)
			for _, is := range tt.is {
				require.ErrorIs(t, err, is)
			}
			rig.RequireFree(t)
		})
	}
}

func TestFlagsString(t *testing.T) {
	for want, f := range map[string]seccomp.Flags{
		"0":              0,
		"TSYNC":          seccomp.TSync,
		"LOG|SPEC_ALLOW": seccomp.LogAll | seccomp.SpecAllow,
		"NEW_LISTENER|TSYNC_ESRCH|WAIT_KILLABLE_RECV|0x80000000": seccomp.NewListener | seccomp.TSyncESRCH | seccomp.WaitKillable | 1<<31,
	} {
		require.Equal(t, want, f.String())
	}
}
