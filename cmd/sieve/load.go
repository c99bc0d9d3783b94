// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/urfave/cli/v3"
)

// loaded is a document that was read.
type loaded struct {
	dialect.Document
	dialect dialect.Name
}

// loadDocument reads the document of a name: docker for Docker's default, - for standard
// input, or a file. All commands read documents so. The flag is the one that says
// the dialect.
func loadDocument(cmd *cli.Command, flag, name string) (*loaded, error) {
	if name == "docker" {
		if d := cmd.String(flag); d != "docker" && d != "auto" && d != "" {
			if _, err := dialect.ParseName(d); err != nil {
				return nil, fmt.Errorf("--%s: %w%s", flag, err, nearDialect(d))
			}
			return nil, fmt.Errorf("--%s: Docker's default profile is written in docker, not %s", flag, d)
		}
		return &loaded{profile.DockerDefault(), dialect.Docker}, nil
	}
	text, err := readFile(cmd, name)
	if err != nil {
		return nil, err
	}
	return loadText(cmd, flag, name, text)
}

// nearDialect is the end of an error about a dialect's name.
func nearDialect(name string) string { return didYouMean(name, strings.Split(dialectNames(), ", ")) }

// loadText reads a document's text as the flags say.
func loadText(cmd *cli.Command, flag, name string, text []byte) (*loaded, error) {
	d, text, err := dialectOf(cmd, flag, name, text)
	if err != nil {
		return nil, err
	}
	doc, err := parseAs(cmd, d, name, text)
	if err != nil {
		return nil, detailed(err)
	}
	return &loaded{doc, d}, nil
}

// dialectOf is the dialect that a flag says, or for auto the one that the document
// is found to be in, and the profile's text in the document.
func dialectOf(cmd *cli.Command, flag, name string, text []byte) (dialect.Name, []byte, error) {
	var d dialect.Name
	if said := cmd.String(flag); said != "auto" && said != "" {
		var err error
		if d, err = dialect.ParseName(said); err != nil {
			return "", nil, fmt.Errorf("--%s: %w%s", flag, err, nearDialect(said))
		}
	}
	found, inner, err := dialect.Open(d, shown(name), text)
	var unknown *dialect.DetectError
	switch {
	case !errors.As(err, &unknown):
	case unknown.Candidates == nil && filepath.Ext(name) == ".json" && len(text) > 0:
		return dialect.Docker, text, nil // which says where it stops to be JSON
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

// parseAs reads a profile's text in a dialect.
func parseAs(cmd *cli.Command, d dialect.Name, name string, text []byte) (dialect.Document, error) {
	options := []profile.ParseOption{profile.File(shown(name))}
	if cmd.Bool("strict") {
		options = append(options, profile.Strict)
	}
	var p dialect.Document
	var err error
	if d == dialect.Minijail {
		p, err = parsePolicy(cmd, text, options)
	} else {
		p, err = dialect.Parse(d, text, options...)
	}
	if err != nil {
		return nil, err
	}
	if cmd.IsSet("thread") {
		if err := dialect.SetThread(p, cmd.String("thread")); err != nil {
			return nil, fmt.Errorf("--thread: %w", err)
		}
	}
	return p, nil
}
