// SPDX-License-Identifier: Apache-2.0

package features

import (
	"testing"

	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
)

// TestProbeScenes asks kernels that lack something, or hide it.
func TestProbeScenes(t *testing.T) { rig.RunScenes(t, featureScenes) }

func TestMain(m *testing.M) { kerneltest.Main(m, rig.InstallInChild, featureScenes) }
