// SPDX-License-Identifier: Apache-2.0

package resolution

import (
	"context"

	"github.com/gosieve/sieve/arch"
)

// Options are what the options of Resolve say.
type Options struct {
	Strict   bool // a warning is an error
	Narrow   bool // arguments that the kernel reads as 32 bits are compared as such
	And      bool // all conditions on one argument must hold, not one of them
	Restrict bool // of rules that overlap the more restrictive one counts
	// SkipUnknown skips a name that no table knows also where the filter is weaker without it.
	SkipUnknown bool
	ENOSYS      ENOSYS      // which calls get ENOSYS
	Written     arch.Kernel // for enosysKnown: the kernel that the document was written for

	// Context, Steps and Memory bound the work of those who look further than Resolve (package
	// lint); a zero one is their default.
	Context       context.Context
	Steps, Memory int

	// Observe is called, if it is not nil, when Resolve ends, with or without an error.
	Observe func(*Resolution)
}

// ENOSYS says which calls get ENOSYS.
type ENOSYS uint8

const (
	ENOSYSRunc  ENOSYS = iota // numbers above all that the document names
	ENOSYSKnown               // calls newer than the document, and numbers without a call
	ENOSYSOff                 // none
)

// Observer is an option of Resolve that gives its caller what Resolve found.
type Observer func(*Resolution)

// Apply makes an observer an option of Resolve.
func (f Observer) Apply(o *Options) { o.Observe = f }

// Lenient is an option of Resolve that takes Strict back.
type Lenient struct{}

// Apply makes lenient an option of Resolve.
func (Lenient) Apply(o *Options) { o.Strict = false }
