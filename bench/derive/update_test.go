// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the goldens")

// TestUpdate has the profile of a program from before its dependency was updated, and
// checks the program with it: what the new version does is named, with its module and its
// path.
func TestUpdate(t *testing.T) {
	b := testBench(t)
	source := filepath.Join(b.root, "derive/testdata/update")
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(source)); err != nil {
		t.Fatal(err)
	}
	sieve := func(want int, args ...string) []byte {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), b.sieve, append([]string{"derive"}, args...)...)
		cmd.Dir, cmd.Env = dir, b.environment(dir, "amd64")
		var complaints bytes.Buffer
		cmd.Stderr = &complaints
		out, err := cmd.Output()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) || cmd.ProcessState.ExitCode() != want {
			t.Fatalf("sieve %q: %v, want status %d\n%s%s", args, err, want, out, complaints.Bytes())
		}
		return out
	}
	sieve(0, "--arch", "amd64", "-o", "profile.json", ".")
	if out := sieve(0, "--arch", "amd64", "--check", "profile.json", "."); len(out) > 0 {
		t.Errorf("before the update: %s", out)
	}
	edit := exec.CommandContext(t.Context(), "go", "mod", "edit", "-replace=example.com/lib=./lib2")
	edit.Dir = dir
	if out, err := edit.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got := sieve(1, "--arch", "amd64", "--check", "profile.json", ".")
	section := "\n```\n$ sieve derive --check profile.json .\n" + string(got) + "```\n\n"
	if *update {
		if err := replaceSection(document, updateBegins, section); err != nil {
			t.Fatal(err)
		}
	}
	if want := updateBegins + section + sectionEnds; !strings.Contains(documented(t), want) {
		t.Errorf("%s has not\n%s", document, want)
	}
	for _, word := range []string{"denied: ptrace", "example.com/lib", "lib.go:"} {
		if !strings.Contains(string(got), word) {
			t.Errorf("no word of %q:\n%s", word, got)
		}
	}
}
