// SPDX-License-Identifier: Apache-2.0

package supervise

import (
	"bytes"

	"github.com/gosieve/sieve/seccomp/notify"
)

// This file reads arguments that are addresses, for denials.

// caller is the memory of a process that waits for an answer.
type caller struct{ *notify.Notification }

// ReadString reads up to a NUL, or limit bytes, where Notification's wants the NUL.
func (c caller) ReadString(addr uint64, limit int) (string, error) {
	return beginningOf(c.Read, addr, limit)
}

func beginningOf(read func(uint64, []byte) (int, error), addr uint64, limit int) (string, error) {
	b := make([]byte, limit)
	n, err := read(addr, b)
	if end := bytes.IndexByte(b[:n], 0); end >= 0 {
		return string(b[:end]), nil
	}
	return string(b[:n]), err
}
