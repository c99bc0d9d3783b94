// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/kerneltest"
)

// always is a filter that answers every call alike.
func always(a Action) Filter { return Filter{{{Op: 0x06, K: uint32(a)}}} }

// scenes are what children do that cannot be done in the tests' own process:
// a filter stays.
var scenes = allScenes(installing, superviseScenes)

// untouched are scenes, by what stands before a comma, for a process that has neither
// filters nor no_new_privs when it begins.
var untouched = []string{"self", "features", "no privilege", "no_new_privs of another thread does not count", "a stack that denies its next program"}

// installing are those of TestInstall. Others have a test of their own.
var installing = allScenes(installScenes, selfScenes, faultScenes, featureScenes)

func allScenes(parts ...map[string]func() error) map[string]func() error {
	all := map[string]func() error{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}

// notNamed is nil for the error about a thread that TSyncESRCH does not name.
func notNamed(err error) error {
	if !kernelIs(5, 7) {
		return is("TSYNC_ESRCH", err, ErrNotSupported)
	}
	var e *ThreadError
	return want(err, errors.As(err, &e) && e.TID == 0)
}

var installScenes = map[string]func() error{
	"no privilege": func() error {
		err := always(Allow).Install(0)
		return want(err, errors.Is(err, syscall.EACCES) && strings.Contains(err.Error(), "no_new_privs"))
	},
	"privilege": func() error {
		err := always(Allow).Install(0)
		return want(err, err == nil)
	},
	"thread cannot follow": func() error {
		tid := otherThread(func() error { return installInChild(always(Allow), 0) })
		if err := NoNewPrivs(); err != nil {
			return err
		}
		err := always(Errno(1)).Install(TSync)
		var e *ThreadError
		if !errors.As(err, &e) || e.TID != tid {
			return fmt.Errorf("got %w, want thread %d", err, tid)
		}
		err = always(Errno(1)).Install(TSync | TSyncESRCH)
		return notNamed(err)
	},
	"chain too long": func() error {
		if err := NoNewPrivs(); err != nil {
			return err
		}
		f := Filter{longest()}
		var err error
		n := 0
		for ; err == nil; n++ {
			err = f.Install(0)
		}
		// Each counts as 3 + 2*4096, and those before as 4 more each.
		return want(err, n == 4 && errors.Is(err, syscall.ENOMEM) && errors.Is(err, bpf.ErrTooLong))
	},
	"unknown flag": func() error {
		if err := NoNewPrivs(); err != nil {
			return err
		}
		err := always(Allow).Install(1<<30 | LogAll)
		return want(err, errors.Is(err, ErrNotSupported) && errors.Is(err, syscall.EINVAL) &&
			strings.Contains(err.Error(), "flags 0x40000000:"))
	},
	"a stack that denies its next program": func() error {
		if err := NoNewPrivs(); err != nil {
			return err
		}
		err := Filter{denying(unix.SYS_SECCOMP, Errno(1)), always(Allow)[0]}.Install(0)
		if !errors.Is(err, ErrFilter) || !strings.Contains(err.Error(), "program 2 of 2: those before it") {
			return fmt.Errorf("unexpected: %w", err)
		}
		if mode, err := unix.PrctlRetInt(unix.PR_GET_SECCOMP, 0, 0, 0, 0); err != nil || mode != 0 {
			return fmt.Errorf("mode %d, %w", mode, err)
		}
		err = Filter{unforeseen(unix.SYS_SECCOMP, Errno(1)), always(Allow)[0]}.Install(0)
		return want(err, errors.Is(err, syscall.EPERM) && strings.Contains(err.Error(), "program 2 of 2 (1 in force)"))
	},
}

// denying is a program that gives one call an answer and allows the others.
func denying(nr uint32, a Action) bpf.Program {
	return bpf.Program{{Op: 0x20}, {Op: 0x15, Jf: 1, K: nr}, {Op: 0x06, K: uint32(a)}, {Op: 0x06, K: uint32(Allow)}}
}

// unforeseen is denying for calls that are made from an address, as all are but
// those that Filter.Run is asked about.
func unforeseen(nr uint32, a Action) bpf.Program {
	p := bpf.Program{{Op: 0x20, K: 8}, {Op: 0x15, Jf: 3}, {Op: 0x20, K: 12}, {Op: 0x15, Jf: 1}, {Op: 0x06, K: uint32(Allow)}}
	return append(p, denying(nr, a)...)
}

func want(err error, right bool) error {
	if !right {
		return fmt.Errorf("unexpected: %v", err)
	}
	return nil
}

// otherThread runs f on a thread that stays, and returns its id.
func otherThread(f func() error) int {
	tid := make(chan int)
	go func() {
		runtime.LockOSThread()
		if err := f(); err != nil {
			panic(err)
		}
		tid <- unix.Gettid()
		select {}
	}()
	return <-tid
}

func TestInstall(t *testing.T) {
	for name := range installing {
		t.Run(name, func(t *testing.T) {
			nobody := name != "privilege"
			if !nobody {
				kerneltest.Need(t, kerneltest.Privileges)
			}
			if family, _, _ := strings.Cut(name, ","); slices.Contains(untouched, family) {
				kerneltest.Need(t, kerneltest.Unfiltered)
			}
			kerneltest.Job{Scene: name, Nobody: nobody}.Run(t)
		})
	}
}

// TestInstallRefuses has filters that are refused before anything is installed.
func TestInstallRefuses(t *testing.T) {
	long := make(bpf.Program, 4096)
	for i := range long {
		long[i].Op = 0x06
	}
	tests := map[string]struct {
		filter Filter
		flags  Flags
		is     []error
		says   string
	}{
		"no programs":     {Filter{}, 0, []error{ErrFilter}, "no programs"},
		"empty program":   {Filter{{}}, 0, []error{ErrFilter, bpf.ErrInvalid}, "program 1 of 1"},
		"invalid program": {append(always(Allow), bpf.Program{{Op: 0x06}, {Op: 0x00}}), 0, []error{ErrFilter, bpf.ErrInvalid}, "program 2 of 2: instruction 1"},
		"too long":        {Filter{long, long, long, long}, 0, []error{ErrFilter, bpf.ErrTooLong}, "program 4 of 4"},
		"listener":        {always(Allow), withListener, nil, "no listener is returned"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := tt.filter.Install(tt.flags)
			require.ErrorContains(t, err, tt.says)
			for _, is := range tt.is {
				require.ErrorIs(t, err, is)
			}
			requireFree(t)
		})
	}
}

// outside are the filters that the tests themselves run under, as in a container.
var outside = filtersIn("/proc/self/status")

// filtersIn are the lines of a file of status about filters, empty if there is none.
func filtersIn(file string) (lines []string) {
	b, _ := os.ReadFile(file)
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "Seccomp") {
			lines = append(lines, line)
		}
	}
	return lines
}

// outsideFilters is how many these are, as far as the kernel tells.
func outsideFilters() (n int) {
	for _, line := range outside {
		if rest, ok := strings.CutPrefix(line, "Seccomp_filters:"); ok {
			n, _ = strconv.Atoi(strings.TrimSpace(rest))
		}
	}
	return n
}

// requireFree fails unless every thread of the tests' own process has the filters that
// it began with.
func requireFree(t testing.TB) {
	t.Helper()
	tasks, err := os.ReadDir("/proc/self/task")
	require.NoError(t, err)
	require.NotEmpty(t, tasks)
	seen := 0
	for _, task := range tasks {
		lines := filtersIn("/proc/self/task/" + task.Name() + "/status")
		if lines == nil {
			continue // has ended meanwhile
		}
		require.Equal(t, outside, lines)
		seen++
	}
	require.Positive(t, seen)
}

func TestFlagsString(t *testing.T) {
	for want, f := range map[string]Flags{
		"0":              0,
		"TSYNC":          TSync,
		"LOG|SPEC_ALLOW": LogAll | SpecAllow,
		"NEW_LISTENER|TSYNC_ESRCH|WAIT_KILLABLE_RECV|0x80000000": withListener | TSyncESRCH | WaitKillable | 1<<31,
	} {
		require.Equal(t, want, f.String())
	}
}
