// SPDX-License-Identifier: Apache-2.0

package symbolic

// A function is evaluated by following its diagram from the root to a leaf: one vertex for
// each run of bits, at most as many as there are bits.

// Evaluate is the value of a function for an input, unless something open decides.
func (g *Graph) Evaluate(n Node, d *Data) (v uint32, open bool) {
	if n = g.follow(n, d); n&leafBit == 0 {
		return 0, true
	}
	return g.values[n&^leafBit], false
}

// follow is what is left of a function for an input: a leaf, or a function of what
// is open.
func (g *Graph) follow(n Node, d *Data) Node {
	for g.first(n) < inputLevels {
		v := &g.vertices[n]
		n = v.hi
		for i := range int(v.len) {
			word, bit := g.place(int(v.level) + i)
			if d[word]>>bit&1 != v.want<<i>>31 {
				n = v.lo
				break
			}
		}
	}
	return n
}
