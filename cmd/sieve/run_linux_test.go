// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/kerneltest"
)

func TestRun(t *testing.T) {
	kill := write(t, "kill.json", `{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["uname"],"action":"SCMP_ACT_KILL_PROCESS"}]}`)
	notify := write(t, "notify.json", `{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir"],"action":"SCMP_ACT_NOTIFY"}]}`)
	tests := map[string]struct {
		stdin string
		args  []string
		want  result
	}{
		"input and output are the command's":  {"in", []string{"--", "cat"}, result{0, "in", ""}},
		"so is the exit status":               {"", []string{"--", "sh", "-c", "exit 7"}, result{7, "", ""}},
		"flags after the command are its own": {"", []string{"echo", "--profile", "x"}, result{0, "--profile x\n", ""}},
		"a signal is 128 and its number":      {"", []string{"--", "sh", "-c", "kill -TERM $$"}, result{128 + 15, "", ""}},
		"a call that kills is named":          {"", []string{"--profile", kill, "--", "uname"}, result{128 + 31, "", "sieve: uname was killed by SIGSYS: it made a call that the profile kills or traps\n"}},
		"no such command":                     {"", []string{"--", "no-such-command"}, result{127, "", "sieve: no-such-command: exec: \"no-such-command\": executable file not found in $PATH\n"}},
		"a supervisor is asked for":           {"", []string{"--profile", notify, "--", "true"}, result{125, "", "sieve: the profile asks a supervisor (SCMP_ACT_NOTIFY) and has no listenerPath that says where\n"}},
		"unconfined has no filter":            {"", []string{"--profile", "unconfined", "--", "grep", "^Seccomp:", "/proc/self/status"}, result{0, "Seccomp:\t0\n", ""}},
		"confined has one":                    {"", []string{"--", "grep", "^Seccomp:", "/proc/self/status"}, result{0, "Seccomp:\t2\n", ""}},
		"a filter sets no_new_privs":          {"", []string{"--", "grep", "^NoNewPrivs:", "/proc/self/status"}, result{0, "NoNewPrivs:\t1\n", ""}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if tt.want.stdout == "Seccomp:\t0\n" {
				kerneltest.Need(t, kerneltest.Unfiltered)
			}
			assert.Equal(t, tt.want, call(t, tt.stdin, append([]string{"run"}, tt.args...)...))
		})
	}
	assert.Equal(t, 126, call(t, "", "run", "--", "/etc/passwd").status, "a file that cannot be run")
}

// TestRunAnyName: what follows "--", or is the first word that is no flag, belongs to
// the command, whatever it is called.
func TestRunAnyName(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"help", "h", "-h", "--help", "completion", "run", "--version", "--profile"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\necho \"${0##*/}\" \"$@\"\n"), 0o755))
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	tests := map[string][]string{
		"help\n":    {"--", "help"},
		"help x\n":  {"help", "x"},
		"h\n":       {"--", "h"},
		"-h -v\n":   {"--", "-h", "-v"},
		"--help\n":  {"--", "--help"},
		"run\n":     {"--", "run"},
		"help --\n": {"--", "help", "--"},
		"completion --generate-shell-completion\n": {"--", "completion", "--generate-shell-completion"},
		"--version\n": {"--", "--version"},
		"--profile --generate-shell-completion\n": {"--", "--profile", "--generate-shell-completion"},
	}
	for want, args := range tests {
		assert.Equal(t, result{0, want, ""}, call(t, "", append([]string{"run"}, args...)...), "run %q", args)
	}
	recorded := filepath.Join(dir, "recorded.json")
	got := call(t, "", "record", "-o", recorded, "--", "help", "--generate-shell-completion")
	assert.Equal(t, "help --generate-shell-completion\n", got.stdout, "record: %+v", got)
}

// TestRunSignal ends sieve itself with a signal: the command gets it.
func TestRunSignal(t *testing.T) {
	if os.Getenv("SIEVE_TEST_RUN") != "" {
		os.Exit(sieve(t.Context(), []string{"sieve", "run", "--", "sh", "-c", "trap 'echo got it; exit 3' TERM; echo ready; while :; do sleep 0.05; done"}, nil, os.Stdout, os.Stderr))
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^TestRunSignal$")
	cmd.Env = append(os.Environ(), "SIEVE_TEST_RUN=1")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line := make([]byte, len("ready\n"))
	_, err = out.Read(line)
	require.NoError(t, err)
	require.Equal(t, "ready\n", string(line))
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	var rest bytes.Buffer
	rest.ReadFrom(out)
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Wait(), &exit)
	assert.Equal(t, 3, exit.ExitCode())
	assert.Equal(t, "got it\n", rest.String())
}
