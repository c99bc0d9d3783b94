// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/gosieve/sieve/internal/marathon"
)

const examples = "../../examples/marathon/"

func check(t *testing.T, args ...string) result {
	return call(t, "", append([]string{"marathon", "check", "--seccomp-config-dir", examples + "seccomp", "--arch", "amd64"}, args...)...)
}

func TestMarathonCheck(t *testing.T) {
	const byDefault = "--seccomp-profile-name=default.json"
	app := func(text string) string { return write(t, "app.json", text) }
	tests := map[string]struct {
		args   []string
		status int
		stdout string
		stderr string
	}{
		"the default":     {[]string{byDefault, examples + "default.json"}, 0, "/default: default.json (default) from " + examples + "seccomp/default.json: taken, ", ""},
		"a profile":       {[]string{byDefault, examples + "relaxed.json"}, 0, "/relaxed: relaxed.json from " + examples + "seccomp/relaxed.json: taken, ", ""},
		"unconfined":      {[]string{byDefault, examples + "opt-out.json"}, 0, "/opt-out: unconfined\n", ""},
		"no default":      {[]string{examples + "default.json"}, 0, "/default: unconfined, as the agent has no default profile\n", ""},
		"a wrong name":    {[]string{byDefault, examples + "wrong.json"}, 1, "/wrong: would fail: Failed to read Seccomp profile file '" + examples + "seccomp/missing.json': No such file or directory\n", ""},
		"denied calls":    {[]string{byDefault, "--record", examples + "calls.jsonl", examples + "default.json"}, 1, "  denied: unshare (x86_64, 272), 1 times: ERRNO(1) by " + examples + "seccomp/default.json:8:3\n  1 of 3 recorded calls would be denied\n", ""},
		"no denied calls": {[]string{"--record", examples + "calls.jsonl", examples + "relaxed.json"}, 0, "  0 of 3 recorded calls would be denied\n", ""},
		"no file":         {nil, 2, "", "check: want APP.json"},
		"twice":           {[]string{examples + "default.json", examples + "default.json"}, 1, "", "default.json: error: /default is defined twice\n"},
		"a wrong dialect": {[]string{"--dialect", "oci", examples + "default.json"}, 2, "", `--dialect: unknown dialect "oci", want mesos or docker`},
		"a wrong capability": {[]string{"--bounding-cap", "SYS_ADMINN", examples + "default.json"}, 2, "",
			`--bounding-cap: unknown capability "SYS_ADMINN", nearest is "CAP_SYS_ADMIN"`},
		"a broken default": {[]string{"--seccomp-profile-name=no.json", examples + "default.json"}, 1, "", "sieve: the agent would not start: Failed to read Seccomp profile file"},
		"refused by Marathon": {[]string{app(`{"id": "/a", "cmd": "x", "container": {"type": "MESOS", "linuxInfo": {"seccomp": {}}}}`)}, 1, "",
			"app.json:1:82: container.linuxInfo.seccomp: error: Seccomp unconfined must be true when Profile is NOT defined\n"},
		"type DOCKER": {[]string{app(`{"id": "/a", "cmd": "x", "container": {"linuxInfo": {}}}`)}, 0, "/a: run by Docker, under none of the agent's profiles\n", "(marathon-docker)"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := check(t, tt.args...)
			assert.Equal(t, tt.status, got.status, "%+v", got)
			assert.Contains(t, got.stdout, tt.stdout)
			assert.Contains(t, got.stderr, tt.stderr)
			if tt.stdout != "" && tt.stderr == "" {
				assert.Empty(t, got.stderr)
			}
		})
	}
}

// TestMarathonDocker: a profile for Docker is refused, with what would do.
func TestMarathonDocker(t *testing.T) {
	args := func(more ...string) []string {
		return append([]string{"marathon", "check", "--seccomp-config-dir", "../../internal/docker/data", "--seccomp-profile-name", "docker-default.json"}, more...)
	}
	got := call(t, "", args(examples+"default.json")...)
	assert.Equal(t, 1, got.status)
	assert.Contains(t, got.stderr, "--dialect docker")
	got = call(t, "", args("--arch", "amd64", "--dialect", "docker", examples+"default.json")...)
	assert.Equal(t, 0, got.status, got.stderr)
	assert.Contains(t, got.stdout, "proved")
}

func TestScreen(t *testing.T) {
	var out bytes.Buffer
	s := &screen{w: &out, terminal: true}
	now := time.Now()
	rows := []marathon.Row{
		{Task: "/a.1", Profile: "default.json (default)", State: "Waiting", Failures: 3, Next: now.Add(5 * time.Second), Last: "exit status 1; " + strings.Repeat("x", 80)},
		{Task: "/b.1", Profile: "unconfined", State: "Running"},
	}
	text := table(rows, now)
	assert.Contains(t, text, "TASK  PROFILE                 STATE    FAILURES  NEXT  LAST\n/a.1  default.json (default)  Waiting  3         5s    exit status 1; ")
	for _, line := range strings.Split(text, "\n") {
		assert.LessOrEqual(t, len(line), widest)
	}
	assert.Contains(t, table(make([]marathon.Row, 25), now), "\nand 5 more\n")
	s.show(rows)
	s.line("a line\x1b[2J")
	s.show(nil)
	assert.Equal(t, 2, strings.Count(out.String(), "\x1b[3A\x1b[J"), "the status is taken away before the line, and at the end")
	assert.Contains(t, out.String(), "a line?[2J\n", "a task does not steer the terminal")
}
