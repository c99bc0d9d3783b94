// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"context"
	"os"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch"
	"github.com/gosieve/sieve/seccomp/notify"
	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/require"
)

// TestNil says what nil and zero values mean. That nothing panics for them is
// internal/house's test, which knows the whole surface.
func TestNil(t *testing.T) {
	var none *seccomp.Policy
	some := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Allow}
	filter, err := some.Compile()
	require.NoError(t, err)
	refused := map[string]func() error{
		"Validate":             func() error { return none.Validate() },
		"Compile":              func() error { _, err := none.Compile(); return err },
		"Prove":                func() error { return proof.Prove(filter, nil) },
		"Prove by no programs": func() error { return proof.Prove(seccomp.Filter(nil), nil) },
		"Union":                func() error { _, err := proof.Union(some, nil); return err },
		"Intersect":            func() error { _, err := proof.Intersect(nil); return err },
		"Subtract":             func() error { _, err := proof.Subtract(some, nil, seccomp.Errno(1)); return err },
		"Diff with a nil policy": func() error {
			for _, err := range proof.Diff(proof.Of(filter), proof.Of(none)) {
				return err
			}
			return nil
		},
		"Diff with no side": func() error {
			for _, err := range proof.Diff(proof.Side{}, proof.Of(filter)) {
				return err
			}
			return nil
		},
	}
	for name, f := range refused {
		t.Run(name, func(t *testing.T) {
			require.ErrorIs(t, f(), seccomp.ErrPolicy)
			require.ErrorContains(t, f(), "nil")
		})
	}
	require.Equal(t, seccomp.Decision{Action: seccomp.KillProcess, By: seccomp.ByBadArch, Rule: -1}, none.Explain(&seccomp.Call{}))
	require.Equal(t, seccomp.KillProcess, none.Evaluate(nil))
	require.Equal(t, some.Explain(&seccomp.Call{}), some.Explain(nil))
	require.Equal(t, filter.Run(&seccomp.Call{}), filter.Run(nil))
	_, err = seccomp.Filter(nil).Program()
	require.ErrorIs(t, err, seccomp.ErrFilter)
	require.NoError(t, proof.Prove(filter, some, nil), "an option that is nil says nothing")
	for _, l := range []*notify.Listener{nil, {}} {
		_, err := l.Receive(context.Background())
		require.ErrorIs(t, err, os.ErrClosed)
		require.ErrorIs(t, l.Close(), os.ErrClosed)
	}
	for _, n := range []*notify.Notification{nil, {}} {
		require.Error(t, n.Continue())
		require.Error(t, n.Valid())
	}
	var cmd *launch.Cmd
	require.Error(t, cmd.Run())
}
