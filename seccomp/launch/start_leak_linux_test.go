// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch/internal/supervise"
)

// held is what a process holds that it could leak.
type held struct {
	files, threads, goroutines, mappings int
	heap                                 uint64
}

func holding(t *testing.T) held {
	t.Helper()
	debug.FreeOSMemory()
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(t, err)
	_, rest, _ := strings.Cut(string(status), "\nThreads:")
	h := held{files: rig.Count(t, "fd"), goroutines: runtime.NumGoroutine()}
	_, err = fmt.Sscan(rest, &h.threads)
	require.NoError(t, err)
	maps, err := os.ReadFile("/proc/self/maps")
	require.NoError(t, err)
	h.mappings = bytes.Count(maps, []byte("rw-s")) // shared with children
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	h.heap = m.HeapAlloc
	return h
}

// requireNoMore waits a moment for what is about to end, and fails if more is held
// than before. Threads that the runtime has kept for as many calls at once as
// there were are its own affair.
func requireNoMore(t *testing.T, before held, threads int) {
	t.Helper()
	var now held
	for range 3000 { // half a minute
		now = holding(t)
		if now.files <= before.files && now.goroutines <= before.goroutines {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	require.LessOrEqual(t, now.files, before.files, "descriptors")
	require.LessOrEqual(t, now.goroutines, before.goroutines, "goroutines")
	require.LessOrEqual(t, now.mappings, before.mappings, "shared mappings")
	require.LessOrEqual(t, now.threads, before.threads+threads, "threads")
	require.LessOrEqual(t, now.heap, before.heap+1<<20, "bytes of heap")
	rig.RequireNoChildren(t)
}

// leaky is the ways to start a child, and how many to start of each.
func leaky(t *testing.T, sequential, concurrent int, test func(t *testing.T, sequential, concurrent int, run func(i int) error)) {
	p := rig.Only("getppid", seccomp.Errno(7))
	filter := rig.Compiled(t, p)
	status := func(c *Cmd, i int, denied int) error {
		err := c.Run()
		var exit *exec.ExitError
		switch i %= 3; {
		case i == 0 && err != nil:
			return err
		case i != 0 && (!asExit(err, &exit) || exit.ExitCode() != i):
			return fmt.Errorf("got %w, want status %d", err, i)
		}
		got := 0
		for _, d := range c.Denials() {
			got += d.Count
		}
		if got != denied {
			return fmt.Errorf("got %d denials, want %d", got, denied)
		}
		return nil
	}
	command := func(i int) *Cmd { return Command(filter, "/bin/sh", "-c", "exit $0", fmt.Sprint(i%3)) }
	ways := map[string]struct {
		fewer int
		run   func(i int) error
	}{
		"sharing": {1, func(i int) error { return status(command(i), i, 0) }},
		"copying": {5, func(i int) error {
			c := command(i)
			c.apart = true
			return status(c, i, 0)
		}},
		"listening": {10, func(i int) error {
			c := Command(seccomp.Filter{rig.Denying(rig.Number(t, "getppid"), seccomp.Notify)}, "/bin/true")
			c.Listen = true
			if err := c.Start(); err != nil {
				return err
			}
			defer c.Listener.Close()
			return c.Wait()
		}},
		"explained": {10, func(i int) error {
			c := command(i)
			c.Supervise = p
			return status(c, i, 1)
		}},
		"traced": {20, func(i int) error {
			c := command(i)
			c.Supervise, c.Trace = p, supervise.CanTrace
			return status(c, i, 1)
		}},
		"failing": {10, func(i int) error {
			c := command(i)
			if i%2 == 0 {
				c.Supervise = p
			}
			c.Path = "/nowhere"
			if err := c.Start(); err == nil {
				return fmt.Errorf("started")
			}
			return nil
		}},
	}
	if noListeners(t) {
		delete(ways, "listening")
	}
	if tooOld(t) {
		delete(ways, "explained")
		delete(ways, "traced")
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			if name == "traced" {
				kerneltest.Need(t, kerneltest.Tracing)
			}
			test(t, sequential/way.fewer, concurrent/way.fewer, way.run)
		})
	}
}

func asExit(err error, to **exec.ExitError) bool {
	e, ok := err.(*exec.ExitError)
	*to = e
	return ok
}

// TestManyStarts starts one child after the other: none is lost, and nothing is left.
func TestManyStarts(t *testing.T) {
	sequential := 500
	if shared.Long() {
		sequential = 10000
	}
	leaky(t, sequential, 0, func(t *testing.T, sequential, _ int, run func(i int) error) {
		for i := range 10 {
			require.NoError(t, run(i))
		}
		before := holding(t)
		for i := range sequential {
			require.NoError(t, run(i), "start %d", i)
		}
		requireNoMore(t, before, 10)
	})
}

// TestManyAtOnce starts many children at once. The runtime keeps the threads that
// waited for them, as it does with os/exec, of which the same number comes before.
func TestManyAtOnce(t *testing.T) {
	leaky(t, 0, 500, func(t *testing.T, _, concurrent int, run func(i int) error) {
		together := func(run func(i int) error) {
			var all sync.WaitGroup
			for i := range concurrent {
				all.Go(func() {
					if err := run(i); err != nil {
						t.Errorf("start %d: %v", i, err)
					}
				})
			}
			all.Wait()
		}
		together(func(int) error { return exec.Command("/bin/sleep", "0.2").Run() })
		together(run)
		before := holding(t)
		together(run)
		requireNoMore(t, before, concurrent/10+10)
		t.Logf("%d at once: %d threads", concurrent, before.threads)
	})
}
