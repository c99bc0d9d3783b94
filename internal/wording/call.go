// SPDX-License-Identifier: Apache-2.0

package wording

import (
	"slices"
	"strings"
	"sync"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/spelling"
)

// longestCall is how many bytes the longest name of a call has.
const longestCall = 28

// calls are the names of all calls in alphabetical order.
var calls = sync.OnceValue(func() []string {
	seen := map[string]bool{}
	var list []string
	for _, a := range arch.All() {
		for _, name := range a.Calls() {
			if !seen[name] {
				seen[name] = true
				list = append(list, name)
			}
		}
	}
	slices.Sort(list)
	return list
})

// NearestCall is the known call whose name is nearest to a wrong one, "" if none is
// near: case, surrounding space and C's prefixes (__NR_, SYS_, sys_) do not
// count, and then up to two letters may be missing, wrong, too many or swapped
// with their neighbour, in short names one. Of equally near names it is the first
// in the alphabet. A known name is nearest to itself.
func NearestCall(name string) string {
	if arch.Known(name) {
		return name
	}
	if len(name) > 2*longestCall {
		return ""
	}
	whole := spelling.Fold(name)
	word := bare(whole)
	for _, s := range [...]string{whole, word} {
		if arch.Known(s) {
			return s
		}
	}
	near := nearestTo(word)
	if near == "" && word != whole {
		near = nearestTo(whole) // "sys_" may belong to it
	}
	return near
}

// nearestTo is the nearest of all names of calls.
func nearestTo(word string) string {
	g := spelling.New(word, spelling.Typos(word))
	for _, name := range calls() {
		g.Offer(name)
	}
	return g.Best()
}

// bare is a name in lower case without what C adds.
func bare(name string) string {
	for _, prefix := range [...]string{"__arm_nr_", "__nr_", "__x64_sys_", "__se_sys_", "sys_"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return rest
		}
	}
	return name
}
