// SPDX-License-Identifier: Apache-2.0

package diagram

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/seccompdata"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/require"
)

// TestConditions holds the diagram of each condition to Policy.Evaluate, in both byte
// orders and widths, at all edges.
func TestConditions(t *testing.T) {
	for _, abi := range []arch.Arch{arch.X86_64, arch.X86, arch.S390X} {
		nr, ok := abi.Number("ioctl")
		require.True(t, ok)
		for _, value := range boundary.Edges() {
			for _, arg := range boundary.Conditions(value) {
				p := &seccomp.Policy{Arches: []arch.Arch{abi}, Default: seccomp.Errno(1),
					Rules: []seccomp.Rule{{Syscalls: []string{"ioctl"}, Args: []seccomp.Arg{arg}, Action: seccomp.Allow}}}
				if p.Validate() != nil {
					continue // a value that an ABI or a mask cannot have
				}
				g := symbolic.New(symbolic.LittleEndian(), symbolic.Limits{})
				n := Matches(g, abi, p.Rules[0].Args)
				for _, x := range boundary.Edges() {
					call := &seccomp.Call{Audit: abi.Audit(), Nr: nr, Args: [6]uint64{2: x}}
					data := symbolic.Data(seccompdata.Of(call.Audit, call.Nr, call.IP, &call.Args))
					got, _ := g.Evaluate(n, &data)
					require.Equal(t, p.Evaluate(call) == seccomp.Allow, got == 1, "%v: %+v of %#x", abi, arg, x)
				}
			}
		}
	}
}
