// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"context"
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/internal/userland"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patience is how long a program may take that is expected not to come to its end, after
// which it has not. Where all calls are allowed it has as long as it wants.
const patience = 3 * time.Second

// measured are programs of the kinds on this machine: what is to be run, or why there is
// none.
func measured(t *testing.T) map[string]func(t *testing.T) []string {
	return map[string]func(t *testing.T) []string{
		"linked with glibc dynamically": func(t *testing.T) []string { return []string{dynamicCat(t), "/proc/self/comm"} },
		"linked with glibc statically":  staticProgram,
		"of Go":                         goProgram,
		"linked with musl statically": func(t *testing.T) []string {
			t.Skip("no program with musl is on every machine: measured by hand")
			return nil
		},
	}
}

// dynamicCat is cat, if it needs glibc of the version that the table was measured with.
func dynamicCat(t *testing.T) string {
	path, err := exec.LookPath("cat")
	if err != nil {
		t.Skip("no cat")
	}
	path, err = filepath.EvalSymlinks(path)
	require.NoError(t, err)
	f, err := elf.Open(path)
	if err != nil {
		t.Skipf("%s is no ELF file: %v", path, err)
	}
	defer f.Close()
	libraries, err := f.ImportedLibraries()
	require.NoError(t, err)
	if !slices.Contains(libraries, "libc.so.6") {
		t.Skipf("%s is not linked with glibc dynamically", path)
	}
	if version := glibcVersion(); version != "2.36" {
		t.Skipf("measured with glibc 2.36, this is %q", version)
	}
	return path
}

// glibcVersion is the version that ldd says, which is a part of glibc.
func glibcVersion() string {
	text, _ := exec.Command("ldd", "--version").Output()
	m := regexp.MustCompile(`^ldd \(.*GLIBC.*\) ([0-9.]+)\n`).FindSubmatch(text)
	if m == nil {
		return ""
	}
	return string(m[1])
}

// staticProgram is a program in C, where there is a compiler and a static glibc.
func staticProgram(t *testing.T) []string {
	if version := glibcVersion(); version != "2.36" {
		t.Skipf("measured with glibc 2.36, this is %q", version)
	}
	dir := t.TempDir()
	source, program := filepath.Join(dir, "one.c"), filepath.Join(dir, "one")
	const text = "#include <stdlib.h>\nint main(void) { free(malloc(1 << 20)); return 0; }\n"
	require.NoError(t, os.WriteFile(source, []byte(text), 0o666))
	if out, err := exec.Command("cc", "-static", "-o", program, source).CombinedOutput(); err != nil {
		t.Skipf("no compiler that links statically: %v %s", err, out)
	}
	return []string{program}
}

// goProgram is a program of Go without cgo, where there is a compiler.
func goProgram(t *testing.T) []string {
	if !strings.HasPrefix(runtime.Version(), "go1.26") {
		t.Skipf("measured with Go 1.26, this is %s", runtime.Version())
	}
	dir := t.TempDir()
	source, program := filepath.Join(dir, "one.go"), filepath.Join(dir, "one")
	const text = "package main\n\nimport \"os\"\n\nfunc main() { os.Stdout.WriteString(\"one\\n\") }\n"
	require.NoError(t, os.WriteFile(source, []byte(text), 0o666))
	shared.Go(t, "", []string{"CGO_ENABLED=0", "GOFLAGS="}, "build", "-o", program, source)
	return []string{program}
}

// ends says whether a program comes to its end, with success, where some calls are denied.
func ends(t *testing.T, program []string, action seccomp.Action, calls ...string) bool {
	t.Helper()
	policy := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64, arch.X86, arch.X32}, Default: seccomp.Allow}
	limit := time.Hour
	if len(calls) > 0 {
		policy.Rules = []seccomp.Rule{{Syscalls: calls, Action: action}}
		limit = patience
	}
	filter, err := policy.Compile()
	require.NoError(t, err)
	cmd := launch.Command(filter, program[0], program[1:]...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	if cmd.Start() != nil {
		return false // execve
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
	defer stop()
	return cmd.Wait() == nil
}

// TestMissingCalls holds the table to this machine: without a call that a kind of
// program needs, it does not come to its end.
func TestMissingCalls(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("measured on amd64")
	}
	programs := measured(t)
	for _, k := range userland.Kinds {
		t.Run(k.Who, func(t *testing.T) {
			program := programs[k.Who](t)
			if !ends(t, program, 0) {
				t.Skipf("%q does not come to its end without any denial", program)
			}
			for _, list := range []struct {
				action seccomp.Action
				groups [][]string
			}{{seccomp.Errno(1), k.Errs}, {seccomp.KillProcess, k.Kill}} {
				for _, group := range append(slices.Clip(list.groups), []string{userland.ThreadArea(arch.X86_64)}) {
					calls := slices.DeleteFunc(slices.Clone(group), func(name string) bool {
						_, ok := arch.X86_64.Number(name)
						return !ok
					})
					assert.False(t, ends(t, program, list.action, calls...), "%v for %s", list.action, strings.Join(calls, ", "))
				}
			}
		})
	}
}

// TestSparedCalls: what was said to be needed, and is not where it fails with an errno.
func TestSparedCalls(t *testing.T) {
	cat := []string{dynamicCat(t), "/proc/self/comm"}
	for _, name := range []string{"brk", "set_tid_address", "rt_sigreturn", "munmap", "getrandom", "prlimit64", "rseq", "set_robust_list", "access"} {
		group := func(groups [][]string) bool {
			return slices.ContainsFunc(groups, func(g []string) bool { return slices.Contains(g, name) })
		}
		require.False(t, group(userland.Kinds[0].Errs), name)
		for try := 1; !ends(t, cat, seccomp.Errno(1), name); try++ {
			require.Less(t, try, 20, fmt.Sprintf("EPERM for %s", name)) // patience may be short on a busy machine
		}
	}
}
