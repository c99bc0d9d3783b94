// SPDX-License-Identifier: Apache-2.0

package system_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

func TestMain(m *testing.M) { kerneltest.Main(m, rig.InstallInChild, scenes) }

// TestCalls has the calls of a filter, written as "program/flags/want", with "|" before
// a fallback.
func TestCalls(t *testing.T) {
	program := rig.Always(seccomp.Allow)[0]
	two := []bpf.Program{program, program}
	const log = uint32(seccomp.LogAll)
	probe := system.Call{Program: -1, Want: system.Failure}
	fallback := func(c system.Call) system.Call { c.Fallback = true; return c }
	flags := func(c system.Call, f uint32) system.Call { c.Flags = f; return c }
	first, second := system.Call{Program: 0, Want: system.Zero}, system.Call{Program: 1, Want: system.Zero}
	asks := system.Call{Program: 1, Flags: system.NewListener, Want: system.Listener}
	tests := map[string]struct {
		flags uint32
		asker int
		want  []system.Call
	}{
		"without flags, prctl(2) serves too": {0, -1, []system.Call{probe, fallback(probe), first, fallback(first), second, fallback(second)}},
		"with flags it does not":             {log, -1, []system.Call{flags(probe, log), flags(first, log), flags(second, log)}},
		"the asker alone gets a listener":    {0, 1, []system.Call{probe, fallback(probe), first, fallback(first), asks}},
		"one probe for all":                  {log | system.WaitKillable, 1, []system.Call{flags(probe, log), flags(first, log), flags(asks, log|system.NewListener|system.WaitKillable)}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := system.Calls(two, tt.flags, tt.asker)
			for i := range got {
				nr, args := got[i].Raw()
				require.Equal(t, got[i].Program >= 0, args[2] != 0, "only a probe gives no program")
				want := uintptr(unix.SYS_SECCOMP)
				if got[i].Fallback {
					want = unix.SYS_PRCTL
				}
				require.Equal(t, want, nr)
				got[i] = system.Call{Program: got[i].Program, Flags: got[i].Flags, Want: got[i].Want, Fallback: got[i].Fallback}
			}
			require.Equal(t, tt.want, got)
		})
	}
}

// scenes are threads on kernels that lack something, or under filters that answer in
// the kernel's place.
var scenes = map[string]func() error{
	"attach, in force": func() error {
		o := system.Attach(system.Calls(rig.Asking(unix.SYS_GETPPID), 0, -1))
		if err := errors.Join(rig.Is("attach, before no_new_privs", wrong(o), unix.EACCES), seccomp.NoNewPrivs()); err != nil {
			return err
		}
		o = system.Attach(system.Calls([]bpf.Program{rig.Denying(unix.SYS_GETPPID, seccomp.Errno(77))}, 0, -1))
		_, _, errno := unix.RawSyscall(unix.SYS_GETPPID, 0, 0, 0)
		return errors.Join(wrong(o), rig.Equal("listener", o.Listener, -1), rig.Equal("getppid", errno, 77))
	},
	"attach, prctl alone": func() error {
		if err := rig.Pretend(rig.NoSeccompCall); err != nil {
			return err
		}
		o := system.Attach(system.Calls([]bpf.Program{rig.Denying(unix.SYS_GETPPID, seccomp.Errno(77))}, 0, -1))
		_, _, errno := unix.RawSyscall(unix.SYS_GETPPID, 0, 0, 0)
		if err := errors.Join(wrong(o), rig.Equal("getppid", errno, 77)); err != nil {
			return err
		}
		o = system.Attach(system.Calls(rig.Always(seccomp.Allow), uint32(seccomp.LogAll), -1))
		return errors.Join(rig.Is("with a flag", wrong(o), unix.ENOSYS), rig.Equal("program", o.Failed.Program, 0))
	},
	"attach, faked": func() error {
		if err := rig.Pretend(seccomp.Rule{Syscalls: []string{"seccomp"}, Action: seccomp.Errno(0)}); err != nil {
			return err
		}
		o := system.Attach(system.Calls(rig.Always(seccomp.Allow), 0, -1))
		return errors.Join(rig.Is("faked", wrong(o), system.ErrNotDone), rig.Equal("program", o.Failed.Program, -1))
	},
	"attach, stops at what fails": func() error {
		if err := seccomp.NoNewPrivs(); err != nil {
			return err
		}
		f := []bpf.Program{rig.Denying(unix.SYS_GETPPID, seccomp.Errno(77)), rig.Denying(unix.SYS_SECCOMP, seccomp.Errno(1)), rig.Denying(unix.SYS_GETPPID, seccomp.Errno(78))}
		o := system.Attach(system.Calls(f, 0, -1))
		_, _, errno := unix.RawSyscall(unix.SYS_GETPPID, 0, 0, 0)
		return errors.Join(rig.Is("denied", wrong(o), unix.EPERM), rig.Equal("program", o.Failed.Program, 2), rig.Equal("getppid", errno, 77))
	},
	"probe, a flag is missing": func() error {
		if err := rig.Pretend(rig.WithoutFlag(seccomp.LogAll)); err != nil {
			return err
		}
		return errors.Join(rig.Equal("filters", system.HasFilters(), true),
			rig.Equal("supported", system.Supported(seccomp.LogAll|seccomp.TSync), seccomp.TSync))
	},
	"probe, no filters": func() error {
		if err := rig.Pretend(rig.NoSeccompCall, rig.NoPrctlMode); err != nil {
			return err
		}
		return errors.Join(rig.Equal("filters", system.HasFilters(), false), rig.Equal("supported", system.Supported(seccomp.LogAll), 0))
	},
}

func wrong(o system.Outcome) error { return system.Wrong[seccomp.Flags](o) }

// TestAttach runs the scenes.
func TestAttach(t *testing.T) { rig.RunScenes(t, scenes) }
