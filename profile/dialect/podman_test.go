// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/errnos"
)

// TestNamed: each name that Podman knows is written for its own number. Of the two for one
// number, on all ABIs but PA-RISC's, it is the kernel's own.
func TestNamed(t *testing.T) {
	for _, host := range []arch.Arch{arch.X86_64, arch.MIPS64, arch.PARISC} {
		for _, name := range errnos.Names() {
			n, ok := errnos.Number(name, host)
			require.True(t, ok, "%v %s", host, name)
			want := name
			if name == "ENOTSUP" && host != arch.PARISC {
				want = "EOPNOTSUPP"
			}
			number := uint32(n)
			_, got := named("SCMP_ACT_ERRNO", &number, []arch.Arch{host})
			require.Equal(t, want, got, "%v %d", host, n)
		}
	}
}
