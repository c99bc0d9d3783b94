// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"testing"

	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
)

func TestMain(m *testing.M) { kerneltest.Main(m, rig.InstallInChild, scenes) }
