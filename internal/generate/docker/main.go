// SPDX-License-Identifier: Apache-2.0

// Command docker copies Docker's default profile out of the module that
// internal/generate/go.mod pins, with its licence and a note of where it is from:
//
//	go run . FOLDER
//
// The generators are a module of their own, so that nobody who imports Sieve depends
// on Docker's code.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

const module = "github.com/moby/profiles/seccomp"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "docker:", err)
		os.Exit(1)
	}
}

// run copies the files to the folder that is the one argument. ORIGIN has the version and
// the checksum, so a diff shows which release the rules are from.
func run(args []string) error {
	if len(args) != 1 {
		return errors.New("want one argument: the folder to write to")
	}
	source, err := find()
	if err != nil {
		return err
	}
	to := args[0]
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	if err := copyFile(filepath.Join(to, "docker-default.json"), filepath.Join(source.Dir, "default.json")); err != nil {
		return err
	}
	if err := copyFile(filepath.Join(to, "LICENSE"), filepath.Join(source.Dir, "LICENSE")); err != nil {
		return err
	}
	origin := fmt.Sprintf("docker-default.json is default.json of the Go module\n%s %s\n(%s),\nunchanged. LICENSE is that module's licence.\n",
		module, source.Version, source.Sum)
	return os.WriteFile(filepath.Join(to, "ORIGIN"), []byte(origin), 0o644)
}

// origin is what the go command says of a module.
type origin struct{ Dir, Version, Sum, Error string }

// find fetches the pinned module. The go command checks it against go.sum.
//
// A new release comes with a change of go.mod alone.
func find() (origin, error) {
	var o origin
	out, err := exec.Command("go", "mod", "download", "-json", module).Output()
	if err != nil {
		return o, fmt.Errorf("go mod download %s: %w: %s", module, err, out)
	}
	if err := json.Unmarshal(out, &o); err != nil {
		return o, err
	}
	if o.Error != "" || o.Dir == "" {
		return o, fmt.Errorf("go mod download %s: %s", module, o.Error)
	}
	return o, nil
}

// copyFile copies the content of a file and not its mode: the module cache is read-only.
func copyFile(to, from string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o644)
}
