// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"context"

	"github.com/gosieve/sieve/internal/settings"
)

// Limits bound the work of one call of Compile here, and of Prove, Diff, Decompile and their
// relatives in package proof. A field of 0 or less is the default.
type Limits struct {
	// Steps are elementary steps of the work, some 50 ns each. They are counted, not
	// timed: equal questions get equal answers on every machine. The default is
	// DefaultSteps.
	Steps int
	// Memory is the bytes that tables and diagrams take together at one time. The
	// default is DefaultMemory.
	Memory int
}

// The default limits.
const (
	DefaultSteps  = settings.DefaultSteps  // about 2 seconds
	DefaultMemory = settings.DefaultMemory // 256 MB
)

// Within bounds the work: by default it is about 2 seconds and 256 MB
// (DefaultSteps, DefaultMemory). Work that meets a limit ends with an error
// that wraps proof.ErrUndecided or, in Compile, bpf.ErrTooLong. It ends early once the
// context is done, with an error that wraps the context's error and its cause, and
// neither of those.
func Within(ctx context.Context, l Limits) Option {
	return func(s *settings.Settings) { s.Context, s.Steps, s.Memory = ctx, l.Steps, l.Memory }
}
