// SPDX-License-Identifier: Apache-2.0

// Package settings is what the options of compiling and of deciding set. It is a package
// so that seccomp and seccomp/proof can take the same options without exporting fields.
package settings

import "context"

// The default limits of work. Compiling and proving have the same; the prover's engine
// (internal/symbolic) has them too, which a test of package proof holds.
const (
	DefaultSteps  = 1 << 25   // 1 to 10 seconds, by machine and question
	DefaultMemory = 256 << 20 // bytes
)

// Settings are made by options. The zero value is the default of everything.
type Settings struct {
	Goal      uint8             // what a filter is laid out for: seccomp/option.go
	Histogram map[string]uint64 // how often calls are made, by name; nil for the usual mix

	Context context.Context // nil for none
	Steps   int             // of work; 0 for the default
	Memory  int             // in bytes; 0 for the default

	// Busiest, if set, is where Compile writes the call with the most conditions, in
	// words, for an error about them. It stays as it is if no call has conditions.
	Busiest *string

	// Spent, if set, is where Diff and its relatives write how many steps they have done, for
	// a caller who divides his steps among many questions.
	Spent *int
}

// Of applies options in order. Nil ones are skipped.
func Of[O ~func(*Settings)](opts []O) Settings {
	var s Settings
	for _, o := range opts {
		if o != nil {
			o(&s)
		}
	}
	return s
}
