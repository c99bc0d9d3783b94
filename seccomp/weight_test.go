// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/stretchr/testify/assert"
)

func TestUsual(t *testing.T) {
	sum := uint32(0)
	for _, u := range usual {
		nr, ok := arch.X86_64.Number(u.name)
		assert.True(t, ok, u.name)
		assert.Equal(t, nr, u.nr, u.name)
		sum += u.share
	}
	assert.LessOrEqual(t, sum, uint32(1000))
}
