// SPDX-License-Identifier: Apache-2.0

package decision

import (
	"math/bits"
	"slices"
)

// index finds vertices by their content: a hash table with open addressing and linear
// probing. Its size is a power of two, it is at most half full, and Undecided marks a
// slot that is free. A map would need the spans as a key, which has no fixed size.
type index struct {
	slots []Node
	used  int
}

// find is the slot of a vertex, or where it belongs.
func (x *index) find(g *Graph, v vertex, spans []Span) int {
	mask := len(x.slots) - 1
	for slot := int(v.hash(spans)) & mask; ; slot = (slot + 1) & mask {
		n := x.slots[slot]
		if n == Undecided {
			return slot
		}
		if u := &g.vertices[n]; u.word == v.word && u.value == v.value && slices.Equal(g.below(n), spans) {
			return slot
		}
	}
}

func (x *index) put(g *Graph, slot int, n Node) {
	x.slots[slot] = n
	if x.used++; 2*x.used > len(x.slots) {
		x.grow(g, 2*len(x.slots))
	}
}

func (x *index) grow(g *Graph, size int) {
	g.Take(4 * (size - len(x.slots)))
	x.slots = make([]Node, size)
	for i := range g.vertices[1:] {
		n := Node(i + 1)
		x.slots[x.find(g, g.vertices[n], g.below(n))] = n
	}
}

// hash chooses a slot. No result depends on it, only the time.
func (v vertex) hash(spans []Span) uint32 {
	h := uint64(v.word.Mask)<<8 ^ uint64(v.word.Index) ^ uint64(v.value)<<24
	for _, s := range spans {
		h = mix(h, uint64(s.Last)<<32|uint64(s.To))
	}
	return uint32(mix(h, 0) >> 32)
}

// mix folds x into h with one wide multiplication.
func mix(h, x uint64) uint64 {
	high, low := bits.Mul64(h^x^0x9e3779b97f4a7c15, 0xd6e8feb86659fd93)
	return high ^ low
}

// joins remembers the results of Over, in a table like that of index. Without it Over
// would visit every path, not every pair of vertices.
type joins struct {
	slots []join
	used  int
}

type join struct{ a, b, placeholder, result Node }

// joinBytes is the size of a join.
const joinBytes = 16

// find is the slot of a join, or where it belongs. A join of Undecided is never
// remembered: it marks a free slot.
func (x *joins) find(a, b, placeholder Node) *join {
	if x.slots == nil {
		x.slots = make([]join, 64)
	}
	mask := len(x.slots) - 1
	for slot := int(mix(uint64(a)<<32|uint64(b), uint64(placeholder))) & mask; ; slot = (slot + 1) & mask {
		j := &x.slots[slot]
		if j.a == Undecided || j.a == a && j.b == b && j.placeholder == placeholder {
			return j
		}
	}
}

// put remembers a join. The table doubles when it is half full, so that searches stay short.
func (x *joins) put(g *Graph, j join) {
	*x.find(j.a, j.b, j.placeholder) = j
	if x.used++; 2*x.used > len(x.slots) {
		g.Take(joinBytes * len(x.slots))
		old := x.slots
		x.slots = make([]join, 2*len(old))
		for _, j := range old {
			if j.a != Undecided {
				*x.find(j.a, j.b, j.placeholder) = j
			}
		}
	}
}

// clear forgets all joins. A large table is given back: clearing it for every call
// of a policy could take longer than what it saves.
func (x *joins) clear(g *Graph) {
	if len(x.slots) > 1<<12 {
		g.Take(-joinBytes * (len(x.slots) - 64))
		x.slots = nil
	}
	clear(x.slots)
	x.used = 0
}
