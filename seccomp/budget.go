// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"
	"strconv"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/decision"
	"github.com/gosieve/sieve/internal/settings"
	"github.com/gosieve/sieve/internal/wording"
)

// place is the calls that are being decided, and how much there is to decide. It is for the
// error of a policy that has no filter: its author is told where most conditions are.
type place struct {
	abi               arch.Arch
	numbers           Range
	first, last       int32 // rules
	rules, conditions int
}

// visit notes what is being decided.
func (c *compiler) visit(list []int32, conditions int) {
	c.at = place{c.abi, c.at.numbers, list[0], list[len(list)-1], len(list), conditions}
	if conditions > c.largest.conditions {
		c.largest = c.at
	}
	c.Spend(len(list) + conditions)
}

// budget is the limits as a graph takes them, with the defaults for those that are not set.
func budget(s *settings.Settings) decision.Budget {
	b := decision.Budget{Context: s.Context, Steps: s.Steps, Bytes: s.Memory}
	if b.Steps <= 0 {
		b.Steps = DefaultSteps
	}
	if b.Bytes <= 0 {
		b.Bytes = DefaultMemory
	}
	return b
}

// stopped is the error for work that met a limit.
func (c *compiler) stopped(s decision.Spent) error {
	switch {
	case s.Err != nil:
		return fmt.Errorf("compiling: %w", s.Err)
	case s.Bytes:
		return c.tooLong(fmt.Sprintf("no filter was found within %d bytes (Within sets the limit)", s.Most))
	}
	return c.tooLong(fmt.Sprintf("no filter was found within %d steps (Within sets the limit)", s.Most))
}

// tooLong is the error for a policy without a filter: where most conditions are, why it
// has none, and what would do.
func (c *compiler) tooLong(why string) error {
	at := c.largest
	if c.at.rules > 0 && c.at.conditions > at.conditions/2 {
		at = c.at
	}
	if at.rules == 0 {
		return fmt.Errorf("%w: %s: write fewer rules or ranges of numbers", bpf.ErrTooLong, why)
	}
	return fmt.Errorf("%w: %v: %s: write fewer conditions for that call, or conditions on one argument alone", bpf.ErrTooLong, c.say(at), why)
}

// say names a place: "x86_64 ioctl (16), rule 3 (a.json:7:3) to rule 90, 80 rules with 95 conditions".
func (c *compiler) say(p place) string {
	call := strconv.FormatUint(uint64(p.numbers.From), 10)
	if name, ok := p.abi.Name(p.numbers.From); ok && p.numbers.From == p.numbers.To {
		call = name + " (" + call + ")"
	} else if p.numbers.From != p.numbers.To {
		call = fmt.Sprintf("calls %d to %d", p.numbers.From, p.numbers.To)
	}
	first, last := c.ruleName(p.first), c.ruleName(p.last)
	return fmt.Sprintf("%v %s, %s to %s, %d rules with %d conditions", p.abi, call, first, last, p.rules, p.conditions)
}

// ruleName is wording.Rule.
func (c *compiler) ruleName(i int32) string {
	return wording.Rule(int(i), c.policy.Rules[i].Origin.String())
}
