// SPDX-License-Identifier: Apache-2.0

package minijail

import (
	"path"
	"strings"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/options"
	"github.com/gosieve/sieve/profile"
)

// reader says how policies are read. The zero value reads as minijail0 does, without
// @include.
type reader struct {
	// include reads an included file; nil refuses @include, so that a policy from a stranger
	// reads no files of this machine.
	include   func(path string) ([]byte, error) // Include
	compiler  bool                              // Compiler
	constants *constantsFile                    // ParseConstants
}

// Set makes all of a reader an option of Parse.
func (r reader) Set(o options.Options) options.Options { o.Reader = r; return o }

// readerOption is an option of Parse that sets a part of the reader.
type readerOption func(*reader)

// Set sets it.
func (f readerOption) Set(o options.Options) options.Options {
	r, _ := o.Reader.(reader)
	f(&r)
	return r.Set(o)
}

// Include reads the files that a policy includes. It gets the path as it is
// written, or with Compiler the one that it has from where the policy's own file
// name is relative to. Without it @include is refused.
func Include(read func(path string) ([]byte, error)) profile.ParseOption {
	return readerOption(func(r *reader) { r.include = read })
}

// compilerOption is an option that is given or not.
type compilerOption uint8

// Compiler reads as tools/compile_seccomp_policy.py does: several lines for a
// call are one after the other, an errno behind an expression is returned where
// the expression holds, included files are relative to the file that includes
// them and can include others, eight deep. What only minijail0 takes, the
// number of a call, is refused.
const Compiler compilerOption = iota

// Set makes it an option of Parse.
func (compilerOption) Set(o options.Options) options.Options {
	return readerOption(func(r *reader) { r.compiler = true }).Set(o)
}

// deepestInclude is how many files may include each other one in the other, for the
// compiler. Its own limit is the option --include-depth-limit, 10 by default, which counts
// the policy's file and the state before it.
const deepestInclude = 8

// Parse reads a policy, with the files that it includes if Include is among the options.
// Errors are *profile.Error and wrap profile.ErrSyntax, ErrProfile or ErrLimit; names of
// calls and constants are looked up when resolving. All files together must keep to the
// limit of size.
func Parse(doc []byte, opts ...profile.ParseOption) (*Profile, error) {
	text, notes, o, err := document.Open(doc, opts...)
	if err != nil {
		return nil, err
	}
	r, _ := o.Reader.(reader)
	p := parser{profile: &Profile{text: text, compiler: r.compiler, names: r.constants}, notes: notes, reader: r,
		size: o.Size, depth: o.Depth, options: opts, left: o.Size - len(doc)}
	if err := p.file(text, 0); err != nil {
		return nil, err
	}
	if err := p.denials(); err != nil {
		return nil, err
	}
	p.profile.Warnings = notes.List()
	return p.profile, nil
}

// denials refuses what the compiler does not take in a deny list, where every action must
// be "return" and an errno (parse_action in parser.py, "invalid denylist policy"). It runs
// when all files are read, since @denylist may stand behind the lines that it is about.
func (p *parser) denials() error {
	if !p.profile.compiler || !p.profile.denylist {
		return nil
	}
	for _, l := range p.profile.lines {
		for i := range l.filters {
			if f := &l.filters[i]; f.action.errno == nil && f.action.token != f.token {
				return document.Fail(profile.ErrProfile, denylistCode, f.action.token.place(), "in a deny list every action is \"return\" and an errno")
			} else if f.action.errno == nil && len(f.clauses) == 0 {
				return document.Fail(profile.ErrProfile, denylistCode, f.token.place(), "in a deny list every action is \"return\" and an errno")
			}
		}
	}
	return nil
}

// pathOf returns the path of a file that another includes. For the compiler a relative path
// begins at the folder of the file that includes it (_parse_include_statement in
// parser.py). For minijail0 it stays as written: Include decides where it begins.
//
//	policies/a.policy has "@include ./b.policy"  ->  policies/b.policy for the compiler
func (p *parser) pathOf(in *document.Text, written string) string {
	if !p.reader.compiler || strings.HasPrefix(written, "/") {
		return written
	}
	return path.Join(path.Dir(strings.ReplaceAll(in.File, `\`, "/")), written)
}
