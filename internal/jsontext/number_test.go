// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestUint(t *testing.T) {
	type result struct {
		n           uint64
		whole, fits bool
	}
	for _, row := range []struct {
		number string
		most   uint64
		want   result
	}{
		{"0", 0, result{0, true, true}},
		{"5", 5, result{5, true, true}},
		{"6", 5, result{0, true, false}},
		{"255", math.MaxUint8, result{255, true, true}},
		{"9007199254740993", math.MaxUint64, result{1<<53 + 1, true, true}}, // float64 has no such number
		{"18446744073709551615", math.MaxUint64, result{math.MaxUint64, true, true}},
		{"18446744073709551616", math.MaxUint64, result{0, true, false}},
		{"18446744073709551620", math.MaxUint64, result{0, true, false}},
		{"100000000000000000000000", math.MaxUint64, result{0, true, false}},
		{"100000000000000000000000.5", math.MaxUint64, result{}},
		{"-0", 5, result{}},
		{"-1", 5, result{}},
		{"1.0", 5, result{}},
		{"1e0", 5, result{}},
		{"1E+0", 5, result{}},
	} {
		n, whole, fits := Uint(row.number, row.most)
		assert.Equal(t, row.want, result{n, whole, fits}, "%s, at most %d", row.number, row.most)
	}
}
