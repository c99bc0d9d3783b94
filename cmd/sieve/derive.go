// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/derive"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// derive reads the source of a Go program and writes what it can do. Finding that out is
// package derive's; the command chooses what is written: a profile (here), its reasons
// (derivation.go), or how it compares with a profile that exists (derivecheck.go).
func deriveCommand() *cli.Command {
	flags := []*cli.Flag{
		{Name: "C", Usage: "look the package up in `DIR`", DefaultText: "the working directory"},
		archFlag(),
		{Name: "tags", Kind: cli.List, Usage: "build with these `TAGS`"},
		{Name: "to", Value: string(profile.Docker), Usage: "write the profile in `DIALECT`"},
		{Name: "format", Value: "profile", Usage: "write `FORMAT`: profile, json for what was found with its reasons, or bpf for a raw filter"},
		{Name: "args", Kind: cli.Bool, Usage: "allow flags and operations of calls only as the source has them, where they are constants; unsafe and reflection can defeat that"},
		{Name: "denied", Value: "SCMP_ACT_ERRNO:1", Usage: "what all other calls get, as `ACTION` or ACTION:ERRNO"},
		{Name: "exec", Usage: "programs that it executes may do what the profile in `FILE` allows"},
		{Name: "allow-exec", Usage: "programs that it executes may do what `PROFILE` allows: docker"},
		{Name: "why", Usage: "say how the program comes to `CALL`"},
		{Name: "explain", Kind: cli.Bool, Usage: "list all calls, with who makes them"},
		{Name: "by-module", Kind: cli.Bool, Usage: "list the calls that each module needs"},
		{Name: "check", Usage: "compare with the profile in `FILE`"},
		{Name: "no-cache", Kind: cli.Bool, Usage: "look the program through even if its sources have not changed"},
		{Name: "o", Usage: "write to `FILE`, - for standard output", DefaultText: "-"},
	}
	return &cli.Command{
		Name:      "derive",
		Usage:     "find the calls that a Go program can make in its source",
		ArgsUsage: "PACKAGE",
		Description: `PACKAGE is one main package of a module on disk, built without cgo. The
profile allows the calls that its source, its imports and Go's runtime can come
to, and those that the kernel makes by itself. Nothing is run, and nothing is downloaded. docs/derive.md says
how it works and what it cannot see.

The exit status is 0 if all places are known. It is 2 if a place could not be
looked into, or if the program executes others and neither --exec nor --allow-exec
says what those may do: each such place is written to standard error, and what is known is written all the same. With
--why it is 1 if the program cannot make the call; with --check, if the profile
denies a call that the program can make.

Examples:
  sieve derive -o server.json ./cmd/server
  sieve derive --arch arm64 --tags netgo --to oci .
  sieve derive --why ptrace .
  sieve derive --check deployed.json ./cmd/server`,
		Flags:  append(flags, readFlags("dialect", "kernel", "cap")...),
		Action: deriveProgram,
	}
}

// readFlags are those of policyFlags that have one of the names.
func readFlags(names ...string) []*cli.Flag {
	return slices.DeleteFunc(policyFlags(), func(f *cli.Flag) bool { return !slices.Contains(names, f.Name) })
}

// deriveProgram derives and writes what the flags ask for.
func deriveProgram(ctx context.Context, cmd *cli.Command) error {
	if cmd.Args().Len() != 1 {
		return errors.New("derive: want one PACKAGE: . is the one in the working directory")
	}
	d := &derivation{cmd: cmd, told: map[string]bool{}}
	if err := d.options(); err != nil {
		return err
	}
	var err error
	config := derive.Config{Dir: cmd.String("C"), Arch: d.target.Arch, Tags: buildTags(cmd), Args: cmd.Bool("args")}
	if folder, err := os.UserCacheDir(); err == nil && !cmd.Bool("no-cache") {
		config.Cache = filepath.Join(folder, "sieve", "derive")
	}
	if d.result, err = derive.Derive(ctx, config, cmd.Args().First()); err != nil {
		return fmt.Errorf("derive: %w", err)
	}
	if d.policy, err = d.allowed(); err != nil {
		return err
	}
	if err := d.write(ctx); err != nil {
		return err
	}
	return d.open()
}

// buildTags are those of --tags, which also takes them with commas.
func buildTags(cmd *cli.Command) (tags []string) {
	for _, list := range cmd.Strings("tags") {
		for tag := range strings.SplitSeq(list, ",") {
			if tag = strings.TrimSpace(tag); tag != "" {
				tags = append(tags, tag)
			}
		}
	}
	return tags
}

// derivation is one run of the command.
type derivation struct {
	cmd      *cli.Command
	target   profile.Target
	denied   seccomp.Action
	to       profile.Dialect
	children *seccomp.Policy // what executed programs may do, nil if nobody has said
	side     proof.Side      // of --check
	result   *derive.Result
	policy   *seccomp.Policy
	told     map[string]bool // calls whose paths have been written
}

// options reads the flags, and every file that they name: a derivation takes seconds, and
// a misspelt name should not.
func (d *derivation) options() (err error) {
	cmd := d.cmd
	if d.target, err = target(cmd); err != nil {
		return err
	}
	if d.denied, err = actionOf(cmd.String("denied")); err != nil {
		return fmt.Errorf("--denied: %w", err)
	}
	if d.to, err = writtenAs(cmd); err != nil {
		return err
	}
	if name := cmd.String("dialect"); name != "auto" {
		if _, err := dialectNamed("dialect", name); err != nil {
			return err
		}
	}
	if f := cmd.String("format"); f != "profile" && f != "json" && f != "bpf" {
		return fmt.Errorf("--format: %w", unknownWord("format", f, "profile", "json", "bpf"))
	}
	if err := d.one(); err != nil {
		return err
	}
	if name := cmd.String("why"); name != "" {
		if _, ok := d.target.Arch.Number(name); !ok {
			return fmt.Errorf("--why: %v has no call %q%s", d.target.Arch, name, didYouMean(name, callNames(d.target.Arch)))
		}
	}
	if err := d.readChildren(); err != nil {
		return err
	}
	if cmd.IsSet("check") {
		d.side, err = d.compared(cmd.String("check"))
	}
	return err
}

// one refuses flags that ask for different outputs.
func (d *derivation) one() error {
	given := ""
	for _, name := range []string{"why", "explain", "by-module", "check", "to", "format"} {
		if !d.cmd.IsSet(name) {
			continue
		}
		if given != "" && !(given == "to" && name == "format") {
			return fmt.Errorf("derive: --%s and --%s exclude each other", given, name)
		}
		given = name
	}
	if d.cmd.IsSet("to") && d.cmd.IsSet("format") && d.cmd.String("format") != "profile" {
		return errors.New("derive: --to is for --format profile")
	}
	return nil
}

// readChildren reads --exec and --allow-exec.
func (d *derivation) readChildren() error {
	for _, flag := range []string{"exec", "allow-exec"} {
		if !d.cmd.IsSet(flag) {
			continue
		}
		name := d.cmd.String(flag)
		if flag == "allow-exec" && name != dockerName {
			return fmt.Errorf("--allow-exec: %w", unknownWord("profile", name, dockerName))
		}
		policy, err := d.profile(name)
		if err != nil {
			return err
		}
		// The program's own calls come through one ABI, and so must those of the others.
		policy.Default, policy.Arches = d.denied, policy.Arches[:1]
		if d.children == nil {
			d.children = policy
		} else if d.children, err = proof.Union(d.children, policy); err != nil {
			return err
		}
	}
	return nil
}

// profile is what a document means for the program's machine.
func (d *derivation) profile(name string) (*seccomp.Policy, error) {
	doc, err := loadDocument(d.cmd, "dialect", name)
	if err != nil {
		return nil, err
	}
	policy, diagnostics, err := doc.Resolve(d.target)
	report(d.cmd, diagnostics)
	return policy, err
}

// compared is the profile or the filter of --check.
func (d *derivation) compared(name string) (proof.Side, error) {
	in, err := readInput(d.cmd, name)
	var filter seccomp.Filter
	switch {
	case errors.Is(err, fs.ErrNotExist): // it may be a stack
		filter, err = readFilter(d.cmd, name)
	case err == nil && filterLike(in.text):
		filter, err = decodeFilter(d.cmd, name, in.text)
	case err == nil:
		policy, err := d.profile(name)
		return proof.Of(policy), err
	}
	return proof.Of(filter), err
}

// allowed is what the program may do, with what those may do that it executes. Where both
// deny, the answer is that for the executed ones, such as ENOSYS in place of EPERM, as
// libraries in C depend on it.
func (d *derivation) allowed() (*seccomp.Policy, error) {
	own := d.result.Policy(d.denied)
	if d.children == nil || len(d.result.Children) == 0 {
		return own, nil
	}
	return proof.Union(d.children, own)
}

// write writes what the flags ask for.
func (d *derivation) write(ctx context.Context) error {
	cmd := d.cmd
	switch {
	case cmd.IsSet("why"):
		return d.why(cmd.String("why"))
	case cmd.Bool("explain"):
		return writeDocument(cmd, []byte(d.explain()))
	case cmd.Bool("by-module"):
		return writeDocument(cmd, []byte(d.byModule()))
	case cmd.IsSet("check"):
		return d.check(ctx)
	case cmd.String("format") == "json":
		doc, err := json.MarshalIndent(d.document(), "", "  ")
		if err != nil {
			return err
		}
		return writeDocument(cmd, append(doc, '\n'))
	case cmd.String("format") == "bpf":
		filter, err := proof.Compile(d.policy)
		if err != nil {
			return err
		}
		write, err := formatter("raw", d.target.Arch)
		if err != nil {
			return err
		}
		return writeFilter(cmd, cmd.String("o"), filter, write)
	}
	// What runc adds for calls that are newer than the profile denies them too.
	doc, err := dialect.Write(d.to, d.policy, dialect.Options{Unnamed: note(cmd), ForeignKills: true, ENOSYS: profile.ENOSYSOff})
	if err != nil {
		return err
	}
	return writeDocument(cmd, doc)
}

// open reports the places that leave the result open, and returns an error if there are
// any.
func (d *derivation) open() error {
	w := d.cmd.Root().ErrWriter
	for _, u := range d.result.Unknown {
		fmt.Fprintf(w, "sieve: derive: %v: %s (%s)%s\n", u.Place.Position, u.Message, u.Kind, pathLine(u.Place.Path))
	}
	children := d.result.Children
	if d.children != nil {
		children = nil
	}
	for _, c := range children {
		fmt.Fprintf(w, "sieve: derive: %v: executes programs, which run under the same filter: --exec or --allow-exec says what they may do%s\n", c.Position, pathLine(c.Path))
	}
	if len(d.result.Unknown) == 0 && len(children) == 0 {
		return nil
	}
	return &statusError{statusTrouble, nil}
}
