// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
)

// remedy is a flag with which a dialect may be able to say what it cannot say without it.
// Each makes the document mean something slightly different, so none is ever set for the
// user.
type remedy struct {
	// A remedy has no value of its own: what it sets is in written, conversion and options.
	name, text string // the flag, and as it is typed
	does       string // what it changes
}

// knownRemedies are all of them. least tries to leave out the first ones first, so the
// order is from what changes most to what changes least.
var knownRemedies = []remedy{
	{"native-only", "--native-only", "leaves out all ABIs but the machine's own: their calls get what foreign ones do"},
	{"foreign-kills", "--foreign-kills", "takes KILL_THREAD and KILL_PROCESS for foreign ABIs to be the same"},
	{"kill-process", "--kill-process", "writes KILL_PROCESS where the profile says KILL_THREAD of a call"},
	{"enosys", "--enosys off", "takes what the profile says itself, without ENOSYS for calls that it does not name"},
	{"resolve", "--resolve", "writes what it means for one target (--arch, --kernel, --cap)"},
	{"minijail-compiler", "--minijail-compiler", "writes for compile_seccomp_policy.py, not for minijail0"},
	{"to-enosys", "--to-enosys off", "writes for readers that add no ENOSYS, as crun"},
}

// remedies are some of them.
type remedies []remedy

// has says whether a flag is among them.
func (r remedies) has(name string) bool {
	return slices.ContainsFunc(r, func(m remedy) bool { return m.name == name })
}

// without are all but one.
func (r remedies) without(name string) remedies {
	return slices.DeleteFunc(slices.Clone(r), func(m remedy) bool { return m.name == name })
}

// written are the options for writing with these flags. A trial prints no notes.
func (r remedies) written(o dialect.Options) dialect.Options {
	o.NativeOnly = o.NativeOnly || r.has("native-only")
	o.ForeignKills = o.ForeignKills || r.has("foreign-kills")
	o.KillProcess = o.KillProcess || r.has("kill-process")
	o.Compiler = o.Compiler || r.has("minijail-compiler")
	if r.has("to-enosys") {
		o.ENOSYS = profile.ENOSYSOff
	}
	if o.Unnamed != nil {
		o.Unnamed = func(profile.Diagnostic) {} // it is a trial
	}
	return o
}

// conversion is a conversion with these flags.
func (r remedies) conversion(c dialect.Conversion) dialect.Conversion {
	c.Options = r.written(c.Options)
	c.Resolve = c.Resolve || r.has("resolve")
	return c
}

// options are those for reading with these flags. The slice is copied, as the caller
// tries several.
func (r remedies) options(options []profile.Option) []profile.Option {
	if r.has("enosys") {
		options = append(slices.Clone(options), profile.ENOSYSOff)
	}
	return options
}

// suggest adds to a refusal the flags with which it would not be one. They are tried, not
// guessed: each set of flags writes a document, and the error names those of which none
// can be left out. Where none help, none are named. A trial costs as much as the command
// itself, so four sets are tried and not every combination.
func suggest(cmd *cli.Command, to profile.Dialect, err error, try func(remedies) error) error {
	var e *profile.UnsayableError
	if !errors.As(err, &e) {
		return detailed(err)
	}
	open := slices.DeleteFunc(slices.Clone(remedies(knownRemedies)), func(m remedy) bool {
		return cmd.IsSet(m.name) || !hasFlag(cmd, m.name) || m.name == "minijail-compiler" && to != profile.Minijail
	})
	for _, chosen := range []remedies{open.without("kill-process"), open, open.without("native-only").without("kill-process"), open.without("to-enosys")} {
		if len(chosen) > 0 && try(chosen) == nil {
			return detailed(fmt.Errorf("%w%s", err, chosen.least(try)))
		}
	}
	return detailed(err)
}

// least leaves out one flag after the other, as long as the rest still helps, and
// describes what is left. enosys and to-enosys are left out together first, as one
// without the other may fail.
func (r remedies) least(try func(remedies) error) string {
	if less := r.without("enosys").without("to-enosys"); len(less) > 0 && try(less) == nil { // one needs the other
		r = less
	}
	for _, m := range slices.Clone(r) {
		if less := r.without(m.name); len(less) > 0 && try(less) == nil {
			r = less
		}
	}
	if len(r) == 1 {
		return "\n  it can with " + r[0].text + ", which " + r[0].does
	}
	var flags, lines []string
	for _, m := range r {
		flags = append(flags, m.text)
		lines = append(lines, "\n    "+m.text+" "+m.does)
	}
	return "\n  it can with " + strings.Join(flags, " ") + strings.Join(lines, "")
}

// hasFlag says whether a command has a flag.
func hasFlag(cmd *cli.Command, name string) bool {
	return slices.ContainsFunc(cmd.Flags, func(f *cli.Flag) bool { return slices.Contains(f.Names(), name) })
}
