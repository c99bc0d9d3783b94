// SPDX-License-Identifier: Apache-2.0

package decision

// weigh says how often values from first to last of the vertex's word come up,
// as far as is known: call numbers are small, and all else is equally likely.
func (v *vertex) weigh(first, last uint32) int {
	const numbers = 512 // every ABI's calls lie in the first 512 above its base
	if v.word.Index != 0 {
		return 1
	}
	weight := 1
	for _, base := range [...]uint32{0, 4000, 5000, 6000, 0x40000000} {
		low, high := max(first, base), min(last, base+numbers-1)
		if low <= high {
			weight += int(high-low) + 1
		}
	}
	return weight
}
