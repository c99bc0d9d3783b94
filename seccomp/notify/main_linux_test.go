// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"testing"

	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
)

// notifyScenes are what children do that cannot be done in the tests' own process: a
// filter stays.
var scenes = map[string]func() error{}

func TestMain(m *testing.M) { kerneltest.Main(m, rig.InstallInChild, scenes) }
