// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"

	"github.com/gosieve/sieve/internal/decision"
	"github.com/gosieve/sieve/internal/settings"
)

// Option changes how Compile lays a filter out, or how long it and the prover may
// work. None changes what is decided.
type Option func(*settings.Settings)

// Goal is what a filter should be best at.
type Goal uint8

// The goals. They differ by a few instructions: each is good at all three.
const (
	// Attach is the least time to install a filter: the kernel runs it once for
	// every call number. The default.
	Attach Goal = iota
	// Path is the fewest instructions that a call executes.
	Path
	// Size is the fewest instructions in the program.
	Size
)

// prices say how much longer a path may be to save an instruction. When a filter
// is attached an instruction on all paths costs some 1.2 us, and one in the
// program 0.15 us. Of an argument's values nothing is known, and few calls
// get there: there size counts.
var prices = [...]decision.Price{
	Attach: {Known: 0.06, Unknown: 1, Spread: 0.1},
	Path:   {Known: 0.005, Unknown: 0.1, Spread: 0.005},
	Size:   {Known: 2, Unknown: 8, Spread: 0.1},
}

// Favour makes a filter best at a goal. It panics if there is no such goal.
func Favour(g Goal) Option {
	if int(g) >= len(prices) {
		panic(fmt.Sprintf("seccomp: no such goal: %d", g))
	}
	return func(s *settings.Settings) { s.Goal = uint8(g) }
}

// Weights lays a filter out for programs that make calls as often as counts say,
// by name. Names that an ABI lacks are skipped there, and calls without a count
// still get short paths. Without counts, or without this option, calls are
// weighed by a mix of what build tools and servers do.
func Weights(counts map[string]uint64) Option {
	return func(s *settings.Settings) { s.Histogram = counts }
}
