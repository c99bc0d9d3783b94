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
// folder "shared" beside the checkout. Without both the test is skipped: the folder
// is not part of the project. Where a folder is named, or found, all that tests
// read must be there: a missing file fails (Read, Glob), and so does a named folder.
func Dir(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("SIEVE_SHARED"); dir != "" {
		if !isDir(dir) {
			t.Fatalf("SIEVE_SHARED is %q: no such folder", dir)
		}
		return dir
	}
	dir := beside(t)
	if dir == "" {
		t.Skip("reference material not found: set SIEVE_SHARED to its folder")
	}
	return dir
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

// beside is the folder "shared" beside the outermost module that the test's folder
// belongs to, or "".
func beside(t testing.TB) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	found := ""
	for parent := filepath.Dir(dir); parent != dir; dir, parent = parent, filepath.Dir(parent) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			found = filepath.Join(parent, "shared")
		}
	}
	if !isDir(found) {
		return ""
	}
	return found
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
