// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"
	"fmt"
	"runtime"
	"syscall"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/notify"
)

// Precompute compiles the filter. Load and the exports compile it again only after a change.
func (f *ScmpFilter) Precompute() error {
	if err := f.holdWhole(); err != nil {
		return err
	}
	defer f.lock.Unlock()
	_, err := f.compile()
	return err
}

// compile is the filter's programs. f is locked.
func (f *ScmpFilter) compile() (seccomp.Filter, error) {
	if f.compiled == nil {
		filter, err := f.policy().Compile()
		if err != nil {
			return nil, err
		}
		f.compiled = filter
	}
	return f.compiled, nil
}

// Load puts the filter in force, for good. It is for all threads. If the kernel cannot do
// that (API level 1) it is for the calling thread, which the caller has to hold
// (runtime.LockOSThread). A filter that is too long for one program is loaded as several.
//
// syscall.ESRCH means that a thread cannot follow, syscall.ECANCELED that the kernel refuses
// something else (see SetRawRC). Where a filter is in force that asks a supervisor, a second
// one is an error, unlike in libseccomp.
func (f *ScmpFilter) Load() error {
	if err := f.holdWhole(); err != nil {
		return err
	}
	defer f.lock.Unlock()
	filter, err := f.compile()
	if err != nil {
		return err
	}
	if f.tables[0].abi.BigEndian() != arch.Native().BigEndian() {
		return f.kernelError(syscall.EINVAL)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if f.attributes.noNewPrivs {
		if err := seccomp.NoNewPrivs(); err != nil {
			return f.kernelError(err)
		}
	}
	return f.kernelError(f.install(filter))
}

// install installs the programs with the flags of the attributes.
func (f *ScmpFilter) install(filter seccomp.Filter) error {
	a := &f.attributes
	var flags seccomp.Flags
	add := func(on bool, flag seccomp.Flags) {
		if on {
			flags |= flag
		}
	}
	add(a.allThreads, seccomp.TSync)
	add(a.log, seccomp.LogAll)
	add(a.ssb, seccomp.SpecAllow)
	if err := filter.Check(seccomp.NewListener); err != nil { // no program asks a supervisor
		err := filter.Install(flags)
		if err == nil {
			f.listener = -1 // of an earlier Load
		}
		return err
	}
	add(a.allThreads, seccomp.TSyncESRCH)
	add(a.waitKill, seccomp.WaitKillable)
	fd, err := notify.Listen(filter, flags)
	if fd >= 0 {
		f.listener = ScmpFd(fd)
	}
	return err
}

// kernelError is an error of the kernel as libseccomp gives it.
func (f *ScmpFilter) kernelError(err error) error {
	var errno syscall.Errno
	switch {
	case err == nil:
		return nil
	case errors.Is(err, seccomp.ErrThread), errors.Is(err, syscall.ESRCH):
		return syscall.ESRCH
	case !f.attributes.rawRC:
		return syscall.ECANCELED
	case errors.As(err, &errno):
		return errno
	case runtime.GOOS != "linux":
		return syscall.EOPNOTSUPP
	}
	return fmt.Errorf("%w: %w", syscall.EINVAL, err)
}
