// SPDX-License-Identifier: Apache-2.0

package document

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/profile"
)

// TestRefusal: the text is the tool's alone, and errors.As finds the place in it.
func TestRefusal(t *testing.T) {
	at := profile.Place{File: "f.json", Line: 3, Column: 4, Path: "syscalls"}
	err := fmt.Errorf("around: %w", error(Refused(fs.ErrNotExist, at, "Failed to parse")))
	assert.EqualError(t, err, "around: Failed to parse")
	assert.ErrorIs(t, err, fs.ErrNotExist)
	var e *profile.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, at, e.Place)
	assert.EqualError(t, e, "f.json:3:4: syscalls: Failed to parse")
	assert.ErrorIs(t, e, fs.ErrNotExist)
	var other *profile.UnsayableError
	assert.False(t, errors.As(err, &other))
}
