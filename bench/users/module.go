// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"debug/elf"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A checkout is a user's sources, and its programs in the folder bin.
type checkout struct {
	user  user
	dir   string
	sieve bool // in libseccomp-golang's place
	env   []string
}

func (c *checkout) String() string {
	if c.sieve {
		return "Sieve"
	}
	return "libseccomp-golang"
}

// errUnavailable: a user cannot be had or built as it is, so there is nothing to compare.
// That is no fault of Sieve's: modules are withdrawn, and C libraries may be missing.
var errUnavailable = errors.New("not run")

// checkout copies the module to where it can be written, and builds it.
func (u user) checkout(ctx context.Context, temporary string, sieve bool) (*checkout, error) {
	source, err := u.download(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(temporary, "")
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.Chmod(dir, 0o755), copyModule(dir, source)); err != nil {
		return nil, err
	}
	c := &checkout{user: u, dir: dir, sieve: sieve}
	c.env = append(os.Environ(), "GOWORK=off", "CGO_ENABLED=1", strings.TrimSpace("GOFLAGS=-mod=mod "+os.Getenv("GOFLAGS")))
	if u.gomod != "" {
		if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(u.gomod), 0o644); err != nil {
			return nil, err
		}
	}
	if sieve {
		if err := c.replace(ctx); err != nil {
			return nil, err
		}
	}
	err = c.build(ctx)
	switch {
	case err == nil:
		return c, nil
	case !sieve && ctx.Err() == nil:
		return nil, fmt.Errorf("%w: %w", errUnavailable, err)
	}
	return nil, fmt.Errorf("%v: %w", c, err)
}

// download is the folder of the module's sources, which are those that the table names.
func (u user) download(ctx context.Context) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", u.module+"@"+u.version)
	cmd.Dir = os.TempDir()
	out, runErr := cmd.Output() // says what is wrong in its output
	var m struct{ Dir, Sum, Error string }
	if err := json.Unmarshal(out, &m); err != nil {
		return "", errors.Join(runErr, err)
	}
	if m.Error != "" {
		return "", fmt.Errorf("%w: %s", errUnavailable, m.Error)
	}
	if m.Sum != u.sum {
		return "", fmt.Errorf("%s@%s: hash %s, want %s", u.module, u.version, m.Sum, u.sum)
	}
	return m.Dir, nil
}

// copyModule copies what the go command unpacked. Archives of modules keep no
// permissions: scripts are known by their first two bytes.
func copyModule(to, from string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, relative)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		mode := fs.FileMode(0o644)
		if bytes.HasPrefix(text, []byte("#!")) {
			mode = 0o755
		}
		return os.WriteFile(target, text, mode)
	})
}

// header stands where libseccomp is not installed. runc and snapd include
// <seccomp.h> themselves, runc for one macro and AUDIT_ARCH_*, snapd for nothing.
const header = `#include <linux/audit.h>
#define SCMP_ACT_ERRNO(value) (0x00050000U | ((value) & 0xffffU))
`

// replace puts Sieve in the bindings' place, and hides libseccomp: its header,
// and from runc, which asks pkg-config for it, the library.
func (c *checkout) replace(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/gosieve/sieve")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return err
	}
	root := strings.TrimSpace(string(out))
	path := bindings
	if c.user.imports != "" {
		path = c.user.imports
	}
	include := filepath.Join(c.dir, "header")
	if err := errors.Join(os.Mkdir(include, 0o755), os.WriteFile(filepath.Join(include, "seccomp.h"), []byte(header), 0o644)); err != nil {
		return err
	}
	c.env = append(c.env, "PKG_CONFIG=true", "CGO_CFLAGS=-O2 -g -I"+include)
	if !c.user.cgo {
		c.env = append(c.env, "CGO_ENABLED=0")
	}
	return c.command(ctx, "go", "mod", "edit",
		"-replace="+path+"="+filepath.Join(root, "libseccomp"),
		"-replace=github.com/gosieve/sieve="+root).Run()
}

// build makes the user's programs, in the folder bin.
func (c *checkout) build(ctx context.Context) error {
	for _, target := range c.user.build {
		if err := c.gobuild(ctx, target); err != nil {
			return err
		}
	}
	return nil
}

// gobuild builds one program as it would be shipped. One that should be without
// libseccomp and links it is an error.
func (c *checkout) gobuild(ctx context.Context, target string) error {
	name := c.bin(target)
	if err := c.command(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-tags", c.user.tags, "-o", name, target).Run(); err != nil {
		return fmt.Errorf("go build %s: %w", target, err)
	}
	linked, err := links(name)
	if err != nil {
		return err
	}
	if c.sieve && linked {
		return fmt.Errorf("%s links libseccomp", target)
	}
	return nil
}

// bin is the path of the program of a main package.
func (c *checkout) bin(target string) string {
	if target == "." {
		target = c.user.module
	}
	return filepath.Join(c.dir, "bin", filepath.Base(target))
}

// links reports whether a program loads libseccomp when it starts.
func links(program string) (bool, error) {
	file, err := elf.Open(program)
	if err != nil {
		return false, err
	}
	defer file.Close()
	libraries, err := file.ImportedLibraries()
	return slices.ContainsFunc(libraries, func(l string) bool { return strings.HasPrefix(l, "libseccomp") }), err
}

// command is a command in the checkout, whose complaints are shown.
func (c *checkout) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env, cmd.Stderr = c.dir, c.env, os.Stderr
	return cmd
}
