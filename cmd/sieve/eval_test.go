// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
)

// FuzzParseCall: any line is refused or is one call, and what is said of it in numbers
// is read as the same call.
func FuzzParseCall(f *testing.F) {
	for _, line := range []string{
		`{"arch":"x86_64","nr":41,"args":[2,1,0,0,0,0]}`, `{"audit":3221225534,"nr":-1,"ip":4096}`, `{"arch":"x32","nr":1073741824,"args":[-1,18446744073709551615]}`,
		`{"arch":"x86_64","audit":1,"nr":1}`, `{"arch":"x86_64","nr":1.0}`, `{"nr":1}`, `{"arch":"x86_64","nr":1} {}`, `null`, `[`,
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		call, err := parseCall(line)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		again, err := json.Marshal(map[string]any{"audit": call.Audit, "nr": call.Nr, "ip": call.IP, "args": call.Args})
		require.NoError(t, err)
		same, err := parseCall(again)
		require.NoError(t, err, "%s", again)
		require.Equal(t, call, same)
		_, _ = arch.Of(call.Audit, call.Nr)
	})
}
