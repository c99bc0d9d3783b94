// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/features"
)

// TestFeatures has both formats say what features.Probe does.
func TestFeatures(t *testing.T) {
	f, err := features.Probe()
	require.NoError(t, err)

	text := call(t, "", "features")
	require.Zero(t, text.status, text.stderr)
	lines := strings.Split(text.stdout, "\n")
	assert.Regexp(t, `^FEATURE +HOW +ANSWER$`, lines[0])
	assert.Len(t, lines, 1+16+len(f.ABIs)+len(sysctls)+1)
	assert.Contains(t, text.stdout, " KILL_THREAD TRAP ERRNO ")
	assert.Regexp(t, `(?m)^kernel +asked +`+regexp.QuoteMeta(f.Release)+`$`, text.stdout)
	assert.Regexp(t, `(?m)^flags +asked +TSYNC LOG`, text.stdout)

	document := call(t, "", "features", "--format", "json")
	require.Zero(t, document.status, document.stderr)
	var shape map[string]any
	require.NoError(t, json.Unmarshal([]byte(document.stdout), &shape))
	assert.Equal(t, f.Release, shape["release"])
	assert.Equal(t, f.Kernel.String(), shape["kernel"])
	assert.Equal(t, f.Filters, shape["filters"])
	assert.Equal(t, f.Bitmap.String(), shape["bitmap"])
	assert.Equal(t, f.Notify.Continue.String(), shape["notify"].(map[string]any)["continue"])
	assert.Len(t, shape["actions"], len(f.Actions))
	require.Len(t, shape["sysctls"], len(sysctls))
	for i, name := range sysctls {
		b, err := os.ReadFile("/proc/sys/" + strings.ReplaceAll(name, ".", "/"))
		setting := shape["sysctls"].([]any)[i].(map[string]any)
		assert.Equal(t, name, setting["name"])
		assert.Equal(t, err != nil, setting["error"] != nil, name)
		if value := strings.TrimSpace(string(b)); value != "" {
			assert.Equal(t, value, setting["value"], name)
			assert.Contains(t, text.stdout, name+" ")
		}
	}
}

// settings are the last part of the document, which says how this machine is set up.
var settings = regexp.MustCompile(`(?s),\s*"sysctls": \[.*\]`)

// TestFeaturesJSON is the document's shape, of a kernel that lacks most.
func TestFeaturesJSON(t *testing.T) {
	var b strings.Builder
	require.NoError(t, featuresJSON(&b, &features.Features{Release: "3.16-7", Kernel: 3<<8 | 16, Filters: true, NoNewPrivs: true,
		Actions: []seccomp.Action{seccomp.KillThread, seccomp.Trap(0), seccomp.Allow}, Bitmap: features.No}))
	assert.JSONEq(t, `{"release": "3.16-7", "kernel": "3.16", "filters": true, "seccomp": false, "noNewPrivs": true, "filtered": false,
		"actions": ["KILL_THREAD", "TRAP", "ALLOW"], "flags": [],
		"notify": {"sizes": [0, 0, 0], "continue": "unknown", "pidfdGetfd": "unknown", "addfd": "unknown", "addfdSend": "unknown",
			"waitKillable": "unknown", "syncWakeUp": "unknown"},
		"abis": [], "bitmap": "no", "jit": "unknown"}`, settings.ReplaceAllString(b.String(), ""))
}

func TestFeaturesUsage(t *testing.T) {
	for want, args := range map[string][]string{
		`unknown format "xml", want text or json`: {"features", "--format", "xml"},
		`features: unexpected argument "x"`:       {"features", "x"},
	} {
		r := call(t, "", args...)
		assert.Equal(t, statusTrouble, r.status)
		assert.Contains(t, r.stderr, want)
	}
}
