// SPDX-License-Identifier: Apache-2.0

package diagram

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/seccompdata"
	"github.com/gosieve/sieve/seccomp"
)

// CallOf is the call whose Data is d. The token says in which byte order to read it;
// unknown tokens go by their LittleEndianBit. Only the halves of 64-bit fields are exchanged:
// each word of d is a number already.
func CallOf(d bpf.Data) *seccomp.Call {
	c := &seccomp.Call{Audit: d[1], Nr: d[0]}
	low, high := 0, 1
	if seccompdata.BigEndian(c.Audit) {
		low, high = 1, 0
	}
	c.IP = uint64(d[2+high])<<32 | uint64(d[2+low])
	for i := range c.Args {
		c.Args[i] = uint64(d[4+2*i+high])<<32 | uint64(d[4+2*i+low])
	}
	return c
}

// NameOf is a call's ABI and name, as far as they are known.
func NameOf(c *seccomp.Call) (abi arch.Arch, name string) {
	abi, ok := arch.Of(c.Audit, c.Nr)
	if !ok {
		return 0, ""
	}
	name, _ = abi.Name(c.Nr)
	return abi, name
}

// Describe writes a call as a person reads it:
// "x86_64 personality (135) (0x8, 0x0, 0x0, 0x0, 0x0, 0x0)".
func Describe(c *seccomp.Call) string {
	var b strings.Builder
	abi, name := NameOf(c)
	if abi != 0 {
		fmt.Fprintf(&b, "%v ", abi)
	} else {
		fmt.Fprintf(&b, "AUDIT_ARCH %#x ", c.Audit)
	}
	if name != "" {
		fmt.Fprintf(&b, "%s (%d)", name, c.Nr)
	} else {
		fmt.Fprintf(&b, "call %d", c.Nr)
	}
	for i, x := range c.Args {
		b.WriteString([]string{" (", ", "}[min(i, 1)])
		fmt.Fprintf(&b, "%#x", x)
	}
	b.WriteString(")")
	if c.IP != 0 {
		fmt.Fprintf(&b, " at %#x", c.IP)
	}
	return b.String()
}
