// SPDX-License-Identifier: Apache-2.0

package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile/dialect"
)

var named = regexp.MustCompile(`\n  it can with ((?:--[a-z-]+(?: off)? ?)+)`)

// TestRemedies converts every document of the reference material to every dialect, and
// merges documents of each pair of dialects: where flags are named, the command with them
// succeeds, and no refusal names flags in another way.
func TestRemedies(t *testing.T) {
	counts := map[string]int{}
	for i, args := range append(conversions(t), merges(t)...) {
		if !shared.Long() && i%5 != 0 { // 8 dialects: all have their turn
			continue
		}
		got := call(t, "", args...)
		if got.status == 2 {
			counts["no document"]++
			continue
		}
		if got.status == 0 {
			counts["said"]++
			continue
		}
		require.Equal(t, 1, got.status, "%v: %s", args, got.stderr)
		m := named.FindStringSubmatch(got.stderr)
		first, _, _ := strings.Cut(got.stderr, "\n")
		assert.NotContains(t, first, " --", "%v", args)
		assert.Less(t, len(first), 12000, "%v: %s", args, first)
		if m == nil {
			counts["not said"]++
			continue
		}
		counts["said with flags"]++
		flags := strings.Fields(strings.TrimSuffix(m[1], ", which"))
		again := call(t, "", append(append(args[:1:1], flags...), args[1:]...)...)
		assert.Zero(t, again.status, "%v %v: %s", args, flags, again.stderr)
	}
	t.Log(counts)
	for _, kind := range []string{"said", "said with flags", "not said"} {
		assert.NotZero(t, counts[kind], kind)
	}
}

// conversions are commands for all documents.
func conversions(t *testing.T) [][]string {
	var list [][]string
	for _, pattern := range []string{"cases/*", "data/profiles/*/*"} {
		for _, file := range shared.Glob(t, pattern) {
			for _, to := range dialect.Names() {
				args := []string{"convert", "--arch", "amd64", "--to", string(to), file}
				switch filepath.Base(filepath.Dir(file)) {
				case "firecracker":
					args = append(args[:1:1], append([]string{"--thread", "vmm"}, args[1:]...)...)
				case "mesos":
					args = append(args[:1:1], append([]string{"--from", "mesos"}, args[1:]...)...)
				}
				list = append(list, args)
			}
		}
	}
	return list
}

// merges are commands for two documents of each pair of dialects.
func merges(t *testing.T) [][]string {
	trap := write(t, "trap.json", `{"vmm": {"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "read"}]}}`)
	files := []string{"docker", trap, write(t, "kill.policy", "read: 1\nclose: 1\n"),
		write(t, "a.service", "[Service]\nSystemCallFilter=@basic-io\n"),
		filepath.Join(shared.Dir(t), "data/profiles/containers-common/seccomp.json"),
		filepath.Join(shared.Dir(t), "data/profiles/oci/runc-bats-01.json"),
		filepath.Join(shared.Dir(t), "data/profiles/spo/seccompprofile.yaml"),
		filepath.Join(shared.Dir(t), "cases/to-mesos.json")}
	var list [][]string
	for _, a := range files {
		for _, b := range files {
			for _, operation := range []string{"--union", "--intersect", "--subtract"} {
				list = append(list, []string{"merge", "--arch", "amd64", operation, a, b})
			}
		}
	}
	return list
}
