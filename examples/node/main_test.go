// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/baseline"
)

// TestEffective: what is written goes beyond neither profile, and what is lost is said.
func TestEffective(t *testing.T) {
	target := profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}
	const node, pulled = "../profiles/no-clock.json", "../profiles/web.json"
	var out, log bytes.Buffer
	require.NoError(t, effective(&out, &log, target, node, pulled))
	require.Contains(t, log.String(), "constrained: x86_64 personality (135), argument 0 & 0xffffffff = 0x8: ERRNO(1), KILL_PROCESS\n")
	p, err := profile.Parse(out.Bytes(), profile.In(profile.OCI), profile.Strict)
	require.NoError(t, err)
	for _, file := range []string{node, pulled} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		own, err := profile.Parse(text)
		require.NoError(t, err)
		require.NoError(t, (&baseline.Baseline{Document: own, Targets: []profile.Target{target}}).Check(t.Context(), p), file)
	}
	listener := filepath.Join(t.TempDir(), "listener.json")
	require.NoError(t, os.WriteFile(listener, []byte(`{"defaultAction": "SCMP_ACT_ERRNO", "listenerPath": "/run/a.sock"}`), 0o600))
	require.ErrorContains(t, effective(&out, &log, target, node, listener), "names a listener")
	require.ErrorIs(t, effective(&out, &log, target, "nowhere.json", pulled), os.ErrNotExist)
	require.ErrorIs(t, effective(&out, &log, target, node, "nowhere.json"), os.ErrNotExist)
}
