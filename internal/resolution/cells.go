// SPDX-License-Identifier: Apache-2.0

package resolution

import "github.com/gosieve/sieve/arch"

// Cells hold, for each number of each ABI that a rule names, which rules decide
// it.
type Cells struct {
	Arches []arch.Arch
	List   []Cell
	dense  [][]int32        // by ABI and number: place in list + 1
	sparse map[uint64]int32 // the same for numbers beyond the dense ones
	refs   []int32          // of each name of each rule on each ABI: place in list, -1 if the ABI lacks it
	links  []link
	Shared []int32 // cells with several conditional rules

	Highest []uint32 // by ABI: the highest number that a rule names
}

// Cell is a number on an ABI. The rules are their index + 1.
type Cell struct {
	Nr          uint32
	ABI         uint32
	Always      int32 // the first rule without conditions
	First, last int32 // link + 1 of the first and the last rule with some
}

type link struct{ rule, next int32 }

// denseNumbers is how many numbers of an ABI are found without a map.
//
// Calls of most ABIs are numbered below it, from the ABI's base; ARM's private calls
// (0xf0001 and up) are not.
const denseNumbers = 640

// Begin makes room for the names of all rules. It must come before Find, and is called
// once.
func (c *Cells) Begin(arches []arch.Arch, rules []Part) {
	c.Arches = arches
	names := 0
	for i := range rules {
		names += rules[i].Calls()
	}
	c.refs = make([]int32, 0, names*len(arches))
	c.List = make([]Cell, 0, min(names, 400)*len(arches))
	c.Highest = make([]uint32, len(arches))
	c.dense = make([][]int32, len(arches))
	all := make([]int32, denseNumbers*len(arches))
	for a := range c.dense {
		c.dense[a], all = all[:denseNumbers:denseNumbers], all[denseNumbers:]
	}
}

// Find looks up a part's names and numbers, and is where their cells are in refs.
func (c *Cells) Find(part *Part) int {
	at := len(c.refs)
	for j := range part.Calls() {
		for a, abi := range c.Arches {
			ref := int32(-1)
			if nr, ok := part.number(j, abi); ok && part.Arches&(1<<a) != 0 {
				ref = c.Make(a, nr)
				c.Highest[a] = max(c.Highest[a], nr)
			}
			c.refs = append(c.refs, ref)
		}
	}
	return at
}

// number is that of a name or number on an ABI.
func (p *Part) number(j int, abi arch.Arch) (uint32, bool) {
	if j < len(p.Names) {
		return abi.Number(p.Names[j])
	}
	nr := p.Numbers[j-len(p.Names)]
	of, ok := arch.Of(abi.Audit(), nr)
	return nr, ok && of == abi
}

// Make is the place of a number's cell, which is made if there is none.
func (c *Cells) Make(a int, nr uint32) int32 {
	key := uint64(a)<<32 | uint64(nr)
	n := nr - c.Arches[a].Base()
	at := int32(0)
	if n < denseNumbers {
		at = c.dense[a][n]
	} else {
		at = c.sparse[key]
	}
	if at > 0 {
		return at - 1
	}
	c.List = append(c.List, Cell{Nr: nr, ABI: uint32(a)})
	at = int32(len(c.List))
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

// Lookup is the place of a number's cell, if there is one.
func (c *Cells) Lookup(a int, nr uint32) (int32, bool) {
	at := c.sparse[uint64(a)<<32|uint64(nr)]
	if n := nr - c.Arches[a].Base(); n < denseNumbers {
		at = c.dense[a][n]
	}
	return at - 1, at > 0
}

// Of is the cell of a rule's name on an ABI, -1 if the ABI lacks it.
func (c *Cells) Of(r *Part, name, abi int) int32 {
	return c.refs[r.Cells+name*len(c.Arches)+abi]
}

// Row is the cells of a rule's name, by ABI.
func (c *Cells) Row(r *Part, name int) []int32 {
	at := r.Cells + name*len(c.Arches)
	return c.refs[at : at+len(c.Arches)]
}

// Add adds a rule to a cell.
func (c *Cells) Add(ref int32, rule int, always bool) {
	if ref < 0 {
		return
	}
	cell := &c.List[ref]
	switch {
	case always:
		if cell.Always == 0 {
			cell.Always = int32(rule + 1)
		}
	case cell.last == 0:
		c.links = append(c.links, link{rule: int32(rule)})
		cell.First = int32(len(c.links))
		cell.last = cell.First
	case c.links[cell.last-1].rule != int32(rule):
		if cell.First == cell.last {
			c.Shared = append(c.Shared, ref)
		}
		c.links = append(c.links, link{rule: int32(rule)})
		c.links[cell.last-1].next = int32(len(c.links))
		cell.last = int32(len(c.links))
	}
}

// Conditional appends the rules of a cell that have conditions.
func (c *Cells) Conditional(list []int, cell *Cell) []int {
	for at := cell.First; at != 0; at = c.links[at-1].next {
		list = append(list, int(c.links[at-1].rule))
	}
	return list
}

// Keeps says whether a rule counts for a cell.
//
// A rule without conditions decides alone, and only the first of them.
func (cell *Cell) Keeps(rule int) bool {
	return cell.Always == 0 || cell.Always == int32(rule+1)
}
