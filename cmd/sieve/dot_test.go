// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/shared"
)

// bandRatio is how many times as wide as high a picture may be.
const bandRatio = 4

// TestDotShape has Graphviz lay pictures out, and measures them: a picture that is a band
// cannot be read. Docker's default is measured always, the corpus in part without SIEVE_LONG.
func TestDotShape(t *testing.T) {
	if _, err := exec.LookPath("dot"); err != nil {
		t.Skipf("Graphviz is not installed: %v", err)
	}
	for _, abi := range []string{"amd64", "arm64", "s390x", "mips64le"} {
		t.Run(abi, func(t *testing.T) { checkShape(t, "docker", abi) })
	}
	for name, profile := range map[string]string{"every ABI": everyABI(), "a stack": manyConditions()} {
		t.Run(name, func(t *testing.T) { checkShape(t, write(t, "profile.json", profile), "amd64") })
	}
}

// everyABI is a profile that is for all ABIs that the format has a word for.
func everyABI() string {
	var tokens []string
	for _, abi := range arch.All() {
		if token := abi.Token(); token != "" {
			tokens = append(tokens, strconv.Quote(token))
		}
	}
	return `{"defaultAction": "SCMP_ACT_ERRNO", "architectures": [` + strings.Join(tokens, ", ") + `], "syscalls": [
		{"names": ["read", "write", "openat", "close", "mmap", "futex", "exit_group"], "action": "SCMP_ACT_ALLOW"},
		{"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 40, "op": "SCMP_CMP_NE"}]},
		{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]}]}`
}

// manyConditions is a profile that needs more than one program.
func manyConditions() string {
	var rules []string
	for n := range 2500 {
		rules = append(rules, fmt.Sprintf(`{"names": ["ioctl"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": %d, "op": "SCMP_CMP_EQ"}, {"index": 1, "value": %d, "op": "SCMP_CMP_EQ"}]}`, n, (n*7919)%100003))
	}
	return `{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [` + strings.Join(rules, ",\n") + `]}`
}

// TestDotCorpus measures the pictures of other people's profiles.
func TestDotCorpus(t *testing.T) {
	if _, err := exec.LookPath("dot"); err != nil {
		t.Skipf("Graphviz is not installed: %v", err)
	}
	files := slices.Concat(shared.Glob(t, "data/profiles/*/*.json"), shared.Glob(t, "data/profiles/minijail/*.policy"))
	drawn := 0
	for n, file := range files {
		if !shared.Long() && n%3 != 0 {
			continue
		}
		if checkShape(t, file, "amd64") {
			drawn++
		}
	}
	t.Logf("%d pictures", drawn)
	require.Greater(t, drawn, 15, "hardly any of the files is a profile")
}

// checkShape is false for a file that is no profile, or none of this ABI.
func checkShape(t *testing.T, file, abi string) bool {
	t.Helper()
	out := filepath.Join(t.TempDir(), "filter.dot")
	if call(t, "", "compile", "--profile", file, "--arch", abi, "--no-prove", "--format", "dot", "-o", out).status != 0 {
		return false
	}
	parts, err := filepath.Glob(out + "*") // one, or those of a stack
	require.NoError(t, err)
	if name := filepath.Base(t.Name()); name == "a_stack" {
		require.Greater(t, len(parts), 1, "it is no stack")
	}
	for _, part := range parts {
		width, height := size(t, part)
		assert.LessOrEqual(t, width, bandRatio*height, "%s for %s is %.1f x %.1f inches", file, abi, width, height)
		require.NoError(t, os.Remove(part))
	}
	return len(parts) > 0
}

// size is the width and height of a picture in inches, from the head of Graphviz's plain output:
//
//	graph SCALE WIDTH HEIGHT
func size(t *testing.T, file string) (width, height float64) {
	t.Helper()
	text, err := exec.CommandContext(t.Context(), "dot", "-Tplain", file).Output()
	require.NoError(t, err)
	head := strings.Fields(string(text))
	require.Equal(t, "graph", head[0])
	width, err = strconv.ParseFloat(head[2], 64)
	require.NoError(t, err)
	height, err = strconv.ParseFloat(head[3], 64)
	require.NoError(t, err)
	return width, height
}

// TestDotText has what could end a string of Graphviz's language, or begin an escape of it.
func TestDotText(t *testing.T) {
	for text, want := range map[string]string{
		`plain`:      `"plain"`,
		`a "word"`:   `"a \"word\""`,
		`\l`:         `"\\l"`,
		"two\nlines": `"two\nlines"`,
	} {
		assert.Equal(t, want, dotQuote(text))
	}
	assert.Equal(t, []string{"A_ONE|", "A_TWO|A_3", "four"}, wrapped("A_ONE|A_TWO|A_3 four", 10))
	assert.Equal(t, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,\n12, 13, 14, 5 more", edgeText(strings.Fields("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19")))
}
