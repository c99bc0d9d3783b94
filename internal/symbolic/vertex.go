// SPDX-License-Identifier: Apache-2.0

package symbolic

import "math/bits"

// A function must have one diagram, also with vertices that test a run of bits at once. So
// runs are made as long as they can be. run is given a run and what follows; if what
// follows continues the run, the two become one. There are two ways to continue: hi tests
// the next bits and goes to the same lo, or lo tests the last bit the other way. Runs end
// with their group of 32 bits, which keeps a comparison of a word one vertex, and the want
// of a vertex one number.

// run is the function that is hi where the len bits from level on are want, and
// lo elsewhere. Both hi and lo look at later bits only, and the run does not
// leave its group.
//
// The bits of want stand at its high end: bit 31 is the first bit of the run, and what is
// below the run is 0.
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

// vertex is the one vertex of that content: the one in the hash table, or a new one. It is
// False once the graph is full.
//
// Equal functions being equal nodes rests on this table alone. One bit that is wanted to
// be 0 is turned around first, as else the same test would have two forms.
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
//
// The table is at most half full, so a search looks at few places. Answers in the cache
// move to their new slots; where two fall on one, one of them is lost.
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

// forget takes back the vertices that were made since there were count, of which
// nothing is left. What is not new stays where it is: places in the table are given
// in the order in which vertices are made. Ite must not have joined any of them.
//
// A node that was kept from before stays valid, and a node from after does not. An entry
// of the cache with such a node would be a wrong answer later: hence the condition on
// Ite.
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
