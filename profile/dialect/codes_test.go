// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"testing"

	"github.com/gosieve/sieve/profile"
	"github.com/stretchr/testify/assert"
)

func TestCodes(t *testing.T) {
	assert.Contains(t, Codes(), profile.Code("mesos-refused"))
	for _, c := range Codes() {
		assert.NotEmpty(t, Meaning(c), c)
	}
	assert.NotEmpty(t, Meaning("unknown-syscall"))
	assert.Empty(t, Meaning("no-such-code"))
}
