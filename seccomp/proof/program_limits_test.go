// SPDX-License-Identifier: Apache-2.0

package proof_test

import (
	"context"
	"errors"
	"testing"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/assert"
)

// TestProgramsWithin: a question that meets a limit is undecided, and one whose context is
// done ends with what the context says.
func TestProgramsWithin(t *testing.T) {
	p := bpf.Program{{Op: 0x20, K: 16}, {Op: 0x15, Jf: 1, K: 3}, {Op: 6, K: 1}, {Op: 6, K: 0}}
	q := bpf.Program{{Op: 0x20, K: 16}, {Op: 0x35, Jf: 1, K: 3}, {Op: 6, K: 1}, {Op: 6, K: 0}}
	ask := map[string]func(seccomp.Option) error{
		"Equal": func(o seccomp.Option) error {
			_, equal, err := proof.EqualPrograms(p, q, o)
			assert.False(t, equal)
			return err
		},
		"Diff": func(o seccomp.Option) (last error) {
			for _, err := range proof.DiffPrograms(p, q, o) {
				last = err
			}
			return last
		},
	}
	why := errors.New("enough")
	done, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	for name, ask := range ask {
		assert.NoError(t, ask(seccomp.Within(t.Context(), seccomp.Limits{})), name)
		assert.ErrorIs(t, ask(seccomp.Within(t.Context(), seccomp.Limits{Steps: 1})), proof.ErrUndecided, name)
		assert.ErrorIs(t, ask(seccomp.Within(t.Context(), seccomp.Limits{Memory: 1})), proof.ErrUndecided, name)
		err := ask(seccomp.Within(done, seccomp.Limits{}))
		assert.ErrorIs(t, err, context.Canceled, name)
		assert.ErrorIs(t, err, why, name)
		assert.NotErrorIs(t, err, proof.ErrUndecided, name)
	}
}
