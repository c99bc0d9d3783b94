// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/argument"
	"github.com/gosieve/sieve/internal/review"
	"github.com/gosieve/sieve/seccomp"
)

// Text and markdown show a review in blocks: what was opened, closed or changed otherwise on
// an ABI. ABIs with equal blocks share one, as a profile's rules mostly hold for all of its
// ABIs. An ABI that one side does not list at all is one row and not hundreds: that it is
// listed is the change.

// block is a heading and its rows.
type block struct {
	abis      []string
	direction review.Direction
	rows      []row
}

// row is calls that changed in the same way, in words.
type row struct {
	calls          []string // a line may be broken between them
	a, b           string   // the answers
	placeA, placeB string   // what decides them; empty for filters
	example        string   // a call; empty where the calls are examples enough
}

// blocks are those of a review, in the order of their first ABIs.
func blocks(changes []review.Change) []block {
	var list []block
	for len(changes) > 0 {
		first := &changes[0]
		n := slices.IndexFunc(changes, func(c review.Change) bool { return c.ABI != first.ABI || c.Direction != first.Direction })
		if n < 0 {
			n = len(changes)
		}
		b := block{[]string{abiName(first.ABI)}, first.Direction, rows(changes[:n])}
		changes = changes[n:]
		same := slices.IndexFunc(list, func(x block) bool { return x.direction == b.direction && slices.EqualFunc(x.rows, b.rows, row.equal) })
		if same >= 0 {
			list[same].abis = append(list[same].abis, b.abis...)
			continue
		}
		list = append(list, b)
	}
	return list
}

// abiName is an ABI in a heading.
func abiName(a arch.Arch) string {
	if a == 0 {
		return "other AUDIT_ARCH tokens"
	}
	return a.String()
}

// equal says whether two rows say the same; their examples may differ by ABI.
func (r row) equal(x row) bool {
	return slices.Equal(r.calls, x.calls) && r.a == x.a && r.b == x.b && r.placeA == x.placeA && r.placeB == x.placeB
}

// rows are the changes of one block.
func rows(changes []review.Change) []row {
	if r, ok := foreign(changes); ok {
		return []row{r}
	}
	var list []row
	for i := range changes {
		c := &changes[i]
		r := row{calls: callsOf(c), a: answerText(c.ABI, &c.A), b: answerText(c.ABI, &c.B), placeA: c.A.Place(), placeB: c.B.Place()}
		if len(c.Where) > 1 || len(c.Where[0]) > 0 || len(c.Calls) == 0 {
			r.example = review.Witness(&c.Witness)
		}
		if c.Computed {
			r.a, r.b = r.a+" (computed)", r.b+" (computed)"
		}
		list = append(list, r)
	}
	return list
}

// callsOf are the calls of a change, each with the sets of its arguments.
func callsOf(c *review.Change) []string {
	var list []string
	switch {
	case c.All:
		return append([]string{"all calls"}, eachWith(c)...) // how many have names differs by ABI
	case c.ABI == 0:
		return []string{review.Tokens(c)}
	}
	list = append(list, withArguments(c)...)
	if len(c.Numbers) > 0 {
		list = append(list, review.NumbersOf(c))
	}
	return list
}

// each is how many calls with the same conditions are each written with them.
const each = 4

// withArguments are the calls of a change that have a name, with their arguments. Where many
// calls have the same conditions, those follow once.
func withArguments(c *review.Change) []string {
	var list []string
	whatever := len(c.Where) == 1 && len(c.Where[0]) == 0
	for _, call := range c.Calls {
		if whatever || len(c.Calls) > each {
			list = append(list, call.Name)
		} else {
			list = append(list, c.Sets(call)...)
		}
	}
	if len(c.Calls) > each {
		list = append(list, eachWith(c)...)
	}
	return list
}

// eachWith is the arguments of all calls of a change; empty if they do not matter.
func eachWith(c *review.Change) []string {
	if len(c.Where) == 1 && len(c.Where[0]) == 0 {
		return nil
	}
	return []string{"each with arguments " + strings.Join(c.Sets(review.Call{}), " or ")}
}

// few is how many calls of a foreign ABI are shown one by one.
const few = 12

// foreign is the row of an ABI that one side does not list.
func foreign(changes []review.Change) (row, bool) {
	unlisted := func(a *review.Answer) bool { return a.By != nil && a.By.By == seccomp.ByBadArch }
	first := &changes[0]
	if first.ABI == 0 || unlisted(&first.A) == unlisted(&first.B) {
		return row{}, false
	}
	if len(changes) == 1 && (first.All || len(first.Calls) < few) {
		return row{}, false
	}
	r := row{a: answerText(first.ABI, &first.A), b: answerText(first.ABI, &first.B), placeA: first.A.Place(), placeB: first.B.Place()}
	side, text, place := "A", &r.a, &r.placeA
	other := func(c *review.Change) *review.Answer { return &c.A }
	if unlisted(&first.A) {
		side, text, place = "B", &r.b, &r.placeB
		other = func(c *review.Change) *review.Answer { return &c.B }
	}
	r.calls = []string{fmt.Sprintf("calls of an ABI that only %s lists (--format json has each)", side)}
	var answers []string
	counts := map[string]map[string]bool{}
	for i := range changes {
		action := answerText(first.ABI, other(&changes[i]))
		if counts[action] == nil {
			answers = append(answers, action)
			counts[action] = map[string]bool{}
		}
		for _, call := range changes[i].Calls {
			counts[action][call.Name] = true
		}
	}
	for i, action := range answers {
		answers[i] = fmt.Sprintf("%s for %s", action, counted(len(counts[action]), "call"))
	}
	*text, *place = strings.Join(answers, ", "), ""
	return r, true
}

// answerText is an action with the name of its errno: ERRNO(EPERM).
func answerText(abi arch.Arch, a *review.Answer) string { return actionText(abi, a.Action) }

func actionText(abi arch.Arch, a seccomp.Action) string {
	if a.Kind() == seccomp.Errno(0) && abi.Valid() {
		if name := argument.Errno(abi, a.Data()); name != "" {
			return "ERRNO(" + name + ")"
		}
	}
	return a.String()
}

// summary counts what a review has: "2 calls opened, 1 closed, 0 changed otherwise".
func summary(r *review.Review) string {
	var parts []string
	for _, d := range []review.Direction{review.Opened, review.Closed, review.Other} {
		names, more := map[string]bool{}, ""
		for i := range r.Changes {
			c := &r.Changes[i]
			if c.Direction != d {
				continue
			}
			for _, call := range c.Calls {
				names[call.Name] = true
			}
			if len(c.Numbers) > 0 {
				more = " and numbers without a name"
			}
		}
		count := fmt.Sprint(len(names))
		if len(parts) == 0 {
			count = counted(len(names), "call")
		}
		parts = append(parts, count+more+" "+d.String())
	}
	return strings.Join(parts, ", ")
}
