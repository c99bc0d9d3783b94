// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// TestGoroutines has goroutines work on one filter at once: each adds its rules and exports
// between them. The last program has the rules of all.
func TestGoroutines(t *testing.T) {
	f := filterOf(t, ArchAMD64, ArchX86)
	ioctl := number(t, "ioctl")
	var group sync.WaitGroup
	for g := range 4 {
		group.Go(func() {
			for i := range 50 {
				err := f.AddRuleConditional(ioctl, fails(int16(g+1)), conds{when(1, eq, uint64(50*g+i))})
				_, export := f.ExportBPFMem()
				if err != nil || export != nil || f.ExportPFC(nil) == nil {
					t.Errorf("goroutine %d, rule %d: %v, %v", g, i, err, export)
				}
			}
		})
	}
	group.Wait()
	for i := range uint64(200) {
		nr, _ := arch.X86.Number("ioctl")
		c := seccomp.Call{Audit: arch.X86.Audit(), Nr: nr, Args: [6]uint64{1: i}}
		require.Equal(t, seccomp.Errno(uint16(i/50+1)), f.policy().Evaluate(&c))
		require.Equal(t, seccomp.Errno(uint16(i/50+1)), f.compiled.Run(&c))
	}
}
