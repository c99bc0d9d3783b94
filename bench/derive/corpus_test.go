// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// document has the table.
const document = "../../docs/derive.md"

// testBench is a bench for one test.
func testBench(t *testing.T) *bench {
	t.Helper()
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("the programs are run on Linux, amd64")
	}
	b, err := newBench(t.Context(), t.TempDir(), os.Getenv("SIEVE_DERIVE_COMMAND"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// long asks for everything.
func long() bool { return os.Getenv("SIEVE_LONG") != "" }

// brief are programs that are derived and emulated for arm64 too where time is short.
var brief = []string{"net/http server", "modernc.org/sqlite user", "os/exec user"}

// TestCorpus holds derive to what programs do: each call that was seen is derived, there
// are no unknown places, and the load passes under the profile, with which any other
// call ends the process.
func TestCorpus(t *testing.T) {
	b := testBench(t)
	lines := documented(t)
	for _, p := range programs {
		for _, goarch := range []string{"amd64", "arm64"} {
			t.Run(p.name+"/"+goarch, func(t *testing.T) {
				switch {
				case p.large && (!long() || goarch != "amd64"):
					t.Skip("its build takes minutes: SIEVE_LONG=1 has it done, for amd64")
				case goarch != "amd64" && !long() && !slices.Contains(brief, p.name):
					t.Skip("SIEVE_LONG=1 has it done for arm64 too")
				}
				began := time.Now()
				r, err := b.measure(p, goarch)
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("%v (%.0f s)", r, time.Since(began).Seconds())
				if r.executes != p.executes {
					t.Errorf("starts other programs: %t, want %t", r.executes, p.executes)
				}
				if p.name == "sieve" { // its calls change as it does
					return
				}
				if !strings.Contains(lines, "With "+r.version+":") {
					t.Logf("the table of %s is not of %s, and is not compared", document, r.version)
					return
				}
				if !strings.Contains(lines, r.fixed()) {
					t.Errorf("%s: no line %q: %s", document, r.fixed(), tableBegins)
				}
			})
		}
	}
}

// documented is the document.
func documented(t *testing.T) string {
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestWays sees with one way nearly what the other sees: a recorder that sees nothing would
// hold derive to nothing.
func TestWays(t *testing.T) {
	b := testBench(t)
	p := programs[slices.IndexFunc(programs, func(p program) bool { return p.name == "file walker" })]
	binary := t.TempDir() + "/walker"
	if err := b.build(b.root+"/"+p.dir, p.pkg, "amd64", "", binary); err != nil {
		t.Fatal(err)
	}
	for _, w := range []way{stracing, watching, emulating} {
		t.Run(w.name, func(t *testing.T) {
			if err := w.missing(); err != nil {
				t.Skip(err)
			}
			goarch := "amd64"
			file := binary
			if w.name == emulating.name {
				goarch, file = "arm64", binary+"-arm64"
				if err := b.build(b.root+"/"+p.dir, p.pkg, goarch, "", file); err != nil {
					t.Fatal(err)
				}
			}
			calls, err := b.record(p, file, "", w)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range strings.Fields("openat read close getdents64 newfstatat readlinkat write mmap rt_sigaction clone exit_group") {
				if !calls[name] {
					t.Errorf("%s was not seen: %v", name, names(calls))
				}
			}
			for _, name := range strings.Fields("execve brk access ptrace seccomp acct") {
				if calls[name] {
					t.Errorf("%s is not the program's", name)
				}
			}
		})
	}
}
