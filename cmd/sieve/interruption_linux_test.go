// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// stubborn is a task that SIGTERM and SIGHUP do not end, with a process that it has
// started; both write their numbers into files. %q is the folder.
const stubborn = `trap "" TERM HUP; d=%q
sh -c "echo \$\$ >$d/$$.new; mv $d/$$.new $d/$$.below; exec sleep 1000" & echo ready $$; wait`

// agentRun is marathon run with two tasks, one confined and one not, that have started.
type agentRun struct {
	*exec.Cmd
	out  *os.File // what it writes, from here on
	text *bufio.Reader
	pids []int
}

func startAgentRun(t *testing.T, grace int, ignored ...string) *agentRun {
	dir := t.TempDir()
	def := func(id, more string) string {
		text := fmt.Sprintf(`{"id": "/%s", "cmd": %q, "cpus": 0.1, "mem": 32, "instances": 1, "taskKillGracePeriodSeconds": %d%s}`,
			id, fmt.Sprintf(stubborn, dir), grace, more)
		name := filepath.Join(dir, id+".json")
		require.NoError(t, os.WriteFile(name, []byte(text), 0o666))
		return name
	}
	cmd := itself("marathon", "run", "--seccomp-config-dir", examples+"seccomp", "--seccomp-profile-name", "default.json",
		def("confined", ""), def("free", `, "container": {"type": "MESOS", "linuxInfo": {"seccomp": {"unconfined": true}}}`))
	if len(ignored) > 0 {
		cmd.Args = []string{"sh", "-c", "trap '' " + strings.Join(ignored, " ") + `; exec "$0"`, cmd.Path}
		cmd.Path = "/bin/sh"
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	out, in, err := os.Pipe()
	require.NoError(t, err)
	defer in.Close()
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = in, &stderr
	require.NoError(t, cmd.Start())
	r := &agentRun{Cmd: cmd, out: out, text: bufio.NewReader(out)}
	late := time.AfterFunc(limit, func() { cmd.Process.Kill() })
	t.Cleanup(func() {
		late.Stop()
		cmd.Process.Kill()
		cmd.Wait()
		out.Close()
		for _, pid := range r.pids {
			if !gone(pid) {
				syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	})
	for len(r.pids) < 2 {
		line, err := r.text.ReadString('\n')
		require.NoError(t, err, "%s", &stderr)
		if _, number, ok := strings.Cut(line, "ready "); ok {
			pid, err := strconv.Atoi(strings.TrimSpace(number))
			require.NoError(t, err)
			r.pids = append(r.pids, pid)
		}
	}
	for _, pid := range r.pids[:2] {
		var number []byte
		require.Eventually(t, func() bool {
			number, err = os.ReadFile(fmt.Sprintf("%s/%d.below", dir, pid))
			return err == nil
		}, limit, time.Millisecond)
		below, err := strconv.Atoi(strings.TrimSpace(string(number)))
		require.NoError(t, err)
		r.pids = append(r.pids, below)
	}
	return r
}

// gone says that a process has ended, whether somebody has waited for it or not.
func gone(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true
	}
	_, state, _ := strings.Cut(string(text), ") ")
	return strings.HasPrefix(state, "Z") || strings.HasPrefix(state, "X")
}

// TestMarathonStops: however marathon run ends, no process of a task outlives it.
func TestMarathonStops(t *testing.T) {
	const long = 3600 // seconds of grace that nobody waits for
	read := func(r *agentRun) { go io.Copy(io.Discard, r.text) }
	stopping := func(t *testing.T, r *agentRun) { // it has taken in the first signal
		for range 2 {
			for {
				line, err := r.text.ReadString('\n')
				require.NoError(t, err)
				if strings.HasSuffix(line, ": stop\n") {
					break
				}
			}
		}
		read(r)
		time.Sleep(2 * atOnce)
	}
	signalled := func(list ...syscall.Signal) func(*testing.T, *agentRun) {
		return func(t *testing.T, r *agentRun) {
			for i, s := range list {
				if i > 0 {
					stopping(t, r)
				}
				require.NoError(t, r.Process.Signal(s))
			}
			if len(list) == 1 { // else stopping reads already
				read(r)
			}
		}
	}
	tests := map[string]struct {
		grace  int
		end    func(*testing.T, *agentRun)
		killed bool // it does not end in order
	}{
		"killed":         {long, signalled(syscall.SIGKILL), true},
		"a crash":        {long, signalled(syscall.SIGQUIT), true},
		"hung up":        {0, signalled(syscall.SIGHUP), false},
		"terminated":     {0, signalled(syscall.SIGTERM), false},
		"a second TERM":  {long, signalled(syscall.SIGTERM, syscall.SIGTERM), false},
		"INT after HUP":  {long, signalled(syscall.SIGHUP, syscall.SIGINT), false},
		"PIPE":           {0, signalled(syscall.SIGPIPE), false},
		"a broken pipe":  {0, func(t *testing.T, r *agentRun) { r.out.Close(); r.endsTask(t) }, false},
		"both were told": {long, func(t *testing.T, r *agentRun) { signalled(syscall.SIGTERM)(t, r); r.Process.Signal(syscall.SIGKILL) }, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := startAgentRun(t, tt.grace)
			tt.end(t, r)
			err := r.Wait()
			if !tt.killed {
				assert.NoError(t, err)
			} else {
				assert.Error(t, err)
			}
			for _, pid := range r.pids { // of which the kernel or the watcher kills some a moment later
				assert.Eventually(t, func() bool { return gone(pid) }, limit/2, time.Millisecond, "%d", pid)
			}
		})
	}
}

// endsTask ends a task, for something to be written.
func (r *agentRun) endsTask(t *testing.T) {
	require.NoError(t, syscall.Kill(r.pids[0], syscall.SIGKILL))
}

// TestMarathonHangup: what was started with SIGHUP ignored, as by nohup, runs on.
func TestMarathonHangup(t *testing.T) {
	r := startAgentRun(t, 0, "HUP")
	require.NoError(t, r.Process.Signal(syscall.SIGHUP))
	r.endsTask(t)
	for {
		line, err := r.text.ReadString('\n')
		require.NoError(t, err)
		require.NotContains(t, line, ": stop\n")
		if strings.Contains(line, " Failed: killed by SIGKILL") {
			break
		}
	}
	require.NoError(t, r.Process.Signal(syscall.SIGTERM))
	go io.Copy(io.Discard, r.text)
	assert.NoError(t, r.Wait())
}
