// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestError(t *testing.T) {
	assert.EqualError(t, &Error{Message: "m"}, "m")
	assert.EqualError(t, &Error{Message: "m", Path: "a[1]"}, "a[1]: m")
}

// TestClipped: a key of any length makes a message of one line.
func TestClipped(t *testing.T) {
	key := strings.Repeat("k", 1000)
	e := skipped(`{"`+key+`": 1, "`+key+`": 2}`, depth)
	assert.Equal(t, `key "`+key[:64]+`..." is there twice`, e.Message)
	assert.Equal(t, key[:64]+"...", e.Path)
}

func TestCode(t *testing.T) {
	for reason, want := range map[Reason]string{Syntax: "syntax", TooDeep: "too-deep", WrongType: "wrong-type", Duplicate: "duplicate-key"} {
		assert.Equal(t, want, reason.Code())
	}
}
