// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"context"

	"github.com/gosieve/sieve/internal/settings"
)

// Limits bound the work of one call of Compile here, and of Prove, Diff, Decompile and their
// relatives in package proof. A field of 0 or less is the default.
type Limits struct {
	// Steps are elementary steps of the work, some 50 to 300 ns each. They are counted, not
	// timed: equal questions get equal answers on every machine. The default is
	// DefaultSteps.
	Steps int
	// Memory is the bytes that tables and diagrams take together at one time. The
	// default is DefaultMemory.
	Memory int
}

// The default limits.
const (
	DefaultSteps  = settings.DefaultSteps  // 1 to 10 seconds, by machine and question
	DefaultMemory = settings.DefaultMemory // 256 MB
)

// Within bounds the work. The default is DefaultSteps and DefaultMemory: some seconds, and
// 256 MB. Work that meets a limit ends with an error that wraps proof.ErrUndecided or, in
// Compile, bpf.ErrTooLong. If the context is cancelled, the error wraps ctx.Err() and
// context.Cause(ctx), but neither ErrUndecided nor ErrTooLong.
func Within(ctx context.Context, l Limits) Option {
	return func(s *settings.Settings) { s.Context, s.Steps, s.Memory = ctx, l.Steps, l.Memory }
}
