// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/notify"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestHandOver: the program runs once the listener is handed over, and not before.
func TestHandOver(t *testing.T) {
	if noListeners(t) {
		t.Skip("the kernel has no listeners")
	}
	problem := errors.New("nobody takes it")
	everything := seccomp.Filter{rig.Always(seccomp.Notify)[0]}
	tests := map[string]struct {
		filter seccomp.Filter
		set    func(c *Cmd)
		err    error
	}{
		"taken":                   {filter: rig.Compiled(t, rig.Only("getppid", seccomp.Notify))},
		"refused":                 {filter: rig.Compiled(t, rig.Only("getppid", seccomp.Notify)), err: problem},
		"asks about execve":       {filter: rig.Asking(unix.SYS_EXECVE)},
		"the same, refused":       {filter: rig.Asking(unix.SYS_EXECVE), err: problem},
		"asks about everything":   {filter: everything},
		"asks about all, refused": {filter: everything, err: problem},
		"user namespace": {filter: rig.Compiled(t, rig.Only("getppid", seccomp.Notify)), set: func(c *Cmd) {
			c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER, UidMappings: self(0, os.Getuid())}
		}},
		"user namespace, refused": {filter: rig.Compiled(t, rig.Only("getppid", seccomp.Notify)), err: problem, set: func(c *Cmd) {
			c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER, UidMappings: self(0, os.Getuid())}
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			files := rig.Count(t, "fd")
			ran := filepath.Join(t.TempDir(), "ran")
			c := Command(tt.filter, "/bin/sh", "-c", ">"+ran)
			c.Listen = true
			if tt.set != nil {
				tt.set(c)
			}
			wait := func() {}
			c.HandOver = func(l *notify.Listener) error {
				time.Sleep(20 * time.Millisecond)
				assert.NoFileExists(t, ran)
				assert.Same(t, c.Listener, l)
				assert.NotNil(t, c.Process)
				if tt.err == nil {
					wait = serving(t, l, (*notify.Notification).Continue)
				}
				return tt.err
			}
			err := c.Start()
			if tt.err != nil {
				assert.Equal(t, &StartError{Stage: StageListener, Err: problem}, err)
				assert.Nil(t, c.Process)
				assert.Nil(t, c.Listener)
				assert.NoFileExists(t, ran)
			} else if assert.NoError(t, err) {
				assert.NoError(t, c.Wait())
				wait()
				assert.FileExists(t, ran)
			}
			rig.RequireNoChildren(t)
			runtime.GC() // a Process that was given up has a descriptor
			assert.LessOrEqual(t, rig.Count(t, "fd"), files+1)
		})
	}
	c := Command(rig.Always(seccomp.Allow), "/bin/true")
	c.HandOver = func(*notify.Listener) error { return nil }
	require.ErrorContains(t, c.Start(), "HandOver: want Listen")
}
