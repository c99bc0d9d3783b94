// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gosieve/sieve/internal/options"
)

// TestParseOptions: what a later option says counts, and limits have defaults.
func TestParseOptions(t *testing.T) {
	assert.Equal(t, options.Options{Size: 64 << 20, Depth: 256}, options.Of[ParseOption]())
	assert.Equal(t, options.Options{Dialect: "oci", File: "b", Size: math.MaxInt32, Depth: 256, Strict: true},
		options.Of[ParseOption](File("a"), Limits(math.MaxInt32, 0), nil, Strict, In(OCI), File("b")))
}
