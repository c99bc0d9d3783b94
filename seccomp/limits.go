// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"context"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/settings"
)

// Limits bound the work of one call of Compile, Prove, Diff or Decompile.
type Limits = bpf.Limits

// Within bounds the work: by default it is about 2 seconds and 256 MB
// (bpf.DefaultSteps, bpf.DefaultMemory). Work that meets a limit ends with an error
// that wraps ErrUndecided or, in Compile, bpf.ErrTooLong. It ends early once the
// context is done, with an error that wraps the context's error and its cause, and
// neither of those.
func Within(ctx context.Context, l Limits) Option {
	return func(s *settings.Settings) { s.Context, s.Steps, s.Memory = ctx, l.Steps, l.Memory }
}
