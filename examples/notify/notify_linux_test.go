// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/kerneltest"
)

const role = "NOTIFY_TEST_ROLE"

// TestMain is the example itself too, and a command that connects.
func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "":
		os.Exit(m.Run())
	case "notify":
		os.Setenv(role, "connect")
		main()
		os.Exit(0)
	}
	c, err := net.Dial(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	c.Close()
}

// supervise runs the example as a user without privileges, in a directory of its own.
func supervise(t *testing.T, dir string, command ...string) (status int, output string) {
	c := exec.Command("/proc/self/exe", append([]string{dir}, command...)...)
	if os.Getuid() == 0 {
		const nobody = 65534
		require.NoError(t, os.Chown(dir, nobody, nobody))
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	c.Env = append(os.Environ(), role+"=notify")
	out, err := c.CombinedOutput()
	if _, ok := err.(*exec.ExitError); !ok {
		require.NoError(t, err)
	}
	return c.ProcessState.ExitCode(), string(out)
}

// place is a directory that anybody can reach.
func place(t *testing.T) string {
	dir, err := os.MkdirTemp("", "notify")
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	dir, err = filepath.EvalSymlinks(dir)
	require.NoError(t, err)
	return dir
}

func TestMknod(t *testing.T) {
	kerneltest.Need(t, kerneltest.Reading)
	tests := map[string]struct {
		script string
		status int
		says   string
	}{
		"null":          {"mknod $DIR/null c 1 3 && test -c $DIR/null && echo x > $DIR/null", 0, "has device 1:3"},
		"zero":          {`mknod $DIR/zero c 1 5 && test $(head -c 7 $DIR/zero | wc -c) = 7`, 0, "has device 1:5"},
		"relative":      {"cd $DIR && mkdir sub && mknod sub/../full c 1 7 && test -c $DIR/full", 0, "has device 1:7"},
		"below":         {"mkdir $DIR/sub && mknod $DIR/sub/random c 1 8 && test -c $DIR/sub/random", 0, "has device 1:8"},
		"twice":         {"mknod $DIR/null c 1 3 && mknod $DIR/null c 1 3", 1, "File exists"},
		"memory":        {"mknod $DIR/mem c 1 1", 1, "may not make device 1:1"},
		"block device":  {"mknod $DIR/disk b 8 0", 1, "Operation not permitted"},
		"elsewhere":     {"mknod $DIR/../null c 1 3", 1, "is not in"},
		"led elsewhere": {"ln -s / $DIR/out && mknod $DIR/out/tmp/notify-null c 1 3", 1, "does not get device 1:3"},
		"no directory":  {"mknod $DIR/none/null c 1 3", 1, "No such file"},
		"pipe":          {"mknod $DIR/pipe p && test -p $DIR/pipe", 0, ""},
		"status":        {"exit 7", 7, ""},
		"descendant":    {"(sleep 0.2; mknod $DIR/late c 1 3) & exit 0", 0, "has device 1:3"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dir := place(t)
			status, output := supervise(t, dir, "env", "DIR="+dir, "sh", "-c", tt.script)
			require.Equal(t, tt.status, status, output)
			require.Contains(t, output, tt.says)
		})
	}
}

func TestConnect(t *testing.T) {
	kerneltest.Need(t, kerneltest.Reading)
	dir := place(t)
	unix := filepath.Join(dir, "socket")
	for network, address := range map[string]string{"tcp": "127.0.0.1:0", "unix": unix} {
		l, err := net.Listen(network, address)
		require.NoError(t, err)
		defer l.Close()
		if network == "unix" {
			require.NoError(t, os.Chmod(unix, 0o777))
		}
		address = l.Addr().String()
		status, output := supervise(t, dir, "/proc/self/exe", network, address)
		require.Equal(t, 0, status, output)
		require.Contains(t, output, "connects to "+map[string]string{"tcp": "", "unix": "unix:"}[network]+address)
	}
}
