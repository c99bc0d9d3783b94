// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/options"
	"github.com/gosieve/sieve/internal/resolution"
)

// ParseOption changes how Parse reads: a Dialect, File, Limits or Strict. Some other
// dialects have an option of their own, such as minijail.Reader.
type ParseOption interface {
	Set(options.Options) options.Options
}

// Option changes how Resolve decides: Strict, Narrow, AndRepeated,
// RestrictOverlaps, or an ENOSYS mode.
type Option interface{ Apply(*resolution.Options) }

// File is the document's name, for places.
type File string

// Limits are the largest document that is read. A zero field means the default.
//
// The size is checked before anything is read. Places are 32 bits wide, hence the 2 GiB.
type Limits struct {
	Size  int // in bytes; 64 MiB, and never 2 GiB or more
	Depth int // how deep objects and lists nest; 256
}

// switchOption is an option that is given or not.
type switchOption uint8

// resolveOption is a switchOption for Resolve alone.
type resolveOption uint8

const (
	// Strict makes every warning an error. Give it to Parse and to Resolve.
	Strict switchOption = iota
)

const (
	// Narrow compares only the low 32 bits of an argument that the kernel
	// reads as 32 bits or less (arch.Width), on every ABI.
	Narrow resolveOption = iota
	// AndRepeated makes all conditions of a rule hold even where an argument
	// has several. Without it one of them is enough, as in runc.
	AndRepeated
	// RestrictOverlaps takes the more restrictive action where two rules with
	// conditions match the same call, and of two equally restrictive ones the
	// first in the document. Without it that is an error.
	RestrictOverlaps
)

// Set makes a dialect an option of Parse.
func (d Dialect) Set(o options.Options) options.Options { o.Dialect = string(d); return o }

// Set makes a file's name an option of Parse.
func (f File) Set(o options.Options) options.Options { o.File = string(f); return o }

// Set makes limits an option of Parse.
func (l Limits) Set(o options.Options) options.Options {
	o.Size, o.Depth = l.Size, l.Depth
	return o
}

// Set makes Strict an option of Parse.
func (switchOption) Set(o options.Options) options.Options { o.Strict = true; return o }

// Apply is for package profile itself.
func (switchOption) Apply(o *resolution.Options) { o.Strict = true }

// Apply is for package profile itself.
func (r resolveOption) Apply(o *resolution.Options) {
	switch r {
	case Narrow:
		o.Narrow = true
	case AndRepeated:
		o.And = true
	case RestrictOverlaps:
		o.Restrict = true
	}
}

// enosysOption is an enosysMode and the kernel that the document was written for.
type enosysOption struct {
	mode    resolution.ENOSYS
	written arch.Kernel
}

// Apply is for package profile itself.
func (e enosysOption) Apply(o *resolution.Options) { o.ENOSYS, o.Written = e.mode, e.written }

// ENOSYSRunc, the default, answers ENOSYS to every number above the highest that
// the document names, per ABI, unless the default action is ALLOW, LOG or TRACE.
func ENOSYSRunc() Option { return enosysOption{mode: resolution.ENOSYSRunc} }

// ENOSYSKnown answers ENOSYS to every call that first appeared after the kernel
// that the document was written for, and to every number that no table knows,
// unless a rule matches. Number 0xffffffff is left to the default.
//
// Unlike ENOSYSRunc it does not depend on which calls the document names: there one new
// name takes ENOSYS from all calls with lower numbers.
func ENOSYSKnown(written arch.Kernel) Option {
	return enosysOption{mode: resolution.ENOSYSKnown, written: written}
}

// ENOSYSOff answers as the document says, whatever programs make of it.
func ENOSYSOff() Option { return enosysOption{mode: resolution.ENOSYSOff} }
