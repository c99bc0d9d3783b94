// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io/fs"
	slash "path"
	"path/filepath"
	"strings"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/minijail"
)

// policyReader says how policies of minijail are read, with the files that they include
// and the names of constants. Policies name included files by paths on the machine that
// they are for, which is seldom this one; --include-root says where the files are here.
func policyReader(cmd *cli.Command) ([]profile.ParseOption, error) {
	opts := []profile.ParseOption{minijail.Include(func(name string) ([]byte, error) {
		at := below(cmd.Strings("include-root"), name)
		doc, err := readFile(cmd, at)
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%w; --include-root [PREFIX=]DIR says where files are", err)
		}
		// Places have the path as the policy writes it. A stranger's policy may name any file of the
		// machine: lines are shown of those alone that lie where the policy or the user says.
		if at != name || filepath.IsLocal(name) {
			inputsOf(cmd).keep(name, doc)
		}
		return doc, err
	})}
	if cmd.Bool("minijail-compiler") {
		opts = append(opts, minijail.Compiler)
	}
	if name := cmd.String("constants"); name != "" {
		doc, err := readFile(cmd, name)
		if err != nil {
			return nil, fmt.Errorf("--constants: %w", err)
		}
		inputsOf(cmd).keep(shown(name), doc)
		constants, err := minijail.ParseConstants(doc, profile.File(shown(name)))
		if err != nil {
			return nil, fmt.Errorf("--constants: %w", err)
		}
		opts = append(opts, constants)
	}
	return opts, nil
}

// below is where an included file is found: below the root of the longest prefix of its
// path. A root without a prefix is for all paths.
//
//	below([]string{"/usr/share=out"}, "/usr/share/policy/common")   ->   "out/policy/common"
//
// A prefix ends at a slash, so "/usr" is no prefix of "/usrlocal". The rest is cleaned as
// an absolute path: ".." in a policy does not lead out of the root.
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
