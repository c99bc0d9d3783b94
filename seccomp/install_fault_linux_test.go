// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
)

// Other kernels, as an outer filter makes this one look.
var (
	noSeccompCall = Rule{Syscalls: []string{"seccomp"}, Action: Errno(uint16(unix.ENOSYS))} // before 3.17
	noFilterMode  = Rule{Syscalls: []string{"seccomp"}, Action: Errno(uint16(unix.EINVAL))} // no CONFIG_SECCOMP_FILTER
	noPrctlMode   = Rule{Syscalls: []string{"prctl"}, Args: []Arg{{Index: 0, Op: EQ, Value: unix.PR_SET_SECCOMP}}, Action: Errno(uint16(unix.EINVAL))}
	noNewPrivs    = Rule{Syscalls: []string{"prctl"}, Args: []Arg{{Index: 0, Op: EQ, Value: unix.PR_SET_NO_NEW_PRIVS}}, Action: Errno(uint16(unix.EINVAL))}
)

func withoutFlag(f Flags) Rule {
	return Rule{Syscalls: []string{"seccomp"}, Args: []Arg{{Index: 1, Op: MaskedEQ, Value: uint64(f), Mask: uint64(f)}}, Action: Errno(uint16(unix.EINVAL))}
}

// pretend makes the kernel look as the rules say, to this thread.
func pretend(rules ...Rule) error {
	f, err := (&Policy{Arches: []arch.Arch{arch.Native()}, Rules: rules, Default: Allow, BadArch: Allow}).Compile(Proved())
	if err != nil {
		return err
	}
	return installInChild(f, 0)
}

// fails says whether an installation fails with all of the errors and the text.
func fails(err error, says string, is ...error) error {
	if err == nil || !strings.Contains(err.Error(), says) {
		return fmt.Errorf("got %v, want %q", err, says)
	}
	for _, e := range is {
		if !errors.Is(err, e) {
			return fmt.Errorf("got %w, want one that is %v", err, e)
		}
	}
	return nil
}

// faultScenes are installations on kernels that lack something.
var faultScenes = map[string]func() error{
	"prctl alone installs": func() error {
		if err := pretend(noSeccompCall); err != nil {
			return err
		}
		if err := (Filter{denying(unix.SYS_GETPPID, Errno(77))}).Install(0); err != nil {
			return err
		}
		_, _, errno := unix.RawSyscall(unix.SYS_GETPPID, 0, 0, 0)
		return want(errno, errno == 77)
	},
	"prctl alone installs in a child": func() error {
		if err := pretend(noSeccompCall); err != nil {
			return err
		}
		f, err := only("getppid", Errno(7)).Compile()
		if err != nil {
			return err
		}
		for _, stack := range []Filter{f, append(f, always(Allow)...)} {
			for _, apart := range []bool{false, true} {
				c := stack.Command("/bin/sh", "-c", "echo $PPID")
				c.apart = apart
				out, err := c.CombinedOutput()
				if err := errors.Join(err, equal("parent", string(out), "-7\n")); err != nil {
					return err
				}
			}
		}
		flags := f.Command("/bin/true")
		flags.Flags = LogAll
		if err := fails(flags.Run(), "no seccomp(2)", ErrNotSupported, syscall.ENOSYS); err != nil {
			return err
		}
		if err := pretend(noPrctlMode); err != nil {
			return err
		}
		return fails(f.Command("/bin/true").Run(), "no CONFIG_SECCOMP_FILTER", ErrNotSupported, syscall.EINVAL)
	},
	"prctl alone takes no flags": func() error {
		if err := pretend(noSeccompCall); err != nil {
			return err
		}
		for _, flags := range []Flags{TSync, LogAll, SpecAllow, TSync | TSyncESRCH} {
			if err := fails(always(Allow).Install(flags), "no seccomp(2)", ErrNotSupported, syscall.ENOSYS); err != nil {
				return fmt.Errorf("%v: %w", flags, err)
			}
		}
		return fails(always(Allow).InstallSelf(0), "no seccomp(2)", ErrNotSupported, syscall.ENOSYS)
	},
	"prctl alone, chain too long": func() error {
		if err := pretend(noSeccompCall); err != nil {
			return err
		}
		f := Filter{longest()}
		for range 3 {
			if err := f.Install(0); err != nil {
				return err
			}
		}
		return fails(f.Install(0), "leave no room", bpf.ErrTooLong, syscall.ENOMEM)
	},
	"neither seccomp nor filters": func() error {
		if err := pretend(noSeccompCall, noPrctlMode); err != nil {
			return err
		}
		return fails(always(Allow).Install(0), "no CONFIG_SECCOMP_FILTER", ErrNotSupported, syscall.EINVAL)
	},
	"seccomp but no filters": func() error {
		if err := pretend(noFilterMode, noPrctlMode); err != nil {
			return err
		}
		for _, flags := range []Flags{0, TSync, LogAll | SpecAllow} {
			if err := fails(always(Allow).Install(flags), "no CONFIG_SECCOMP_FILTER", ErrNotSupported, syscall.EINVAL); err != nil {
				return fmt.Errorf("%v: %w", flags, err)
			}
		}
		return nil
	},
	"no no_new_privs": func() error {
		if err := pretend(noNewPrivs); err != nil {
			return err
		}
		if err := fails(NoNewPrivs(), "set no_new_privs", ErrNotSupported, syscall.EINVAL); err != nil {
			return err
		}
		return fails(always(Allow).InstallSelf(0), "set no_new_privs", ErrNotSupported)
	},
	"a flag is missing": func() error {
		if err := pretend(withoutFlag(LogAll)); err != nil {
			return err
		}
		if !kernelIs(4, 17) {
			return fails(always(Allow).Install(LogAll|SpecAllow|TSync), "kernel: flags LOG|SPEC_ALLOW: ", ErrNotSupported, syscall.EINVAL)
		}
		if err := fails(always(Allow).Install(LogAll|SpecAllow), "kernel: flags LOG: ", ErrNotSupported, syscall.EINVAL); err != nil {
			return err
		}
		return always(Allow).Install(SpecAllow | TSync)
	},
	"all flags are missing": func() error {
		if err := pretend(withoutFlag(TSync), withoutFlag(LogAll), withoutFlag(SpecAllow), withoutFlag(TSyncESRCH)); err != nil {
			return err
		}
		if err := fails(always(Allow).Install(LogAll|SpecAllow|TSync|TSyncESRCH), "kernel: flags TSYNC|LOG|SPEC_ALLOW|TSYNC_ESRCH: ", ErrNotSupported); err != nil {
			return err
		}
		if err := fails(always(Allow).InstallSelf(0), "kernel: flags TSYNC: ", ErrNotSupported); err != nil {
			return err
		}
		return always(Allow).Install(0)
	},
	"the kernel refuses a program that looks right": func() error {
		refuse := Rule{Syscalls: []string{"seccomp"}, Args: []Arg{{Index: 2, Op: NE, Value: 0}}, Action: Errno(uint16(unix.EINVAL))}
		if err := pretend(refuse); err != nil {
			return err
		}
		if err := fails(always(Allow).Install(0), "the kernel refuses the program: ", syscall.EINVAL); err != nil {
			return err
		}
		err := always(Allow).Install(LogAll)
		return want(err, errors.Is(err, syscall.EINVAL) && !errors.Is(err, ErrNotSupported))
	},
	"an older filter denies seccomp": func() error {
		if err := pretend(Rule{Syscalls: []string{"seccomp"}, Action: Errno(uint16(unix.EPERM))}); err != nil {
			return err
		}
		return fails(always(Allow).Install(0), "an older filter denies seccomp(2)", syscall.EPERM)
	},
	"no privilege, whatever the flags": func() error {
		for _, flags := range []Flags{0, TSync, LogAll} {
			if err := fails(always(Allow).Install(flags), "no_new_privs", syscall.EACCES); err != nil {
				return fmt.Errorf("%v: %w", flags, err)
			}
		}
		return nil
	},
	"no_new_privs of another thread does not count": func() error {
		done := make(chan error)
		go func() { // its thread ends with it
			runtime.LockOSThread()
			done <- NoNewPrivs()
			<-done
		}()
		if err := <-done; err != nil {
			return err
		}
		return fails(always(Allow).Install(0), "no_new_privs", syscall.EACCES)
	},
}

// longest is a program of 4096 instructions.
func longest() bpf.Program {
	p := make(bpf.Program, bpf.MaxInstructions)
	for i := range p {
		p[i].Op, p[i].K = 0x06, uint32(Allow)
	}
	return p
}
