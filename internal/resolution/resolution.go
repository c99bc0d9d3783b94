// SPDX-License-Identifier: Apache-2.0

package resolution

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/gosieve/sieve/seccomp"
)

// Resolution is what resolving a document found.
type Resolution struct {
	Options
	Policy  *seccomp.Policy // also where Resolve refuses the document; nil if there is nothing to make one of
	Parts   []Part
	Index   *Index
	Missing []Ranges // by ABI: numbers that get ENOSYS
	Ranked  bool     // rules are tried by how restrictive they are
	Dropped int      // diagnostics beyond the limit

	// Place is where the document has the part that a path names, or else what is
	// around it. The place's own path is another.
	Place func(of, path string) Place
	// Legacy says whether a rule has name in the place of names.
	Legacy func(rule int) bool
}

// Place is a Place of package profile.
type Place struct {
	File         string
	Line, Column int
	Path         string
}

// Part is a part of a rule of the document.
type Part struct {
	Doc     int // index in Syscalls
	Names   []string
	Entries int // where its names' entries are (Index.Of)

	// Of a rule that no document has: the ABIs that it is for (bit a: arches[a]), and
	// numbers without a name, which follow the names wherever those are counted.
	Arches  uint32
	Numbers []uint32

	Action  seccomp.Action
	Args    []seccomp.Arg
	Always  uint32 // bit a: on arches[a] no condition is left
	Default bool   // the action is the document's default
}

// Calls is how many names and numbers the part has.
func (p *Part) Calls() int { return len(p.Names) + len(p.Numbers) }

// Call is a name, or a number in digits.
func (p *Part) Call(j int) string {
	if j < len(p.Names) {
		return p.Names[j]
	}
	return strconv.FormatUint(uint64(p.Numbers[j-len(p.Names)]), 10)
}

// Ranges are ranges of numbers, in order.
type Ranges []seccomp.Range

// Contain says whether a number is in one of the ranges, which must be in order and
// apart.
func (r Ranges) Contain(nr uint32) bool {
	i, _ := slices.BinarySearchFunc(r, nr, func(n seccomp.Range, nr uint32) int {
		if n.To < nr {
			return -1
		}
		return 1
	})
	return i < len(r) && r[i].From <= nr
}

// RulePath is a rule's path.
func RulePath(i int) string { return fmt.Sprintf("syscalls[%d]", i) }

// NamePath is that of a name of a rule.
func NamePath(i, j int) string { return fmt.Sprintf("syscalls[%d].names[%d]", i, j) }

// ArgPath is that of a condition of a rule.
func ArgPath(i, j int) string { return fmt.Sprintf("syscalls[%d].args[%d]", i, j) }
