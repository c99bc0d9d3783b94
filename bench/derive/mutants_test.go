// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

const mutantsDir = "../../derive/testdata/mutants"

func TestMain(m *testing.M) {
	watchIfAsked()
	os.Exit(m.Run())
}

// shortMutants are those of a run without SIEVE_LONG, which is for amd64: one of each kind.
const shortMutants = `base dead tagged iface methodvalue goroutine gobare deferbare generic methodbyname methodbyconst typemethod
reflectnew reflectcall template templatefunc afterfunc contextafter finalizer cleanup iterpull unsafecast unsafeiface atomicpointer
pool deferred unmarshal formatter errorsas registry initcall linkname linkpush linkvariable linknumber linkraw linksix overridewrite
panicvalue allthreads primvar primcast nrargv nrfile nrmap nrfield nrreflect nrchannel nrloop nrnarrow nrhigh execs plugged cgo jit
asm asmjump asmtail asmcallee asmbytes asmgo asmcallback asmsyscall asmwrite asmparam asmmul`

// TestMutantsCall runs the mutants and sees that each makes the rare call, or does not, as
// the table says: what deriving is held to is true.
func TestMutantsCall(t *testing.T) {
	for _, w := range []struct{ goarch, runs string }{{"amd64", "strace"}, {"arm64", "qemu-aarch64"}} {
		t.Run(w.goarch, func(t *testing.T) {
			list := mutantsFor(t, w.goarch)
			if len(list) == 0 {
				t.Skip("SIEVE_LONG=1 has it done for arm64 too")
			}
			if _, err := exec.LookPath(w.runs); err != nil {
				t.Skip(err)
			}
			bin := buildMutants(t, list, w.goarch)
			made := 0
			for _, m := range list {
				calls, err := runMutant(t.Context(), filepath.Join(bin, m.title()), w.goarch, m)
				if err != nil {
					t.Errorf("%s: %v", m.title(), err)
					continue
				}
				if m.made != "maybe" && calls[m.call()] != (m.made == "yes") {
					t.Errorf("%s: makes %s: %t, the table says %s", m.title(), m.call(), calls[m.call()], m.made)
				}
				if calls[m.call()] {
					made++
				}
			}
			if made < len(list)*3/4 {
				t.Errorf("%d of %d make the call", made, len(list))
			}
		})
	}
}

// mutantsFor are the mutants of an architecture. A folder without a row, or a row without
// its folder, fails.
func mutantsFor(t *testing.T, goarch string) []mutant {
	t.Helper()
	list, err := readMutants(filepath.Join(mutantsDir, "expect.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]bool{"dep": true, "rare": true}
	for _, m := range list {
		rows[m.name] = true
		if _, err := os.Stat(filepath.Join(mutantsDir, m.name, "main.go")); err != nil {
			t.Error(err)
		}
	}
	entries, err := os.ReadDir(mutantsDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() && !rows[entry.Name()] {
			t.Errorf("%s has no row in expect.tsv", entry.Name())
		}
	}
	short := strings.Fields(shortMutants)
	return slices.DeleteFunc(list, func(m mutant) bool {
		return !slices.Contains(m.arches, goarch) || !long() && (goarch != "amd64" || !slices.Contains(short, m.name))
	})
}

// buildMutants builds them in a few commands, one for each set of tags. What needs cgo does not
// build, which is what it is for.
func buildMutants(t *testing.T, list []mutant, goarch string) (bin string) {
	t.Helper()
	bin = t.TempDir()
	packages := map[string][]string{}
	for _, m := range list {
		if m.expect != "cgo" {
			packages[m.flags["tags"]] = append(packages[m.flags["tags"]], "./"+m.name)
		}
	}
	for tags, paths := range packages {
		out := filepath.Join(bin, tags) + "/"
		cmd := exec.CommandContext(t.Context(), "go", append([]string{"build", "-ldflags=-s -w", "-tags", tags, "-o", out}, paths...)...)
		cmd.Dir = mutantsDir
		cmd.Env = append(os.Environ(), "GOWORK=off", "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+goarch)
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", cmd.Args[:6], err, text)
		}
		if tags != "" {
			for _, path := range paths {
				if err := os.Rename(filepath.Join(out, path), filepath.Join(bin, path+"."+tags)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return bin
}

// runMutant runs a mutant to its end and finds its calls.
func runMutant(ctx context.Context, binary, goarch string, m mutant) (map[string]bool, error) {
	if m.expect == "cgo" {
		return nil, nil
	}
	w := ways(goarch)[0]
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	out := binary + ".seen"
	cmd := w.command(binary, out, mutantArgs(m, goarch))
	if m.flags["status"] == "" {
		cmd.Stderr = os.Stderr
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	defer stop()
	err := cmd.Wait()
	want := m.flags["status"]
	var exit *exec.ExitError
	switch {
	case err == nil && want != "":
		return nil, fmt.Errorf("status 0, want %s", want)
	case err != nil && (!errors.As(err, &exit) || strconv.Itoa(exit.ExitCode()) != want):
		return nil, fmt.Errorf("%w, want status %s", err, cmp.Or(want, "0"))
	}
	text, err := os.ReadFile(out)
	if err != nil {
		return nil, err
	}
	return w.read(string(text))
}

// mutantArgs gives acct's number to those that read it from the command line.
func mutantArgs(m mutant, goarch string) []string {
	switch {
	case m.flags["args"] == "":
		return nil
	case goarch == "arm64":
		return []string{"89"}
	}
	return []string{"163"}
}
