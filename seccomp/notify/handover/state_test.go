// SPDX-License-Identifier: Apache-2.0

package handover

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzDecode has states of those who mean no good: what is taken names the listener
// once, and survives a second way through.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"ociVersion":"1.2.0","fds":["seccompFd"],"pid":1,"state":{"annotations":{"a":"b"}}}`), 1)
	f.Add([]byte(`{"fds":["x","seccompFd"]}`), 2)
	f.Add([]byte(`{"FDS":["seccompFd"],"fds":[]}`), 1)
	f.Add([]byte(`null`), 0)
	f.Add([]byte(`{"ociVersion":"1.0.2-dev","fds":["seccompFd"],"pid":4422,"metadata":"m","state":{"ociVersion":"1.0.2-dev","id":"c","status":"creating","pid":4422,"bundle":"/b"}}`), 1)
	f.Add([]byte(strings.Repeat(`{"state":`, 100)), 1)
	f.Fuzz(func(t *testing.T, b []byte, descriptors int) {
		state, index, err := decode(b, descriptors)
		if err != nil {
			require.ErrorIs(t, err, ErrProtocol)
			return
		}
		require.Len(t, state.Fds, descriptors)
		require.Equal(t, seccompFd, state.Fds[index])
		if descriptors > 1 {
			return
		}
		again, err := encode(state)
		if err != nil {
			return // longer than it came
		}
		second, _, err := decode(again, descriptors)
		require.NoError(t, err)
		if len(state.State.Annotations) == 0 {
			state.State.Annotations = nil // an empty object is left out
		}
		require.Equal(t, state, second)
	})
}

// TestDecodeBounds: nesting without end, and more names than descriptors, are refused.
func TestDecodeBounds(t *testing.T) {
	for name, text := range map[string]string{
		"nesting": strings.Repeat(`{"state":`, maxState/9),
		"lists":   `{"fds":` + strings.Repeat("[", maxState-7),
		"names":   `{"fds":["` + strings.Join(slices.Repeat([]string{"x"}, 1<<16), `","`) + `"]}`,
	} {
		t.Run(name, func(t *testing.T) {
			require.LessOrEqual(t, len(text), maxState)
			_, _, err := decode([]byte(text), 1)
			require.ErrorIs(t, err, ErrProtocol)
			if name != "names" {
				require.ErrorAs(t, err, new(*json.SyntaxError))
			}
		})
	}
}
