// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"slices"

	"github.com/gosieve/sieve/seccomp"
)

// Region is values of a field of struct seccomp_data. A field of 64 bits is two words,
// which a program tests one at a time: each row has values of the low half for a range of the
// high one. Rows are in ascending order. A field of one word is one row, whose High is all.
type Region []Row

// Row is a product of values of both halves.
type Row struct {
	High seccomp.Range
	Low  Set
}

// everything is the region of all values.
func everything() Region { return Region{{seccomp.Range{From: 0, To: most}, all()}} }

// words is the region of a field of one word.
func words(s Set) Region {
	if len(s) == 0 {
		return nil
	}
	return Region{{seccomp.Range{From: 0, To: most}, s}}
}

// cut is the part of the region in which the half has one of the values.
func (r Region) cut(high bool, values Set) Region {
	var part Region
	for _, row := range r {
		if !high {
			if low := row.Low.intersect(values); len(low) > 0 {
				part = append(part, Row{row.High, low})
			}
			continue
		}
		for _, h := range (Set{row.High}).intersect(values) {
			part = append(part, Row{h, row.Low})
		}
	}
	return part.joined()
}

// union is what at least one of the regions has.
func (r Region) union(o Region) Region {
	if len(r) == 0 {
		return o
	}
	if len(o) == 0 {
		return r
	}
	var starts []uint64
	for _, row := range slices.Concat(r, o) {
		starts = append(starts, uint64(row.High.From), uint64(row.High.To)+1)
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	var sum Region
	for k := range len(starts) - 1 {
		high := seccomp.Range{From: uint32(starts[k]), To: uint32(starts[k+1] - 1)}
		if low := r.at(high.From).union(o.at(high.From)); len(low) > 0 {
			sum = append(sum, Row{high, low})
		}
	}
	return sum.joined()
}

// at is the low halves that the region has with a high half.
func (r Region) at(high uint32) Set {
	k, _ := slices.BinarySearchFunc(r, high, func(row Row, v uint32) int {
		if row.High.To < v {
			return -1
		}
		return 1
	})
	if k < len(r) && r[k].High.From <= high {
		return r[k].Low
	}
	return nil
}

// joined makes one row of neighbours with equal low halves.
func (r Region) joined() Region {
	var list Region
	for _, row := range r {
		if k := len(list) - 1; k >= 0 && uint64(list[k].High.To)+1 == uint64(row.High.From) && slices.Equal(list[k].Low, row.Low) {
			list[k].High.To = row.High.To
			continue
		}
		list = append(list, row)
	}
	return list
}

// size is how many values the region has, as a float: there may be 2^64.
func (r Region) size() float64 {
	n := 0.0
	for _, row := range r {
		n += float64(uint64(row.High.To)-uint64(row.High.From)+1) * float64(row.Low.size())
	}
	return n
}

// ranges counts the ranges of the region, which is what it costs.
func (r Region) ranges() int {
	n := len(r)
	for _, row := range r {
		n += len(row.Low)
	}
	return n
}
