// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
)

// TestRecord records programs that people run, twice each, as a run need not show
// all that a program does, and then runs each under its profile. There unshare,
// mount and ptrace fail.
func TestRecord(t *testing.T) {
	git, python := tool(t, "git"), tool(t, "python3")
	dir := t.TempDir()
	repository := localRepository(t, git, dir)
	script := filepath.Join(dir, "script.py")
	require.NoError(t, os.WriteFile(script, []byte(pythonScript), 0o644))
	server := filepath.Join(dir, "server.py")
	require.NoError(t, os.WriteFile(server, []byte(pythonServer), 0o644))

	clones := 0
	tests := map[string]struct {
		flags   []string
		command func() []string
		drive   func(t *testing.T, stdout io.Reader) // while it runs
		env     string                               // that makes it try what its profile denies
	}{
		"git clone": {command: func() []string {
			clones++
			return []string{git, "clone", "-q", "file://" + repository, filepath.Join(dir, fmt.Sprint("clone", clones))}
		}},
		"git clone, with arguments": {flags: []string{"--args"}, command: func() []string {
			clones++
			return []string{git, "clone", "-q", "file://" + repository, filepath.Join(dir, fmt.Sprint("clone", clones))}
		}},
		"a Python script":      {command: func() []string { return []string{python, script} }, env: "SIEVE_TRY"},
		"a server under load":  {command: func() []string { return []string{python, server} }, env: "SIEVE_TRY", drive: load},
		"a server, learnt too": {flags: []string{"--args"}, command: func() []string { return []string{python, server} }, env: "SIEVE_TRY", drive: load},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "profile.json")
			for range 2 {
				args := append([]string{"record", "-o", file, "--runtime", "none"}, tt.flags...)
				status, stderr := under(t, tt.drive, append(append(args, "--"), tt.command()...))
				require.Zero(t, status, stderr)
				assert.Contains(t, stderr, "sieve: record: ")
			}
			if tt.env != "" {
				t.Setenv(tt.env, "1")
			}
			status, stderr := under(t, tt.drive, append([]string{"run", "--profile", file, "--"}, tt.command()...))
			require.Zero(t, status, stderr)
			assertDenied(t, file)
		})
	}
}

// tool is a program that the test needs. CI installs it.
func tool(t *testing.T, name string) string {
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	require.NoError(t, err)
	return path
}

func localRepository(t *testing.T, git, dir string) string {
	repository := filepath.Join(dir, "repository")
	for _, args := range [][]string{
		{"init", "-q", repository},
		{"-C", repository, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "--allow-empty", "-m", "first"},
	} {
		out, err := exec.Command(git, args...).CombinedOutput()
		require.NoError(t, err, string(out))
	}
	return repository
}

// under runs the sieve command while drive reads what it writes.
func under(t *testing.T, drive func(*testing.T, io.Reader), args []string) (status int, stderr string) {
	out, in := io.Pipe()
	var errors bytes.Buffer
	driven := make(chan struct{})
	go func() {
		defer close(driven)
		if drive != nil {
			drive(t, out)
		}
		io.Copy(io.Discard, out)
	}()
	status = sieve(t.Context(), append([]string{"sieve"}, args...), strings.NewReader(""), in, &errors)
	in.Close()
	<-driven
	return status, errors.String()
}

// assertDenied asks the profile about calls that none of the programs makes.
func assertDenied(t *testing.T, file string) {
	var calls strings.Builder
	for _, name := range []string{"unshare", "mount", "ptrace"} {
		nr, _ := arch.Native().Number(name)
		fmt.Fprintf(&calls, "{\"arch\":%q,\"nr\":%d,\"args\":[0,0,0,0,0,0]}\n", arch.Native(), nr)
	}
	var stdout, stderr bytes.Buffer
	require.Zero(t, sieve(t.Context(), []string{"sieve", "eval", "--profile", file, "--calls", "-"}, strings.NewReader(calls.String()), &stdout, &stderr), stderr.String())
	assert.Equal(t, strings.Repeat(`{"action":"ERRNO(1)","value":327681}`+"\n", 3), stdout.String())
}

// tries makes the three calls through the C library, if it is told to, and
// expects EPERM of each. Without that it makes another call that way, for the
// record to have all that ctypes needs.
const tries = `
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.getppid()
if os.environ.get("SIEVE_TRY"):
    for name, args in ("unshare", (0x10000000,)), ("mount", (b"none", b"/", b"tmpfs", 0, None)), ("ptrace", (0, 0, None, None)):
        if getattr(libc, name)(*args) != -1 or ctypes.get_errno() != 1:
            os._exit(7)
`

const pythonScript = tries + `
import json, subprocess, tempfile
with tempfile.NamedTemporaryFile() as f:
    f.write(json.dumps(list(range(1000))).encode())
    f.flush()
    assert json.load(open(f.name))[999] == 999
assert subprocess.run(["true"]).returncode == 0
`

// requests is how many the server answers before it ends.
const requests = 200

var pythonServer = tries + fmt.Sprintf(`
import http.server, threading
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")
    def log_message(self, *args):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
for i in range(%d):
    server.handle_request()
`, requests)

// load makes the requests, from several goroutines.
func load(t *testing.T, stdout io.Reader) {
	var port int
	if _, err := fmt.Fscanln(stdout, &port); err != nil {
		t.Error(err)
		return
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			for range requests / 4 {
				r, err := client.Get(fmt.Sprintf("http://127.0.0.1:%d/", port))
				if err != nil {
					t.Error(err)
					return
				}
				body, err := io.ReadAll(r.Body)
				r.Body.Close()
				if err != nil || string(body) != "hello" {
					t.Errorf("%q, %v", body, err)
				}
			}
		})
	}
	all.Wait()
}

// TestRecordMerge: runs add up in the file, --fresh begins anew, a base is added to,
// and a file that is no profile is not touched.
func TestRecordMerge(t *testing.T) {
	kerneltest.Need(t, kerneltest.Unfiltered)
	file := filepath.Join(t.TempDir(), "profile.json")
	rec := func(args ...string) (int, string) {
		return under(t, nil, append([]string{"record", "-o", file, "--runtime", "none"}, args...))
	}
	names := func() []string {
		var doc struct{ Syscalls []struct{ Names []string } }
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &doc))
		var all []string
		for _, s := range doc.Syscalls {
			all = append(all, s.Names...)
		}
		return all
	}
	status, stderr := rec("--", "true")
	require.Zero(t, status, stderr)
	assert.NotContains(t, names(), "nanosleep")
	assert.NotContains(t, names(), "clock_nanosleep")
	status, stderr = rec("--", "sleep", "0.01")
	require.Zero(t, status, stderr)
	assert.Contains(t, names(), "clock_nanosleep")
	status, _ = rec("--", "true")
	require.Zero(t, status)
	assert.Contains(t, names(), "clock_nanosleep", "a later run took something away")
	status, _ = rec("--fresh", "--", "true")
	require.Zero(t, status)
	assert.NotContains(t, names(), "clock_nanosleep")

	status, _ = rec("--base", "docker", "--", "unshare", "--user", "true")
	require.Zero(t, status)
	status, stderr = under(t, nil, []string{"run", "--profile", file, "--", "unshare", "--user", "true"})
	assert.Zero(t, status, stderr)

	status, _ = rec("--", "sh", "-c", "exit 3")
	assert.Equal(t, 3, status, "the command's own status")
	status, stderr = rec("--", "no-such-command")
	assert.Equal(t, statusNotFound, status, stderr)

	require.NoError(t, os.WriteFile(file, []byte("precious"), 0o600))
	status, stderr = rec("--", "true")
	assert.Equal(t, statusFailed, status)
	assert.Contains(t, stderr, file+":1:1: ")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "precious", string(text))
}

// TestRecordDenied: a rule of the base that denies what was seen is named by its place
// in the base's file.
func TestRecordDenied(t *testing.T) {
	kerneltest.Need(t, kerneltest.Unfiltered)
	base := write(t, "base.json", `{"defaultAction": "SCMP_ACT_ALLOW",
		"syscalls": [{"names": ["unshare"], "action": "SCMP_ACT_ERRNO"}]}`)
	file := filepath.Join(t.TempDir(), "profile.json")
	status, stderr := under(t, nil, []string{"record", "-o", file, "--runtime", "none", "--base", base, "--", "unshare", "--user", "true"})
	assert.Equal(t, statusFailed, status)
	assert.Contains(t, stderr, "unshare: ERRNO(1) by "+base+":2:")
	assert.NoFileExists(t, file)
}

// TestRecordMeanwhile: what is added to the file while the command runs stays in it, and a
// file that holds anything else by then is left as it is.
func TestRecordMeanwhile(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want int
		has  string
	}{
		"another run":  {`{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["swapon"], "action": "SCMP_ACT_ALLOW"}]}`, 0, "swapon"},
		"no profile":   {"root:x:0:0", statusFailed, "root:x:0:0"},
		"a new folder": {"", statusFailed, ""},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "profile.json")
			other := write(t, "other", tt.text)
			require.NoError(t, os.WriteFile(file, []byte(`{"defaultAction": "SCMP_ACT_ERRNO"}`), 0o644))
			script := `cat "$0" >"$1"`
			if tt.text == "" {
				script = `rm "$1"; mkdir "$1"`
			}
			status, stderr := under(t, nil, []string{"record", "-o", file, "--", "sh", "-c", script, other, file})
			assert.Equal(t, tt.want, status, stderr)
			if tt.text == "" {
				assert.DirExists(t, file)
				return
			}
			got, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Contains(t, string(got), tt.has)
			assert.Equal(t, tt.want == 0, strings.Contains(string(got), "execve"), "the run")
		})
	}
}
