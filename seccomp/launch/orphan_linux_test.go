// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/notify"
)

func init() {
	starting := func(set func(c *Cmd)) func() error {
		return func() error {
			fmt.Println("ready")
			for {
				c := Command(rig.Asking(unix.SYS_EXECVE), "/bin/true")
				c.Listen = true
				set(c)
				if err := c.Start(); err != nil {
					return err
				}
				if c.HandOver == nil {
					go allowAll(c.Listener)
				}
				if err := c.Wait(); err != nil {
					return err
				}
				c.Listener.Close()
			}
		}
	}
	scenes["children that ask about execve"] = starting(func(*Cmd) {})
	scenes["children that are handed over"] = starting(func(c *Cmd) {
		c.HandOver = func(l *notify.Listener) error {
			time.Sleep(time.Millisecond)
			go allowAll(l)
			return nil
		}
	})
	scenes["explained children"] = func() error {
		fmt.Println("ready")
		p := rig.Only("execve", seccomp.Log)
		f, err := p.Compile()
		for err == nil {
			c := Command(f, "/bin/true")
			c.Supervise = p
			err = c.Run()
		}
		return err
	}
}

// allowAll lets every call go on. Where it cannot receive any more it closes the
// listener, as a supervisor has to: those who ask would wait for ever.
func allowAll(l *notify.Listener) {
	defer l.Close()
	for {
		n, err := l.Receive(context.Background())
		if err == nil {
			err = n.Continue()
		}
		if err != nil && !errors.Is(err, unix.ENOENT) { // who asked was killed
			return
		}
	}
}

// TestLauncherKilled kills launchers at many moments. Nobody they have started may
// be left behind, waiting for an answer that cannot come: all that descend from a
// launcher hold the writing end of a pipe, which is at its end when the last has ended.
func TestLauncherKilled(t *testing.T) {
	if noListeners(t) || !rig.KernelIs(5, 9) { // Continue, and Supervise
		t.Skip("the kernel is older than 5.9")
	}
	rounds := 60
	if testing.Short() {
		rounds = 12
	}
	for _, scene := range []string{"children that ask about execve", "children that are handed over", "explained children"} {
		t.Run(scene, func(t *testing.T) {
			for i := range rounds {
				killedAfter(t, scene, time.Duration(i)*97*time.Microsecond)
			}
		})
	}
}

func killedAfter(t *testing.T, scene string, delay time.Duration) {
	t.Helper()
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	require.NoError(t, err)
	defer null.Close()
	c := exec.Command("/proc/self/exe")
	c.Env, c.Stdin = kerneltest.Job{Scene: scene}.Process(t)
	c.ExtraFiles = []*os.File{null, w}
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	require.NoError(t, w.Close())
	_, err = bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	time.Sleep(delay)
	require.NoError(t, c.Process.Kill())
	c.Wait()
	require.NoError(t, r.SetReadDeadline(time.Now().Add(30*time.Second)))
	_, err = r.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF, "killed after %v: somebody is left", delay)
}

// TestListenerClosedBeforeAnswer: a child that waits for an answer about its own
// execve does not keep its listener alive itself.
func TestListenerClosedBeforeAnswer(t *testing.T) {
	if noListeners(t) || !rig.KernelIs(5, 9) { // Continue, and Supervise
		t.Skip("the kernel is older than 5.9")
	}
	for name, close := range map[string]func(c *Cmd) error{
		"before it is received": func(c *Cmd) error { return c.Listener.Close() },
		"before it is answered": func(c *Cmd) error {
			if _, err := c.Listener.Receive(t.Context()); err != nil {
				return err
			}
			return c.Listener.Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			c := CommandContext(ctx, rig.Asking(unix.SYS_EXECVE), "/bin/true")
			c.Listen = true
			require.NoError(t, c.Start())
			require.NoError(t, close(c))
			err := c.Wait()
			assert.Equal(t, &StartError{Stage: StageExec, What: "/bin/true", Err: unix.ENOSYS}, err)
		})
	}
}
