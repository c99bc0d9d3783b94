// SPDX-License-Identifier: Apache-2.0

package review

import (
	"math/bits"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/argument"
	"github.com/gosieve/sieve/internal/constants"
)

// names are the names of an argument's values: those of package argument or, of what only a
// driver or a protocol knows there, those of package constants by their prefixes.
type names struct {
	argument.Names
	abi      arch.Arch
	call     string
	index    int
	prefixes []string
	flags    bool // the constants are bits
	hex      bool // numbers are made of bytes or bits
}

// namesOf are the names for an argument; args are the values of those that have one.
func namesOf(abi arch.Arch, call string, index int, args [6]uint64, known [6]bool) names {
	n := names{Names: argument.NamesOf(abi, call, index, args, known), abi: abi, call: call, index: index, hex: call == "ioctl" && index == 1}
	level, _ := n.Value(0)
	if index == 2 && known[1] {
		sol := argument.NamesOf(abi, call, 1, args, known)
		level, _ = sol.Value(args[1])
	}
	n.prefixes, n.flags = prefixesOf(call, index, level == "SOL_SOCKET")
	return n
}

// prefixesOf are the prefixes of constants that an argument can have.
func prefixesOf(call string, index int, socket bool) (prefixes []string, flags bool) {
	switch {
	case call == "ioctl" && index == 1:
		// TIOCM_* and TIOCPKT_* are bits of what requests point to, and so are TCI*, TCO* and TCSA*.
		return strings.Fields("FIO TIOC TC FI SIOC FS_IOC_ BLK LOOP_ TUN RND RTC_ NS_GET_ !TIOCM_ !TIOCPKT_ !TCI !TCO !TCSA !FIXED"), false
	case (call == "setsockopt" || call == "getsockopt") && index == 2 && socket:
		return []string{"SO_"}, false
	case index == 3 && (call == "sendto" || call == "send" || call == "recvfrom" || call == "recv" || call == "sendmmsg" || call == "recvmmsg"),
		index == 2 && (call == "sendmsg" || call == "recvmsg"):
		return []string{"MSG_", "!MSG_TRYHARD"}, true
	case call == "mlockall":
		return []string{"MCL_"}, true
	case index == 5 && (call == "preadv2" || call == "pwritev2"):
		return []string{"RWF_", "!RWF_SUPPORTED", "!RWF_WRITE"}, true
	}
	return nil, false
}

// value is a value as a set has it: its name, or a number.
func (n *names) value(v uint64) string {
	if text, ok := n.name(v); ok {
		return text
	}
	return n.number(v)
}

// name is the name of a value; ok is false if it has none.
func (n *names) name(v uint64) (string, bool) {
	if text, ok := n.Value(v); ok || n.prefixes == nil {
		return text, ok
	}
	if n.flags {
		return n.constantBits(v)
	}
	// Requests of ioctl have a type in the second byte, and small constants are none.
	if v < 1<<8 && n.index == 1 {
		return "", false
	}
	return constants.Name(v, n.abi, n.prefixes...)
}

// masked is a value of the bits in a mask.
func (n *names) masked(mask, v uint64) string {
	text, ok := n.Bits(mask, v)
	if !ok && n.flags {
		text, ok = n.constantBits(v)
	}
	if !ok && mask != v {
		text, ok = n.name(v) // of a mask of 32 bits
		ok = ok && mask&low32 == low32
	}
	if ok {
		return text
	}
	return n.number(v)
}

// constantBits are the names of the bits of a value, with what has no name as a number.
func (n *names) constantBits(v uint64) (text string, ok bool) {
	var parts []string
	rest := uint64(0)
	for left := v; left != 0; left &= left - 1 {
		bit := uint64(1) << bits.TrailingZeros64(left)
		name, found := constants.Name(bit, n.abi, n.prefixes...)
		if !found {
			rest |= bit
			continue
		}
		parts = append(parts, name)
	}
	ok = len(parts) > 0
	if rest != 0 {
		parts = append(parts, n.number(rest))
	}
	return strings.Join(parts, "|"), ok
}

// parameter is what the argument is called where bits of it are meant.
func (n *names) parameter() string {
	if n.flags {
		return "flags"
	}
	return n.Parameter()
}

// number is a value that has no name. Small ones are counts and descriptors, others
// addresses and bits.
func (n *names) number(v uint64) string {
	if v < 1<<8 || v < 1<<16 && !n.hex {
		return strconv.FormatUint(v, 10)
	}
	return "0x" + strconv.FormatUint(v, 16)
}
