// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseCaps(t *testing.T) {
	tests := map[string]struct {
		names []string
		want  []string
		err   string
	}{
		"none":                   {},
		"the kernel's spelling":  {[]string{"CAP_SYS_ADMIN", "CAP_BPF"}, []string{"CAP_SYS_ADMIN", "CAP_BPF"}, ""},
		"Docker's":               {[]string{"SYS_ADMIN", "net_raw", "cap_bpf"}, []string{"CAP_SYS_ADMIN", "CAP_NET_RAW", "CAP_BPF"}, ""},
		"twice":                  {[]string{"BPF", "CAP_BPF"}, []string{"CAP_BPF"}, ""},
		"all":                    {[]string{"ALL"}, capNames, ""},
		"all, and one again":     {[]string{"all", "CHOWN"}, capNames, ""},
		"a letter too many":      {[]string{"CAP_SYS_ADMINN"}, nil, `unknown capability "CAP_SYS_ADMINN", nearest is "CAP_SYS_ADMIN"`},
		"the same as Docker's":   {[]string{"BPF", "SYS_ADMINN"}, nil, `unknown capability "SYS_ADMINN", nearest is "CAP_SYS_ADMIN"`},
		"nothing near":           {[]string{"x"}, nil, `unknown capability "x", want CAP_CHOWN, CAP_`},
		"an empty name":          {[]string{""}, nil, `unknown capability "", want CAP_CHOWN, CAP_`},
		"only the first letters": {[]string{"CAP_"}, nil, `unknown capability "CAP_"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := ParseCaps(tt.names...)
			assert.Equal(t, tt.want, got)
			if tt.err == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, "unknown capability")
			assert.ErrorContains(t, err, tt.err)
		})
	}
}
