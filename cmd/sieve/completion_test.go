// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"
	"strings"
	"testing"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/stretchr/testify/assert"
)

// TestCompletionKnowsAllFlags: who adds a flag decides what a TAB offers for it.
func TestCompletionKnowsAllFlags(t *testing.T) {
	seen := map[string]bool{}
	root := rootCommand()
	root.Writer = io.Discard
	assert.NoError(t, root.Run(t.Context(), []string{"sieve"})) // which tells commands their parents
	forEach(root, func(c *cli.Command) {
		name := strings.TrimPrefix(c.FullName(), "sieve ")
		for _, f := range c.Flags {
			if !f.TakesValue() {
				continue
			}
			_, general := flagValues()[f.Names()[0]]
			_, own := flagValues()[name+" "+f.Names()[0]]
			assert.True(t, general || own, "%s --%s", name, f.Names()[0])
			seen[f.Names()[0]], seen[name+" "+f.Names()[0]] = true, true
		}
	})
	for key := range flagValues() {
		assert.True(t, seen[key], "%s is no flag", key)
	}
}

// forEach calls f for a command and all below it.
func forEach(c *cli.Command, f func(*cli.Command)) {
	f(c)
	for _, below := range c.Commands {
		forEach(below, f)
	}
}

// TestCompletionValues: what is offered for a format, a dialect and the like is
// taken, and nothing else that the message of a refusal names is missing.
func TestCompletionValues(t *testing.T) {
	profile := write(t, "profile.json", denyMount)
	tests := map[string][]string{
		"arch":             {"compile", "--format", "asm", "--profile", profile},
		"enosys":           {"compile", "--format", "asm", "--profile", profile},
		"args":             {"compile", "--format", "asm", "--profile", profile},
		"cap":              {"compile", "--format", "asm", "--profile", profile},
		"compile format":   {"compile", "--profile", profile},
		"explain format":   {"explain", "mount"},
		"features format":  {"features"},
		"lint format":      {"lint", profile},
		"audit format":     {"audit", profile},
		"require":          {"audit", "--list"},
		"close":            {"audit", "--list"},
		"severity":         {"lint", profile},
		"fail-on":          {"lint", profile},
		"decompile format": {"decompile", "-"},
	}
	raw := call(t, "", "compile", "--profile", profile, "--arch", "amd64", "--format", "raw").stdout
	for key, args := range tests {
		flag := key[strings.LastIndexByte(key, ' ')+1:]
		for _, c := range flagValues()[key]() {
			got := call(t, raw, append([]string{args[0], "--" + flag, c.text}, args[1:]...)...)
			assert.NotContains(t, got.stderr, "--"+flag, "%s %s", key, c.text)
		}
	}
}
