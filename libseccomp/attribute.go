// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"syscall"

	"github.com/gosieve/sieve/seccomp"
)

// attributes are what a filter has beside its rules.
type attributes struct {
	defaultAction, badArchAction seccomp.Action

	noNewPrivs, allThreads, log, ssb, waitKill, rawRC bool

	optimize int
}

func newAttributes(defaultAction seccomp.Action) attributes {
	return attributes{
		defaultAction: defaultAction,
		badArchAction: seccomp.KillThread,
		noNewPrivs:    true,
		allThreads:    machine().flags&seccomp.TSync != 0,
		optimize:      1,
	}
}

// takes says whether the kernel can install a filter with that action: one for all threads
// that asks a supervisor needs a flag of its own.
func (a *attributes) takes(action seccomp.Action) bool {
	return action != seccomp.Notify || !a.allThreads || machine().flags&seccomp.TSyncESRCH != 0
}

// read and write call a function with the filter locked, if it is valid and has an ABI.
func read[T any](f *ScmpFilter, what func(a *attributes) T) (value T, err error) {
	if err := f.holdWhole(); err != nil {
		return value, err
	}
	defer f.lock.Unlock()
	return what(&f.attributes), nil
}

func (f *ScmpFilter) write(do func(a *attributes) error) error {
	if err := f.holdWhole(); err != nil {
		return err
	}
	defer f.lock.Unlock()
	return do(&f.attributes)
}

// needs replaces any error by a *VersionError where the API level is below that of the
// operation. Even an invalid filter has to say so: runc asks a zero ScmpFilter which
// flags there are.
func needs(err error, op string, level, minor uint) error {
	if err == nil {
		return nil
	}
	if old := checkAPI(op, level, 2, minor, 0); old != nil {
		return old
	}
	return err
}

// GetDefaultAction is the action for calls that no rule matches.
func (f *ScmpFilter) GetDefaultAction() (ScmpAction, error) {
	return readAction(f, func(a *attributes) seccomp.Action { return a.defaultAction })
}

// GetBadArchAction is the action for calls through ABIs that the filter lacks:
// ActKillThread, unless SetBadArchAction has set another.
func (f *ScmpFilter) GetBadArchAction() (ScmpAction, error) {
	return readAction(f, func(a *attributes) seccomp.Action { return a.badArchAction })
}

func readAction(f *ScmpFilter, what func(a *attributes) seccomp.Action) (ScmpAction, error) {
	action, err := read(f, what)
	if err != nil {
		return ActInvalid, err
	}
	return fromAction(action), nil
}

// SetBadArchAction sets the action for calls through ABIs that the filter lacks.
func (f *ScmpFilter) SetBadArchAction(action ScmpAction) error {
	if err := action.check(); err != nil {
		return err
	}
	return f.write(func(a *attributes) error {
		bad, err := action.action()
		if err != nil {
			return err
		}
		if !a.takes(bad) {
			return syscall.EINVAL
		}
		a.badArchAction = bad
		f.changed()
		return nil
	})
}

// GetNoNewPrivsBit says whether Load sets no_new_privs: true, unless SetNoNewPrivsBit has
// said otherwise.
func (f *ScmpFilter) GetNoNewPrivsBit() (bool, error) {
	return read(f, func(a *attributes) bool { return a.noNewPrivs })
}

// SetNoNewPrivsBit says whether Load sets no_new_privs. Without it the thread needs
// CAP_SYS_ADMIN.
func (f *ScmpFilter) SetNoNewPrivsBit(state bool) error {
	return f.write(func(a *attributes) error { a.noNewPrivs = state; return nil })
}

// GetLogBit says whether the kernel logs what the filter does but allow.
func (f *ScmpFilter) GetLogBit() (bool, error) {
	value, err := read(f, func(a *attributes) bool { return a.log })
	return value, needs(err, "GetLogBit", 3, 4)
}

// SetLogBit says whether the kernel logs what the filter does but allow. It needs API
// level 3.
func (f *ScmpFilter) SetLogBit(state bool) error {
	err := f.setFlag(seccomp.LogAll, func(a *attributes) { a.log = state })
	return needs(err, "SetLogBit", 3, 4)
}

// GetSSB says whether speculation stays as it is.
func (f *ScmpFilter) GetSSB() (bool, error) {
	value, err := read(f, func(a *attributes) bool { return a.ssb })
	return value, needs(err, "GetSSB", 4, 5)
}

// SetSSB says whether speculation stays as it is, where the kernel would make filtered
// threads safe against Spectre, and slow. It needs API level 4.
func (f *ScmpFilter) SetSSB(state bool) error {
	err := f.setFlag(seccomp.SpecAllow, func(a *attributes) { a.ssb = state })
	return needs(err, "SetSSB", 4, 5)
}

// setFlag sets an attribute that stands for a flag of the kernel's.
func (f *ScmpFilter) setFlag(flag seccomp.Flags, set func(a *attributes)) error {
	return f.write(func(a *attributes) error {
		if machine().flags&flag == 0 {
			return syscall.EOPNOTSUPP
		}
		set(a)
		return nil
	})
}

// GetOptimize is what SetOptimize has set, or 1.
func (f *ScmpFilter) GetOptimize() (int, error) {
	value, err := read(f, func(a *attributes) int { return a.optimize })
	return value, needs(err, "GetOptimize", 4, 5)
}

// SetOptimize takes 1 and 2, and changes nothing: calls are always told apart by searching.
func (f *ScmpFilter) SetOptimize(level int) error {
	err := f.write(func(a *attributes) error {
		if level != 1 && level != 2 {
			return syscall.EOPNOTSUPP
		}
		a.optimize = level
		return nil
	})
	return needs(err, "SetOptimize", 4, 5)
}

// GetRawRC says whether errors are the kernel's.
func (f *ScmpFilter) GetRawRC() (bool, error) {
	value, err := read(f, func(a *attributes) bool { return a.rawRC })
	return value, needs(err, "GetRawRC", 4, 5)
}

// SetRawRC says whether the errors of Load and of the exports are the kernel's errno. They
// are syscall.ECANCELED otherwise.
func (f *ScmpFilter) SetRawRC(state bool) error {
	err := f.write(func(a *attributes) error { a.rawRC = state; return nil })
	return needs(err, "SetRawRC", 4, 5)
}

// GetWaitKill says whether only fatal signals interrupt a call that a supervisor has
// received.
func (f *ScmpFilter) GetWaitKill() (bool, error) {
	value, err := read(f, func(a *attributes) bool { return a.waitKill })
	return value, needs(err, "GetWaitKill", 7, 6)
}

// SetWaitKill says whether only fatal signals interrupt a call that a supervisor has
// received. Load fails if the kernel lacks it (API level 7) and a rule asks a supervisor.
func (f *ScmpFilter) SetWaitKill(state bool) error {
	err := f.write(func(a *attributes) error { a.waitKill = state; return nil })
	return needs(err, "SetWaitKill", 7, 6)
}
