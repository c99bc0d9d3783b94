// SPDX-License-Identifier: Apache-2.0

package profile

import "github.com/gosieve/sieve/arch"

// cells hold, for each number of each ABI that a rule names, which rules decide
// it.
type cells struct {
	arches []arch.Arch
	list   []cell
	dense  [][]int32        // by ABI and number: place in list + 1
	sparse map[uint64]int32 // the same for numbers beyond the dense ones
	refs   []int32          // of each name of each rule on each ABI: place in list, -1 if the ABI lacks it
	links  []link
	shared []int32 // cells with several conditional rules

	highest []uint32 // by ABI: the highest number that a rule names
}

// cell is a number on an ABI. The rules are their index + 1.
type cell struct {
	nr          uint32
	abi         uint32
	always      int32 // the first rule without conditions
	first, last int32 // link + 1 of the first and the last rule with some
}

type link struct{ rule, next int32 }

// denseNumbers is how many numbers of an ABI are found without a map.
const denseNumbers = 640

func (c *cells) begin(arches []arch.Arch, rules []rule) {
	c.arches = arches
	names := 0
	for i := range rules {
		names += len(rules[i].names)
	}
	c.refs = make([]int32, 0, names*len(arches))
	c.list = make([]cell, 0, min(names, 400)*len(arches))
	c.highest = make([]uint32, len(arches))
	c.dense = make([][]int32, len(arches))
	all := make([]int32, denseNumbers*len(arches))
	for a := range c.dense {
		c.dense[a], all = all[:denseNumbers:denseNumbers], all[denseNumbers:]
	}
}

// find looks up names, and is where their cells are in refs.
func (c *cells) find(names []string) int {
	at := len(c.refs)
	for _, name := range names {
		for a, abi := range c.arches {
			ref := int32(-1)
			if nr, ok := abi.Number(name); ok {
				ref = c.cell(a, nr)
				c.highest[a] = max(c.highest[a], nr)
			}
			c.refs = append(c.refs, ref)
		}
	}
	return at
}

// cell is the place of a number's cell, which is made if there is none.
func (c *cells) cell(a int, nr uint32) int32 {
	key := uint64(a)<<32 | uint64(nr)
	n := nr - c.arches[a].Base()
	at := int32(0)
	if n < denseNumbers {
		at = c.dense[a][n]
	} else {
		at = c.sparse[key]
	}
	if at > 0 {
		return at - 1
	}
	c.list = append(c.list, cell{nr: nr, abi: uint32(a)})
	at = int32(len(c.list))
	if n < denseNumbers {
		c.dense[a][n] = at
	} else {
		if c.sparse == nil {
			c.sparse = map[uint64]int32{}
		}
		c.sparse[key] = at
	}
	return at - 1
}

// lookup is the place of a number's cell, if there is one.
func (c *cells) lookup(a int, nr uint32) (int32, bool) {
	at := c.sparse[uint64(a)<<32|uint64(nr)]
	if n := nr - c.arches[a].Base(); n < denseNumbers {
		at = c.dense[a][n]
	}
	return at - 1, at > 0
}

// of is the cell of a rule's name on an ABI, -1 if the ABI lacks it.
func (c *cells) of(r *rule, name, abi int) int32 {
	return c.refs[r.cells+name*len(c.arches)+abi]
}

// row is the cells of a rule's name, by ABI.
func (c *cells) row(r *rule, name int) []int32 {
	at := r.cells + name*len(c.arches)
	return c.refs[at : at+len(c.arches)]
}

// add adds a rule to a cell.
func (c *cells) add(ref int32, rule int, always bool) {
	if ref < 0 {
		return
	}
	cell := &c.list[ref]
	switch {
	case always:
		if cell.always == 0 {
			cell.always = int32(rule + 1)
		}
	case cell.last == 0:
		c.links = append(c.links, link{rule: int32(rule)})
		cell.first = int32(len(c.links))
		cell.last = cell.first
	case c.links[cell.last-1].rule != int32(rule):
		if cell.first == cell.last {
			c.shared = append(c.shared, ref)
		}
		c.links = append(c.links, link{rule: int32(rule)})
		c.links[cell.last-1].next = int32(len(c.links))
		cell.last = int32(len(c.links))
	}
}

// conditional appends the rules of a cell that have conditions.
func (c *cells) conditional(list []int, cell *cell) []int {
	for at := cell.first; at != 0; at = c.links[at-1].next {
		list = append(list, int(c.links[at-1].rule))
	}
	return list
}

// keeps says whether a rule counts for a cell.
func (cell *cell) keeps(rule int) bool {
	return cell.always == 0 || cell.always == int32(rule+1)
}
