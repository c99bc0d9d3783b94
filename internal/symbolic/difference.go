// SPDX-License-Identifier: Apache-2.0

package symbolic

// Comparing is free, because equal functions are equal nodes. Finding an input goes down
// in both diagrams at once, as long as they differ: each pair of nodes is visited once.
// Results that the kernel leaves open follow all bits of the input. What is left below the
// last input bit is a difference only if the two differ whatever those results are.

// Difference is a pair of functions, to be asked where their values differ.
type Difference struct{ A, B Node }

// Differ compares two answers: they are equal where no difference is. There are
// several where answers have a function for each bit.
func (g *Graph) Differ(a, b Answer) []Difference {
	if a.bits == nil && b.bits == nil {
		return several(Difference{a.node, b.node})
	}
	x, y := g.slices(a), g.slices(b)
	var list []Difference
	for i := range x {
		list = append(list, several(Difference{x[i], y[i]})...)
	}
	return list
}

// several is a list of one difference, or of none if the two are equal.
func several(d Difference) []Difference {
	if d.None() {
		return nil
	}
	return []Difference{d}
}

// Union is one difference that holds wherever one of the list does.
//
// The functions in the list may have any values. The union has two, 1 for different and
// 0, so that Or can join them.
func (g *Graph) Union(list []Difference) Difference {
	switch len(list) {
	case 0:
		return Difference{False, False}
	case 1:
		return list[0]
	}
	n := False
	for _, d := range list {
		n = g.Or(n, g.Apply(d.A, d.B, func(a, b uint32) uint32 {
			if a != b {
				return 1
			}
			return 0
		}))
	}
	return Difference{n, False}
}

// None says whether there is no difference.
func (d Difference) None() bool { return d.A == d.B }

// slices are the functions of the answer's bits.
//
// The function of bit i of an answer in one form has the same diagram with each leaf
// replaced by its bit i. Vertices whose two ways become equal vanish.
func (g *Graph) slices(a Answer) [32]Node {
	if a.bits != nil {
		return *a.bits
	}
	var b [32]Node
	for i := range b {
		b[i] = g.Map(a.node, func(v uint32) uint32 { return v >> i & 1 })
	}
	return b
}

// Data is one input of a program: struct seccomp_data in words of 32 bits.
//
// Word 0 is the number and word 1 the architecture; words 2 and 3 are the instruction
// pointer, and words 4 to 15 the arguments, two for each (struct seccomp_data,
// include/uapi/linux/seccomp.h). Which of the two is the high half depends on the byte
// order.
type Data [Words]uint32

// Witness finds an input for which the values differ, whatever the kernel makes of
// what it leaves open. Bits that do not matter are 0.
//
// The search takes the way with bits of 0 first, so the same question always has the same
// answer. A pair without a difference below it is visited once (seen), so the cost is at
// most the product of the two sizes. ok is false too if a limit was met: ask Undecided.
func (g *Graph) Witness(d Difference) (data Data, ok bool) {
	seen, known := map[Difference]bool{}, map[Difference]bool{}
	defer func() { g.hold(-entryBytes * (len(seen) + len(known))) }()
	var find func(d Difference) bool
	find = func(d Difference) bool {
		if d.A == d.B || seen[d] || !g.work(1) {
			return false
		}
		s := g.shared(d.A, d.B)
		if s.level >= inputLevels {
			return g.always(d, known)
		}
		seen[d] = true
		g.hold(entryBytes)
		hi, lo := g.divide(d, s)
		first, second := hi, lo
		if s.want != 0 {
			first, second = lo, hi // bits of 0
		}
		for i, next := range []Difference{first, second} {
			if !find(next) {
				continue
			}
			switch {
			case i == 0 && s.want != 0: // the bits are 0
			case i == 0: // the bits are wanted to be 0, and are
			case s.want != 0:
				g.set(&data, s)
			default: // not all 0
				g.set(&data, step{s.level + s.len - 1, 1, 1 << 31})
			}
			return true
		}
		return false
	}
	ok = find(d)
	return data, ok && !g.full
}

// always says whether values that no input decides differ whatever they are.
//
// An existing difference is not enough: if the two agree for some result that the kernel
// may choose, they may be equal on a real machine. Both ways of every open bit must
// differ.
func (g *Graph) always(d Difference, known map[Difference]bool) bool {
	if d.A == d.B || d.A&d.B&leafBit != 0 {
		return d.A != d.B
	}
	r, ok := known[d]
	if !ok && g.work(1) {
		hi, lo := g.divide(d, g.shared(d.A, d.B))
		r = g.always(hi, known) && g.always(lo, known)
		known[d] = r
		g.hold(entryBytes)
	}
	return r
}

// divide is the difference where the step's bits are as wanted, and where not.
func (g *Graph) divide(d Difference, s step) (hi, lo Difference) {
	hi.A, lo.A = g.cofactors(d.A, s)
	hi.B, lo.B = g.cofactors(d.B, s)
	return hi, lo
}

// set gives the step's bits the wanted values.
func (g *Graph) set(data *Data, s step) {
	for i := range s.len {
		if s.want<<i>>31 == 1 {
			word, bit := g.place(s.level + i)
			data[word] |= 1 << bit
		}
	}
}

// Where restricts a difference to inputs whose word has that value.
func (g *Graph) Where(d Difference, word uint8, value uint32) Difference {
	return g.Restrict(d, g.Equal(Input(word, ^uint32(0)), Constant(value)))
}
