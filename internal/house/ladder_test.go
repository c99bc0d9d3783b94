// SPDX-License-Identifier: Apache-2.0

// Package house holds the rules of the house that a test can enforce.
package house

import (
	"encoding/json"
	"errors"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/shared"
)

const module = "github.com/gosieve/sieve/"

// ladder says what a package may import besides the standard library: packages
// of the house by their folder, others by their path. A pattern that ends with
// "..." stands for everything below. The first entry that matches counts.
var ladder = []struct {
	pkg   string
	allow []string
}{
	{pkg: "internal/spelling"},
	{pkg: "arch", allow: []string{"internal/spelling"}},
	{pkg: "bpf", allow: []string{"golang.org/x/net/bpf"}},
	{pkg: "internal/symbolic"},
	{pkg: "internal/settings"},
	{pkg: "internal/assembler", allow: []string{"bpf", "golang.org/x/net/bpf"}},
	{pkg: "internal/decision", allow: []string{"bpf", "golang.org/x/net/bpf"}},
	{pkg: "internal/argument", allow: []string{"arch"}},
	{pkg: "internal/flow", allow: []string{"arch", "bpf", "internal/argument", "seccomp", "golang.org/x/net/bpf"}},
	{pkg: "internal/usual"},
	{pkg: "internal/seccompdata", allow: []string{"bpf"}},
	{pkg: "internal/wording", allow: []string{"arch", "internal/spelling"}},
	{pkg: "internal/callset", allow: []string{"arch"}},
	{pkg: "internal/unfiltered", allow: []string{"arch"}},
	{pkg: "internal/goruntime", allow: []string{"arch"}},
	{pkg: "seccomp/internal/system", allow: []string{"arch", "bpf", "golang.org/x/sys/unix"}},
	{pkg: "seccomp", allow: []string{"arch", "bpf", "internal/decision", "internal/goruntime", "internal/seccompdata", "internal/settings", "internal/usual", "internal/wording", "seccomp/internal/system", "golang.org/x/sys/unix"}},
	// Not internal/decision: the prover shares nothing with what compiles.
	{pkg: "seccomp/proof/internal/diagram", allow: []string{"arch", "bpf", "internal/seccompdata", "internal/symbolic", "internal/wording", "seccomp"}},
	{pkg: "seccomp/proof/internal/rules", allow: []string{"arch", "internal/symbolic", "seccomp"}},
	{pkg: "seccomp/proof/internal/decompile", allow: []string{"arch", "bpf", "internal/symbolic", "seccomp", "seccomp/proof/internal/diagram", "seccomp/proof/internal/rules"}},
	{pkg: "seccomp/proof", allow: []string{"arch", "bpf", "internal/seccompdata", "internal/settings", "internal/symbolic", "seccomp", "seccomp/proof/internal/..."}},
	{pkg: "seccomp/notify", allow: []string{"internal/seccompdata", "seccomp", "seccomp/internal/system", "golang.org/x/sys/unix"}},
	{pkg: "seccomp/notify/handover", allow: []string{"seccomp", "seccomp/notify"}},
	{pkg: "seccomp/features", allow: []string{"arch", "seccomp", "seccomp/internal/system", "golang.org/x/sys/unix"}},
	{pkg: "seccomp/launch/internal/child", allow: []string{"seccomp", "golang.org/x/sys/unix"}},
	{pkg: "seccomp/launch/internal/supervise", allow: []string{"arch", "internal/argument", "internal/wording", "seccomp", "seccomp/internal/system", "seccomp/notify", "seccomp/proof", "golang.org/x/sys/unix"}},
	{pkg: "seccomp/launch", allow: []string{"arch", "bpf", "seccomp", "seccomp/internal/system", "seccomp/launch/internal/...", "seccomp/notify", "golang.org/x/sys/unix"}},
	{pkg: "internal/options"},
	{pkg: "internal/codes"},
	{pkg: "internal/docker"},
	{pkg: "internal/picojson"},
	{pkg: "internal/text"},
	{pkg: "internal/jsontext", allow: []string{"internal/text"}},
	{pkg: "internal/errnos", allow: []string{"arch", "seccomp"}},
	{pkg: "internal/constants", allow: []string{"arch", "internal/errnos"}},
	{pkg: "internal/scmp", allow: []string{"arch", "seccomp"}},
	{pkg: "internal/solve", allow: []string{"arch", "seccomp"}},
	{pkg: "internal/resolution", allow: []string{"arch", "seccomp"}},
	{pkg: "profile", allow: []string{"arch", "seccomp", "internal/docker", "internal/errnos", "internal/options", "internal/resolution", "internal/scmp", "internal/solve", "internal/jsontext", "internal/text", "internal/wording"}},
	{pkg: "profile/lint", allow: []string{"profile", "arch", "seccomp", "seccomp/proof", "internal/..."}},
	{pkg: "profile/grant", allow: []string{"profile", "arch", "seccomp", "internal/..."}},
	{pkg: "profile/baseline", allow: []string{"profile", "arch", "seccomp", "seccomp/proof", "internal/artifact", "internal/document", "internal/resolution"}},
	{pkg: "profile/dialect", allow: []string{"profile", "profile/...", "arch", "seccomp", "seccomp/proof", "internal/codes", "internal/document", "internal/text", "internal/scmp", "internal/errnos", "internal/options", "go.yaml.in/yaml/v3"}},
	{pkg: "profile/...", allow: []string{"profile", "profile/grant", "arch", "seccomp", "internal/callset", "internal/constants", "internal/document", "internal/errnos", "internal/flat", "internal/jsontext", "internal/options", "internal/picojson", "internal/text", "internal/wording", "github.com/opencontainers/runtime-spec/specs-go", "go.yaml.in/yaml/v3"}},
	{pkg: "derive/internal/assembly"},
	{pkg: "derive/internal/load", allow: []string{"golang.org/x/tools/go/ssa"}},
	{pkg: "derive/internal/reach", allow: []string{"derive/internal/...", "golang.org/x/tools/go/ssa", "golang.org/x/tools/go/types/typeutil"}},
	{pkg: "derive", allow: []string{"arch", "derive/internal/...", "internal/goruntime", "seccomp"}},
	{pkg: "examples/edit", allow: []string{"profile", "profile/oci", "github.com/opencontainers/runtime-spec/specs-go"}},
	{pkg: "examples/...", allow: []string{"arch", "bpf", "profile", "profile/baseline", "profile/dialect", "seccomp", "seccomp/features", "seccomp/launch", "seccomp/notify", "seccomp/proof"}},
	{pkg: "libseccomp", allow: []string{"arch", "bpf", "seccomp", "seccomp/features", "seccomp/notify"}},
	{pkg: "cmd/sieve", allow: []string{"arch", "bpf", "derive", "internal/...", "profile", "profile/...", "seccomp", "seccomp/features", "seccomp/launch", "seccomp/notify", "seccomp/notify/handover", "seccomp/proof", "cmd/sieve/internal/cli", "golang.org/x/sys/unix"}},
	{pkg: "cmd/sieve/internal/cli"},
	{pkg: "internal/userland", allow: []string{"arch", "internal/errnos", "internal/wording", "seccomp"}},
	{pkg: "internal/page", allow: []string{"arch", "bpf", "internal/argument", "internal/audit", "internal/callset", "internal/flow", "internal/jsontext", "internal/review", "internal/seccompdata", "internal/settings", "internal/text", "internal/unfiltered", "internal/usual", "profile", "seccomp", "seccomp/proof"}},
	{pkg: "internal/elf"},
	{pkg: "internal/audit", allow: []string{"arch", "internal/argument", "internal/artifact", "internal/constants", "internal/errnos", "internal/solve", "profile", "seccomp", "seccomp/proof"}},
	{pkg: "internal/flat", allow: []string{"internal/resolution", "profile"}},
	{pkg: "internal/artifact", allow: []string{"arch", "internal/resolution", "internal/solve", "internal/text", "profile", "seccomp"}},
	{pkg: "internal/document", allow: []string{"arch", "internal/errnos", "internal/options", "internal/resolution", "internal/scmp", "internal/text", "profile", "profile/grant", "seccomp", "seccomp/proof"}},
	{pkg: "internal/mesos", allow: []string{"arch", "internal/document", "internal/picojson", "profile", "profile/mesos", "seccomp"}},
	{pkg: "internal/marathon", allow: []string{"internal/errnos", "internal/mesos", "profile", "seccomp", "seccomp/features", "seccomp/launch", "seccomp/proof", "golang.org/x/sys/unix"}},
	{pkg: "internal/record", allow: []string{"arch", "internal/elf", "internal/goruntime", "internal/userland", "profile", "profile/lint", "seccomp", "seccomp/notify"}},
	{pkg: "internal/review", allow: []string{"arch", "internal/argument", "internal/constants", "seccomp", "seccomp/proof"}},
	{pkg: "internal/test/dialects", allow: []string{"internal/document", "profile", "seccomp", "seccomp/proof"}},
	{pkg: "internal/test/...", allow: []string{"arch", "bpf", "internal/seccompdata", "internal/test/...", "profile", "seccomp", "seccomp/proof", "golang.org/x/net/bpf", "github.com/stretchr/testify/...", "golang.org/x/sys/unix"}},
	{pkg: "internal/generate/...", allow: []string{"arch"}},
	{pkg: "internal/house"},
	{pkg: "internal/proof"},
}

// unsafeFiles are the only ones that may use unsafe or make raw system calls.
// internal/test/kerneltest makes the calls that tests judge filters by.
var unsafeFiles = regexp.MustCompile(`^(seccomp/(\w+/)*\w+_linux(_\w+)?|internal/test/kerneltest/\w+)\.go$`)

type listed struct {
	Dir, ImportPath string
	GoFiles         []string
	IgnoredGoFiles  []string
	Imports         []string
}

// list is every package of the workspace, bench apart, as it is built on Linux and on
// another system: what one of them imports, the other may not.
func list(t *testing.T, goos string) []listed {
	out := shared.Go(t, "../..", []string{"GOOS=" + goos, "GOARCH=amd64", "CGO_ENABLED=0"},
		"list", "-json=Dir,ImportPath,GoFiles,IgnoredGoFiles,Imports", "work")
	var all []listed
	d := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p listed
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		all = append(all, p)
	}
	require.Greater(t, len(all), 5, "the list is too short to be the house")
	return all
}

func TestLadder(t *testing.T) {
	used := map[string]bool{}
	for _, goos := range []string{"linux", "darwin"} {
		for _, p := range list(t, goos) {
			room := strings.TrimPrefix(p.ImportPath, module)
			used[permission(room, "")] = true
			for _, imported := range p.Imports {
				if problem := climb(room, imported, goos); problem != "" {
					t.Errorf("%s: %s imports %s: %s", goos, room, imported, problem)
				}
				used[permission(room, imported)] = true
			}
		}
	}
	for _, step := range ladder {
		if !used[step.pkg] {
			t.Errorf("%s has a step of the ladder, and there is no such package", step.pkg)
		}
		for _, allowed := range step.allow {
			if !used[step.pkg+" "+allowed] {
				t.Errorf("%s may import %s, and does not: take the permission away", step.pkg, allowed)
			}
		}
	}
}

// permission is the step of the ladder that a package is on and, if it imports
// something, what allows that.
func permission(room, imported string) string {
	for _, step := range ladder {
		if !matches(step.pkg, room) {
			continue
		}
		name := strings.TrimPrefix(imported, module)
		for _, allowed := range step.allow {
			if imported != "" && matches(allowed, name) {
				return step.pkg + " " + allowed
			}
		}
		return step.pkg
	}
	return ""
}

// climb says what is wrong with an import, if anything is.
func climb(room, imported, goos string) string {
	standard := !strings.Contains(strings.Split(imported, "/")[0], ".")
	if standard {
		return ""
	}
	if imported == "golang.org/x/sys/unix" && goos != "linux" {
		return "only *_linux.go files may"
	}
	for _, step := range ladder {
		if !matches(step.pkg, room) {
			continue
		}
		name := strings.TrimPrefix(imported, module)
		if slices.ContainsFunc(step.allow, func(allowed string) bool { return matches(allowed, name) }) {
			return ""
		}
		return "the ladder does not allow it"
	}
	return "the package has no place on the ladder"
}

func matches(pattern, name string) bool {
	below, all := strings.CutSuffix(pattern, "...")
	return pattern == name || all && strings.HasPrefix(name, below)
}

// TestLadderRefuses shows that the rules above can fail.
func TestLadderRefuses(t *testing.T) {
	for _, bad := range [][3]string{
		{"arch", module + "bpf", "linux"},
		{"bpf", module + "arch", "linux"},
		{"seccomp", module + "profile", "linux"},
		{"seccomp", "github.com/stretchr/testify/require", "linux"},
		{"seccomp", "golang.org/x/sys/unix", "darwin"},
		{"examples/launch", module + "internal/decision", "linux"},
		{"somewhere", module + "bpf", "linux"},
	} {
		require.NotEmpty(t, climb(bad[0], bad[1], bad[2]), "%s imports %s on %s", bad[0], bad[1], bad[2])
	}
}

// TestUnsafe finds the files that use unsafe or raw system calls.
func TestUnsafe(t *testing.T) {
	used := 0
	for _, p := range list(t, "linux") {
		room := strings.TrimPrefix(p.ImportPath, module)
		for _, name := range append(p.GoFiles, p.IgnoredGoFiles...) {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			for _, what := range raw(t, path.Join(p.Dir, name)) {
				used++
				if file := path.Join(room, name); !unsafeFiles.MatchString(file) {
					t.Errorf("%s uses %s, which only *_linux.go below seccomp may", file, what)
				}
			}
		}
	}
	require.Positive(t, used, "no file installs a filter: the search finds nothing")
}
