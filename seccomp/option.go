// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"github.com/gosieve/sieve/internal/decision"
	"github.com/gosieve/sieve/internal/settings"
)

// Option changes how Compile lays a filter out, or how long it and the prover may
// work. None changes what is decided. Only this package makes options: what they set is
// internal.
type Option func(*settings.Settings)

// The goals that a filter is laid out for. They differ by a few instructions: each is good
// at all three.
const (
	attach = iota // the least time to install: the kernel runs a filter once for every call number
	path          // ShortestPaths
	size          // FewestInstructions
)

// prices say how much longer a path may be to save an instruction. When a filter
// is attached an instruction on all paths costs some 1.2 us, and one in the
// program 0.15 us. Of an argument's values nothing is known, and few calls
// get there: there size counts.
var prices = [...]decision.Price{
	attach: {Known: 0.06, Unknown: 1, Spread: 0.1},
	path:   {Known: 0.005, Unknown: 0.1, Spread: 0.005},
	size:   {Known: 2, Unknown: 8, Spread: 0.1},
}

// ShortestPaths lays a filter out so that a call executes the fewest instructions. Without
// it and without FewestInstructions a filter takes the least time to install, for which
// the kernel runs it once for every call number.
func ShortestPaths() Option { return func(s *settings.Settings) { s.Goal = path } }

// FewestInstructions lays a filter out so that the program is the shortest.
func FewestInstructions() Option { return func(s *settings.Settings) { s.Goal = size } }

// Weights lays a filter out for programs that make calls as often as counts say,
// by name. Names that an ABI lacks are skipped there, and calls without a count
// still get short paths. Without counts, or without this option, calls are
// weighed by a mix of what build tools and servers do.
func Weights(counts map[string]uint64) Option {
	return func(s *settings.Settings) { s.Histogram = counts }
}
