// SPDX-License-Identifier: Apache-2.0

package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/shared"
)

var update = flag.Bool("update", false, "write the output of commands into the documents")

// documents are the files whose console blocks are run.
var documents = []string{"README.md", "docs/*.md"}

// consoleBlock is a fenced block of commands, each after "$ ", and their output.
var consoleBlock = regexp.MustCompile("(?ms)^```console\n(.*?)^```$")

// TestDocuments runs the commands that documents show, and compares what they
// print. "..." in a document stands for anything.
func TestDocuments(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("the documents show what linux/amd64 prints")
	}
	bin := t.TempDir()
	shared.Go(t, "", nil, "build", "-o", bin, ".")
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	blocks := 0
	for _, pattern := range documents {
		files, err := filepath.Glob(filepath.Join("../..", pattern))
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			shown := consoleBlock.ReplaceAllStringFunc(string(text), func(block string) string {
				blocks++
				return "```console\n" + rerun(t, file, consoleBlock.FindStringSubmatch(block)[1]) + "```"
			})
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(shown), 0o666))
			}
		}
	}
	require.GreaterOrEqual(t, blocks, 5, "no document shows anything")
}

// rerun runs the commands of a block, and returns it with their output.
func rerun(t *testing.T, file, block string) string {
	var all strings.Builder
	for _, part := range strings.Split("\n"+block, "\n$ ")[1:] {
		command, want, _ := strings.Cut(part, "\n")
		if want != "" && !strings.HasSuffix(want, "\n") {
			want += "\n"
		}
		cmd := exec.Command("sh", "-c", command)
		cmd.Dir = "../.."
		out, _ := cmd.CombinedOutput() // a command may be shown because it fails
		got := string(out)
		if like(want, got) {
			got = want
		} else if !*update {
			t.Errorf("%s: $ %s\nprints\n%s\nthe document shows\n%s", file, command, got, want)
		}
		all.WriteString("$ " + command + "\n" + got)
	}
	return all.String()
}

// like says whether text is what a document shows.
func like(shown, text string) bool {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(shown), `\.\.\.`, `[^\n]*`)
	return regexp.MustCompile(`\A` + pattern + `\z`).MatchString(text)
}
