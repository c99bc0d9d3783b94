// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMain is the launcher, or the command that it launches, where a test asks for
// one of them.
func TestMain(m *testing.M) {
	switch os.Getenv("LAUNCH_TEST") {
	case "launcher":
		os.Setenv("LAUNCH_TEST", "command")
		main()
		os.Exit(0)
	case "command":
		command()
	}
	os.Exit(m.Run())
}

// command tells what it may do, and ends with status 7.
func command() {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	for _, line := range strings.Split(string(status), "\n") {
		if strings.HasPrefix(line, "Seccomp:") || strings.HasPrefix(line, "NoNewPrivs:") {
			fmt.Println(line)
		}
	}
	fmt.Println("unshare:", syscall.Unshare(syscall.CLONE_NEWUSER))
	fmt.Println("mount:", syscall.Mount("none", "/", "tmpfs", 0, ""))
	fmt.Println("done")
	os.Exit(7)
}

// dockerDefault is a profile that refuses what command tries.
const dockerDefault = "../../internal/docker/data/docker-default.json"

func TestLaunch(t *testing.T) {
	launcher := exec.Command("/proc/self/exe", dockerDefault, "/proc/self/exe")
	launcher.Env = append(os.Environ(), "LAUNCH_TEST=launcher")
	out, err := launcher.CombinedOutput()
	require.ErrorContains(t, err, "exit status 7", string(out))
	text := string(out)
	assert.Contains(t, text, "NoNewPrivs:\t1\n")
	assert.Contains(t, text, "Seccomp:\t2\n")
	assert.Contains(t, text, "unshare: operation not permitted\n")
	assert.Contains(t, text, "mount: operation not permitted\n")
	assert.True(t, strings.HasSuffix(text, "done\n"), text)
}

func TestLaunchFails(t *testing.T) {
	before := filters(t)
	assert.ErrorIs(t, run(dockerDefault, "no such command"), exec.ErrNotFound)
	assert.ErrorIs(t, run("no such file", "true"), fs.ErrNotExist)
	assert.Equal(t, before, filters(t), "the launcher stays free")
}

// filters are the lines of this process's status about filters. The tests themselves
// may run under some, as in a container.
func filters(t *testing.T) (lines []string) {
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(t, err)
	for line := range strings.Lines(string(status)) {
		if strings.HasPrefix(line, "Seccomp") {
			lines = append(lines, line)
		}
	}
	require.NotEmpty(t, lines)
	return lines
}
