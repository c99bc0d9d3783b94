// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/seccomp"
)

// ScmpCompareOp compares an argument with a value, without sign.
type ScmpCompareOp uint

// The operators.
const (
	CompareInvalid      ScmpCompareOp = iota // the zero value, which is none
	CompareNotEqual                          // argument != Operand1
	CompareLess                              // argument < Operand1
	CompareLessOrEqual                       // argument <= Operand1
	CompareEqual                             // argument == Operand1
	CompareGreaterEqual                      // argument >= Operand1
	CompareGreater                           // argument > Operand1
	CompareMaskedEqual                       // argument & Operand1 == Operand2 & Operand1
)

var operators = [...]struct {
	op   seccomp.Op
	name string
}{
	CompareInvalid:      {0, "Invalid comparison operator"},
	CompareNotEqual:     {seccomp.NE, "Not equal"},
	CompareLess:         {seccomp.LT, "Less than"},
	CompareLessOrEqual:  {seccomp.LE, "Less than or equal to"},
	CompareEqual:        {seccomp.EQ, "Equal"},
	CompareGreaterEqual: {seccomp.GE, "Greater than or equal to"},
	CompareGreater:      {seccomp.GT, "Greater than"},
	CompareMaskedEqual:  {seccomp.MaskedEQ, "Masked equality"},
}

// String describes the operator.
func (a ScmpCompareOp) String() string {
	if a > CompareMaskedEqual {
		return fmt.Sprintf("Unrecognized comparison operator %#x", uint(a))
	}
	return operators[a].name
}

func (a ScmpCompareOp) check() error {
	if a == CompareInvalid || a > CompareMaskedEqual {
		return fmt.Errorf("unrecognized comparison operator %#x", uint(a))
	}
	return nil
}

// ScmpCondition is a condition on one argument. MakeCondition checks it; the functions
// that add a rule check it again.
type ScmpCondition struct {
	Argument uint          `json:"argument,omitempty"`
	Op       ScmpCompareOp `json:"operator,omitempty"`
	Operand1 uint64        `json:"operand_one,omitempty"`
	Operand2 uint64        `json:"operand_two,omitempty"`
}

// lastArgument is the index of a system call's last argument.
const lastArgument = 5

// MakeCondition is a condition on the argument of that index, from 0 to 5. One value is
// the operand. Of CompareMaskedEqual the first is the mask and the second what the
// masked argument is compared with.
func MakeCondition(arg uint, comparison ScmpCompareOp, values ...uint64) (ScmpCondition, error) {
	if err := comparison.check(); err != nil {
		return ScmpCondition{}, err
	}
	switch {
	case arg > lastArgument:
		return ScmpCondition{}, tooFar(arg)
	case len(values) > 2:
		return ScmpCondition{}, fmt.Errorf("conditions can have at most 2 arguments (%d given)", len(values))
	case len(values) == 0:
		return ScmpCondition{}, errors.New("must provide at least one value to compare against")
	}
	c := ScmpCondition{Argument: arg, Op: comparison, Operand1: values[0]}
	if len(values) == 2 {
		c.Operand2 = values[1]
	}
	return c, nil
}

func tooFar(arg uint) error {
	return fmt.Errorf("syscalls only have up to 6 arguments (%d given)", arg)
}

// checkConditions is what libseccomp refuses in the conditions of one rule.
func checkConditions(conds []ScmpCondition) error {
	var seen [lastArgument + 1]bool
	for _, c := range conds {
		if c.Argument > lastArgument {
			return tooFar(c.Argument)
		}
		if err := c.Op.check(); err != nil {
			return err
		}
		if seen[c.Argument] {
			return errors.New("two checks on same syscall argument")
		}
		seen[c.Argument] = true
	}
	return nil
}

// conditions are those of a rule on an ABI of that word size, by argument, as libseccomp
// reads them: where arguments have 32 bits, so do operands, and what a mask of zero
// leaves is always true and says nothing.
func conditions(conds []ScmpCondition, bits int) []seccomp.Arg {
	var args []seccomp.Arg
	for _, c := range conds {
		word := ^uint64(0)
		if bits == 32 {
			word = 1<<32 - 1
		}
		a := seccomp.Arg{Index: int(c.Argument), Op: operators[c.Op].op, Value: c.Operand1 & word}
		if a.Op == seccomp.MaskedEQ {
			a.Mask = c.Operand1 & word
			a.Value = c.Operand2 & a.Mask
			if a.Mask == 0 {
				continue
			}
		}
		args = append(args, a)
	}
	slices.SortFunc(args, func(a, b seccomp.Arg) int { return a.Index - b.Index })
	return args
}
