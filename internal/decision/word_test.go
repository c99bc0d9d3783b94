// SPDX-License-Identifier: Apache-2.0

package decision

import "testing"

// TestWord compares ceil and floor with a search.
func TestWord(t *testing.T) {
	for mask := range uint32(256) {
		w := Word{Mask: mask}
		for x := range uint32(256) {
			floor, ceil, ok := uint32(0), uint32(0), false
			for v := range uint32(256) {
				if v&^mask != 0 {
					continue
				}
				if v <= x {
					floor = v
				}
				if v >= x && !ok {
					ceil, ok = v, true
				}
			}
			if got := w.floor(x); got != floor {
				t.Fatalf("mask %#x: floor %#x: got %#x, want %#x", mask, x, got, floor)
			}
			if got, gotOK := w.ceil(x); gotOK != ok || ok && got != ceil {
				t.Fatalf("mask %#x: ceil %#x: got %#x, %v, want %#x, %v", mask, x, got, gotOK, ceil, ok)
			}
		}
	}
}
