// SPDX-License-Identifier: Apache-2.0

package arch

import (
	"errors"
	"strconv"
	"strings"
)

// Kernel is a version of Linux, major<<8 | minor, so that versions compare as
// numbers: 6.18 is 0x0612. Zero is no version.
type Kernel uint16

// Newest is the newest kernel that the tables know.
const Newest = Kernel(7<<8 | 2)

// ParseKernel reads a version as a person or uname -r writes it: "6.18",
// "6.18.44-foo", "7.2-rc1". What follows the second number is not looked at, but
// it must begin with one of ".-+~_", and "." with a digit after it. Major and
// minor are at most 255, and not both 0.
func ParseKernel(s string) (Kernel, error) {
	major, rest, _ := strings.Cut(s, ".")
	end := 0
	for end < len(rest) && isDigit(rest[end]) {
		end++
	}
	m, err1 := strconv.ParseUint(major, 10, 8)
	n, err2 := strconv.ParseUint(rest[:end], 10, 8)
	if err1 != nil || err2 != nil || m|n == 0 || !isSuffix(rest[end:]) {
		return 0, errors.New("invalid kernel version " + strconv.Quote(clip(s)) + `, want one like "6.18" or "6.18.2-rc1"`)
	}
	return Kernel(m<<8 | n), nil
}

// String is the version as "6.18".
func (k Kernel) String() string { return decimal(uint64(k>>8)) + "." + decimal(uint64(k&0xff)) }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isSuffix(s string) bool {
	switch {
	case s == "":
		return true
	case s[0] == '.':
		return len(s) > 1 && isDigit(s[1])
	}
	return strings.IndexByte("-+~_", s[0]) >= 0
}

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }
