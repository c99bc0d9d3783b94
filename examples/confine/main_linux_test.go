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
)

// TestMain is the program, or an attacker inside of it, where a test asks for one: a
// filter is for good, and must not be put on the tests.
func TestMain(m *testing.M) {
	switch os.Getenv("CONFINE_TEST") {
	case "program":
		main()
		os.Exit(0)
	case "attacker":
		if err := confine(); err != nil {
			panic(err)
		}
		_, err := os.Open("/proc/self/status")
		fmt.Println("open:", err)
		_, err = syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
		fmt.Println("socket:", err)
		fmt.Println("exec:", syscall.Exec("/proc/self/exe", nil, nil))
		fmt.Println("done")
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child runs this program again.
func child(t *testing.T, what, input string) string {
	c := exec.Command("/proc/self/exe")
	c.Env = append(os.Environ(), "CONFINE_TEST="+what)
	c.Stdin = strings.NewReader(input)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	require.NoError(t, c.Run(), &out)
	return out.String()
}

func TestConfine(t *testing.T) {
	assert.Equal(t, "98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4\n", child(t, "program", "hi\n"))
	const no = "operation not permitted\n"
	out := child(t, "attacker", "")
	assert.Contains(t, out, "open: open /proc/self/status: "+no)
	assert.Contains(t, out, "socket: "+no)
	assert.Contains(t, out, "exec: "+no)
	assert.True(t, strings.HasSuffix(out, "done\n"), out)
}
