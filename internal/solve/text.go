// SPDX-License-Identifier: Apache-2.0

package solve

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/arch"
)

// CallText is a call for people: "clone(0x10, 0) on x86_64".
func CallText(name string, abi arch.Arch, args [6]uint64) string {
	return fmt.Sprintf("%s on %v", ArgsText(name, args), abi)
}

// ArgsText is a call without its ABI, with the arguments up to the last that is
// not 0: "clone(0x10, 0)".
func ArgsText(name string, args [6]uint64) string {
	count := 1
	for i, x := range args {
		if x != 0 {
			count = i + 1
		}
	}
	list := make([]string, count)
	for i := range list {
		list[i] = fmt.Sprintf("%#x", args[i])
	}
	return fmt.Sprintf("%s(%s)", name, strings.Join(list, ", "))
}
