// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"testing"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/kerneltest"
)

func TestMain(m *testing.M) { kerneltest.Main(m, installInChild, scenes) }

func installInChild(programs []bpf.Program, flags uint32) error {
	if err := NoNewPrivs(); err != nil {
		return err
	}
	return Filter(programs).Install(Flags(flags))
}
