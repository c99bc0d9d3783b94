// SPDX-License-Identifier: Apache-2.0

package profile

// arena keeps short lists in long ones, to make few allocations of them.
//
// A list that it gives has no spare capacity, so an append to one copies it and cannot
// write into its neighbour.
type arena[T any] struct{ free []T }

// keep is a copy of the list, not nil.
func (s *arena[T]) keep(list []T) []T {
	if len(list) == 0 {
		return []T{}
	}
	return append(s.room(len(list)), list...)
}

// room is an empty list with room for n.
func (s *arena[T]) room(n int) []T {
	if n > cap(s.free)-len(s.free) {
		s.free = make([]T, 0, max(n, min(2*cap(s.free), 4096), 16))
	}
	at := len(s.free)
	s.free = s.free[:at+n]
	return s.free[at : at : at+n]
}
