// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// build builds the program as it is derived, without cgo.
func build(t *testing.T, dir string) string {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command to build the program with")
	}
	name := filepath.Join(t.TempDir(), "program")
	cmd := exec.Command("go", "build", "-o", name, dir)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return name
}

// TestDerived: the program serves under the profile of its own source, on all its threads.
func TestDerived(t *testing.T) {
	if _, err := documents.ReadFile("profile_" + runtime.GOARCH + ".json"); err != nil {
		t.Skipf("no profile for %s", runtime.GOARCH)
	}
	server := exec.Command(build(t, "."), "-listen", "127.0.0.1:0")
	server.Stderr = os.Stderr
	out, err := server.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, server.Start())
	defer server.Wait()
	defer server.Process.Kill()
	url, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	for range 50 {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		r, err := client.Get(strings.TrimSpace(url) + "page")
		require.NoError(t, err)
		text, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		require.NoError(t, r.Body.Close())
		require.Equal(t, "Hello from behind a filter: /page\n", string(text))
	}
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", server.Process.Pid))
	require.NoError(t, err)
	require.NotEmpty(t, tasks)
	for _, task := range tasks {
		if status, err := os.ReadFile(task); err == nil { // the thread may have ended
			assert.Contains(t, string(status), "\nSeccomp:\t2\n")
		}
	}
}

// TestUpToDate: the program can do no more than its profiles allow. If this fails,
// "go generate ./examples/derived" writes them, and review has the difference.
func TestUpToDate(t *testing.T) {
	if testing.Short() {
		t.Skip("looks the program through, twice")
	}
	if !strings.HasPrefix(runtime.Version(), "go1.26") {
		t.Skipf("the profiles are of the library and runtime of Go 1.26, this is %s", runtime.Version())
	}
	sieve := build(t, "../../cmd/sieve")
	for _, goarch := range []string{"amd64", "arm64"} {
		out, err := exec.Command(sieve, "derive", "--no-cache", "--arch", goarch, "--check", "profile_"+goarch+".json", ".").CombinedOutput()
		assert.NoError(t, err, "%s\n%s", goarch, out)
	}
}
