// SPDX-License-Identifier: Apache-2.0

// Package options holds what the options of Parse say, for every package that reads
// documents. Package profile and those of the other dialects define the options; only
// the packages of this module can look inside.
package options

import "math"

// Options are what all options of one call of Parse say together.
type Options struct {
	Dialect string // profile.Dialect; empty if no option says it
	File    string // the document's name, for places
	Size    int    // the largest document, in bytes
	Depth   int    // how deep objects and lists nest
	Strict  bool   // a warning is an error

	// Reader is the option of one dialect alone, such as minijail.Compiler. A
	// dialect that has no such option does not look at it.
	Reader any
}

// The limits that count where no option sets others.
const (
	defaultSize  = 64 << 20
	DefaultDepth = 256           // levels
	largestSize  = math.MaxInt32 // marks are 32 bits wide, and so may int be
)

// Option is any option of Parse (profile.ParseOption).
type Option interface{ Set(Options) Options }

// Of applies options in order, so that a later one counts, and fills in the default
// limits. Nil options are skipped.
func Of[O Option](opts ...O) Options {
	var o Options
	for _, opt := range opts {
		if any(opt) != nil {
			o = opt.Set(o)
		}
	}
	if o.Size <= 0 {
		o.Size = defaultSize
	}
	if o.Depth <= 0 {
		o.Depth = DefaultDepth
	}
	o.Size = min(o.Size, largestSize)
	return o
}
