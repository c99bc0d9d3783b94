// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"encoding/binary"
	"fmt"

	xbpf "golang.org/x/net/bpf"
)

// instructionSize is sizeof(struct sock_filter) in bytes, on every architecture: u16, u8,
// u8, u32 without padding.
const instructionSize = 8

// AppendBinary appends the program to b as an array of struct sock_filter
// (include/uapi/linux/filter.h), eight bytes an instruction: opcode in 16 bits,
// jt and jf in 8 each, K in 32. The byte order is that of the machine that is to
// load it; nil is little-endian.
func (p Program) AppendBinary(b []byte, order binary.ByteOrder) []byte {
	if order == nil {
		order = binary.LittleEndian
	}
	var f [instructionSize]byte
	for _, i := range p {
		order.PutUint16(f[0:], i.Op)
		f[2], f[3] = i.Jt, i.Jf
		order.PutUint32(f[4:], i.K)
		b = append(b, f[:]...)
	}
	return b
}

// Decode reads a program that AppendBinary wrote. It does not Check it. Errors
// wrap ErrInvalid: b must hold 1 to MaxInstructions whole instructions. With more
// than that the error wraps ErrTooLong too.
func Decode(b []byte, order binary.ByteOrder) (Program, error) {
	if order == nil {
		order = binary.LittleEndian
	}
	if len(b) == 0 || len(b)%instructionSize != 0 {
		return nil, fmt.Errorf("%w: %d bytes, want a multiple of %d from %d to %d",
			ErrInvalid, len(b), instructionSize, instructionSize, MaxInstructions*instructionSize)
	}
	n := len(b) / instructionSize
	if n > MaxInstructions {
		return nil, fmt.Errorf("%w: %w: %d instructions, want 1 to %d", ErrInvalid, ErrTooLong, n, MaxInstructions)
	}
	p := make(Program, n)
	for pc := range p {
		f := b[pc*instructionSize:]
		p[pc] = xbpf.RawInstruction{Op: order.Uint16(f), Jt: f[2], Jf: f[3], K: order.Uint32(f[4:])}
	}
	return p, nil
}
