// SPDX-License-Identifier: Apache-2.0

package arch

// All names stand in one string, in alphabetical order, and a name is its place in it: two
// bytes in a table where a string header has sixteen. A hash table of places finds a name; it
// is filled by the generator, so that no work is left for start-up.

// nameOf is the text of a name that tables hold by its place in the order of
// all names.
func nameOf(id uint16) string { return nameText[nameEnds[id]:nameEnds[id+1]] }

// find is the place of a name in the order of all names.
func find(name string) (id uint16, ok bool) {
	if len(name) > longest {
		return 0, false
	}
	for slot := hash(name); ; slot++ {
		entry := nameSlots[slot%uint32(len(nameSlots))]
		if entry == 0 {
			return 0, false
		}
		if nameOf(entry-1) == name {
			return entry - 1, true
		}
	}
}

// hash is FNV-1a; internal/generate/arch fills nameSlots by the same.
func hash(name string) uint32 {
	h := uint32(2166136261)
	for i := range len(name) {
		h = (h ^ uint32(name[i])) * 16777619
	}
	return h
}
