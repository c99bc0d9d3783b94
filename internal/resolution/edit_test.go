// SPDX-License-Identifier: Apache-2.0

package resolution

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestEdits: a fix is written from its edits.
func TestEdits(t *testing.T) {
	tests := map[string][]Edit{
		"": nil,
		`take clone3 and openat2 out of syscalls[1].names, and take clone3 out of syscalls[2].names, and add {"names":[]} to syscalls`: {
			{Op: Take, Path: "syscalls[1].names", Names: []string{"clone3", "openat2"}},
			{Op: Take, Path: "syscalls[2].names", Names: []string{"clone3"}},
			{Op: Add, Path: "syscalls", Value: `{"names":[]}`},
		},
		"remove it":        {{Op: Remove, Path: "syscalls[3]"}},
		`write "read"`:     {{Op: Replace, Path: "syscalls[0].names[1]", Value: `"read"`}},
		`write "names"`:    {{Op: Rename, Path: "syscalls[0].Names", Value: `"names"`}},
		`write "index": 0`: {{Op: Field, Path: "syscalls[0].args[0]", Value: `"index": 0`}},
	}
	for want, edits := range tests {
		assert.Equal(t, want, Fix(edits))
	}
}
