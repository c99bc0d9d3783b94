// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/arch"
)

// This file asks a filter about the calls that the Go runtime makes (self_calls.go), before
// InstallSelf installs it.

// RuntimeNeed says how a filter may answer a call that the Go runtime makes.
type RuntimeNeed uint8

// The needs.
const (
	// RuntimeRequired calls must be executed (Allow or Log): the runtime ends the program,
	// hangs or goes wrong without them.
	RuntimeRequired RuntimeNeed = iota + 1
	// RuntimeTolerated calls may fail with an errno, and the runtime does without. They
	// must not end the thread or the process.
	RuntimeTolerated
	// RuntimeOptional calls are only made if the program asks for what Reason says.
	// InstallSelf does not check them.
	RuntimeOptional
)

// RuntimeCall is a system call that the Go runtime makes by itself, whatever the
// program does, once the program has started.
type RuntimeCall struct {
	Name string
	// Args are what the runtime passes: flags and operations are the very ones,
	// while descriptors, sizes and addresses are examples.
	Args   [6]uint64
	Need   RuntimeNeed
	Errno  uint16 // RuntimeTolerated only: the one errno that is tolerated; 0 means any
	Cgo    bool   // made only in programs with cgo, by the C library's threads
	Reason string // what the call is for
	Source string // where it is made, below Go's src, or in the C library
}

// String is the call with its arguments: "clone(0xd0f00, ...)".
func (c *RuntimeCall) String() string {
	if c == nil {
		return "<nil>"
	}
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

// allowed says whether the runtime can live with an answer.
func (c *RuntimeCall) allowed(a Action) bool {
	switch a.Kind() {
	case Allow, Log:
		return true
	case errno:
		return c.Need == RuntimeTolerated && (c.Errno == 0 || a.Data() == c.Errno)
	case trace, Notify: // ENOSYS without a tracer or a listener
		return c.Need == RuntimeTolerated
	}
	return false
}

// RuntimeError says that a filter denies what the Go runtime of this program
// needs. Nothing was installed.
type RuntimeError struct{ Calls []DeniedRuntimeCall }

// DeniedRuntimeCall is a call that the runtime makes, and the filter's answer.
type DeniedRuntimeCall struct {
	RuntimeCall
	Action Action
}

// String is that of the call.
func (c *DeniedRuntimeCall) String() string {
	if c == nil {
		return "<nil>"
	}
	return c.RuntimeCall.String()
}

func (e *RuntimeError) Error() string {
	if e == nil {
		return "<nil>"
	}
	var b strings.Builder
	b.WriteString("the Go runtime cannot live under the filter:")
	for i := range e.Calls {
		c := &e.Calls[i]
		want := "ALLOW"
		switch {
		case c.Errno != 0:
			want += " or " + Errno(c.Errno).String()
		case c.Need == RuntimeTolerated:
			want += " or an errno"
		}
		fmt.Fprintf(&b, "\n\t%v gets %v, want %s: %s (%s)", &c.RuntimeCall, c.Action, want, c.Reason, c.Source)
	}
	return b.String()
}

// checkRuntime returns a *RuntimeError if the runtime cannot live under the filter.
func (f Filter) checkRuntime(abi arch.Arch, kernel arch.Kernel, cgo bool) error {
	var denied []DeniedRuntimeCall
	for _, c := range RuntimeCalls(abi, kernel) {
		if c.Need == RuntimeOptional || c.Cgo && !cgo {
			continue
		}
		nr, ok := abi.Number(c.Name)
		if !ok {
			continue // an ABI that Go has not; or a call that it has not
		}
		if a := f.Run(&Call{Audit: abi.Audit(), Nr: nr, Args: c.Args}); !c.allowed(a) {
			denied = append(denied, DeniedRuntimeCall{c, a})
		}
	}
	if denied != nil {
		return &RuntimeError{denied}
	}
	return nil
}
