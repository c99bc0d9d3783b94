// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"
	"fmt"
	"slices"
	"syscall"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// This file takes rules. order.go says which of them wins, policy.go what comes of them.

// AddRule gives a call an action, on all ABIs of the filter that have it. The number is
// the call's on the ABI of this program; one without a name there is taken as it
// stands, if the filter has no other ABI. It is an error if the action is the default one, if
// the same conditions have another action already (syscall.EEXIST), or if the kernel lacks
// the action. The package comment says what a rule means beside others of the same call.
func (f *ScmpFilter) AddRule(call ScmpSyscall, action ScmpAction) error {
	return f.add(rule{call: call, code: action})
}

// AddRuleExact is AddRule for a filter of one ABI, which must have the call
// (syscall.EOPNOTSUPP, syscall.EDOM).
func (f *ScmpFilter) AddRuleExact(call ScmpSyscall, action ScmpAction) error {
	return f.add(rule{call: call, code: action, exact: true})
}

// AddRuleConditional gives a call an action where all conditions hold, each on another
// argument.
func (f *ScmpFilter) AddRuleConditional(call ScmpSyscall, action ScmpAction, conds []ScmpCondition) error {
	return f.add(rule{call: call, code: action, conds: slices.Clone(conds)})
}

// AddRuleConditionalExact is AddRuleConditional for a filter of one ABI, which must have
// the call, and not by way of socketcall(2) or ipc(2).
func (f *ScmpFilter) AddRuleConditionalExact(call ScmpSyscall, action ScmpAction, conds []ScmpCondition) error {
	return f.add(rule{call: call, code: action, exact: true, conds: slices.Clone(conds)})
}

// rule is what a caller has added.
type rule struct {
	call   ScmpSyscall
	code   ScmpAction
	exact  bool
	conds  []ScmpCondition
	action seccomp.Action // of code
}

// table is the rules of one ABI.
type table struct {
	abi   arch.Arch
	rules []rule          // in the order in which they came
	calls map[call][]pick // what came of them
}

// call is a call of an ABI: it has a number, or goes through another call, or both. One that
// the ABI lacks has neither.
type call struct {
	nr     uint32
	direct bool   // whether the kernel knows nr
	mux    string // socketcall or ipc, if it goes through that
	sub    uint32 // the call's number there
}

// pick is a rule for one call, on one ABI.
type pick struct {
	conds  []seccomp.Arg // none: always
	action seccomp.Action
}

// add adds a rule to all ABIs of the filter, or to none.
func (f *ScmpFilter) add(r rule) error {
	if err := f.hold(); err != nil {
		return err
	}
	defer f.lock.Unlock()
	if err := f.check(&r); err != nil {
		return err
	}
	calls := make([]call, len(f.tables))
	for i, t := range f.tables {
		c, err := t.find(&r)
		if err == nil && t.conflicts(c, r.on(t.abi)) {
			err = syscall.EEXIST
		}
		if err != nil {
			return err
		}
		calls[i] = c
	}
	for i, t := range f.tables {
		t.rules = append(t.rules, r)
		t.put(calls[i], r.on(t.abi))
	}
	f.changed()
	return nil
}

// on is the rule on an ABI.
func (r *rule) on(abi arch.Arch) pick { return pick{conditions(r.conds, abi.Bits()), r.action} }

// check is what does not depend on an ABI, in libseccomp's order. It sets the rule's action.
func (f *ScmpFilter) check(r *rule) (err error) {
	switch {
	case len(r.conds) > lastArgument+1:
		return fmt.Errorf("%d conditions, and a syscall has up to 6 arguments", len(r.conds))
	case len(f.tables) == 0:
		return errors.New("filter without architectures")
	case r.call.reserved():
		return fmt.Errorf("unrecognized syscall %#x", int32(r.call))
	}
	if err := r.code.known(); err != nil {
		return err
	}
	r.action, err = r.code.action()
	switch {
	case err != nil || !f.attributes.takes(r.action):
		return fmt.Errorf("%v: not supported by libseccomp or this kernel", r.code)
	case r.action == f.attributes.defaultAction:
		return errDefAction
	case r.exact && len(f.tables) > 1:
		return syscall.EOPNOTSUPP
	}
	return checkConditions(r.conds)
}

// find is the rule's call on the table's ABI. It is the zero call if the rule is of no
// account there.
func (t *table) find(r *rule) (call, error) {
	nr, name := r.call, ""
	native := arch.Native()
	if known, ok := nameOf(native, r.call); ok {
		name = known
		nr, _ = numberOf(t.abi, name)
	} else if t.abi != native {
		return call{}, fmt.Errorf("unrecognized syscall %#x", int32(r.call))
	}
	if mux, sub, ok := t.abi.Multiplexer(name); ok {
		if r.exact && len(r.conds) > 0 {
			return call{}, errors.New("an exact rule cannot see the arguments of a multiplexed call")
		}
		direct, has := t.abi.Number(name)
		return call{direct, has, mux, sub}, nil
	}
	if nr < 0 && r.exact {
		return call{}, syscall.EDOM
	}
	// A call that the ABI lacks has rules all the same, which may conflict, but not where
	// others are multiplexed.
	if _, _, multiplexes := t.abi.Multiplexer("socket"); nr < 0 && multiplexes {
		return call{}, nil
	}
	return call{nr: uint32(nr), direct: nr >= 0}, nil
}

// conflicts says whether libseccomp refuses a rule because of those that the call has.
func (t *table) conflicts(c call, p pick) bool {
	picks := t.calls[c]
	if len(p.conds) == 0 || shadowed(picks, p) {
		return false
	}
	return slices.ContainsFunc(picks, func(q pick) bool { return q.action != p.action && startsWith(q.conds, p.conds) })
}

// put adds a rule that does not conflict. A rule without conditions is alone: it ends what
// was before, and nothing comes after it.
func (t *table) put(c call, p pick) {
	picks := t.calls[c]
	if c == (call{}) || shadowed(picks, p) {
		return
	}
	if t.calls == nil {
		t.calls = map[call][]pick{}
	}
	if len(p.conds) == 0 {
		picks = nil
	}
	t.calls[c] = append(picks, p)
}

// shadowed says whether a rule is never tried, as one with fewer of its conditions is there.
func shadowed(picks []pick, p pick) bool {
	return always(picks) || slices.ContainsFunc(picks, func(q pick) bool {
		return len(q.conds) < len(p.conds) && startsWith(p.conds, q.conds)
	})
}

// always says whether one rule without conditions decides.
func always(picks []pick) bool { return len(picks) == 1 && len(picks[0].conds) == 0 }

// startsWith says whether the first conditions are those, which may be all.
func startsWith(conds, first []seccomp.Arg) bool {
	return len(first) <= len(conds) && slices.Equal(conds[:len(first)], first)
}

// SetSyscallPriority checks its arguments and does nothing: no call is asked about before
// others.
func (f *ScmpFilter) SetSyscallPriority(call ScmpSyscall, priority uint8) error {
	if err := f.holdWhole(); err != nil {
		return err
	}
	defer f.lock.Unlock()
	if call.reserved() {
		return syscall.EINVAL
	}
	for _, t := range f.tables {
		if _, err := t.find(&rule{call: call}); err != nil {
			return syscall.EFAULT
		}
	}
	return nil
}
