// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
)

func TestHost(t *testing.T) {
	h, err := Host()
	require.NoError(t, err)
	assert.Equal(t, arch.Native(), h.Arch)
	assert.GreaterOrEqual(t, h.Kernel, arch.Kernel(3<<8|5), "a kernel that can filter")
	_, _, err = DockerDefault().Resolve(h)
	assert.NoError(t, err)
}

func TestBoundingSet(t *testing.T) {
	caps, err := boundingSet([]byte("Name:\tx\nCapEff:\t0000000000000000\nCapBnd:\t00000300a80425fb\nCapAmb:\t0\n"))
	require.NoError(t, err)
	assert.ElementsMatch(t, append(DockerCaps(), "CAP_CHECKPOINT_RESTORE"), caps, "Docker's, bit 40, and bit 41 that has no name")
	_, err = boundingSet([]byte("Name:\tx\n"))
	assert.Error(t, err)
	_, err = boundingSet([]byte("CapBnd:\tx\n"))
	assert.Error(t, err)
}
