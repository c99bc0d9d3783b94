// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/docker"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/seccomp"
)

// This file is the only one that knows what a name on the command line stands for. A name goes
// from input (its text) to a document in its dialect, and with a target on to a policy:
//
//	readInput -> input.document, which calls input.open -> resolve

// dockerName stands for Docker's default profile, which is built in, wherever a profile's file
// may stand. A file of that name is ./docker.
const dockerName = "docker"

// input is what a name on the command line stands for.
type input struct {
	name    string // in places
	text    []byte
	builtIn bool   // no file
	wants   string // what the command could read, for messages
}

// readInput is Docker's default profile for its name, or else what readText reads.
func readInput(cmd *cli.Command, name string) (*input, error) {
	if name == dockerName {
		inputsOf(cmd).keep(docker.Name, docker.Default())
		return &input{docker.Name, docker.Default(), true, "a profile"}, nil
	}
	return readText(cmd, name)
}

// readText reads standard input for -, or a file whatever it is called, even "docker".
func readText(cmd *cli.Command, name string) (*input, error) {
	text, err := readFile(cmd, name)
	inputsOf(cmd).keep(shown(name), text)
	return &input{shown(name), text, false, "a profile"}, unreadable(name, err)
}

// shown is a file's name in places: "<stdin>" for -, as in "<stdin>:3:7".
func shown(name string) string {
	if name == "-" {
		return "<stdin>"
	}
	return name
}

// loadPolicy resolves the profile for the target that the flags say. The target's flags
// are checked before the file is read.
func loadPolicy(cmd *cli.Command) (*seccomp.Policy, error) {
	t, err := target(cmd)
	if err != nil {
		return nil, err
	}
	_, policy, err := loadFor(cmd, t)
	return policy, err
}

// loadFor reads the profile that the flags name and resolves it for a target.
func loadFor(cmd *cli.Command, t profile.Target) (*dialect.Document, *seccomp.Policy, error) {
	p, err := loadProfile(cmd)
	if err != nil {
		return nil, nil, err
	}
	policy, err := resolve(cmd, p, t)
	return p, policy, err
}

// loadProfile reads the profile that the flags name.
func loadProfile(cmd *cli.Command) (*dialect.Document, error) {
	return loadDocument(cmd, "dialect", cmd.String("profile"))
}

// loadDocument reads the document of a name. The flag is the one that says the dialect.
func loadDocument(cmd *cli.Command, flag, name string) (*dialect.Document, error) {
	in, err := readInput(cmd, name)
	if err != nil {
		return nil, err
	}
	return in.document(cmd, flag)
}

// document reads the input as a profile. flag is the one that says the dialect (--dialect
// or --from), for messages.
func (in *input) document(cmd *cli.Command, flag string) (*dialect.Document, error) {
	d, text, err := in.open(cmd, flag)
	if err != nil {
		return nil, err
	}
	doc, err := parse(cmd, d, in.name, text)
	if err != nil {
		return nil, detailed(err)
	}
	return doc, nil
}

// open finds the dialect that the flag says, or for auto the one that the text is found to be
// in, and the profile's own text in it: a container's configuration has more.
func (in *input) open(cmd *cli.Command, flag string) (profile.Dialect, []byte, error) {
	var d profile.Dialect
	if said := cmd.String(flag); said != "auto" && said != "" {
		var err error
		if d, err = dialectNamed(flag, said); err != nil {
			return "", nil, err
		}
	}
	if in.builtIn {
		if d != "" && d != profile.Docker {
			return "", nil, fmt.Errorf("--%s: Docker's default profile is written in docker, not %s", flag, d)
		}
		return profile.Docker, in.text, nil
	}
	if k, known := binaryKind(in.text); known {
		return "", nil, k.in(in.name, in.wants)
	}
	found, inner, err := dialect.Detect(d, in.name, in.text)
	if err != nil {
		return in.undetected(err, flag)
	}
	if k, known := objectKind(inner); known && d == "" && found == profile.Docker {
		return "", nil, k.in(in.name, in.wants)
	}
	inputsOf(cmd).keepHeld(in.name, inner)
	if d == "" {
		tellDialect(cmd, in.name, found)
	}
	return found, inner, nil
}

// undetected is for a text whose dialect was not found: an error that says what it seems to
// be, or docker for what may be a broken JSON file, whose reader's error has the place.
func (in *input) undetected(err error, flag string) (profile.Dialect, []byte, error) {
	var unknown *dialect.DetectError
	if !errors.As(err, &unknown) {
		return "", nil, err
	}
	if unknown.Candidates != nil {
		return "", nil, fmt.Errorf("%w with --%s", err, flag)
	}
	if k, known := textKind(in.text); known {
		return "", nil, k.in(in.name, in.wants)
	}
	if what := namedIn(in.text); what != "" {
		return "", nil, fmt.Errorf("%w; %s", err, what)
	}
	text := bytes.TrimSpace(in.text)
	if json.Valid(text) || filepath.Ext(in.name) == ".json" && len(text) > 0 && !bytes.Contains(text, []byte("apiVersion:")) {
		return profile.Docker, in.text, nil // which says where it stops to be JSON
	}
	return "", nil, err
}

// tellDialect says as what a file is read, once, where that was found out and is not docker.
// Whoever names the dialect is told nothing, and nor is a program that reads findings.
func tellDialect(cmd *cli.Command, name string, d profile.Dialect) {
	in := inputsOf(cmd)
	if format := cmd.String("format"); cmd.Name == "lint" && format != "text" {
		return
	}
	if d != profile.Docker && !in.told[name] {
		in.told[name] = true
		fmt.Fprintf(cmd.Root().ErrWriter, "sieve: %s: read as %s\n", printable(name), d)
	}
}

// dialectNamed is the dialect that a flag names.
func dialectNamed(flag, name string) (profile.Dialect, error) {
	if d := profile.Dialect(name); slices.Contains(dialect.Names(), d) {
		return d, nil
	}
	names := strings.Split(dialectNames(), ", ")
	return "", fmt.Errorf("--%s: %w %q, want %s%s", flag, dialect.ErrDialect, name, series(names, "or"), didYouMean(name, names))
}

// errThread is wrapped by errors about --thread: they are wrong usage, and no finding
// about the document.
var errThread = errors.New("--thread")

// parse reads a profile's text in a dialect, with what the flags say of reading. name is
// the file's name in places. With --thread the result is that thread's filter alone.
func parse(cmd *cli.Command, d profile.Dialect, name string, text []byte) (*dialect.Document, error) {
	options := []profile.ParseOption{profile.In(d), profile.File(name)}
	if cmd.Bool("strict") {
		options = append(options, profile.Strict)
	}
	if d == profile.Minijail {
		r, err := policyReader(cmd)
		if err != nil {
			return nil, err
		}
		options = append(options, r...)
	}
	p, err := dialect.Parse(text, options...)
	if err != nil || !cmd.IsSet("thread") {
		return p, err
	}
	if p, err = p.Thread(cmd.String("thread")); err != nil {
		return nil, fmt.Errorf("%w: %w", errThread, err)
	}
	return p, nil
}
