// SPDX-License-Identifier: Apache-2.0

package peer

import (
	"encoding/binary"

	"golang.org/x/net/bpf"
)

// Decode reads instructions as they lie in this machine's memory (struct
// sock_filter, include/uapi/linux/filter.h). A last one that is cut short is
// left out.
func Decode(raw []byte) []bpf.RawInstruction {
	program := make([]bpf.RawInstruction, 0, len(raw)/8)
	for ; len(raw) >= 8; raw = raw[8:] {
		program = append(program, bpf.RawInstruction{
			Op: binary.NativeEndian.Uint16(raw),
			Jt: raw[2],
			Jf: raw[3],
			K:  binary.NativeEndian.Uint32(raw[4:]),
		})
	}
	return program
}
