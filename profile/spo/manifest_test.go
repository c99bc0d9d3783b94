// SPDX-License-Identifier: Apache-2.0

package spo

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/profile"
)

// TestLongLine: places in a line are in bytes however long it is.
func TestLongLine(t *testing.T) {
	for _, n := range []int{0, 1, 200, 250, 255, 256, 257, 300, 511, 512, 513, 5000} {
		before := `{"apiVersion": "security-profiles-operator.x-k8s.io/v1", "kind": "SeccompProfile", "x": "` + strings.Repeat("é", n) + `", "spec": `
		_, err := Parse([]byte("# one\n" + before + "1}"))
		var e *profile.Error
		require.ErrorAs(t, err, &e, n)
		assert.Equal(t, profile.Code("wrong-type"), e.Code, err)
		assert.Equal(t, profile.Place{Line: 2, Column: len(before) + 1, Path: "spec"}, e.Place, "%d characters", n)
	}
}

// TestOneLine: an object of one line takes time by its length, not by its square.
func TestOneLine(t *testing.T) {
	var b strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&b, `"k%d":1,`, i)
	}
	begun := time.Now()
	_, err := Parse([]byte(`{` + b.String() + `"kind": "SeccompProfile"}`))
	assert.True(t, errors.Is(err, profile.ErrProfile), err)
	assert.Less(t, time.Since(begun), time.Minute) // some 0.3; by the square it would take 100
}
