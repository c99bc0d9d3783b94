// SPDX-License-Identifier: Apache-2.0

package goruntime

import (
	"fmt"
	"strings"
)

// Need says how a filter may answer a call that the Go runtime makes.
type Need uint8

// The needs.
const (
	// Required calls must be executed (Allow or Log): the runtime ends the program,
	// hangs or goes wrong without them.
	Required Need = iota + 1
	// Tolerated calls may fail with an errno, and the runtime does without. They
	// must not end the thread or the process.
	Tolerated
	// Optional calls are only made if the program asks for what Reason says.
	Optional
)

// Call is a system call that the Go runtime makes by itself, whatever the
// program does, once the program has started.
type Call struct {
	Name string
	// Args are what the runtime passes: flags and operations are the very ones,
	// while descriptors, sizes and addresses are examples.
	Args   [6]uint64
	Need   Need
	Errno  uint16 // Tolerated only: the one errno that is tolerated; 0 means any
	Cgo    bool   // made only in programs with cgo, by the C library's threads
	Reason string // what the call is for
	Source string // where it is made, below Go's src, or in the C library
}

// String is the call with its arguments: "clone(0xd0f00, ...)". Zeros at the end are left
// out, whether the call has such arguments or not.
func (c *Call) String() string {
	last := len(c.Args)
	for last > 0 && c.Args[last-1] == 0 {
		last--
	}
	var b strings.Builder
	b.WriteString(c.Name + "(")
	for i, a := range c.Args[:last] {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%#x", a)
	}
	return b.String() + ")"
}
