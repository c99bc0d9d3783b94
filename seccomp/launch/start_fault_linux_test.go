// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"errors"
	"maps"
	"syscall"
	"testing"

	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

// faulty are starts on kernels that lack something.
var faulty = map[string]func() error{
	"prctl alone installs in a child": func() error {
		if err := rig.Pretend(rig.NoSeccompCall); err != nil {
			return err
		}
		f, err := rig.Only("getppid", seccomp.Errno(7)).Compile()
		if err != nil {
			return err
		}
		for _, stack := range []seccomp.Filter{f, append(f, rig.Always(seccomp.Allow)...)} {
			for _, apart := range []bool{false, true} {
				c := Command(stack, "/bin/sh", "-c", "echo $PPID")
				c.apart = apart
				out, err := c.CombinedOutput()
				if err := errors.Join(err, rig.Equal("parent", string(out), "-7\n")); err != nil {
					return err
				}
			}
		}
		flags := Command(f, "/bin/true")
		flags.Flags = seccomp.LogAll
		if err := rig.Fails(flags.Run(), "no seccomp(2)", seccomp.ErrNotSupported, syscall.ENOSYS); err != nil {
			return err
		}
		if err := rig.Pretend(rig.NoPrctlMode); err != nil {
			return err
		}
		return rig.Fails(Command(f, "/bin/true").Run(), "no CONFIG_SECCOMP_FILTER", seccomp.ErrNotSupported, syscall.EINVAL)
	},
}

func init() { maps.Copy(scenes, faulty) }

// TestStartFaults starts children on kernels without seccomp(2).
func TestStartFaults(t *testing.T) { rig.RunScenes(t, faulty) }
