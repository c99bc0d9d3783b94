// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/urfave/cli/v3"
)

// loadDocument reads the document of a name: docker for Docker's default, - for standard
// input, or a file. All commands read documents so. The flag is the one that says
// the dialect.
func loadDocument(cmd *cli.Command, flag, name string) (*dialect.Document, error) {
	if name == "docker" {
		if d := cmd.String(flag); d != "docker" && d != "auto" && d != "" {
			if _, err := dialectNamed(flag, d); err != nil {
				return nil, err
			}
			return nil, fmt.Errorf("--%s: Docker's default profile is written in docker, not %s", flag, d)
		}
		return dockerDefault()
	}
	text, err := readFile(cmd, name)
	if err != nil {
		return nil, err
	}
	return loadText(cmd, flag, name, text)
}

// dockerDefault is Docker's default as a document.
func dockerDefault() (*dialect.Document, error) {
	return dialect.Parse(profile.DockerDefaultJSON(), profile.Docker, profile.File("docker-default.json"))
}

// dialectNamed is the dialect that a flag names.
func dialectNamed(flag, name string) (profile.Dialect, error) {
	if d := profile.Dialect(name); slices.Contains(dialect.Names(), d) {
		return d, nil
	}
	names := strings.Split(dialectNames(), ", ")
	last := len(names) - 1
	return "", fmt.Errorf("--%s: %w %q, want %s or %s%s", flag, dialect.ErrDialect, name, strings.Join(names[:last], ", "), names[last], didYouMean(name, names))
}

// loadText reads a document's text as the flags say.
func loadText(cmd *cli.Command, flag, name string, text []byte) (*dialect.Document, error) {
	d, text, err := dialectOf(cmd, flag, name, text)
	if err != nil {
		return nil, err
	}
	doc, err := parseAs(cmd, d, name, text)
	if err != nil {
		return nil, detailed(err)
	}
	return doc, nil
}

// dialectOf is the dialect that a flag says, or for auto the one that the document
// is found to be in, and the profile's text in the document.
func dialectOf(cmd *cli.Command, flag, name string, text []byte) (profile.Dialect, []byte, error) {
	var d profile.Dialect
	if said := cmd.String(flag); said != "auto" && said != "" {
		var err error
		if d, err = dialectNamed(flag, said); err != nil {
			return "", nil, err
		}
	}
	found, inner, err := dialect.Open(d, shown(name), text)
	var unknown *dialect.DetectError
	switch {
	case !errors.As(err, &unknown):
	case unknown.Candidates == nil && filepath.Ext(name) == ".json" && len(text) > 0:
		return profile.Docker, text, nil // which says where it stops to be JSON
	case unknown.Candidates != nil:
		err = fmt.Errorf("%w with --%s", err, flag)
	}
	return found, inner, err
}

// shown is a file's name in places.
func shown(name string) string {
	if name == "-" {
		return "<stdin>"
	}
	return name
}

// errThread is what --thread says where the dialect has none.
var errThread = errors.New("--thread")

// parseAs reads a profile's text in a dialect.
func parseAs(cmd *cli.Command, d profile.Dialect, name string, text []byte) (*dialect.Document, error) {
	options := []profile.ParseOption{d, profile.File(shown(name))}
	if cmd.Bool("strict") {
		options = append(options, profile.Strict)
	}
	if d == profile.Minijail {
		r, err := policyReader(cmd)
		if err != nil {
			return nil, err
		}
		options = append(options, r)
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
