// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestKindOf: a byte begins a value exactly if some text that begins with it is JSON.
func TestKindOf(t *testing.T) {
	want := map[Kind]string{Object: "an object", List: "a list", String: "a string", Number: "a number", Boolean: "a boolean", Null: "null", None: "no value"}
	for c := range 256 {
		begins := false
		for _, rest := range []string{"", "0", "}", "]", `"`, "rue", "alse", "ull"} {
			begins = begins || json.Valid(append([]byte{byte(c)}, rest...)) && c > ' '
		}
		k := KindOf(byte(c))
		assert.Equal(t, begins, k != None, "%q", c)
		assert.Contains(t, want, k)
	}
	for k, word := range want {
		assert.Equal(t, word, k.String())
	}
}
