// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/argument"
)

// namesAtMost is how many calls are looked at for the name of an argument or a value. All must
// agree on it.
const namesAtMost = 8

// valueEdges gives a test of an argument, or of the instruction pointer, its title and edges.
// A test with two outcomes, of which one is a single range, is a question of yes or no.
func (b *builder) valueEdges(n *Node, v *vertex, list []outcome) {
	w := newWriter(v)
	n.Title = w.subject()
	if len(list) == 2 {
		for yes := range 2 {
			if text, ok := w.condition(list[yes].region); ok && list[yes].region.size() <= list[1-yes].region.size() {
				n.Title += text
				n.Edges = branch([]int{list[yes].id, list[1-yes].id})
				return
			}
		}
	}
	largest := 0
	for k, o := range list {
		if o.region.size() > list[largest].region.size() {
			largest = k
		}
	}
	for k, o := range list {
		values := []string{"otherwise"}
		if k != largest {
			values = w.region(o.region)
		}
		n.Edges = append(n.Edges, Edge{o.id, values})
	}
}

// writer writes the values of the field that a test compares.
type writer struct {
	*vertex
	calls []string // by name; nil if they are too many, or some have none
	index int      // of the argument, -1 for none
}

// newWriter finds out whose argument it is.
func newWriter(v *vertex) *writer {
	w := &writer{vertex: v, index: -1}
	if v.field >= fieldArgs {
		w.index = (v.field - fieldArgs) / 2
	}
	if v.numbers.size() > namesAtMost {
		return w
	}
	for _, r := range v.numbers {
		for n := uint64(r.From); n <= uint64(r.To); n++ {
			name, ok := v.abi.Name(uint32(n))
			if !ok {
				w.calls = nil
				return w
			}
			w.calls = append(w.calls, name)
		}
	}
	return w
}

// subject is what is asked: "socket: domain", "clone: flags & CLONE_NEWUSER".
func (w *writer) subject() string {
	text := ""
	if runs := runsOf(w.abi, w.numbers); w.index >= 0 && callsOf(w.vertex) != nil {
		if w.calls != nil && len(w.calls) <= 3 {
			text = strings.Join(w.calls, ", ") + ": "
		} else {
			text = fmt.Sprintf("%d calls: ", Count(runs))
		}
	}
	text += w.half() + w.parameter()
	if mask := w.mask(); mask != w.largest() {
		text += " & " + w.value(mask)
	}
	return text
}

// parameter is the argument's name, "args[1]" if the calls have no one name for it.
func (w *writer) parameter() string {
	if w.index < 0 {
		return "instruction pointer"
	}
	named := agreed(w.calls, func(call string) string { return argument.Parameter(w.abi, call, w.index) })
	return cmp.Or(named, fmt.Sprintf("args[%d]", w.index))
}

// half says that one half alone is compared, where the kernel reads more than that.
func (w *writer) half() string {
	switch {
	case !w.abi.Valid():
		return [2]string{"first word of ", "second word of "}[w.field&1]
	case w.tested == [2]bool{true, true}:
		return ""
	case w.tested[1]:
		return "high half of "
	case w.abi.Bits() == 32 && w.index >= 0:
		return ""
	}
	for _, call := range w.calls {
		if bits, ok := arch.Width(call, w.index); !ok || bits > 32 {
			return "low half of "
		}
	}
	if w.calls == nil {
		return "low half of "
	}
	return ""
}

// mask is the bits that are compared.
func (w *writer) mask() uint64 {
	switch w.tested {
	case [2]bool{true, true}:
		return uint64(w.masks[1])<<32 | uint64(w.masks[0])
	case [2]bool{false, true}:
		return uint64(w.masks[1])
	}
	return uint64(w.masks[0])
}

// largest is the largest value of the halves that are compared.
func (w *writer) largest() uint64 {
	if w.tested == [2]bool{true, true} {
		return 1<<64 - 1
	}
	return 1<<32 - 1
}

// value is a value by the name that all calls have for it, or a number.
func (w *writer) value(v uint64) string {
	if w.index < 0 || v > uint64(most) || w.tested[1] && !w.tested[0] {
		return hex(v)
	}
	named := agreed(w.calls, func(name string) string { return constant(call{w.abi, name}, w.index, v) })
	return cmp.Or(named, hex(v))
}

// ranges are the values of a region as ranges of the halves that are compared. They are false
// if the halves depend on each other in another way.
func (w *writer) ranges(r Region) (list [][2]uint64, ok bool) {
	for _, row := range r {
		high := row.High
		switch {
		case w.tested == [2]bool{false, true}:
			list = append(list, [2]uint64{uint64(high.From), uint64(high.To)})
		case w.tested[1] && row.Low.full():
			list = append(list, [2]uint64{uint64(high.From) << 32, uint64(high.To)<<32 | uint64(most)})
		case w.tested[1] && high.From != high.To:
			return nil, false
		default:
			base := uint64(0)
			if w.tested[1] {
				base = uint64(high.From) << 32
			}
			for _, low := range row.Low {
				list = append(list, [2]uint64{base | uint64(low.From), base | uint64(low.To)})
			}
		}
	}
	return joinValues(list), true
}

// joinValues joins ranges that touch.
func joinValues(list [][2]uint64) [][2]uint64 {
	var joined [][2]uint64
	for _, r := range list {
		if k := len(joined) - 1; k >= 0 && joined[k][1]+1 == r[0] {
			joined[k][1] = r[1]
			continue
		}
		joined = append(joined, r)
	}
	return joined
}

// condition is a region as what follows its subject: " = 3", " >= 4". It is false for more
// than one range.
func (w *writer) condition(r Region) (string, bool) {
	list, ok := w.ranges(r)
	if !ok || len(list) != 1 {
		return "", false
	}
	from, to := list[0][0], list[0][1]
	text := rangeText(from, to, w.largest(), w.value)
	switch {
	case w.mask() != w.largest() && from == 1 && to == w.largest():
		return " != 0", true
	case from == to:
		return " = " + text, true
	case strings.HasPrefix(text, "<= "), strings.HasPrefix(text, ">= "):
		return " " + text, true
	}
	return " in " + text, true
}

// region is a region as a list of ranges.
func (w *writer) region(r Region) []string {
	var list []string
	if values, ok := w.ranges(r); ok {
		for _, v := range values {
			list = append(list, rangeText(v[0], v[1], w.largest(), w.value))
		}
		return shortened(list)
	}
	for _, row := range r {
		high := rangeText(uint64(row.High.From), uint64(row.High.To), uint64(most), hex)
		list = append(list, "high half "+high+" and low half "+strings.Join(wordsText(row.Low), " or "))
	}
	return shortened(list)
}
