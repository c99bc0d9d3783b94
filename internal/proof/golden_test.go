// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"os"
	"testing"

	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/require"
)

// TestGolden shows every change of the machine code for Docker's default, as a
// runtime gets it (W1: x86_64 alone, no ENOSYS), in the diff of a text.
func TestGolden(t *testing.T) {
	const golden = "testdata/W1-docker.bpf"
	policy := workload(t, "W1")
	filter, err := proof.Compile(policy)
	require.NoError(t, err)
	require.Len(t, filter, 1)
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(filter[0].String()), 0o666))
	}
	text, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(text), filter[0].String(), "run: go test ./internal/proof -run TestGolden -update")
}
