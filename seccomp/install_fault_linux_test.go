// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"errors"
	"fmt"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

// faultScenes are installations on kernels that lack something.
var faultScenes = map[string]func() error{
	"prctl alone installs": func() error {
		if err := rig.Pretend(rig.NoSeccompCall); err != nil {
			return err
		}
		if err := (seccomp.Filter{rig.Denying(unix.SYS_GETPPID, seccomp.Errno(77))}).Install(0); err != nil {
			return err
		}
		_, _, errno := unix.RawSyscall(unix.SYS_GETPPID, 0, 0, 0)
		return rig.Want(errno, errno == 77)
	},
	"prctl alone takes no flags": func() error {
		if err := rig.Pretend(rig.NoSeccompCall); err != nil {
			return err
		}
		for _, flags := range []seccomp.Flags{seccomp.TSync, seccomp.LogAll, seccomp.SpecAllow, seccomp.TSync | seccomp.TSyncESRCH} {
			if err := rig.Fails(rig.Always(seccomp.Allow).Install(flags), "no seccomp(2)", seccomp.ErrNotSupported, syscall.ENOSYS); err != nil {
				return fmt.Errorf("%v: %w", flags, err)
			}
		}
		return rig.Fails(rig.Always(seccomp.Allow).InstallSelf(0), "no seccomp(2)", seccomp.ErrNotSupported, syscall.ENOSYS)
	},
	"prctl alone, chain too long": func() error {
		if err := rig.Pretend(rig.NoSeccompCall); err != nil {
			return err
		}
		f := seccomp.Filter{longest()}
		for range 3 {
			if err := f.Install(0); err != nil {
				return err
			}
		}
		return rig.Fails(f.Install(0), "leave no room", bpf.ErrTooLong, syscall.ENOMEM)
	},
	"neither seccomp nor filters": func() error {
		if err := rig.Pretend(rig.NoSeccompCall, rig.NoPrctlMode); err != nil {
			return err
		}
		return rig.Fails(rig.Always(seccomp.Allow).Install(0), "no CONFIG_SECCOMP_FILTER", seccomp.ErrNotSupported, syscall.EINVAL)
	},
	"seccomp but no filters": func() error {
		if err := rig.Pretend(rig.NoFilterMode, rig.NoPrctlMode); err != nil {
			return err
		}
		for _, flags := range []seccomp.Flags{0, seccomp.TSync, seccomp.LogAll | seccomp.SpecAllow} {
			if err := rig.Fails(rig.Always(seccomp.Allow).Install(flags), "no CONFIG_SECCOMP_FILTER", seccomp.ErrNotSupported, syscall.EINVAL); err != nil {
				return fmt.Errorf("%v: %w", flags, err)
			}
		}
		return nil
	},
	"no no_new_privs": func() error {
		if err := rig.Pretend(rig.NoNewPrivs); err != nil {
			return err
		}
		if err := rig.Fails(seccomp.NoNewPrivs(), "set no_new_privs", seccomp.ErrNotSupported, syscall.EINVAL); err != nil {
			return err
		}
		return rig.Fails(rig.Always(seccomp.Allow).InstallSelf(0), "set no_new_privs", seccomp.ErrNotSupported)
	},
	"a flag is missing": func() error {
		if err := rig.Pretend(rig.WithoutFlag(seccomp.LogAll)); err != nil {
			return err
		}
		if !rig.KernelIs(4, 17) {
			return rig.Fails(rig.Always(seccomp.Allow).Install(seccomp.LogAll|seccomp.SpecAllow|seccomp.TSync), "kernel: flags LOG|SPEC_ALLOW: ", seccomp.ErrNotSupported, syscall.EINVAL)
		}
		if err := rig.Fails(rig.Always(seccomp.Allow).Install(seccomp.LogAll|seccomp.SpecAllow), "kernel: flags LOG: ", seccomp.ErrNotSupported, syscall.EINVAL); err != nil {
			return err
		}
		return rig.Always(seccomp.Allow).Install(seccomp.SpecAllow | seccomp.TSync)
	},
	"all flags are missing": func() error {
		if err := rig.Pretend(rig.WithoutFlag(seccomp.TSync), rig.WithoutFlag(seccomp.LogAll), rig.WithoutFlag(seccomp.SpecAllow), rig.WithoutFlag(seccomp.TSyncESRCH)); err != nil {
			return err
		}
		if err := rig.Fails(rig.Always(seccomp.Allow).Install(seccomp.LogAll|seccomp.SpecAllow|seccomp.TSync|seccomp.TSyncESRCH), "kernel: flags TSYNC|LOG|SPEC_ALLOW|TSYNC_ESRCH: ", seccomp.ErrNotSupported); err != nil {
			return err
		}
		if err := rig.Fails(rig.Always(seccomp.Allow).InstallSelf(0), "kernel: flags TSYNC: ", seccomp.ErrNotSupported); err != nil {
			return err
		}
		return rig.Always(seccomp.Allow).Install(0)
	},
	"the kernel refuses a program that looks right": func() error {
		refuse := seccomp.Rule{Syscalls: []string{"seccomp"}, Args: []seccomp.Arg{{Index: 2, Op: seccomp.NE, Value: 0}}, Action: seccomp.Errno(uint16(unix.EINVAL))}
		if err := rig.Pretend(refuse); err != nil {
			return err
		}
		if err := rig.Fails(rig.Always(seccomp.Allow).Install(0), "the kernel refuses the program: ", syscall.EINVAL); err != nil {
			return err
		}
		err := rig.Always(seccomp.Allow).Install(seccomp.LogAll)
		return rig.Want(err, errors.Is(err, syscall.EINVAL) && !errors.Is(err, seccomp.ErrNotSupported))
	},
	"an older filter denies seccomp": func() error {
		if err := rig.Pretend(seccomp.Rule{Syscalls: []string{"seccomp"}, Action: seccomp.Errno(uint16(unix.EPERM))}); err != nil {
			return err
		}
		return rig.Fails(rig.Always(seccomp.Allow).Install(0), "an older filter denies seccomp(2)", syscall.EPERM)
	},
	"no privilege, whatever the flags": func() error {
		for _, flags := range []seccomp.Flags{0, seccomp.TSync, seccomp.LogAll} {
			if err := rig.Fails(rig.Always(seccomp.Allow).Install(flags), "no_new_privs", syscall.EACCES); err != nil {
				return fmt.Errorf("%v: %w", flags, err)
			}
		}
		return nil
	},
	"no_new_privs of another thread does not count": func() error {
		done := make(chan error)
		go func() { // its thread ends with it
			runtime.LockOSThread()
			done <- seccomp.NoNewPrivs()
			<-done
		}()
		if err := <-done; err != nil {
			return err
		}
		return rig.Fails(rig.Always(seccomp.Allow).Install(0), "no_new_privs", syscall.EACCES)
	},
}

// longest is a program of 4096 instructions.
func longest() bpf.Program {
	p := make(bpf.Program, bpf.MaxInstructions)
	for i := range p {
		p[i].Op, p[i].K = 0x06, uint32(seccomp.Allow)
	}
	return p
}
