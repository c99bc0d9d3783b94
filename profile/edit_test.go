// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestEdits: a fix is written from its edits.
func TestEdits(t *testing.T) {
	tests := map[string]Edits{
		"": nil,
		`take clone3 and openat2 out of syscalls[1].names, and take clone3 out of syscalls[2].names, and add {"names":[]} to syscalls`: {
			{Kind: EditTake, Path: "syscalls[1].names", Names: []string{"clone3", "openat2"}},
			{Kind: EditTake, Path: "syscalls[2].names", Names: []string{"clone3"}},
			{Kind: EditAdd, Path: "syscalls", Value: `{"names":[]}`},
		},
		"remove it":        {{Kind: EditRemove, Path: "syscalls[3]"}},
		`write "read"`:     {{Kind: EditReplace, Path: "syscalls[0].names[1]", Value: `"read"`}},
		`write "names"`:    {{Kind: EditRename, Path: "syscalls[0].Names", Value: `"names"`}},
		`write "index": 0`: {{Kind: EditField, Path: "syscalls[0].args[0]", Value: `"index": 0`}},
	}
	for want, edits := range tests {
		assert.Equal(t, want, edits.String())
	}
}
