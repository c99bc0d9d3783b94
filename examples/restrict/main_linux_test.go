// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMain is a server with handlers that try what is forbidden, where a test asks
// for one.
func TestMain(m *testing.M) {
	if os.Getenv("RESTRICT_TEST") == "" {
		os.Exit(m.Run())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, strings.Repeat("a page\n", 10000))
	})
	for name, try := range forbidden {
		mux.HandleFunc("/"+name, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, try()) })
	}
	fmt.Fprintln(os.Stderr, serve("127.0.0.1:0", mux))
	os.Exit(1)
}

// forbidden are what an attacker might like to do.
var forbidden = map[string]func() error{
	"start": func() error { return exec.Command("/bin/true").Run() },
	"exec":  func() error { return syscall.Exec("/bin/true", []string{"true"}, nil) },
	"mount": func() error { return syscall.Mount("none", "/tmp", "tmpfs", 0, "") },
	"ptrace": func() error {
		return syscall.PtraceAttach(os.Getppid())
	},
	"open":    func() error { _, err := os.Open("/etc/passwd"); return err },
	"connect": func() error { _, err := net.Dial("tcp", "127.0.0.1:1"); return err },
	"kill":    func() error { return syscall.Kill(os.Getppid(), 0) },
	"socket":  func() error { _, err := net.ListenPacket("udp", "127.0.0.1:0"); return err },
}

func TestRestrict(t *testing.T) {
	server := exec.Command("/proc/self/exe")
	server.Env = append(os.Environ(), "RESTRICT_TEST=1")
	server.Stderr = os.Stderr
	out, err := server.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, server.Start())
	defer server.Wait()
	defer server.Process.Kill()
	url, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	url = strings.TrimSpace(url)

	for name := range forbidden {
		assert.True(t, strings.HasSuffix(get(t, url+name, http.DefaultClient), "operation not permitted"), name)
	}
	load(t, url+"page")
	for _, task := range tasks(t, server.Process.Pid) {
		assert.Contains(t, task, "\nSeccomp:\t2\n")
		assert.Contains(t, task, "\nNoNewPrivs:\t1\n")
	}
	// It dies of a signal as it would without a filter.
	require.NoError(t, server.Process.Signal(syscall.SIGTERM))
	var ended *exec.ExitError
	require.ErrorAs(t, server.Wait(), &ended)
	assert.Equal(t, syscall.SIGTERM, ended.Sys().(syscall.WaitStatus).Signal())
}

func get(t *testing.T, url string, client *http.Client) string {
	r, err := client.Get(url)
	if !assert.NoError(t, err) {
		return ""
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	assert.NoError(t, err)
	return string(b)
}

// load fetches a page some hundred times, from several clients at once and over
// new connections each.
func load(t *testing.T, url string) {
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true}}
			for range 50 {
				assert.Len(t, get(t, url, client), 70000)
			}
		})
	}
	all.Wait()
}

// tasks are the status of each thread of a process.
func tasks(t *testing.T, pid int) (all []string) {
	dir := fmt.Sprintf("/proc/%d/task/", pid)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		b, err := os.ReadFile(dir + e.Name() + "/status")
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ESRCH) {
			continue // has ended meanwhile
		}
		require.NoError(t, err)
		all = append(all, string(b))
	}
	require.Greater(t, len(all), 2)
	return all
}

// TestConfineSays: a profile that the runtime could not live under is refused, and
// nothing is installed.
func TestConfineSays(t *testing.T) {
	whole := document
	defer func() { document = whole }()
	document = []byte(strings.Replace(string(whole), `"futex",`, "", 1))
	err := confine()
	require.ErrorContains(t, err, "futex(")
	require.ErrorContains(t, err, "wakes threads")
}
