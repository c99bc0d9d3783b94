// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"context"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/symbolic"
)

// Limits bound the work of one call of Compile, Prove, Diff or Decompile.
type Limits = bpf.Limits

// Within bounds the work: by default it is about 2 seconds and 256 MB
// (bpf.DefaultSteps, bpf.DefaultMemory). Work that meets a limit ends with an error
// that wraps ErrUndecided or, in Compile, bpf.ErrTooLong. It ends early once the
// context is done, with an error that wraps the context's error and its cause, and
// neither of those.
func Within(ctx context.Context, l Limits) Option {
	return func(o *options) { o.ctx, o.limits = ctx, l }
}

// optionsOf applies options. Those of a layout do not matter to who only decides.
func optionsOf(opts []Option) options {
	o := options{price: prices[Attach]}
	for _, opt := range opts {
		if opt != nil {
			opt(&o)
		}
	}
	return o
}

// symbolic is the limits as the prover takes them.
func (o *options) symbolic() symbolic.Limits {
	return symbolic.Limits{Context: o.ctx, Steps: o.limits.Steps, Memory: o.limits.Memory}
}
