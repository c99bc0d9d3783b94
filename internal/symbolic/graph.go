// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"math/bits"
	"slices"
)

// Node is a function of the input bits: a vertex of a Graph, or a leaf. Two
// functions of one graph are equal if and only if their nodes are.
type Node uint32

const (
	leafBit Node = 1 << 31

	// False and True are the leaves 0 and 1: the answers of conditions.
	False = leafBit
	True  = leafBit | 1

	inputLevels = 32 * Words // bits that follow are results which the kernel leaves open
	endLevel    = 1 << 15    // the level of leaves: below all bits
)

// Graph holds the diagrams that are to be compared with each other.
//
// A vertex looks at a run of bits, the highest first. If they are what it wants
// it goes to hi, if any is not to lo: a comparison with a constant of 32 bits is
// one vertex, and a bound of an interval a few. Runs are as long as they can be
// and do not leave a group of 32 bits; bits that do not matter appear in none. So
// each function has one diagram.
type Graph struct {
	Order
	meter
	vertices []vertex
	table    []Node // by hash, 0 where free; its length is a power of two
	values   []uint32
	leaves   map[uint32]Node // of values, if there are many
	cache    []entry         // what Ite found lately, by hash
	vectors  map[[32]Node]*[32]Node
	unknowns int // results that are open
	results  map[operation]int
	at       *Data // the one input that is asked about, if it is one
	rested   bool
	open     bool // products and quotients are left open
	price    int  // of making or joining a vertex, in steps
}

// vertex is a run of len bits from level on. want holds what they must be, the
// first in the highest bit. A run of one bit always wants 1.
type vertex struct {
	level  uint16
	len    uint8
	want   uint32
	hi, lo Node
}

type entry struct{ c, f, h, result Node }

// New returns an empty graph. Limits of 0 are the default's.
func New(order Order, limits Limits) *Graph {
	return &Graph{
		Order:    order,
		meter:    newMeter(limits),
		vertices: make([]vertex, 1, 2048), // 0 is free for the table
		table:    make([]Node, 4096),
		values:   []uint32{0, 1},
		cache:    make([]entry, 2048),
		price:    1,
	}
}

// Leaf is the constant function v.
func (g *Graph) Leaf(v uint32) Node {
	const few = 16
	if len(g.values) <= few {
		for i, x := range g.values {
			if x == v {
				return leafBit | Node(i)
			}
		}
	} else if n, ok := g.leaves[v]; ok {
		return n
	}
	n := leafBit | Node(len(g.values))
	g.values = append(g.values, v)
	if len(g.values) > few {
		if g.leaves == nil {
			g.leaves = map[uint32]Node{}
			for i, x := range g.values {
				g.leaves[x] = leafBit | Node(i)
			}
		}
		g.leaves[v] = n
	}
	return n
}

// LeafValue is the value of a leaf.
func (g *Graph) LeafValue(n Node) (v uint32, ok bool) {
	if n&leafBit == 0 {
		return 0, false
	}
	return g.values[n&^leafBit], true
}

// first is the level of the first bit that n looks at.
func (g *Graph) first(n Node) int {
	if n&leafBit != 0 {
		return endLevel
	}
	return int(g.vertices[n].level)
}

// forget takes back the vertices that were made since there were count, of which
// nothing is left. What is not new stays where it is: places in the table are given
// in the order in which vertices are made. Ite must not have joined any of them.
func (g *Graph) forget(count int) {
	mask := len(g.table) - 1
	for i := len(g.vertices) - 1; i >= count; i-- {
		at := int(g.vertices[i].hash()) & mask
		for g.table[at] != Node(i) {
			at = (at + 1) & mask
		}
		g.table[at] = 0
	}
	g.hold(-vertexBytes * (len(g.vertices) - count))
	g.vertices = g.vertices[:count]
}

// run is the function that is hi where the len bits from level on are want, and
// lo elsewhere. Both hi and lo look at later bits only, and the run does not
// leave its group.
func (g *Graph) run(level, length int, want uint32, hi, lo Node) Node {
	if hi == lo {
		return hi
	}
	end := level + length
	if end%32 == 0 { // the group ends
		return g.vertex(level, length, want, hi, lo)
	}
	if g.first(hi) == end { // hi's run continues this one?
		v := g.vertices[hi]
		if v.lo == lo {
			return g.vertex(level, length+int(v.len), want|v.want>>length, v.hi, lo)
		}
		if v.len == 1 && v.hi == lo {
			return g.vertex(level, length+1, want, v.lo, lo)
		}
	}
	if g.first(lo) == end { // or lo's one that looks at the last bit the other way?
		v := g.vertices[lo]
		if v.len == 1 && v.hi == hi {
			v.lo, v.hi, v.want = v.hi, v.lo, 0
		}
		if v.lo == hi {
			last := uint32(1) << (32 - length)
			other := (^want & last) << (length - 1)
			n := g.vertex(end-1, 1+int(v.len), other|v.want>>1, v.hi, hi)
			if length == 1 {
				return n
			}
			return g.vertex(level, length-1, want&^last, n, lo)
		}
	}
	return g.vertex(level, length, want, hi, lo)
}

// vertex returns the one vertex of that content.
func (g *Graph) vertex(level, length int, want uint32, hi, lo Node) Node {
	if length == 1 && want == 0 {
		want, hi, lo = 1<<31, lo, hi
	}
	if !g.work(g.price) {
		return False
	}
	v := vertex{uint16(level), uint8(length), want, hi, lo}
	mask := len(g.table) - 1
	at := int(v.hash()) & mask
	for ; g.table[at] != 0; at = (at + 1) & mask {
		if n := g.table[at]; g.vertices[n] == v {
			return n
		}
	}
	if g.hold(vertexBytes); g.full {
		return False
	}
	n := Node(len(g.vertices))
	g.vertices = append(g.vertices, v)
	g.table[at] = n
	if 2*len(g.vertices) > len(g.table) {
		g.grow()
	}
	return n
}

func (v *vertex) hash() uint32 {
	return mix(uint64(v.hi)<<32|uint64(v.lo), uint64(v.want)<<32|uint64(v.level)<<8|uint64(v.len))
}

// mix is a hash of two words: the middle of a product, which all bits reach.
func mix(a, b uint64) uint32 {
	high, low := bits.Mul64(a^0x9e3779b97f4a7c15, b^0xd1b54a32d192ed03)
	x := high ^ low
	return uint32(x ^ x>>32)
}

// Tables that no processor's cache holds any more take about four times as long for
// each vertex.
const (
	cachedTable = 1 << 18
	farPrice    = 3
)

// grow doubles the table of vertices, and lets the cache follow up to 8 MB.
func (g *Graph) grow() {
	g.table = make([]Node, 2*len(g.table))
	if len(g.table) > cachedTable {
		g.price = farPrice
	}
	mask := len(g.table) - 1
	for i := 1; i < len(g.vertices); i++ {
		at := int(g.vertices[i].hash()) & mask
		for g.table[at] != 0 {
			at = (at + 1) & mask
		}
		g.table[at] = Node(i)
	}
	old := g.cache
	g.cache = make([]entry, min(len(g.table), 1<<19))
	for _, e := range old {
		if e.c != 0 {
			*g.slot(e.c, e.f, e.h) = e
		}
	}
}

// slot is where the cache holds a question, if it does.
func (g *Graph) slot(c, f, h Node) *entry {
	return &g.cache[int(mix(uint64(c)<<32|uint64(f), uint64(h)))&(len(g.cache)-1)]
}

// Ite is the function that is f where the condition c holds, and h elsewhere.
func (g *Graph) Ite(c, f, h Node) Node {
	switch {
	case c == True || f == h:
		return f
	case c == False:
		return h
	case f == True && h == False:
		return c
	}
	if e := g.slot(c, f, h); e.c == c && e.f == f && e.h == h {
		return e.result
	}
	if !g.work(g.price) {
		return False
	}
	s := g.shared(c, f, h)
	c1, c0 := g.part(c, s)
	f1, f0 := g.part(f, s)
	h1, h0 := g.part(h, s)
	hi, lo := g.Ite(c1, f1, h1), g.Ite(c0, f0, h0)
	n := g.run(s.level, s.len, s.want, hi, lo)
	if !g.full {
		*g.slot(c, f, h) = entry{c, f, h, n}
	}
	return n
}

// step is a run on which several functions divide: where its bits are want all
// go on, and where any is not, those that start at its level are at their lo.
type step struct {
	level, len int
	want       uint32
}

// shared is the longest step that nodes which are not all leaves can take together.
func (g *Graph) shared(nodes ...Node) step {
	s := step{level: endLevel, len: 32}
	for _, n := range nodes {
		s.level = min(s.level, g.first(n))
	}
	if s.level == endLevel {
		return s
	}
	first := true
	for _, n := range nodes {
		level := g.first(n)
		if level > s.level {
			s.len = min(s.len, level-s.level)
			continue
		}
		v := &g.vertices[n]
		s.len = min(s.len, int(v.len))
		if first {
			s.want, first = v.want, false
		} else {
			s.len = min(s.len, bits.LeadingZeros32(s.want^v.want))
		}
	}
	s.len = max(s.len, 1)
	s.want &= ^uint32(0) << (32 - s.len)
	return s
}

// part divides a function: what it is where the step's bits are as wanted, and
// where they are not.
func (g *Graph) part(n Node, s step) (hi, lo Node) {
	if g.first(n) != s.level {
		return n, n
	}
	v := g.vertices[n]
	switch same := (v.want^s.want)>>31 == 0; {
	case s.len == int(v.len) && same:
		return v.hi, v.lo
	case s.len == int(v.len):
		return v.lo, v.hi
	case same:
		return g.rest(v, s.len), v.lo
	}
	return v.lo, g.rest(v, 1)
}

// rest is what is left of a run when its first bits were as wanted.
func (g *Graph) rest(v vertex, length int) Node {
	return g.vertex(int(v.level)+length, int(v.len)-length, v.want<<length, v.hi, v.lo)
}

// Not is where c does not hold.
func (g *Graph) Not(c Node) Node { return g.Ite(c, False, True) }

// And is where both hold.
func (g *Graph) And(a, b Node) Node { return g.Ite(a, b, False) }

// Or is where at least one holds.
func (g *Graph) Or(a, b Node) Node { return g.Ite(a, True, b) }

// Xor is where exactly one holds.
func (g *Graph) Xor(a, b Node) Node {
	switch {
	case a == b:
		return False
	case a == False:
		return b
	case b == False:
		return a
	}
	return g.Ite(a, g.Not(b), b)
}

// Each is the function whose values are those of n, changed by to.
func (g *Graph) Each(n Node, to func(uint32) uint32) Node {
	g.work(1 + len(g.values)/16)
	if !slices.ContainsFunc(g.values, func(v uint32) bool { return to(v) != v }) {
		return n // as is usual
	}
	seen := map[Node]Node{}
	defer func() { g.hold(-entryBytes * len(seen)) }()
	var each func(Node) Node
	each = func(n Node) Node {
		if v, ok := g.LeafValue(n); ok {
			return g.Leaf(to(v))
		}
		if r, ok := seen[n]; ok {
			return r
		}
		if !g.work(1) {
			return False
		}
		v := g.vertices[n]
		r := g.run(int(v.level), int(v.len), v.want, each(v.hi), each(v.lo))
		seen[n] = r
		g.hold(entryBytes)
		return r
	}
	return each(n)
}

// Join is the function whose values are those of f and h, joined by to.
func (g *Graph) Join(f, h Node, to func(f, h uint32) uint32) Node {
	seen := map[[2]Node]Node{}
	defer func() { g.hold(-entryBytes * len(seen)) }()
	var join func(f, h Node) Node
	join = func(f, h Node) Node {
		if f&h&leafBit != 0 {
			return g.Leaf(to(g.values[f&^leafBit], g.values[h&^leafBit]))
		}
		if r, ok := seen[[2]Node{f, h}]; ok {
			return r
		}
		if !g.work(g.price) {
			return False
		}
		s := g.shared(f, h)
		f1, f0 := g.part(f, s)
		h1, h0 := g.part(h, s)
		r := g.run(s.level, s.len, s.want, join(f1, h1), join(f0, h0))
		seen[[2]Node{f, h}] = r
		g.hold(entryBytes)
		return r
	}
	return join(f, h)
}
