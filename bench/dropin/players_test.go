// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// players is where the tests build them.
var players string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "dropin")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	players = dir
	status := 1
	if err := replaced(); err == nil {
		status = m.Run()
	} else {
		fmt.Fprintln(os.Stderr, err)
	}
	os.RemoveAll(dir)
	os.Exit(status)
}

// replaced writes a workspace with the replace line.
func replaced() error {
	bench, err := filepath.Abs("..")
	if err != nil {
		return err
	}
	text := fmt.Sprintf("go 1.26.3\n\nuse %s\n\nreplace github.com/seccomp/libseccomp-golang => %s\n", bench, filepath.Join(bench, "../libseccomp"))
	return os.WriteFile(filepath.Join(players, "go.work"), []byte(text), 0o644)
}

// built says of each player whether it could be built.
var built sync.Map

// player is a new process of a player that is built with the variables.
func player(t *testing.T, name string, env ...string) *library {
	t.Helper()
	program := filepath.Join(players, name)
	build, _ := built.LoadOrStore(name, sync.OnceValue(func() error {
		cmd := exec.Command("go", "build", "-o", program, "./player")
		cmd.Env = append(os.Environ(), env...)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", name, err, out)
		}
		return nil
	}))
	if err := build.(func() error)(); err != nil {
		t.Fatal(err)
	}
	l := &library{name: name, program: program, limit: time.Minute}
	t.Cleanup(l.close)
	return l
}

// own is Sieve in libseccomp-golang's place, by a replace line and without cgo.
func own(t *testing.T) *library {
	t.Helper()
	return player(t, "sieve", "CGO_ENABLED=0", "GOWORK="+filepath.Join(players, "go.work"))
}

// installed is the C library that the compiler finds.
func installed(t *testing.T) *library {
	t.Helper()
	return player(t, "installed")
}

// newer is the C library in the folder that SIEVE_LIBSECCOMP names, where Debian's packages
// of it are unpacked.
func newer(t *testing.T) *library {
	t.Helper()
	dir := os.Getenv("SIEVE_LIBSECCOMP")
	if dir == "" {
		t.Skip("SIEVE_LIBSECCOMP names no folder with another libseccomp: compared with the installed one alone")
	}
	files, err := filepath.Glob(filepath.Join(dir, "usr/lib/*/pkgconfig/libseccomp.pc"))
	if err != nil || len(files) != 1 {
		t.Fatalf("SIEVE_LIBSECCOMP is %q: no libseccomp in it", dir)
	}
	config := filepath.Dir(files[0])
	return player(t, "newer", "PKG_CONFIG_LIBDIR="+config, "PKG_CONFIG_SYSROOT_DIR="+dir, "CGO_LDFLAGS=-Wl,-rpath,"+filepath.Dir(config))
}

// libseccomps runs a test with each C library.
func libseccomps(t *testing.T, test func(t *testing.T, theirs *library)) {
	for name, get := range map[string]func(*testing.T) *library{"installed": installed, "newer": newer} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			theirs := get(t)
			version, err := theirs.play([]Step{{Do: "GetLibraryVersion"}})
			if err != nil {
				t.Fatal(err)
			}
			theirs.name = "libseccomp " + version[0].Value
			test(t, theirs)
		})
	}
}
