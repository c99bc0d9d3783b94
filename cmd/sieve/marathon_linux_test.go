// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/marathon"
	"github.com/gosieve/sieve/internal/test/kerneltest"
)

// TestMarathonRun runs the examples: under the default profile unshare fails and the
// delay grows, relaxed.json lets it run, unconfined has no filter, and a wrong name
// fails with the isolator's message.
func TestMarathonRun(t *testing.T) {
	kerneltest.Need(t, kerneltest.Unfiltered)
	file := filepath.Join(t.TempDir(), "events")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, in := io.Pipe()
	status := make(chan int, 1)
	go func() {
		args := []string{"sieve", "marathon", "run", "--seccomp-config-dir", examples + "seccomp", "--seccomp-profile-name", "default.json", "--events", file}
		for _, name := range []string{"default", "opt-out", "relaxed", "wrong"} {
			args = append(args, examples+name+".json")
		}
		var stderr strings.Builder
		s := sieve(ctx, args, nil, in, &stderr)
		in.CloseWithError(io.EOF)
		status <- s
	}()
	var text strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		text.WriteString(lines.Text() + "\n")
		if strings.HasPrefix(lines.Text(), "/default.1 Failed") && strings.Contains(lines.Text(), "(failure 2)") {
			cancel()
		}
	}
	require.Equal(t, 0, <-status)
	assert.Contains(t, text.String(), "[/default.1] unshare: unshare failed: Operation not permitted\n")
	assert.Contains(t, text.String(), "[/opt-out.1] Seccomp:\t0\n")
	assert.Contains(t, text.String(), "/relaxed.1 Killed: killed by SIGTERM\n", "it ran until it was stopped")

	events := map[string][]marathon.Event{}
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	for line := range strings.Lines(string(raw)) {
		var e marathon.Event
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		if e.Kind == "end" && e.Condition != "Killed" {
			events[e.Task] = append(events[e.Task], e)
		}
	}
	require.GreaterOrEqual(t, len(events["/default.1"]), 2)
	assert.Equal(t, 1.0, events["/default.1"][0].Delay)
	assert.Equal(t, 1.15, events["/default.1"][1].Delay)
	assert.Equal(t, "exit status 1; denied: unshare(CLONE_NEWUSER) by "+examples+"seccomp/default.json:8:3", events["/default.1"][0].Message)
	require.NotEmpty(t, events["/wrong.1"])
	assert.Equal(t, "Failed to read Seccomp profile file '"+examples+"seccomp/missing.json': No such file or directory", events["/wrong.1"][0].Message)
	assert.Empty(t, events["/relaxed.1"])
	assert.Empty(t, events["/opt-out.1"])
}
