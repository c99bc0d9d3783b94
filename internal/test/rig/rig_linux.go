// SPDX-License-Identifier: Apache-2.0

package rig

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// requireNoChildren fails if the process has a child, even one that has ended.
func RequireNoChildren(t *testing.T) {
	t.Helper()
	_, err := unix.Wait4(-1, nil, unix.WNOHANG, nil)
	require.ErrorIs(t, err, syscall.ECHILD)
}

// Count is how many entries a folder of /proc/self has, "fd" or "task". It collects
// garbage first, which closes files that nothing holds any more.
func Count(t testing.TB, what string) int {
	t.Helper()
	runtime.GC()
	list, err := os.ReadDir("/proc/self/" + what)
	require.NoError(t, err)
	return len(list)
}

// Other kernels, as an outer filter makes this one look.
var (
	NoSeccompCall = seccomp.Rule{Syscalls: []string{"seccomp"}, Action: seccomp.Errno(uint16(unix.ENOSYS))} // before 3.17
	NoFilterMode  = seccomp.Rule{Syscalls: []string{"seccomp"}, Action: seccomp.Errno(uint16(unix.EINVAL))} // no CONFIG_SECCOMP_FILTER
	NoPrctlMode   = seccomp.Rule{Syscalls: []string{"prctl"}, Args: []seccomp.Arg{{Index: 0, Op: seccomp.EQ, Value: unix.PR_SET_SECCOMP}}, Action: seccomp.Errno(uint16(unix.EINVAL))}
	NoNewPrivs    = seccomp.Rule{Syscalls: []string{"prctl"}, Args: []seccomp.Arg{{Index: 0, Op: seccomp.EQ, Value: unix.PR_SET_NO_NEW_PRIVS}}, Action: seccomp.Errno(uint16(unix.EINVAL))}
)

// WithoutFlag is a kernel that does not know a flag of seccomp(2): the call fails with
// it, and does not without.
func WithoutFlag(f seccomp.Flags) seccomp.Rule {
	return seccomp.Rule{Syscalls: []string{"seccomp"}, Args: []seccomp.Arg{{Index: 1, Op: seccomp.MaskedEQ, Value: uint64(f), Mask: uint64(f)}}, Action: seccomp.Errno(uint16(unix.EINVAL))}
}

// pretend makes the kernel look as the rules say, to this thread.
func Pretend(rules ...seccomp.Rule) error {
	f, err := (&seccomp.Policy{Arches: []arch.Arch{arch.Native()}, Rules: rules, Default: seccomp.Allow, BadArch: seccomp.Allow}).Compile()
	if err != nil {
		return err
	}
	return InstallInChild(f, 0)
}

// fails says whether an installation fails with all of the errors and the text.
func Fails(err error, says string, is ...error) error {
	if err == nil || !strings.Contains(err.Error(), says) {
		return fmt.Errorf("got %v, want %q", err, says)
	}
	for _, e := range is {
		if !errors.Is(err, e) {
			return fmt.Errorf("got %w, want one that is %v", err, e)
		}
	}
	return nil
}

// always is a filter that answers every call alike.
func Always(a seccomp.Action) seccomp.Filter { return seccomp.Filter{{{Op: 0x06, K: uint32(a)}}} }

// untouched are scenes, by what stands before a comma, for a process that has neither
// filters nor no_new_privs when it begins.
var untouched = []string{"self", "features", "no privilege", "no_new_privs of another thread does not count", "a stack that denies its next program"}

// AllScenes joins the scenes of several files. Of two with one name the last counts.
func AllScenes(parts ...map[string]func() error) map[string]func() error {
	all := map[string]func() error{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}

// denying is a program that gives one call an answer and allows the others.
func Denying(nr uint32, a seccomp.Action) bpf.Program {
	return bpf.Program{{Op: 0x20}, {Op: 0x15, Jf: 1, K: nr}, {Op: 0x06, K: uint32(a)}, {Op: 0x06, K: uint32(seccomp.Allow)}}
}

// unforeseen is denying for calls that are made from an address, as all are but
// those that Filter.Run is asked about.
func Unforeseen(nr uint32, a seccomp.Action) bpf.Program {
	p := bpf.Program{{Op: 0x20, K: 8}, {Op: 0x15, Jf: 3}, {Op: 0x20, K: 12}, {Op: 0x15, Jf: 1}, {Op: 0x06, K: uint32(seccomp.Allow)}}
	return append(p, Denying(nr, a)...)
}

// Want is an error for scenes, which run in a child without a testing.T.
func Want(err error, right bool) error {
	if !right {
		return fmt.Errorf("unexpected: %v", err)
	}
	return nil
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
func OutsideFilters() (n int) {
	for _, line := range outside {
		if rest, ok := strings.CutPrefix(line, "Seccomp_filters:"); ok {
			n, _ = strconv.Atoi(strings.TrimSpace(rest))
		}
	}
	return n
}

// requireFree fails unless every thread of the tests' own process has the filters that
// it began with.
func RequireFree(t testing.TB) {
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

// number is a call's number on the machine that runs the tests.
func Number(t testing.TB, name string) uint32 {
	nr, ok := arch.Native().Number(name)
	require.True(t, ok, "%v has no %s", arch.Native(), name)
	return nr
}

// only is a policy that allows everything but one call.
func Only(name string, a seccomp.Action, args ...seccomp.Arg) *seccomp.Policy {
	arches := []arch.Arch{arch.Native()}
	if arch.Native() == arch.X86 {
		arches = append(arches, arch.X86_64) // the system's programs may be that
	}
	return &seccomp.Policy{
		Arches:  arches,
		Rules:   []seccomp.Rule{{Syscalls: []string{name}, Args: args, Action: a}},
		Default: seccomp.Allow,
		BadArch: seccomp.KillProcess,
	}
}

// privileged says whether the tests may do all that root may.
func Privileged() bool { return kerneltest.Privileges() == nil }

// kernelIs says whether the running kernel is at least that one.
func KernelIs(major, minor int) bool {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return false
	}
	k, err := arch.ParseKernel(unix.ByteSliceToString(u.Release[:]))
	return err == nil && k >= arch.Kernel(major<<8|minor)
}

// asking is a filter that asks about those calls, whatever their ABI.
func Asking(nrs ...uint32) seccomp.Filter {
	p := bpf.Program{{Op: 0x20}}
	for i, nr := range nrs {
		p = append(p, Denying(nr, seccomp.Notify)[1])
		p[i+1].Jt, p[i+1].Jf = uint8(len(nrs)-i), 0
	}
	return seccomp.Filter{append(p, bpf.Program{{Op: 0x06, K: uint32(seccomp.Allow)}, {Op: 0x06, K: uint32(seccomp.Notify)}}...)}
}

// Equal is an error that says what differs, nil if nothing does. Scenes use it.
func Equal[T comparable](what string, got, want T) error {
	if got != want {
		return fmt.Errorf("%s: got %v, want %v", what, got, want)
	}
	return nil
}

// Is is errors.Is as an error. A want of nil asks that there is none.
func Is(what string, err, want error) error {
	if !errors.Is(err, want) {
		return fmt.Errorf("%s: got %v, want %v", what, err, want)
	}
	return nil
}

// LauncherOf is a command that runs a scene in a child with GOMAXPROCS processors. A
// child that takes more than a minute is killed, and the test fails. Descriptor 3 of the
// child is /dev/null.
func LauncherOf(t *testing.T, scene, processors string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	c := exec.CommandContext(ctx, "/proc/self/exe")
	c.Cancel = func() error { t.Error("it hangs"); return c.Process.Kill() }
	c.Env, c.Stdin = kerneltest.Job{Scene: scene}.Process(t)
	c.Env = append(c.Env, "GOMAXPROCS="+processors)
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	require.NoError(t, err)
	t.Cleanup(func() { null.Close() })
	c.ExtraFiles = []*os.File{null}
	return c
}

// InstallInChild sets no_new_privs and installs programs for good. Only a child may call
// it: the filters cannot be taken off again.
func InstallInChild(programs []bpf.Program, flags uint32) error {
	if err := seccomp.NoNewPrivs(); err != nil {
		return err
	}
	return seccomp.Filter(programs).Install(seccomp.Flags(flags))
}

// RunScenes runs scenes in children, each as nobody but for "privilege".
func RunScenes(t *testing.T, scenes map[string]func() error) {
	for name := range scenes {
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
