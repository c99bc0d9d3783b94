// SPDX-License-Identifier: Apache-2.0

package resolution

// Multiplexer is a call that makes others, by its first argument, and how much of that
// the kernel reads.
type Multiplexer struct {
	Name, One string // one is a call that it makes
	Mask      uint64
}

var Multiplexers = [...]Multiplexer{
	{"socketcall", "socket", 0xffffffff},
	{"ipc", "semop", 0xffff},
}
