// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/lint"
)

// fix mends a file, or for "-" writes the mended document to standard output, and returns
// its text. The linter then looks at that text, so that what is left is reported. A file
// that was changed by somebody else meanwhile is left alone (replaceRead). Only dialects
// of docker's form are mended, since edits are made in the text of such a document.
func (l *linter) fix(name string, text []byte, d profile.Dialect) ([]byte, error) {
	if d != profile.Docker && d != profile.Podman && d != profile.OCI {
		return nil, fmt.Errorf("%s: --fix: only docker, podman and oci documents are mended, this is %s", shown(name), d)
	}
	options := []profile.ParseOption{profile.File(shown(name)), profile.In(d)}
	p, err := profile.Parse(text, options...)
	if err != nil {
		return l.unmended(name, text) // what is wrong will be said of it
	}
	f := lint.Fixer{Target: l.target, Parse: options, Resolve: l.options, Unsafe: l.cmd.Bool("unsafe")}
	fixed, mended, err := f.Fix(text, lint.Lint(p, l.target, l.options...))
	if err != nil {
		return l.unmended(name, text)
	}
	switch {
	case name == "-":
		l.fixed = true
		_, err = l.cmd.Root().Writer.Write(fixed)
	case len(mended) > 0:
		err = replaceRead(name, text, fixed)
	}
	if err != nil || len(mended) == 0 {
		return fixed, err
	}
	var codes []string
	for _, m := range mended {
		codes = append(codes, string(m.Code))
	}
	fmt.Fprintf(l.cmd.Root().ErrWriter, "%s: mended %s: %s\n", shown(name), counted(len(mended), "place"), distinct(codes))
	return fixed, nil
}

// unmended passes on a document that cannot be read or resolved. On standard output it
// has to appear as it came: a pipe that mends must not swallow a document.
func (l *linter) unmended(name string, text []byte) ([]byte, error) {
	if name != "-" {
		return text, nil
	}
	l.fixed = true
	_, err := l.cmd.Root().Writer.Write(text)
	return text, err
}
