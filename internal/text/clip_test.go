// SPDX-License-Identifier: Apache-2.0

package text

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestClip(t *testing.T) {
	for name, row := range map[string]struct{ give, want string }{
		"empty":                       {"", ""},
		"as long as allowed":          {strings.Repeat("x", MostClipped), strings.Repeat("x", MostClipped)},
		"longer":                      {strings.Repeat("x", MostClipped+1), strings.Repeat("x", MostClipped) + "..."},
		"a character across the end":  {strings.Repeat("x", MostClipped-1) + "é", strings.Repeat("x", MostClipped-1) + "..."},
		"a character up to the end":   {strings.Repeat("x", MostClipped-2) + "é!", strings.Repeat("x", MostClipped-2) + "é..."},
		"four bytes, one too many":    {strings.Repeat("x", MostClipped-3) + "😀", strings.Repeat("x", MostClipped-3) + "..."},
		"short and not UTF-8 at all":  {"\xff", "\xff"},
		"long, with nothing of UTF-8": {strings.Repeat("\xff", MostClipped+1), "..."},
	} {
		assert.Equal(t, row.want, Clip(row.give), name)
	}
}
