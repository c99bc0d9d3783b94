// SPDX-License-Identifier: Apache-2.0

package seccomp

import "slices"

// A transaction is a copy of the tables. Their rules are only ever appended to, so that
// copies may share them up to where they end.

// TransactionStart remembers the ABIs and the rules, for TransactionReject. Attributes are
// no part of it. Transactions may be nested.
func (f *ScmpFilter) TransactionStart() error {
	if err := f.holdWhole(); err != nil {
		return err
	}
	defer f.lock.Unlock()
	var snapshot []*table
	for _, t := range f.tables {
		snapshot = append(snapshot, &table{abi: t.abi, rules: slices.Clip(t.rules)})
	}
	f.snapshots = append(f.snapshots, snapshot)
	return nil
}

// TransactionReject ends the transaction that was started last, and undoes what was done
// since. Without one it does nothing.
func (f *ScmpFilter) TransactionReject() {
	if f.hold() != nil {
		return
	}
	defer f.lock.Unlock()
	last := len(f.snapshots) - 1
	if last < 0 {
		return
	}
	f.tables, f.snapshots = f.snapshots[last], f.snapshots[:last]
	for _, t := range f.tables {
		t.replay()
	}
	f.changed()
}

// replay makes the calls of a table from its rules, which were good once.
func (t *table) replay() {
	for i := range t.rules {
		r := &t.rules[i]
		if c, err := t.find(r); err == nil {
			t.put(c, r.on(t.abi))
		}
	}
}

// TransactionCommit ends the transaction that was started last. Without one it does
// nothing.
func (f *ScmpFilter) TransactionCommit() error {
	if err := f.holdWhole(); err != nil {
		return err
	}
	defer f.lock.Unlock()
	if last := len(f.snapshots) - 1; last >= 0 {
		f.snapshots = f.snapshots[:last]
	}
	return nil
}
