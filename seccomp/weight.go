// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/decision"
	"github.com/gosieve/sieve/internal/usual"
)

// weights say how often an ABI's calls are made. Every call of the table counts
// for something, since the kernel runs a new filter once for each (KERNEL's
// constant-action bitmap), and since a filter matters most for the calls that
// are denied.
type weights struct {
	base   uint32
	x32    bool                  // numbers of x32 are all but unused
	before [tableSize + 1]uint32 // by number above the base: the weight of all smaller ones
}

const (
	tableCalls = 472     // every ABI has its calls in so many numbers above its base, but for ARM's private ones
	evenShare  = 24      // the weight of each
	usualShare = 2       // the weight of a thousandth of usual.Calls
	givenShare = 1 << 19 // the weight of all calls of a histogram
)

// newWeights are the weights for an ABI: those of usual programs or, with a histogram, those
// of the histogram alone, and an even share for every call.
func newWeights(token uint32, histogram map[string]uint64) *weights {
	abi, _ := arch.Of(token, 0)
	w := &weights{base: abi.Base(), x32: abi == arch.X86_64}
	if len(histogram) == 0 {
		for _, u := range usual.Calls {
			if abi == arch.X86_64 {
				w.before[u.Nr+1] += u.Share * usualShare
			} else {
				w.add(abi, u.Name, u.Share*usualShare)
			}
		}
	}
	w.addGiven(abi, histogram)
	sum := uint32(0)
	for i := range w.before[1:] {
		if i < tableCalls {
			sum += evenShare
		}
		sum += w.before[i+1]
		w.before[i+1] = sum
	}
	return w
}

// add adds to the weight of a call, while before still holds single weights.
func (w *weights) add(abi arch.Arch, name string, weight uint32) {
	if nr, ok := abi.Number(name); ok && nr-w.base < tableSize {
		w.before[nr-w.base+1] += weight
	}
}

// addGiven adds a histogram's calls. Its counts may be of any size, so they count by their
// shares of the sum.
func (w *weights) addGiven(abi arch.Arch, histogram map[string]uint64) {
	total := uint64(0)
	for _, n := range histogram {
		if total += n; total < n {
			total = ^uint64(0)
		}
	}
	if total == 0 {
		return
	}
	for name, n := range histogram { // in any order: sums of integers are the same
		w.add(abi, name, uint32(float64(n)/float64(total)*givenShare))
	}
}

// weigh implements decision.Weigh.
func (w *weights) weigh(first, last uint32) uint32 {
	weight := uint32(0)
	if low, high, ok := within(w.base, first, last); ok {
		weight = w.before[high+1] - w.before[low]
	}
	if w.x32 {
		if low, high, ok := within(arch.X32.Base(), first, last); ok {
			weight += high - low + 1
		}
	}
	return weight
}

// within is the part of a range of numbers that lies in an ABI's table, counted
// from its base.
func within(base, first, last uint32) (low, high uint32, ok bool) {
	first, last = max(first, base), min(last, base+tableSize-1)
	return first - base, last - base, first <= last
}

var _ decision.Weigh = (*weights)(nil).weigh
