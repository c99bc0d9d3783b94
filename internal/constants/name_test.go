// SPDX-License-Identifier: Apache-2.0

package constants

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/stretchr/testify/assert"
)

func TestName(t *testing.T) {
	tests := map[string]struct {
		value    uint64
		abi      arch.Arch
		prefixes []string
		want     string
	}{
		"a request":                  {0x5412, arch.X86_64, []string{"TIOC"}, "TIOCSTI"},
		"the same on MIPS":           {0x5472, arch.MIPS64, []string{"TIOC"}, "TIOCSTI"},
		"the first prefix counts":    {0x541b, arch.X86_64, []string{"SIOC", "FIO", "TIOC"}, "SIOCINQ"},
		"a name that is taken away":  {0x541b, arch.X86_64, []string{"TIOC", "!TIOCIN"}, ""},
		"no such value":              {0x1234567, arch.X86_64, []string{"TIOC"}, ""},
		"an ABI without a table":     {0x5412, arch.PARISC, []string{"TIOC"}, ""},
		"another meaning of a value": {1, arch.X86_64, []string{"MCL_"}, "MCL_CURRENT"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, ok := Name(tt.value, tt.abi, tt.prefixes...)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.want != "", ok)
		})
	}
}
