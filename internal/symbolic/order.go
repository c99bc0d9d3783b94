// SPDX-License-Identifier: Apache-2.0

package symbolic

// Words is how many 32-bit words a program reads: struct seccomp_data.
const Words = 16

// Order says in which order diagrams look at the bits of the input. What is
// decided first, and what is decided together, should stand together: a diagram
// that compares two words bit by bit is small if their bits alternate, and beyond
// any memory if one word comes after the other.
//
// A level is a place in the order. Level 0 is looked at first, and each of the 512 bits
// of struct seccomp_data has one level.
type Order struct {
	level [Words][32]uint16
	input [Words * 32]uint16 // by level: the word times 32, and the bit
	// groups are the words whose bits alternate, in order; most stand alone.
	groups [][]uint8
}

// LittleEndian is the order for ABIs of that byte order: the architecture, the number,
// and the arguments, all with the high half first, then the instruction pointer.
//
// The architecture and the number come first since a filter decides most calls on these.
// The high half of an argument comes before the low one, as in a comparison of 64 bits.
// The instruction pointer is last: filters hardly ever read it.
func LittleEndian() Order {
	return NewOrder([]uint8{1}, []uint8{0}, []uint8{5}, []uint8{4}, []uint8{7}, []uint8{6}, []uint8{9}, []uint8{8},
		[]uint8{11}, []uint8{10}, []uint8{13}, []uint8{12}, []uint8{15}, []uint8{14}, []uint8{3}, []uint8{2})
}

// BigEndian is the same with the halves where a big-endian ABI has them.
func BigEndian() Order {
	return NewOrder([]uint8{1}, []uint8{0}, []uint8{4}, []uint8{5}, []uint8{6}, []uint8{7}, []uint8{8}, []uint8{9},
		[]uint8{10}, []uint8{11}, []uint8{12}, []uint8{13}, []uint8{14}, []uint8{15}, []uint8{2}, []uint8{3})
}

// NewOrder makes an order of groups of words, each word in one group. Bits go
// from the highest to the lowest.
//
// The bits of a group of several words alternate: NewOrder([]uint8{4, 5}, ...) has bit 31
// of word 4, bit 31 of word 5, bit 30 of word 4, and so on.
func NewOrder(groups ...[]uint8) Order {
	o := Order{groups: groups}
	at := uint16(0)
	for _, group := range groups {
		for bit := 31; bit >= 0; bit-- {
			for _, word := range group {
				o.level[word][bit] = at
				o.input[at] = uint16(word)<<5 | uint16(bit)
				at++
			}
		}
	}
	return o
}

// Interleave is the order with the bits of words that meet in an operation
// alternating; each set holds bits of words.
//
// Sets that share a word become one group, so the result does not depend on the order of
// sets. A group stands where the first of its words stood.
func (o Order) Interleave(sets []uint16) Order {
	var groups [][]uint8
	var done uint16
	for _, group := range o.groups {
		set := uint16(0)
		for _, w := range group {
			set |= 1 << w
		}
		if set&done != 0 {
			continue
		}
		for again := true; again; {
			again = false
			for _, s := range sets {
				if s&set != 0 && s&^set != 0 {
					set, again = set|s, true
				}
			}
		}
		set &^= done
		done |= set
		groups = append(groups, o.members(set))
	}
	return NewOrder(groups...)
}

// First is the order with those words before all others.
//
// An order with a group of several words stays as it is: moving one word out of it would
// undo Interleave.
func (o Order) First(words []uint8) Order {
	var groups [][]uint8
	for _, w := range words {
		groups = append(groups, []uint8{w})
	}
	for _, group := range o.groups {
		if len(group) != 1 {
			return o
		}
		placed := false
		for _, w := range words {
			placed = placed || w == group[0]
		}
		if !placed {
			groups = append(groups, group)
		}
	}
	return NewOrder(groups...)
}

// members lists the words of a set as they stand in the order.
func (o Order) members(set uint16) []uint8 {
	var list []uint8
	for _, group := range o.groups {
		for _, w := range group {
			if set>>w&1 == 1 {
				list = append(list, w)
			}
		}
	}
	return list
}

// contiguous says whether the bits of a word stand side by side, not interleaved with
// those of others. Comparisons with constants are then runs of bits.
func (o *Order) contiguous(word uint8) bool {
	return o.level[word][0]-o.level[word][31] == 31
}

// place is the bit of the input at a level.
func (o *Order) place(level int) (word, bit int) {
	return int(o.input[level] >> 5), int(o.input[level] & 31)
}
