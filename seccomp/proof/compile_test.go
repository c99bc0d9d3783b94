// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"testing"

	"github.com/gosieve/sieve/internal/settings"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/stretchr/testify/assert"
)

// TestDefaultLimits: what compiling and proving say of their limits is what the prover's
// engine keeps to, which cannot be asked because compiling must not import it.
func TestDefaultLimits(t *testing.T) {
	assert.EqualValues(t, settings.DefaultSteps, symbolic.DefaultSteps)
	assert.EqualValues(t, settings.DefaultMemory, symbolic.DefaultMemory)
}
