// SPDX-License-Identifier: Apache-2.0

package supervise

import (
	"bytes"

	"github.com/gosieve/sieve/seccomp/notify"
)

// This file reads arguments that are addresses, for denials.

// caller is the memory of a process that waits for an answer.
type caller struct{ *notify.Notification }

// ReadString reads up to a NUL, or limit bytes, where Notification's wants the NUL: a report
// shows the beginning of a long string, and a decision must not be made on one.
func (c caller) ReadString(addr uint64, limit int) (string, error) {
	return beginningOf(c.Read, addr, limit)
}

// beginningOf reads what there is of a string that ends at a NUL, at the limit, or at memory
// that cannot be read. The error is for the last of these, with what could be read.
func beginningOf(read func(uint64, []byte) (int, error), addr uint64, limit int) (string, error) {
	b := make([]byte, limit)
	n, err := read(addr, b)
	if end := bytes.IndexByte(b[:n], 0); end >= 0 {
		return string(b[:end]), nil
	}
	return string(b[:n]), err
}
