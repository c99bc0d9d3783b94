// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMain is the command under the filter too: it says on standard output what a call
// gave.
func TestMain(m *testing.M) {
	switch os.Getenv("PRECOMPILED") {
	case "launch":
		os.Setenv("PRECOMPILED", "child")
		main()
	case "child":
		if err := syscall.Unshare(0); !errors.Is(err, syscall.EPERM) {
			os.Stdout.WriteString("unshare was not denied\n")
			os.Exit(1)
		}
		os.Stdout.WriteString("done\n")
		os.Exit(7)
	}
	os.Exit(m.Run())
}

// TestRun runs a command that makes a denied call, through the whole program.
func TestRun(t *testing.T) {
	if raw == nil {
		assert.EqualError(t, run("true"), "no filter was compiled for this architecture")
		return
	}
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.Command(self, self)
	c.Env = append(os.Environ(), "PRECOMPILED=launch")
	out, err := c.CombinedOutput()
	var ended *exec.ExitError
	require.ErrorAs(t, err, &ended, "%s", out)
	assert.Equal(t, "done\n", string(out))
	assert.Equal(t, 7, ended.ExitCode(), "the command's own status")
}
