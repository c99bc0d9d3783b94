// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
)

// TestProbeABIs compares the answers with the kernel's configuration, where that
// can be read.
func TestProbeABIs(t *testing.T) {
	f, err := Probe()
	require.NoError(t, err)
	require.Len(t, f.ABIs, 3)
	require.Equal(t, arch.X86, f.ABIs[1].Arch)
	require.Equal(t, arch.X32, f.ABIs[2].Arch)
	assert.NotEqual(t, Unknown, f.ABIs[2].Accepted)
	file, err := os.Open("/proc/config.gz")
	if os.IsNotExist(err) {
		return // a kernel without CONFIG_IKCONFIG_PROC
	}
	require.NoError(t, err)
	defer file.Close()
	r, err := gzip.NewReader(file)
	require.NoError(t, err)
	config, err := io.ReadAll(r)
	require.NoError(t, err)
	ia32 := bytes.Contains(config, []byte("\nCONFIG_IA32_EMULATION=y\n"))
	if !bytes.Contains(config, []byte("\nCONFIG_IA32_EMULATION_DEFAULT_DISABLED=y\n")) {
		assert.Equal(t, ia32, f.ABIs[1].Accepted == Yes)
	}
	x32 := bytes.Contains(config, []byte("\nCONFIG_X86_X32_ABI=y\n")) || bytes.Contains(config, []byte("\nCONFIG_X86_X32=y\n"))
	assert.Equal(t, x32, f.ABIs[2].Accepted == Yes)
}
