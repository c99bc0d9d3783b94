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
	"github.com/gosieve/sieve/profile/minijail"
	"github.com/urfave/cli/v3"
)

// policyReader says how policies of minijail are read, with the files that they include.
func policyReader(cmd *cli.Command) (minijail.Reader, error) {
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
			return r, fmt.Errorf("--constants: %w", err)
		}
		if r.Constants, err = minijail.ParseConstants(doc, profile.File(shown(name))); err != nil {
			return r, fmt.Errorf("--constants: %w", err)
		}
	}
	return r, nil
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
