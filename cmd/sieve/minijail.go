// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io/fs"
	slash "path"
	"path/filepath"
	"strings"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/profile/minijail"
	"github.com/urfave/cli/v3"
)

// parsePolicy reads a policy of minijail with the files that it includes.
func parsePolicy(cmd *cli.Command, text []byte, options []profile.ParseOption) (dialect.Document, error) {
	r := minijail.Reader{Compiler: cmd.Bool("minijail-compiler")}
	r.Include = func(name string) ([]byte, error) {
		doc, err := readFile(cmd, below(cmd.StringSlice("include-root"), name))
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%w; --include-root [PREFIX=]DIR says where files are", err)
		}
		return doc, err
	}
	if name := cmd.String("constants"); name != "" {
		doc, err := readFile(cmd, name)
		if err != nil {
			return nil, fmt.Errorf("--constants: %w", err)
		}
		if r.Constants, err = minijail.ParseConstants(doc, profile.File(shown(name))); err != nil {
			return nil, fmt.Errorf("--constants: %w", err)
		}
	}
	p, err := r.Parse(text, options...)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// below is where a file is found that a policy includes: below the root of the longest
// prefix of its path. A root without a prefix is for all paths.
func below(roots []string, name string) string {
	found, longest := name, -1
	for _, root := range roots {
		prefix, dir, has := strings.Cut(root, "=")
		if !has {
			prefix, dir = "", root
		}
		rest, ok := strings.CutPrefix(name, strings.TrimSuffix(prefix, "/"))
		if ok && (prefix == "" || rest == "" || rest[0] == '/') && len(prefix) > longest {
			found, longest = filepath.Join(dir, filepath.FromSlash(slash.Clean("/"+rest))), len(prefix)
		}
	}
	return found
}
