// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/options"
	"github.com/gosieve/sieve/internal/resolution"
)

// ParseOption changes how Parse reads: In, File, Limits or Strict. Some other dialects
// have options of their own, such as minijail.Include.
type ParseOption interface {
	Set(options.Options) options.Options
}

// Option changes how Resolve decides: Strict, Narrow, AndRepeated,
// RestrictOverlaps, SkipUnknown, or an ENOSYS mode.
type Option interface{ Apply(*resolution.Options) }

// parseOption is an option for Parse alone.
type parseOption func(*options.Options)

// Set is for the packages that read documents.
func (f parseOption) Set(o options.Options) options.Options { f(&o); return o }

// In says which dialect the document is in. Without it Parse of this package takes Docker,
// and dialect.Parse finds it out.
func In(d Dialect) ParseOption {
	return parseOption(func(o *options.Options) { o.Dialect = string(d) })
}

// File is the document's name, for places.
func File(name string) ParseOption { return parseOption(func(o *options.Options) { o.File = name }) }

// Limits are the largest document that is read: its size in bytes (64 MiB if 0, and never
// 2 GiB or more), and how deep its objects and lists nest (256 if 0).
//
// The size is checked before anything is read. Places are 32 bits wide, hence the 2 GiB.
func Limits(size, depth int) ParseOption {
	return parseOption(func(o *options.Options) { o.Size, o.Depth = size, depth })
}

// switchOption is an option that is given or not.
type switchOption uint8

// resolveOption is an option for Resolve alone.
type resolveOption uint8

const (
	// Strict makes every warning an error. Give it to Parse and to Resolve.
	Strict switchOption = iota
)

const (
	// Narrow compares only the low 32 bits of an argument that the kernel
	// reads as 32 bits or less (arch.Width), on every ABI.
	Narrow resolveOption = iota
	// AndRepeated requires all conditions of a rule to hold. By default, if an argument
	// has several conditions, any one condition of the rule is enough, as in runc.
	AndRepeated
	// RestrictOverlaps takes the more restrictive action if two rules with conditions
	// match the same call, and the first in the document if both are equally restrictive.
	// By default such rules are an error.
	RestrictOverlaps
	// SkipUnknown skips every unknown name, as runc does, and warns if the filter becomes
	// weaker. By default an unknown name is an error if skipping it would weaken the
	// filter, and is skipped otherwise.
	SkipUnknown
	// ENOSYSRunc, the default, answers ENOSYS to every number above the highest that
	// the document names, per ABI, unless the default action is ALLOW, LOG or TRACE.
	ENOSYSRunc
	// ENOSYSOff answers as the document says, whatever programs make of it.
	ENOSYSOff
)

// Set makes Strict an option of Parse.
func (switchOption) Set(o options.Options) options.Options { o.Strict = true; return o }

// Apply makes Strict an option of Resolve.
func (switchOption) Apply(o *resolution.Options) { o.Strict = true }

// Apply sets what the option is about.
func (r resolveOption) Apply(o *resolution.Options) {
	switch r {
	case Narrow:
		o.Narrow = true
	case AndRepeated:
		o.And = true
	case RestrictOverlaps:
		o.Restrict = true
	case SkipUnknown:
		o.SkipUnknown = true
	case ENOSYSRunc:
		o.ENOSYS = resolution.ENOSYSRunc
	case ENOSYSOff:
		o.ENOSYS = resolution.ENOSYSOff
	}
}

// knownOption is ENOSYSKnown of a kernel.
type knownOption arch.Kernel

// Apply sets the mode and the kernel.
func (k knownOption) Apply(o *resolution.Options) {
	o.ENOSYS, o.Written = resolution.ENOSYSKnown, arch.Kernel(k)
}

// ENOSYSKnown answers ENOSYS to every call that first appeared after the kernel
// that the document was written for, and to every number that no table knows,
// unless a rule matches. Number 0xffffffff is left to the default.
//
// Unlike ENOSYSRunc it does not depend on which calls the document names: there one new
// name takes ENOSYS from all calls with lower numbers.
func ENOSYSKnown(written arch.Kernel) Option { return knownOption(written) }
