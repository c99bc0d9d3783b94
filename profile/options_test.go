// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestReadOptions(t *testing.T) {
	file, limits, strict := ReadOptions()
	assert.Equal(t, "", file)
	assert.Equal(t, Limits{Size: 64 << 20, Depth: 256}, limits)
	assert.False(t, strict)

	file, limits, strict = ReadOptions(File("a"), Limits{Size: 1<<31 - 1}, Strict, OCI, File("b"))
	assert.Equal(t, "b", file)
	assert.Equal(t, Limits{Size: largestSize, Depth: 256}, limits)
	assert.True(t, strict)

	strict, narrow := ReadResolveOptions(Narrow, ENOSYSOff())
	assert.False(t, strict)
	assert.True(t, narrow)
}

func TestNewError(t *testing.T) {
	err := NewError(ErrLimit, Diagnostic{Severity: Info, Code: "too-deep", Message: "nested", Place: Place{File: "f", Line: 1, Column: 2}})
	assert.Equal(t, Failure, err.Severity)
	assert.True(t, errors.Is(err, ErrLimit))
	assert.EqualError(t, err, "f:1:2: nested")
}
