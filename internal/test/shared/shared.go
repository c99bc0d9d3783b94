// SPDX-License-Identifier: Apache-2.0

// Package shared finds the reference material that tests read: profiles, cases
// and workloads of others, which are not part of the project.
package shared

import (
	"os"
	"path/filepath"
	"testing"
)

// Dir is the folder in the environment variable SIEVE_SHARED or, without it, the
// folder "shared" beside the checkout. Where there is none the test is skipped,
// but fails if CI is set: there a missing folder must not pass for success.
func Dir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("SIEVE_SHARED")
	if dir == "" {
		dir = beside(t)
	}
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return dir
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("reference material not found at %q: set SIEVE_SHARED", dir)
	}
	t.Skip("reference material not found: set SIEVE_SHARED to its folder")
	return ""
}

// Glob lists the files that match a pattern below Dir, and fails if none does.
func Glob(t testing.TB, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(Dir(t), pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("no file matches %s: the test would test nothing", pattern)
	}
	return files
}

// Read reads a file below Dir.
func Read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(Dir(t), name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// beside is the folder "shared" beside the module that the test runs in.
func beside(t testing.TB) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if next := filepath.Join(dir, "shared"); isDir(filepath.Join(next, "data")) {
			return next
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
