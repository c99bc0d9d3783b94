// SPDX-License-Identifier: Apache-2.0

package page

import (
	"slices"
	"sync"

	"github.com/gosieve/sieve/internal/callset"
)

// sorted is systemd's sets, and which each call is in.
type sorted struct {
	names []string
	of    map[string][]int // indices of names, the smallest set first
}

// sets are systemd's sets but for those that are made of others (@system-service, @known and the
// like would hold half of all calls). A call may be in several. It stands in the smallest, which
// says most about it; sets of one size go by their names.
var sets = sync.OnceValue(func() *sorted {
	s := &sorted{of: map[string][]int{}}
	var size []int
	for _, name := range callset.Names(callset.Newest) {
		if name == "@known" || name == "@system-service" {
			continue
		}
		members, _ := callset.Members(callset.Newest, name)
		slices.Sort(members)
		members = slices.Compact(members)
		index := len(s.names)
		s.names, size = append(s.names, name), append(size, len(members))
		for _, member := range members {
			at := 0
			for at < len(s.of[member]) && size[s.of[member][at]] <= len(members) {
				at++
			}
			s.of[member] = slices.Insert(s.of[member], at, index)
		}
	}
	return s
})

// setNames are the sets by which calls are grouped, in order.
func setNames() []string { return sets().names }

// setsOf are the sets that a call is in, the one that it stands in first: the number of sets,
// which stands for "others", for a call that is in none.
func setsOf(name string) []int {
	if list := sets().of[name]; len(list) > 0 {
		return list
	}
	return []int{len(sets().names)}
}
