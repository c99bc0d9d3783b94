// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"math"
	"math/bits"
)

// What is read off a diagram: the words that it looks at, its values, its largest set of
// inputs, its fraction of all inputs. Each is one visit of every vertex, which counts as a
// step, with what is known of the vertices below in a map. Deciding needs none of it;
// decompiling and lint do.

// Held is how many bytes the graph holds.
func (m *meter) Held() int { return m.held }

// Size is how many vertices the graph has.
func (g *Graph) Size() int { return len(g.vertices) }

// visit calls f for every vertex below n once, and for every leaf.
func (g *Graph) visit(n Node, f func(Node)) {
	seen := map[Node]bool{}
	defer func() { g.hold(-entryBytes * len(seen)) }()
	list := []Node{n}
	for len(list) > 0 && !g.full {
		n := list[len(list)-1]
		list = list[:len(list)-1]
		if seen[n] {
			continue
		}
		seen[n] = true
		g.work(1)
		g.hold(entryBytes)
		f(n)
		if n&leafBit == 0 {
			list = append(list, g.vertices[n].lo, g.vertices[n].hi)
		}
	}
}

// Support is the set of words that a function looks at.
func (g *Graph) Support(n Node) uint16 {
	set := uint16(0)
	g.visit(n, func(n Node) {
		if n&leafBit != 0 {
			return
		}
		v := &g.vertices[n]
		for i := range int(v.len) {
			if level := int(v.level) + i; level < inputLevels {
				word, _ := g.place(level)
				set |= 1 << word
			}
		}
	})
	return set
}

// Values are those that a function has, each once.
func (g *Graph) Values(n Node) []uint32 {
	var list []uint32
	g.visit(n, func(n Node) {
		if v, ok := g.LeafValue(n); ok {
			list = append(list, v)
		}
	})
	return list
}

// Copy is the function n of another graph.
//
// If the orders are the same, a vertex is copied as it is. If they differ, each run
// becomes a chain of single bits that are joined again, which can make the function much
// larger.
func (g *Graph) Copy(from *Graph, n Node) Node {
	same := g.level == from.level
	seen := map[Node]Node{}
	defer func() { g.hold(-entryBytes * len(seen)) }()
	var to func(Node) Node
	to = func(n Node) Node {
		if v, ok := from.LeafValue(n); ok {
			return g.Leaf(v)
		}
		if r, ok := seen[n]; ok || g.full {
			return r
		}
		g.work(1)
		v := from.vertices[n]
		hi, lo := to(v.hi), to(v.lo)
		var r Node
		if same || int(v.level) >= inputLevels {
			r = g.vertex(int(v.level), int(v.len), v.want, hi, lo)
		} else {
			r = hi
			for i := int(v.len) - 1; i >= 0; i-- {
				word, at := from.place(int(v.level) + i)
				bit := g.bit(uint8(word), at)
				if v.want<<i>>31 == 1 {
					r = g.Ite(bit, r, lo)
				} else {
					r = g.Ite(bit, lo, r)
				}
			}
		}
		seen[n] = r
		g.hold(entryBytes)
		return r
	}
	return to(n)
}

// Cases are the values of a word, by what the function is for them; ok is false
// if there are more than most, or if the function looks at another word first.
//
// It is the inverse of Switch. Values ascend, and neighbours with the same function are
// one case.
func (g *Graph) Cases(n Node, word uint8, most int) (list []Case, ok bool) {
	if !g.contiguous(word) {
		return nil, false
	}
	top := int(g.level[word][31])
	var cut func(n Node, level int, first uint32) bool
	cut = func(n Node, level int, first uint32) bool {
		g.work(1)
		switch at := g.first(n); {
		case at < top || g.full:
			return false
		case at >= top+32:
			if len(list) == 0 || list[len(list)-1].To != n {
				list = append(list, Case{first, n})
			}
			return len(list) <= most
		}
		hi, lo := g.cofactors(n, step{level: level, len: 1, want: 1 << 31})
		return cut(lo, level+1, first) && cut(hi, level+1, first|1<<(31-(level-top)))
	}
	ok = cut(n, top, 0)
	return list, ok
}

// Cofactor is the function for one value of a word, whose bits follow each other and which
// it must look at first.
func (g *Graph) Cofactor(n Node, word uint8, value uint32) Node {
	top := int(g.level[word][31])
	for g.first(n) < top+32 {
		v := &g.vertices[n]
		if (value<<(int(v.level)-top)^v.want)&(^uint32(0)<<(32-v.len)) == 0 {
			n = v.hi
		} else {
			n = v.lo
		}
	}
	return n
}

// Cube is the inputs whose bits in Mask are those of Value.
type Cube struct{ Mask, Value Data }

// LargestCube is the set of inputs along one path of the diagram on which a condition
// holds that leaves the most bits free. The condition must not be False.
func (g *Graph) LargestCube(n Node) Cube {
	const never = 1 << 30
	fixed := map[Node]int{True: 0, False: never}
	defer func() { g.hold(-entryBytes * (len(fixed) - 2)) }()
	var count func(Node) int
	count = func(n Node) int {
		if bits, ok := fixed[n]; ok || g.full {
			return bits
		}
		g.work(1)
		v := &g.vertices[n]
		hi, lo, length := v.hi, v.lo, int(v.len)
		bits := min(count(hi)+length, count(lo)+1, never)
		fixed[n] = bits
		g.hold(entryBytes)
		return bits
	}
	count(n)
	var c Cube
	for n&leafBit == 0 && !g.full {
		v := &g.vertices[n]
		s := step{int(v.level), int(v.len), v.want}
		n = v.hi
		if fixed[v.lo]+1 <= fixed[v.hi]+s.len {
			s.len, s.want, n = 1, ^v.want&(1<<31), v.lo
		}
		for i := range s.len {
			word, bit := g.place(s.level + i)
			c.Mask[word] |= 1 << bit
		}
		g.set(&c.Value, s)
	}
	return c
}

// Extreme is the largest value, or the smallest, that a word has in an input on
// which a condition holds. The condition must not be False.
func (g *Graph) Extreme(n Node, word uint8, largest bool) uint32 {
	e := extreme{Graph: g, word: word, known: map[Node]uint32{}}
	if largest {
		e.flip = ^uint32(0)
	}
	v := e.of(n)
	g.hold(-entryBytes * len(e.known))
	return e.flip ^ v
}

// extreme looks for the smallest value of a word's bits after they are flipped.
type extreme struct {
	*Graph
	word  uint8
	flip  uint32
	known map[Node]uint32
}

// of is the smallest value of the bits from the node's level on. Those that no vertex
// looks at are 0.
func (e *extreme) of(n Node) uint32 {
	if n&leafBit != 0 || e.first(n) > int(e.level[e.word][0]) {
		return 0
	}
	if v, ok := e.known[n]; ok || e.full {
		return v
	}
	e.work(1)
	v := e.vertices[n]
	best, some := uint32(0), false
	try := func(n Node, bits uint32) {
		if n == False {
			return
		}
		if bits |= e.of(n); !some || bits < best {
			best, some = bits, true
		}
	}
	mine, want := uint32(0), uint32(0)
	for i := range int(v.len) {
		if int(v.level)+i >= inputLevels {
			break
		}
		if word, bit := e.place(int(v.level) + i); word == int(e.word) {
			mine |= 1 << bit
			want |= v.want << i >> 31 << bit
		}
	}
	want ^= e.flip & mine
	try(v.hi, want)
	miss := uint32(0)
	if want == 0 && bits.OnesCount32(mine) == int(v.len) {
		miss = mine & -mine // the smallest that is not as wanted
	}
	try(v.lo, miss)
	e.known[n] = best
	e.hold(entryBytes)
	return best
}

// Fraction is how much of all inputs satisfies a condition: 1 if it is True.
func (g *Graph) Fraction(n Node) float64 {
	known := map[Node]float64{True: 1, False: 0}
	defer func() { g.hold(-entryBytes * (len(known) - 2)) }()
	var share func(Node) float64
	share = func(n Node) float64 {
		if s, ok := known[n]; ok || g.full {
			return s
		}
		g.work(1)
		v := g.vertices[n]
		here := math.Ldexp(1, -int(v.len))
		s := float64(share(v.hi)*here) + float64(share(v.lo)*(1-here)) // the same on every machine
		known[n] = s
		g.hold(entryBytes)
		return s
	}
	return share(n)
}
