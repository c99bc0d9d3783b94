// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"context"

	"github.com/gosieve/sieve/internal/symbolic"
)

// Limits bound the work on one question: a call of Equal or Diff here, and one of
// Compile, Prove, Diff or Decompile in package seccomp. A field of 0 or less is
// the default. An operation that meets a limit ends with an error that wraps
// ErrUndecided or, where it compiles, ErrTooLong.
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
	DefaultSteps  = symbolic.DefaultSteps  // about 2 seconds
	DefaultMemory = symbolic.DefaultMemory // 256 MB
)

// Option changes how a question is decided. It changes no answer, other than into
// an error and back.
type Option func(*options)

type options struct{ limits symbolic.Limits }

// Within bounds the work. It ends early once the context is done, with an error
// that wraps the context's error and its cause, and not ErrUndecided.
func Within(ctx context.Context, l Limits) Option {
	return func(o *options) {
		o.limits = symbolic.Limits{Context: ctx, Steps: l.Steps, Memory: l.Memory}
	}
}

// within is the limits of a question.
func within(opts []Option) symbolic.Limits {
	var o options
	for _, opt := range opts {
		if opt != nil {
			opt(&o)
		}
	}
	return o.limits
}
