// SPDX-License-Identifier: Apache-2.0

package symbolic

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

// Graph holds the diagrams that are to be compared with each other. It is for one
// goroutine. Once a limit is reached it is full: its methods still return, quickly, but
// what they return means nothing (Full, Err).
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
