// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"errors"
	"os/exec"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

// TestKillEverything has many threads launch children that cannot make a single
// call.
func TestKillEverything(t *testing.T) {
	for _, action := range []seccomp.Action{seccomp.KillProcess, seccomp.KillThread, seccomp.Trap(0)} {
		eachWay(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
			var all sync.WaitGroup
			for range 10 {
				all.Go(func() {
					for range 5 {
						err := prepare(Command(rig.Always(action), "/bin/true")).Run()
						var e *StartError
						ok := errors.As(err, &e)
						if !ok || e.Stage != StageExec || e.Signal != syscall.SIGSYS {
							t.Errorf("%v: %v", action, err)
						}
					}
				})
			}
			all.Wait()
		})
	}
	rig.RequireFree(t)
	rig.RequireNoChildren(t)
}

// TestKilledLater has a program that is killed at a call of its own.
func TestKilledLater(t *testing.T) {
	eachWay(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
		err := prepare(Command(rig.Compiled(t, rig.Only("kill", seccomp.KillProcess)), "/bin/sh", "-c", "kill -0 $$; exit 3")).Run()
		var e *exec.ExitError
		ok := errors.As(err, &e)
		require.True(t, ok, "%v", err)
		status := e.Sys().(syscall.WaitStatus)
		require.Equal(t, syscall.SIGSYS, status.Signal())
	})
}
