// SPDX-License-Identifier: Apache-2.0

package unfiltered_test

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/unfiltered"
	"github.com/stretchr/testify/assert"
)

// TestSince: the calls are known by name, no kernel leaves out the filter before
// it has the call, and no other ABI has such a call.
func TestSince(t *testing.T) {
	want := map[string]string{"uretprobe": "6.14", "uprobe": "6.18"}
	got := map[string]string{}
	for _, a := range arch.All() {
		for nr, name := range a.Calls() {
			since, ok := unfiltered.Since(a, nr)
			if !ok {
				assert.Zero(t, since, "%v %s", a, name)
				continue
			}
			assert.Equal(t, arch.X86_64, a, name)
			assert.GreaterOrEqual(t, since, a.Since(nr), name)
			got[name] = since.String()
		}
	}
	assert.Equal(t, want, got)
	_, ok := unfiltered.Since(arch.X32, 335)
	assert.False(t, ok)
}
