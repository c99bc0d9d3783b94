// SPDX-License-Identifier: Apache-2.0

package bpf_test

import (
	"context"
	"errors"
	"testing"

	"github.com/gosieve/sieve/bpf"
	"github.com/stretchr/testify/assert"
)

// TestWithin: a question that meets a limit is undecided, and one whose context is
// done ends with what the context says.
func TestWithin(t *testing.T) {
	p := bpf.Program{{Op: 0x20, K: 16}, {Op: 0x15, Jf: 1, K: 3}, {Op: 6, K: 1}, {Op: 6, K: 0}}
	q := bpf.Program{{Op: 0x20, K: 16}, {Op: 0x35, Jf: 1, K: 3}, {Op: 6, K: 1}, {Op: 6, K: 0}}
	ask := map[string]func(bpf.Option) error{
		"Equal": func(o bpf.Option) error {
			_, equal, err := bpf.Equal(p, q, o)
			assert.False(t, equal)
			return err
		},
		"Diff": func(o bpf.Option) (last error) {
			for _, err := range bpf.Diff(p, q, o) {
				last = err
			}
			return last
		},
	}
	why := errors.New("enough")
	done, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	for name, ask := range ask {
		assert.NoError(t, ask(bpf.Within(t.Context(), bpf.Limits{})), name)
		assert.ErrorIs(t, ask(bpf.Within(t.Context(), bpf.Limits{Steps: 1})), bpf.ErrUndecided, name)
		assert.ErrorIs(t, ask(bpf.Within(t.Context(), bpf.Limits{Memory: 1})), bpf.ErrUndecided, name)
		err := ask(bpf.Within(done, bpf.Limits{}))
		assert.ErrorIs(t, err, context.Canceled, name)
		assert.ErrorIs(t, err, why, name)
		assert.NotErrorIs(t, err, bpf.ErrUndecided, name)
	}
}
