// SPDX-License-Identifier: Apache-2.0

package handover

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzDecode: any state is refused as a breach of the protocol, or names the
// listener once among as many descriptors as came; what is sent is read as it was.
func FuzzDecode(f *testing.F) {
	// As runc 1.1 and later and crun send it, and what they do not send.
	f.Add([]byte(`{"ociVersion":"1.0.2-dev","fds":["seccompFd"],"pid":4422,"metadata":"m","state":{"ociVersion":"1.0.2-dev","id":"c","status":"creating","pid":4422,"bundle":"/b","annotations":{"a":"b"}}}`), 1)
	f.Add([]byte(`{"ociVersion":"1.0","fds":["pidfd","seccompFd"],"pid":1,"state":{}}`), 2)
	f.Add([]byte(`{"fds":["seccompFd","seccompFd"]}`), 2)
	f.Add([]byte(`{"fds":null}`), 0)
	f.Add([]byte(strings.Repeat(`{"state":`, 100)), 1)
	f.Fuzz(func(t *testing.T, text []byte, descriptors int) {
		state, i, err := decode(text, descriptors)
		if err != nil {
			require.ErrorIs(t, err, ErrProtocol)
			return
		}
		require.Equal(t, descriptors, len(state.Fds))
		require.Equal(t, seccompFd, state.Fds[i])
		if descriptors > 1 {
			return // which no runtime sends
		}
		b, err := encode(state)
		require.NoError(t, err)
		again, j, err := decode(b, 1)
		require.NoError(t, err)
		require.Zero(t, j)
		if len(state.State.Annotations) == 0 {
			state.State.Annotations = nil // as omitempty has it
		}
		require.Equal(t, state, again)
	})
}

// TestDecodeBounds: nesting and names without number are refused before they cost
// more than the text.
func TestDecodeBounds(t *testing.T) {
	for name, text := range map[string]string{
		"nesting": strings.Repeat(`{"state":`, MaxState/9),
		"lists":   `{"fds":` + strings.Repeat("[", MaxState-7),
		"names":   `{"fds":["` + strings.Join(slices.Repeat([]string{"x"}, 1<<16), `","`) + `"]}`,
	} {
		t.Run(name, func(t *testing.T) {
			require.LessOrEqual(t, len(text), MaxState)
			_, _, err := decode([]byte(text), 1)
			require.ErrorIs(t, err, ErrProtocol)
			var syntax *json.SyntaxError
			if name != "names" {
				require.ErrorAs(t, err, &syntax, fmt.Sprint(err))
			}
		})
	}
}
