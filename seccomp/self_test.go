// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"errors"
	"go/build"
	"go/version"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// exactly is the conditions that a call has the row's arguments.
func exactly(c *seccomp.RuntimeCall) (args []seccomp.Arg) {
	for i, a := range c.Args {
		args = append(args, seccomp.Arg{Index: i, Op: seccomp.EQ, Value: a})
	}
	return args
}

// besides is a filter that allows all but one row of the list.
func besides(t *testing.T, abi arch.Arch, c *seccomp.RuntimeCall, a seccomp.Action) seccomp.Filter {
	p := &seccomp.Policy{Arches: []arch.Arch{abi}, Default: seccomp.Allow, Rules: []seccomp.Rule{{Syscalls: []string{c.Name}, Args: exactly(c), Action: a}}}
	f, err := p.Compile()
	require.NoError(t, err)
	require.NoError(t, proof.Prove(f, p))
	return f
}

// TestRuntimeCalls takes the calls away one by one, on every ABI.
func TestRuntimeCalls(t *testing.T) {
	require.Len(t, rig.GoABIs(), 13)
	for _, abi := range rig.GoABIs() {
		read, _ := abi.Number("read") // as old as the ABI
		for _, kernel := range []arch.Kernel{max(4<<8|14, abi.Since(read)), arch.Newest} {
			t.Run(abi.String()+" "+kernel.String(), func(t *testing.T) {
				for _, c := range seccomp.RuntimeCalls(abi, kernel) {
					if abi == arch.S390X && c.Name == "mmap" && c.Need == seccomp.RuntimeTolerated {
						continue // its arguments are in memory: it cannot be told from others
					}
					testRuntimeCall(t, abi, kernel, &c)
				}
			})
		}
	}
}

func testRuntimeCall(t *testing.T, abi arch.Arch, kernel arch.Kernel, c *seccomp.RuntimeCall) {
	nr, ok := abi.Number(c.Name)
	require.True(t, ok, "%v has no %s", abi, c.Name)
	if since := abi.Since(nr); c.Need == seccomp.RuntimeRequired {
		require.LessOrEqual(t, since, kernel, "%v on %v", c, kernel)
	}
	require.NotEmpty(t, c.Reason)
	require.NotEmpty(t, c.Source)
	tests := map[string]struct {
		action seccomp.Action
		fine   bool
	}{
		"allowed":             {seccomp.Allow, true},
		"logged":              {seccomp.Log, true},
		"an errno":            {seccomp.Errno(1), c.Need == seccomp.RuntimeOptional || c.Need == seccomp.RuntimeTolerated && c.Errno == 0},
		"ENOSYS":              {seccomp.Errno(seccomp.RuntimeENOSYS(abi, kernel)), c.Need != seccomp.RuntimeRequired},
		"its thread killed":   {seccomp.KillThread, c.Need == seccomp.RuntimeOptional},
		"its process killed":  {seccomp.KillProcess, c.Need == seccomp.RuntimeOptional},
		"trapped":             {seccomp.Trap(0), c.Need == seccomp.RuntimeOptional},
		"traced by nobody":    {seccomp.Trace(0), c.Need != seccomp.RuntimeRequired},
		"asks no supervisor":  {seccomp.Notify, c.Need != seccomp.RuntimeRequired},
		"an errno that is no": {seccomp.Errno(0), c.Need == seccomp.RuntimeOptional || c.Need == seccomp.RuntimeTolerated && c.Errno == 0},
	}
	for name, tt := range tests {
		err := besides(t, abi, c, tt.action).CheckRuntime(abi, kernel, true)
		if tt.fine {
			require.NoError(t, err, "%v %s", c, name)
			continue
		}
		var denied *seccomp.RuntimeError
		ok := errors.As(err, &denied)
		require.True(t, ok, "%v %s: %v", c, name, err)
		require.Contains(t, denied.Calls, seccomp.DeniedRuntimeCall{*c, tt.action}, name)
		for _, other := range denied.Calls { // s390x has mmap's arguments in memory
			require.Equal(t, c.Args, other.Args, "%v: %v too", c, &other.RuntimeCall)
		}
		require.ErrorContains(t, err, c.Reason)
		err = besides(t, abi, c, tt.action).CheckRuntime(abi, kernel, false)
		if abi != arch.S390X {
			require.Equal(t, c.Cgo, err == nil, "%v %s without cgo: %v", c, name, err)
		}
	}
}

// atStart are calls in the runtime's sources that a program makes no more once it
// runs, or never on Linux.
var atStart = map[string]string{
	"open": "files in /proc and /sys", "openat": "files in /proc and /sys", "close": "those files",
	"read": "", "uname": "the kernel's version", "fcntl": "are 0, 1 and 2 open, and close-on-exec for cgroup files",
	"mincore": "the size of a page without an auxiliary vector", "brk": "sbrk0, on 32-bit systems",
	"pipe2": "nothing but a test", "access": "Android", "faccessat": "Android", "socket": "Android", "connect": "Android",
	"socketcall": "Android on 386", "arch_prctl": "the first thread's variables",
	"epoll_pwait2": "nothing", "epoll_wait": "nothing",
}

// comparedVersions are the Go releases whose runtime the list has been compared with.
var comparedVersions = []string{"go1.25", "go1.26"}

// TestRuntimeSources finds every call that the sources of this Go version name, and
// fails if one is neither in the list nor known to be needless.
func TestRuntimeSources(t *testing.T) {
	require.Contains(t, comparedVersions, version.Lang(runtime.Version()), "compare this release's runtime with the list")
	src := filepath.Join(build.Default.GOROOT, "src")
	if _, err := os.Stat(src); err != nil {
		t.Skip("the sources of Go are not on this machine: ", err)
	}
	for _, abi := range rig.GoABIs() {
		t.Run(abi.GOARCH(), func(t *testing.T) {
			listed := map[string]bool{}
			for _, kernel := range []arch.Kernel{4<<8 | 14, arch.Newest} {
				for _, c := range seccomp.RuntimeCalls(abi, kernel) {
					listed[c.Name] = true
				}
			}
			made := madeBy(t, src, abi.GOARCH())
			require.Greater(t, len(made), 30, "the search finds nothing")
			for name, file := range made {
				if _, known := atStart[name]; !known {
					assert.True(t, listed[name], "%s calls %s, which is not in the list", file, name)
				}
			}
		})
	}
}

// madeBy finds the calls that the runtime's sources for a GOARCH name, and where.
func madeBy(t *testing.T, src, goarch string) map[string]string {
	family := strings.TrimSuffix(goarch, "le")
	if strings.HasPrefix(goarch, "ppc64") || strings.HasPrefix(goarch, "mips") {
		family += "x" // both byte orders
	}
	epoll := "internal/runtime/syscall/linux/syscall_linux.go"
	if version.Compare(runtime.Version(), "go1.26") < 0 {
		epoll = "internal/runtime/syscall/syscall_linux.go"
	}
	var files []string
	for _, pattern := range []string{"runtime/*_linux_" + family + ".s", "runtime/*linux*.go", "runtime/netpoll_epoll.go", epoll} {
		found, err := filepath.Glob(filepath.Join(src, pattern))
		require.NoError(t, err)
		require.NotEmpty(t, found, pattern)
		files = append(files, slices.DeleteFunc(found, func(file string) bool { return strings.HasSuffix(file, "_test.go") })...)
	}
	used := regexp.MustCompile(`(?:\$|linux\.|syscall\.|\(|CALL_NR_)SYS_(\w+)`)
	made := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range used.FindAllStringSubmatch(string(text), -1) {
			name := strings.ToLower(m[1])
			if name == "base" { // arm's numbers begin there
				continue
			}
			if name == "setittimer" {
				name = "setitimer"
			}
			made[name] = file
		}
	}
	return made
}
