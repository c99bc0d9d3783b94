// SPDX-License-Identifier: Apache-2.0

package jsontext

import "math"

// ReadNumber reads a number and returns it as it is written: "1e3", "-0.5". Uint has its
// value. The text is kept because a float64 would lose digits of 64-bit numbers.
func (r *Reader) ReadNumber() string {
	if !r.Want(Number, "a number") {
		return ""
	}
	from := r.at
	if r.number(); r.err != nil {
		return ""
	}
	return r.text[from:r.at]
}

// Uint is the value of a number that is written without sign, fraction and exponent, with
// all of its 64 bits. It fits if it is at most most. A number that is not whole never fits,
// whatever its value: Go's encoding/json takes neither 1e3 nor 8.0 for an integer, and other
// tools round. N is 0 unless the number fits.
func Uint(number string, most uint64) (n uint64, whole, fits bool) {
	fits = true
	for i := range len(number) {
		digit := uint64(number[i]) - '0'
		if digit > 9 {
			return 0, false, false
		}
		if n > math.MaxUint64/10 || n*10 > math.MaxUint64-digit || n*10+digit > most {
			fits = false
			continue // a sign of a fraction may follow
		}
		n = n*10 + digit
	}
	if !fits {
		n = 0
	}
	return n, true, fits
}

// number skips a number, of which the first character is known to be right:
//
//	-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
func (r *Reader) number() {
	if r.text[r.at] == '-' {
		r.at++
	}
	first := r.at
	if !r.digits() {
		return
	}
	if r.text[first] == '0' && r.at > first+1 {
		r.syntax(first, "number with a leading zero")
		return
	}
	if r.at < len(r.text) && r.text[r.at] == '.' {
		r.at++
		if !r.digits() {
			return
		}
	}
	if r.at < len(r.text) && r.text[r.at]|0x20 == 'e' {
		r.at++
		if r.at < len(r.text) && (r.text[r.at] == '+' || r.text[r.at] == '-') {
			r.at++
		}
		r.digits()
	}
}

// digits skips digits, of which there must be one.
func (r *Reader) digits() bool {
	from := r.at
	for r.at < len(r.text) && r.text[r.at] >= '0' && r.text[r.at] <= '9' {
		r.at++
	}
	if r.at == from {
		r.Unexpected("a digit")
	}
	return r.at > from
}
