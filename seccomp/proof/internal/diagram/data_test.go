// SPDX-License-Identifier: Apache-2.0

package diagram

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/seccompdata"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/require"
)

// TestCallOf: a call is what it was after Data and CallOf, and Words finds its arguments.
func TestCallOf(t *testing.T) {
	for _, abi := range arch.All() {
		c := &seccomp.Call{Audit: abi.Audit(), Nr: abi.Base() + 7, IP: 1<<40 | 2}
		for i := range c.Args {
			c.Args[i] = uint64(i+1)<<32 | uint64(i+10)
		}
		d := seccompdata.Of(c.Audit, c.Nr, c.IP, &c.Args)
		require.Equal(t, c, CallOf(bpf.Data(d)), "%v", abi)
		for i, v := range c.Args {
			high, low := Words(abi, i)
			require.Equal(t, v, uint64(d[high])<<32|uint64(d[low]), "%v, argument %d", abi, i)
		}
		require.Equal(t, abi.Audit(), d[ArchWord])
		require.Equal(t, c.Nr, d[NrWord])
		require.Equal(t, abi.BigEndian(), abi.Audit()&LittleEndianBit == 0)
	}
}
