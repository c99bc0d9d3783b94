// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"syscall"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// ScmpFilter is rules for calls through some ABIs. NewFilter makes one: the zero
// ScmpFilter, nil and one that was released are invalid, and say so. Its methods may be
// called by several goroutines at once.
type ScmpFilter struct {
	lock  sync.Mutex
	valid bool

	attributes attributes
	tables     []*table   // of the ABIs, in the order in which they were added
	snapshots  [][]*table // of the transactions that are open

	compiled seccomp.Filter // nil if something has changed since
	listener ScmpFd         // of the last Load; -1 if there is none
}

var (
	errBadFilter = errors.New("filter is invalid or uninitialized")
	errDefAction = errors.New("requested action matches default action of filter")
)

// NewFilter returns a filter for the ABI of this program, without rules. Calls that no rule
// matches get the action. Load puts the filter in force for all threads, if the kernel can do
// that.
func NewFilter(defaultAction ScmpAction) (*ScmpFilter, error) {
	if err := defaultAction.check(); err != nil {
		return nil, err
	}
	action, err := defaultAction.action()
	if err != nil {
		return nil, fmt.Errorf("could not create filter: %v is not supported by libseccomp or this kernel", defaultAction)
	}
	f := &ScmpFilter{valid: true, listener: -1}
	if err := f.reset(action); err != nil {
		return nil, fmt.Errorf("could not create filter: %w", err)
	}
	return f, nil
}

// hold locks the filter, if it is valid. The caller unlocks it.
func (f *ScmpFilter) hold() error {
	if f == nil {
		return errBadFilter
	}
	f.lock.Lock()
	if !f.valid {
		f.lock.Unlock()
		return errBadFilter
	}
	return nil
}

// holdWhole is hold for what a filter without ABIs cannot do.
func (f *ScmpFilter) holdWhole() error {
	if err := f.hold(); err != nil {
		return err
	}
	if len(f.tables) == 0 {
		f.lock.Unlock()
		return syscall.EINVAL
	}
	return nil
}

// IsValid says whether the filter can be used: it was made by NewFilter, and neither
// released nor merged into another.
func (f *ScmpFilter) IsValid() bool {
	if f.hold() != nil {
		return false
	}
	f.lock.Unlock()
	return true
}

// Reset makes the filter what NewFilter gives. Unlike in libseccomp-golang it will still be
// loaded for all threads.
func (f *ScmpFilter) Reset(defaultAction ScmpAction) error {
	if err := defaultAction.check(); err != nil {
		return err
	}
	if err := f.hold(); err != nil {
		return err
	}
	defer f.lock.Unlock()
	action, err := defaultAction.action()
	if err != nil {
		return err
	}
	return f.reset(action)
}

func (f *ScmpFilter) reset(defaultAction seccomp.Action) error {
	native, err := ArchNative.resolve()
	if err != nil {
		return err
	}
	attributes := newAttributes(defaultAction)
	if !attributes.takes(defaultAction) {
		return syscall.EINVAL
	}
	f.attributes = attributes
	f.tables, f.snapshots = []*table{{abi: native}}, nil
	f.changed()
	return nil
}

// changed forgets the programs that were compiled.
func (f *ScmpFilter) changed() { f.compiled = nil }

// Release makes the filter invalid. What was loaded stays in force. It need not be
// called: nothing is held but memory.
func (f *ScmpFilter) Release() {
	if f.hold() != nil {
		return
	}
	defer f.lock.Unlock()
	f.release()
}

func (f *ScmpFilter) release() {
	f.valid = false
	f.tables, f.snapshots, f.compiled = nil, nil, nil
}

// merging is held by the one that holds two filters: two that did could wait for each other.
var merging sync.Mutex

// Merge gives the filter the ABIs of another, with their rules, and makes the other
// invalid. Both must have the same default action and the same no_new_privs bit
// (syscall.EINVAL) and byte order (syscall.EDOM), and no ABI in common (syscall.EEXIST).
func (f *ScmpFilter) Merge(src *ScmpFilter) error {
	errInvalid := errors.New("one or more of the filter contexts is invalid or uninitialized")
	if f == src { // which would wait for itself
		if !f.IsValid() {
			return errInvalid
		}
		return syscall.EEXIST
	}
	merging.Lock()
	defer merging.Unlock()
	if f.hold() != nil {
		return errInvalid
	}
	defer f.lock.Unlock()
	if src.hold() != nil {
		return errInvalid
	}
	defer src.lock.Unlock()

	if err := f.mergeable(src); err != nil {
		return err
	}
	f.tables = append(f.tables, src.tables...)
	f.changed()
	src.release()
	return nil
}

func (f *ScmpFilter) mergeable(src *ScmpFilter) error {
	a, b := &f.attributes, &src.attributes
	if len(f.tables) == 0 || len(src.tables) == 0 || a.defaultAction != b.defaultAction || a.noNewPrivs != b.noNewPrivs || a.allThreads != b.allThreads {
		return fmt.Errorf("filters could not be merged due to a mismatch in attributes or invalid filter: %w", syscall.EINVAL)
	}
	if f.tables[0].abi.BigEndian() != src.tables[0].abi.BigEndian() {
		return syscall.EDOM
	}
	for _, t := range src.tables {
		if f.table(t.abi) != nil {
			return syscall.EEXIST
		}
	}
	return nil
}

// table is the rules of an ABI, or nil.
func (f *ScmpFilter) table(abi arch.Arch) *table {
	for _, t := range f.tables {
		if t.abi == abi {
			return t
		}
	}
	return nil
}

// withABI calls a function with the filter locked, if both it and the ABI are valid.
func (f *ScmpFilter) withABI(a ScmpArch, do func(arch.Arch) error) error {
	abi, err := a.resolve()
	if err != nil {
		return err
	}
	if err := f.hold(); err != nil {
		return err
	}
	defer f.lock.Unlock()
	return do(abi)
}

// IsArchPresent says whether the filter has rules and the default action for calls through
// an ABI. All other ABIs get the action of SetBadArchAction.
func (f *ScmpFilter) IsArchPresent(a ScmpArch) (present bool, err error) {
	err = f.withABI(a, func(abi arch.Arch) error {
		present = f.table(abi) != nil
		return nil
	})
	return present, err
}

// AddArch adds an ABI, which has only the rules that are added after it. It is no error
// if the filter has it. syscall.EDOM means that the byte order is not that of the
// others: their programs could not be one.
func (f *ScmpFilter) AddArch(a ScmpArch) error {
	return f.withABI(a, func(abi arch.Arch) error {
		if f.table(abi) != nil {
			return nil
		}
		if len(f.tables) > 0 && f.tables[0].abi.BigEndian() != abi.BigEndian() {
			return syscall.EDOM
		}
		f.tables = append(f.tables, &table{abi: abi})
		f.changed()
		return nil
	})
}

// RemoveArch removes an ABI and its rules. It is no error if the filter lacks it. A
// filter without ABIs takes no rules, has no attributes and makes no program
// (syscall.EINVAL) until it is given one.
func (f *ScmpFilter) RemoveArch(a ScmpArch) error {
	return f.withABI(a, func(abi arch.Arch) error {
		f.tables = slices.DeleteFunc(slices.Clone(f.tables), func(t *table) bool { return t.abi == abi })
		f.changed()
		return nil
	})
}
