// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/goruntime"
)

// This file asks a filter about the calls that the Go runtime makes
// (internal/goruntime), before InstallSelf installs it.

// runtimeError is about a filter that denies what the Go runtime of this program needs. It
// lists the calls.
type runtimeError struct{ calls string }

func (e *runtimeError) Error() string {
	return "the Go runtime cannot live under the filter:" + e.calls
}
func (e *runtimeError) Unwrap() error { return ErrFilter }

// deniedCall is a call that the runtime makes, and the filter's answer.
type deniedCall struct {
	goruntime.Call
	Action Action
}

// checkRuntime returns an error that wraps ErrFilter if the runtime cannot live under
// the filter.
func (f Filter) checkRuntime(abi arch.Arch, kernel arch.Kernel, cgo bool) error {
	denied := f.deniedCalls(abi, kernel, cgo)
	if denied == nil {
		return nil
	}
	var b strings.Builder
	for i := range denied {
		c := &denied[i]
		want := "ALLOW"
		switch {
		case c.Errno != 0:
			want += " or " + Errno(c.Errno).String()
		case c.Need == goruntime.Tolerated:
			want += " or an errno"
		}
		fmt.Fprintf(&b, "\n\t%v gets %v, want %s: %s (%s)", &c.Call, c.Action, want, c.Reason, c.Source)
	}
	return &runtimeError{b.String()}
}

// deniedCalls are the calls with whose answers the runtime cannot live.
func (f Filter) deniedCalls(abi arch.Arch, kernel arch.Kernel, cgo bool) []deniedCall {
	var denied []deniedCall
	for _, c := range goruntime.Calls(abi, kernel) {
		if c.Need == goruntime.Optional || c.Cgo && !cgo {
			continue
		}
		nr, ok := abi.Number(c.Name)
		if !ok {
			continue // an ABI that Go has not; or a call that it has not
		}
		if a := f.Run(&Call{Audit: abi.Audit(), Nr: nr, Args: c.Args}); !suffices(a, &c) {
			denied = append(denied, deniedCall{c, a})
		}
	}
	return denied
}

// suffices says whether the runtime can live with an answer.
func suffices(a Action, c *goruntime.Call) bool {
	if a.Runs() {
		return true
	}
	switch a.Kind() {
	case errno:
		return c.Need == goruntime.Tolerated && (c.Errno == 0 || a.Data() == c.Errno)
	case trace, Notify: // ENOSYS without a tracer or a listener
		return c.Need == goruntime.Tolerated
	}
	return false
}
