// SPDX-License-Identifier: Apache-2.0

package resolution

import "github.com/gosieve/sieve/arch"

// Index says, for each number of each ABI that a rule names, which rules decide it.
type Index struct {
	Arches  []arch.Arch
	Entries []Entry
	dense   [][]int32        // by ABI and number: place in Entries + 1
	sparse  map[uint64]int32 // the same for numbers beyond the dense ones
	refs    []int32          // of each name of each rule on each ABI: place in Entries, -1 if the ABI lacks it
	links   []link
	Shared  []int32 // entries with several conditional rules

	Highest []uint32 // by ABI: the highest number that a rule names
}

// Entry is a number on an ABI. The rules are their index + 1.
type Entry struct {
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
func (x *Index) Begin(arches []arch.Arch, rules []Part) {
	x.Arches = arches
	names := 0
	for i := range rules {
		names += rules[i].Calls()
	}
	x.refs = make([]int32, 0, names*len(arches))
	x.Entries = make([]Entry, 0, min(names, 400)*len(arches))
	x.Highest = make([]uint32, len(arches))
	x.dense = make([][]int32, len(arches))
	all := make([]int32, denseNumbers*len(arches))
	for a := range x.dense {
		x.dense[a], all = all[:denseNumbers:denseNumbers], all[denseNumbers:]
	}
}

// Find looks up a part's names and numbers, and is where their entries are in refs.
func (x *Index) Find(part *Part) int {
	at := len(x.refs)
	for j := range part.Calls() {
		for a, abi := range x.Arches {
			ref := int32(-1)
			if nr, ok := part.number(j, abi); ok && part.Arches&(1<<a) != 0 {
				ref = x.Make(a, nr)
				x.Highest[a] = max(x.Highest[a], nr)
			}
			x.refs = append(x.refs, ref)
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

// Make is the place of a number's entry, which is made if there is none.
func (x *Index) Make(a int, nr uint32) int32 {
	key := uint64(a)<<32 | uint64(nr)
	n := nr - x.Arches[a].Base()
	at := int32(0)
	if n < denseNumbers {
		at = x.dense[a][n]
	} else {
		at = x.sparse[key]
	}
	if at > 0 {
		return at - 1
	}
	x.Entries = append(x.Entries, Entry{Nr: nr, ABI: uint32(a)})
	at = int32(len(x.Entries))
	if n < denseNumbers {
		x.dense[a][n] = at
	} else {
		if x.sparse == nil {
			x.sparse = map[uint64]int32{}
		}
		x.sparse[key] = at
	}
	return at - 1
}

// Lookup is the place of a number's entry, if there is one.
func (x *Index) Lookup(a int, nr uint32) (int32, bool) {
	at := x.sparse[uint64(a)<<32|uint64(nr)]
	if n := nr - x.Arches[a].Base(); n < denseNumbers {
		at = x.dense[a][n]
	}
	return at - 1, at > 0
}

// Of is the entry of a rule's name on an ABI, -1 if the ABI lacks it.
func (x *Index) Of(r *Part, name, abi int) int32 {
	return x.refs[r.Entries+name*len(x.Arches)+abi]
}

// Row is the entries of a rule's name, by ABI.
func (x *Index) Row(r *Part, name int) []int32 {
	at := r.Entries + name*len(x.Arches)
	return x.refs[at : at+len(x.Arches)]
}

// Add adds a rule to an entry.
func (x *Index) Add(ref int32, rule int, always bool) {
	if ref < 0 {
		return
	}
	entry := &x.Entries[ref]
	switch {
	case always:
		if entry.Always == 0 {
			entry.Always = int32(rule + 1)
		}
	case entry.last == 0:
		x.links = append(x.links, link{rule: int32(rule)})
		entry.First = int32(len(x.links))
		entry.last = entry.First
	case x.links[entry.last-1].rule != int32(rule):
		if entry.First == entry.last {
			x.Shared = append(x.Shared, ref)
		}
		x.links = append(x.links, link{rule: int32(rule)})
		x.links[entry.last-1].next = int32(len(x.links))
		entry.last = int32(len(x.links))
	}
}

// Conditional appends the rules of an entry that have conditions.
func (x *Index) Conditional(list []int, entry *Entry) []int {
	for at := entry.First; at != 0; at = x.links[at-1].next {
		list = append(list, int(x.links[at-1].rule))
	}
	return list
}

// Keeps says whether a rule counts for an entry.
//
// A rule without conditions decides alone, and only the first of them.
func (e *Entry) Keeps(rule int) bool {
	return e.Always == 0 || e.Always == int32(rule+1)
}
