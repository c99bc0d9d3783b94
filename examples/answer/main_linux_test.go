// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/seccomp/features"
)

// TestMain is the supervisor, or the command that asks, where a test asks for one.
func TestMain(m *testing.M) {
	switch os.Getenv("ANSWER_TEST") {
	case "supervisor":
		os.Setenv("ANSWER_TEST", "command")
		main()
		os.Exit(0)
	case "command":
		fmt.Println("parent:", syscall.Getppid())
		os.Exit(7)
	}
	os.Exit(m.Run())
}

func TestAnswer(t *testing.T) {
	f, err := features.Probe()
	require.NoError(t, err)
	c := exec.Command("/proc/self/exe", "/proc/self/exe")
	c.Env = append(os.Environ(), "ANSWER_TEST=supervisor")
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	err = c.Run()
	if f.Kernel < 5<<8 { // no listeners
		require.Error(t, err)
		assert.True(t, strings.HasPrefix(out.String(), "answer: "), &out)
		return
	}
	var ended *exec.ExitError
	require.ErrorAs(t, err, &ended, &out)
	assert.Equal(t, "parent: 42\n", out.String())
	assert.Equal(t, 7, ended.ExitCode(), "the command's own status")
}
