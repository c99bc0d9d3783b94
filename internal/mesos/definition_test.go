// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
)

// appWith is an app with a linuxInfo.
func appWith(kind, info string) string {
	return `{"id": "/a", "cmd": "true", "container": {` + kind + `"linuxInfo": {` + info + `}}}`
}

const mesosType = `"type": "MESOS", `

func podWith(container, pod string) string {
	return `{"id": "/p", "containers": [{"name": "c", "exec": {"command": {"shell": "true"}}` + container + `}]` + pod + `}`
}

func TestMarathonSeccomp(t *testing.T) {
	tests := map[string]struct {
		doc  string
		want *SeccompInfo
		err  string
		path string
	}{
		"nothing":                      {`{"id": "/a", "cmd": "true"}`, nil, "", ""},
		"no linuxInfo":                 {`{"id": "/a", "cmd": "true", "container": {"type": "MESOS"}}`, nil, "", ""},
		"no seccomp":                   {appWith(mesosType, ``), nil, "", ""},
		"seccomp null":                 {appWith(mesosType, `"seccomp": null`), nil, "", ""},
		"unconfined":                   {appWith(mesosType, `"seccomp": {"unconfined": true}`), &SeccompInfo{Unconfined: true}, "", ""},
		"a profile":                    {appWith(mesosType, `"seccomp": {"profileName": "relaxed.json"}`), named("relaxed.json"), "", ""},
		"a profile and false":          {appWith(mesosType, `"seccomp": {"profileName": "r", "unconfined": false}`), named("r"), "", ""},
		"an empty name passes":         {appWith(mesosType, `"seccomp": {"profileName": ""}`), named(""), "", ""},
		"a name that leads out passes": {appWith(mesosType, `"seccomp": {"profileName": "../x"}`), named("../x"), "", ""},
		"both":                         {appWith(mesosType, `"seccomp": {"profileName": "r", "unconfined": true}`), nil, "Seccomp unconfined can NOT be true when Profile is defined", "container.linuxInfo.seccomp"},
		"neither":                      {appWith(mesosType, `"seccomp": {}`), nil, "Seccomp unconfined must be true when Profile is NOT defined", "container.linuxInfo.seccomp"},
		"only false":                   {appWith(mesosType, `"seccomp": {"unconfined": false}`), nil, "Seccomp unconfined must be true when Profile is NOT defined", "container.linuxInfo.seccomp"},
		"wrong type":                   {appWith(mesosType, `"seccomp": {"profileName": 1, "unconfined": true}`), nil, "want a string", "container.linuxInfo.seccomp.profileName"},
		"pod":                          {podWith(`, "linuxInfo": {"seccomp": {"profileName": "r"}}`, ``), named("r"), "", ""},
		"pod, both":                    {podWith(`, "linuxInfo": {"seccomp": {"profileName": "r", "unconfined": true}}`, ``), nil, "Seccomp unconfined can NOT be true when Profile is defined", "containers[0].linuxInfo.seccomp"},
		"pod, neither":                 {podWith(`, "linuxInfo": {"seccomp": {}}`, ``), nil, "Seccomp unconfined must be true when Profile is NOT defined", "containers[0].linuxInfo.seccomp"},
		"the executor":                 {podWith(``, `, "linuxInfo": {"seccomp": {"unconfined": true}}`), nil, "Seccomp configuration on executor level is not supported", "linuxInfo.seccomp"},
		"the executor's ipcInfo":       {podWith(``, `, "linuxInfo": {"ipcInfo": {"mode": "PRIVATE"}}`), nil, "", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			defs, diags, err := ParseMarathon("app.json", []byte(tt.doc))
			if tt.err != "" {
				require.EqualError(t, err, tt.err)
				require.ErrorIs(t, err, ErrDefinition)
				var e *document.Refusal
				require.ErrorAs(t, err, &e)
				assert.Equal(t, tt.path, e.Place.Path)
				return
			}
			require.NoError(t, err)
			assert.Empty(t, diags)
			require.Len(t, defs, 1)
			assert.Equal(t, tt.want, defs[0].Containers[0].Seccomp)
		})
	}
}

// TestDockerType: linuxInfo is dropped in silence, whatever it says.
func TestDockerType(t *testing.T) {
	for _, kind := range []string{``, `"type": "DOCKER", `} {
		defs, diags, err := ParseMarathon("app.json", []byte(appWith(kind, `"seccomp": {}`)))
		require.NoError(t, err)
		require.Len(t, diags, 1)
		assert.Equal(t, profile.Code("marathon-docker"), diags[0].Code)
		assert.Equal(t, profile.Warning, diags[0].Severity)
		assert.Nil(t, defs[0].Containers[0].Seccomp)
		assert.True(t, defs[0].Containers[0].Docker)
	}
}

func TestMarathonFields(t *testing.T) {
	defs, _, err := ParseMarathon("g.json", []byte(`[
 {"id": "one", "cmd": "sleep 1", "cpus": 0.5, "mem": 64, "instances": 3, "backoffSeconds": 2, "backoffFactor": 1.5,
  "maxLaunchDelaySeconds": 60, "taskKillGracePeriodSeconds": 7, "env": {"A": "b", "S": {"secret": "x"}}},
 {"id": "/g", "apps": [{"id": "two", "args": ["sleep", "2"]}], "groups": [{"id": "h", "pods": [
  {"id": "three", "scaling": {"kind": "fixed", "instances": 2}, "environment": {"A": "1", "B": "1"},
   "scheduling": {"backoff": {"backoff": 0.5, "backoffFactor": 0, "maxLaunchDelay": 9}},
   "containers": [{"name": "x", "exec": {"command": {"argv": ["true"]}}, "resources": {"cpus": 0.1, "mem": 32}, "environment": {"B": "2"}},
                  {"name": "y", "image": {"kind": "DOCKER", "id": "busybox"}}]}]}]}]`))
	require.NoError(t, err)
	require.Len(t, defs, 3)
	one := defs[0]
	assert.Equal(t, "/one", one.ID)
	assert.Equal(t, 3, one.Instances)
	assert.Equal(t, Backoff{2 * time.Second, 1.5, time.Minute}, one.Backoff)
	assert.Equal(t, 7*time.Second, one.KillGrace)
	assert.Equal(t, []string{"/bin/sh", "-c", "sleep 1"}, one.Containers[0].Command)
	assert.Equal(t, map[string]string{"A": "b"}, one.Containers[0].Env)
	assert.Equal(t, 0.5, one.Containers[0].CPUs)
	assert.Equal(t, 64.0, one.Containers[0].Mem)
	assert.Equal(t, "/g/two", defs[1].ID)
	assert.Equal(t, DefaultBackoff(), defs[1].Backoff)
	assert.Equal(t, []string{"sleep", "2"}, defs[1].Containers[0].Command)
	three := defs[2]
	assert.Equal(t, "/g/h/three", three.ID)
	assert.True(t, three.Pod)
	assert.Equal(t, 2, three.Instances)
	assert.Equal(t, Backoff{500 * time.Millisecond, 0, 9 * time.Second}, three.Backoff)
	require.Len(t, three.Containers, 2)
	assert.Equal(t, map[string]string{"A": "1", "B": "2"}, three.Containers[0].Env)
	assert.Equal(t, 32.0, three.Containers[0].Mem)
	assert.Equal(t, "busybox", three.Containers[1].Image)
	assert.Equal(t, map[string]string{"A": "1", "B": "1"}, three.Containers[1].Env)
}

func TestMarathonRefuses(t *testing.T) {
	for doc, want := range map[string]string{
		`{`:                        "syntax error at line 1 near: ",
		`{"id": "/a", "cpus": 01}`: "not a JSON document",
		`[]`:                       "no app and no pod",
		`1`:                        "want an app, a pod, a group or a list of them",
		`{"cmd": "true"}`:          "no id",
		`{"id": "/a"}`:             "want one of cmd, args and container.docker.image",
		`{"id": "/a", "cmd": "x", "args": ["y"]}`:                                "cmd and args exclude each other",
		`{"id": "/a", "cmd": "x", "backoffFactor": 0.9}`:                         "0.9 is too small, want at least 1",
		`{"id": "/a", "cmd": "x", "backoffSeconds": -1}`:                         "-1 is too small, want at least 0",
		`{"id": "/a", "cmd": "x", "backoffSeconds": 0.5}`:                        "want whole seconds",
		`{"id": "/a", "cmd": "x", "instances": 1.5}`:                             "want a whole number from 0 to 1048576",
		`{"id": "/a", "cmd": "x", "container": {"type": "rkt"}}`:                 `unknown type "rkt", want MESOS or DOCKER`,
		`{"id": "/p", "containers": []}`:                                         "a pod needs a container",
		`{"id": "/p", "containers": [{"exec": {"command": {"shell": "true"}}}]}`: "no name",
		podWith(``, `, "scheduling": {"backoff": {"backoffFactor": -1}}`):        "-1 is too small, want at least 0",
		`{"id": "/a", "cmd": "x", "cpus": "1", "mem": -1}`:                       "want a number\n-1 is too small, want at least 0",
	} {
		_, _, err := ParseMarathon("f.json", []byte(doc))
		assert.EqualError(t, err, want, doc)
	}
}

func FuzzParseMarathon(f *testing.F) {
	for _, s := range []string{appWith(mesosType, `"seccomp": {}`), podWith(``, ``), `{"id": "/g", "apps": [{}]}`, `[1]`, `{"id":"/a","cmd":"x","backoffSeconds":1e99}`} {
		f.Add([]byte(s))
	}
	files, _ := filepath.Glob("../../examples/marathon/*.json")
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		defs, _, err := ParseMarathon("f", doc)
		if err != nil {
			return
		}
		for _, d := range defs {
			require.NotEmpty(t, d.ID)
			require.GreaterOrEqual(t, d.Instances, 0)
			require.GreaterOrEqual(t, d.Backoff.Next(0), time.Duration(0))
			require.NotEmpty(t, d.Containers)
		}
	})
}
