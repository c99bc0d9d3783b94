// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestKey(t *testing.T) {
	for key, want := range map[string]string{
		"syscalls": "syscalls", "x-y_z$9": "x-y_z$9", "a b": `"a b"`, "a.b": `"a.b"`, "a[0]": `"a[0]"`, `"`: `"\""`, "é": `"é"`, "\x00": `"\x00"`,
	} {
		assert.Equal(t, want, Key(key))
		got, rest := cutKey(want + ".x[0]")
		assert.Equal(t, []string{key, ".x[0]"}, []string{got, rest}, "back again")
	}
}
