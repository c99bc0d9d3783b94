// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"maps"
	"testing"

	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
)

// launchScenes are what children do that cannot be done in the tests' own process: a
// filter stays.
var scenes = map[string]func() error{}

func init() { maps.Copy(scenes, superviseScenes) }

func TestMain(m *testing.M) { kerneltest.Main(m, rig.InstallInChild, scenes) }
