// SPDX-License-Identifier: Apache-2.0

package goruntime_test

import (
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
	"github.com/gosieve/sieve/internal/goruntime"
	"github.com/gosieve/sieve/internal/test/rig"
)

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
				for _, c := range goruntime.Calls(abi, kernel) {
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
