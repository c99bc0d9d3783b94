// SPDX-License-Identifier: Apache-2.0

package wording

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRule(t *testing.T) {
	assert.Equal(t, "rule 3", Rule(3, ""))
	assert.Equal(t, "rule 3 (relaxed.json:7:3)", Rule(3, "relaxed.json:7:3"))
}
