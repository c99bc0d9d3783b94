// SPDX-License-Identifier: Apache-2.0

package usual

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/stretchr/testify/assert"
)

func TestCalls(t *testing.T) {
	sum := uint32(0)
	for _, u := range Calls {
		nr, ok := arch.X86_64.Number(u.Name)
		assert.True(t, ok, u.Name)
		assert.Equal(t, nr, u.Nr, u.Name)
		sum += u.Share
	}
	assert.LessOrEqual(t, sum, uint32(1000))
}
