// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"bytes"
	"errors"
	"fmt"
	"syscall"

	"github.com/gosieve/sieve/seccomp/internal/system"
)

// This file reads the caller's memory, for arguments that are addresses.

// Read copies memory of the process that called, from an address there on. The
// bytes are those of that process: that its call still waits is checked after
// they are read, and p is cleared if not. They are what the memory held at that
// moment. Other threads may change it before and after, so that a decision has to go
// by the bytes that were read, and the supervisor has to do what it decided
// on itself.
//
// Fewer bytes than asked for come with an error that wraps syscall.EFAULT: what
// follows, from the beginning of a page on, cannot be read. It takes the right to
// trace the process: a launcher has it over its child of the same user,
// unless the child is not dumpable; syscall.EPERM says no.
func (n *Notification) Read(addr uint64, p []byte) (int, error) {
	if !n.made() {
		return 0, errNotReceived
	}
	count, err := n.read(addr, p)
	if e := n.Valid(); e != nil {
		clear(p)
		return 0, e
	}
	return count, n.problem("read", err)
}

// ReadString reads text that ends with NUL, such as a path, without the NUL. Max is
// how many bytes it may have with the NUL; PATH_MAX, which is 4096, for a path.
// Longer text is an error that wraps syscall.ENAMETOOLONG. Else it is like Read.
func (n *Notification) ReadString(addr uint64, max int) (string, error) {
	if !n.made() {
		return "", errNotReceived
	}
	text, err := n.text(addr, max)
	if e := n.Valid(); e != nil {
		return "", e
	}
	return string(text), n.problem("read text", err)
}

// text reads up to a NUL, in chunks that double from 256 bytes: most paths are short, and each
// chunk is a call. A text without a NUL within max bytes is ENAMETOOLONG, never cut.
func (n *Notification) text(addr uint64, max int) ([]byte, error) {
	var text []byte
	for chunk := 256; len(text) < max; chunk *= 2 {
		had := len(text)
		// Up to the end of a page, as the text may end before one that is not there.
		size := min(chunk, max-had, system.PageRest(addr+uint64(had)))
		text = append(text, make([]byte, size)...)
		count, err := n.read(addr+uint64(had), text[had:])
		if end := bytes.IndexByte(text[had:had+count], 0); end >= 0 {
			return text[:had+end], nil
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("at %#x: no NUL within %d bytes: %w", addr, max, syscall.ENAMETOOLONG)
}

// read fills p. It returns how many bytes it could read and, if those are fewer, EFAULT with
// the address at which memory ends.
func (n *Notification) read(addr uint64, p []byte) (int, error) {
	if err := n.visible(); err != nil {
		return 0, err
	}
	count := 0
	for count < len(p) {
		part := p[count:]
		part = part[:min(len(part), 64*4096)]
		at := addr + uint64(count)
		if at+uint64(len(part)) < at { // beyond the last address
			return count, fmt.Errorf("at %#x: %w", at, syscall.EFAULT)
		}
		done, err := system.ReadMemory(n.PID, at, part)
		count += done
		if err != nil {
			return count, err
		}
		if done < len(part) {
			return count, fmt.Errorf("at %#x: %w", at+uint64(done), syscall.EFAULT)
		}
	}
	return count, nil
}

func (n *Notification) visible() error {
	if n.PID <= 0 {
		return errors.New("the caller is not visible in this pid namespace")
	}
	return nil
}
