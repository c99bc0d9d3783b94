// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// A bench is a folder with the command and the programs, where loads run.
type bench struct {
	ctx       context.Context
	root, dir string // the repository; a temporary folder
	sieve     string
	cache     string // the go command's
}

// loadLimit is far more than a load takes.
const loadLimit = 90 * time.Second

// newBench builds the command where none is named.
func newBench(ctx context.Context, dir, sieve string) (*bench, error) {
	b := &bench{ctx: ctx, dir: dir, sieve: sieve}
	for answer, args := range map[*string][]string{
		&b.root:  {"list", "-m", "-f", "{{.Dir}}", "github.com/gosieve/sieve"},
		&b.cache: {"env", "GOCACHE"},
	} {
		cmd := exec.CommandContext(ctx, "go", args...)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return nil, err
		}
		*answer = strings.TrimSpace(string(out))
	}
	if sieve != "" {
		return b, nil
	}
	b.sieve = filepath.Join(dir, "sieve")
	return b, b.build(b.root, "./cmd/sieve", runtime.GOARCH, "", b.sieve)
}

// build builds a program without cgo, as the corpus is derived.
func (b *bench) build(dir, pkg, goarch, tags, out string) error {
	cmd := exec.CommandContext(b.ctx, "go", "build", "-tags", tags, "-o", out, pkg)
	cmd.Dir, cmd.Env = dir, b.environment(dir, goarch)
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w\n%s", pkg, err, tail(text, 3000))
	}
	return nil
}

// environment has each module as it is: the repository by its workspace, the corpus alone.
func (b *bench) environment(dir, goarch string) []string {
	// derive keeps results in a cache of its own, which is empty at first.
	env := append(os.Environ(), "CGO_ENABLED=0", "GOCACHE="+b.cache, "XDG_CACHE_HOME="+filepath.Join(b.dir, "cache"))
	if goarch != "" {
		env = append(env, "GOOS=linux", "GOARCH="+goarch)
	}
	if dir != b.root {
		env = append(env, "GOWORK=off")
	}
	return env
}

// record runs a program's load in one way, and finds its calls.
func (b *bench) record(p program, binary, native string, w way) (map[string]bool, error) {
	dir, err := os.MkdirTemp(b.dir, "scene")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithTimeout(b.ctx, loadLimit)
	defer cancel()
	s := &scene{ctx: ctx, program: binary, native: native, dir: dir, way: w}
	if err := p.load(s); err != nil {
		return nil, fmt.Errorf("%s: %w", w.name, err)
	}
	if w.read == nil {
		return nil, nil
	}
	calls, err := w.calls(dir)
	if err == nil && len(calls) < 10 { // no Go program makes less
		err = fmt.Errorf("%s: it saw %d calls: %v", w.name, len(calls), names(calls))
	}
	return calls, err
}

// ways are those that see calls of programs for an architecture on this machine.
func ways(goarch string) []way {
	if goarch == "amd64" {
		return []way{stracing, watching}
	}
	return []way{emulating}
}

// seen is what all ways saw together. A way that this machine lacks is named in without.
func (b *bench) seen(p program, binary, goarch string) (all map[string]bool, without []string, err error) {
	all = map[string]bool{}
	native := ""
	if goarch != runtime.GOARCH {
		native = binary + "-native"
		if err := b.build(filepath.Join(b.root, p.dir), p.pkg, runtime.GOARCH, "", native); err != nil {
			return nil, nil, err
		}
	}
	for _, w := range ways(goarch) {
		if err := w.missing(); err != nil {
			without = append(without, err.Error())
			continue
		}
		calls, err := b.record(p, binary, native, w)
		if err != nil {
			return nil, without, err
		}
		maps.Copy(all, calls)
	}
	return all, without, nil
}
