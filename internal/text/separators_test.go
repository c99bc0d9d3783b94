// SPDX-License-Identifier: Apache-2.0

package text

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSeparators(t *testing.T) {
	for doc, want := range map[string]int{
		"":                      1,
		"one":                   1,
		"a: 1":                  2,
		"- a\n- b\r\n- c":       7,
		"{a: [1, 2], ? b : {}}": 9,
	} {
		require.Equal(t, want, Separators([]byte(doc)), doc)
	}
}
