// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestKeySet: keys are found again before and after the set becomes a map.
func TestKeySet(t *testing.T) {
	var s KeySet
	for n := range 3 * mostListed {
		assert.True(t, s.Add(strconv.Itoa(n)), "%d, the first time", n)
		for m := range n + 1 {
			assert.False(t, s.Add(strconv.Itoa(m)), "%d, again after %d", m, n)
		}
	}
	assert.True(t, s.Add(""))
	assert.False(t, s.Add(""))
}
