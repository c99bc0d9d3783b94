// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch/internal/supervise"
)

// short is a denial in a few words.
func short(list []Denial) []string {
	var out []string
	for _, d := range list {
		text := fmt.Sprintf("%s %v by %d/%d x%d", d.Name, d.Decision.Action, d.Decision.By, d.Decision.Rule, d.Count)
		if d.Signal != nil {
			text += " " + d.Signal.String()
		}
		out = append(out, text)
	}
	return out
}

// TestSuperviseText reads what the arguments of denied calls point to.
func TestSuperviseText(t *testing.T) {
	kerneltest.Need(t, kerneltest.Reading)
	if tooOld(t) {
		return
	}
	p := rig.Only("chdir", seccomp.Errno(13))
	p.Rules = append(p.Rules, seccomp.Rule{Syscalls: []string{"umask"}, Args: []seccomp.Arg{{Index: 0, Op: seccomp.MaskedEQ, Mask: 0o111, Value: 0o111}}, Action: seccomp.Errno(1)})
	long := "/" + strings.Repeat("x", 300)
	c := explained(t, p, "/bin/sh", "-c", "cd /tmp; cd /usr; umask 111; umask 777; umask 115; cd "+long)
	out, _ := c.CombinedOutput()
	list := c.Denials()
	require.Len(t, list, 2, "%s", out)
	require.Equal(t, "umask", list[1].Name)
	require.Equal(t, []string{"0111"}, list[1].Args)
	require.Equal(t, 3, list[1].Count, "bits that no rule looks at do not tell calls apart")
	require.Equal(t, []string{`"/tmp"`}, list[0].Args, "the first")
	require.Equal(t, 3, list[0].Count)

	c = explained(t, p, "/bin/sh", "-c", "cd "+long)
	c.CombinedOutput()
	require.Equal(t, []string{`"` + long[:256] + `"...`}, c.Denials()[0].Args)
}

// TestSuperviseMany has more different calls than are kept.
func TestSuperviseMany(t *testing.T) {
	if tooOld(t) {
		return
	}
	p := rig.Only("getppid", seccomp.Errno(1), seccomp.Arg{Index: 0, Op: seccomp.NE, Value: 1 << 40})
	var calls []kerneltest.Call
	for i := range supervise.MaxDenials + 10 {
		calls = append(calls, kerneltest.Call{Nr: rig.Number(t, "getppid"), Args: [6]uint64{uint64(i), uint64(i)}})
	}
	calls = append(calls, calls[0])
	c := explained(t, p, "/proc/self/exe")
	do(t, c, kerneltest.Job{Calls: calls})
	list := c.Denials()
	require.Len(t, list, supervise.MaxDenials)
	require.Equal(t, 10, c.DenialsOmitted())
	require.Equal(t, 2, list[0].Count)
	require.True(t, slices.IsSortedFunc(list, func(a, b Denial) int { return int(a.Call.Args[0]) - int(b.Call.Args[0]) }))
}

// TestDenialsConcurrent reads the denials while they are made.
func TestDenialsConcurrent(t *testing.T) {
	if tooOld(t) {
		return
	}
	c := explained(t, rig.Only("getppid", seccomp.Errno(7)), "/bin/sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do sh -c true & done; wait")
	require.NoError(t, c.Start())
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			last := 0
			for range 100 {
				for _, d := range c.Denials() {
					assert.GreaterOrEqual(t, d.Count, last)
					last = d.Count
				}
			}
		})
	}
	require.NoError(t, c.Wait())
	require.Equal(t, 10, c.Denials()[0].Count)
	all.Wait()
}
