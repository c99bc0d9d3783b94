// SPDX-License-Identifier: Apache-2.0

package diagram

import "github.com/gosieve/sieve/internal/symbolic"

// Masked is the set of values v of 64 bits for which From <= v & Mask <= To.
type Masked struct{ Mask, From, To uint64 }

// Join makes sets of 64 bits of the sets of the two halves; nil means that a half may be
// anything. A value is meant if each list of the result has it in one of its sets. There is
// one list if the high half has single values only or one half is free. Otherwise
// each half keeps a list of its own, since a product of two ranges is no range of 64 bits.
func Join(high, low []symbolic.Set) [][]Masked {
	if high == nil && low == nil {
		return nil
	}
	free := symbolic.Set{Mask: 0, From: 0, To: 0}
	var highHalf, lowHalf, both []Masked
	single := true
	for _, h := range high {
		highHalf = append(highHalf, halvesIn(h, free))
		single = single && h.From == h.To
	}
	for _, l := range low {
		lowHalf = append(lowHalf, halvesIn(free, l))
	}
	switch {
	case high == nil:
		return [][]Masked{lowHalf}
	case low == nil:
		return [][]Masked{highHalf}
	case !single:
		return [][]Masked{highHalf, lowHalf}
	}
	for _, h := range high {
		for _, l := range low {
			both = append(both, halvesIn(h, l))
		}
	}
	return [][]Masked{both}
}

// halvesIn is the values whose high half is in h and whose low half is in l. One of
// the two must be a single value or free.
func halvesIn(h, l symbolic.Set) Masked {
	return Masked{
		Mask: uint64(h.Mask)<<32 | uint64(l.Mask),
		From: uint64(h.From)<<32 | uint64(l.From),
		To:   uint64(h.To)<<32 | uint64(l.To),
	}
}
