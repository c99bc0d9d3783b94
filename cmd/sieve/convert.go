// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/docker"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
)

// A conversion does not translate words. The document is written in the other dialect,
// read again as that dialect's tool reads it, and proved to decide every call as before
// (dialect.Conversion). So an error in a writer is a refusal and never a wrong document.
//
// The two dialects may answer calls that are newer than the document in different ways:
// --enosys says how the source is read, and --to-enosys for which reader the result is
// written.
func convertCommand() *cli.Command {
	flags := []*cli.Flag{
		{Name: "from", Value: "auto", Usage: "read it as `DIALECT`: " + dialectNames() + ", or auto to tell by what it holds"},
		{Name: "to", Usage: "write `DIALECT`", Required: true},
		{Name: "resolve", Kind: cli.Bool, Usage: "write what it means for one target, without includes, excludes and archMap"},
	}
	return &cli.Command{
		Name:      "convert",
		Usage:     "write a profile in another dialect",
		ArgsUsage: "FILE|-|docker",
		Description: `What is written is read again as its own tool reads it, and proved to decide every
call as before; where the dialect has no words for something, the error says for
what, and nothing is written; if flags would help, it names them. Of numbers that no
kernel has a note may say that they are denied in another way. Rules and their conditions on the machine are kept
where both dialects have them, and the proof is then for every machine,
capability and kernel that the profile mentions.

Examples:
  sieve convert --to podman profile.json -o podman.json
  sieve convert --to docker docker -o docker-default.json
  sieve convert --from docker --to oci --resolve --arch amd64 profile.json`,
		Flags:  append(append(flags, policyFlags()[2:]...), writeFlags()...),
		Action: convert,
	}
}

// writeFlags say how a document is written and where to. convert and merge share them.
func writeFlags() []*cli.Flag {
	return []*cli.Flag{
		{Name: "to-enosys", Usage: "write for readers that answer new calls with ENOSYS as `MODE` says: runc, or off (crun)", DefaultText: "as the dialect's tool does"},
		{Name: "to-thread", Value: "main", Usage: "write a filter for threads `NAME` (firecracker)"},
		{Name: "name", Value: "profile", Usage: "write an object of that `NAME` (spo)"},
		{Name: "foreign-kills", Kind: cli.Bool, Usage: "take KILL_THREAD and KILL_PROCESS for foreign ABIs to be the same"},
		{Name: "kill-process", Kind: cli.Bool, Usage: "write KILL_PROCESS where the profile says KILL_THREAD of a call"},
		{Name: "native-only", Kind: cli.Bool, Usage: "leave out all ABIs but the machine's own"},
		{Name: "o", Usage: "write to `FILE`, - for standard output", DefaultText: "-"},
	}
}

// writeOptions reads writeFlags, and --minijail-compiler, which concerns reading and
// writing.
func writeOptions(cmd *cli.Command) (dialect.Options, error) {
	o := dialect.Options{Thread: cmd.String("to-thread"), Name: cmd.String("name"), ForeignKills: cmd.Bool("foreign-kills"), NativeOnly: cmd.Bool("native-only"),
		KillProcess: cmd.Bool("kill-process"), Compiler: cmd.Bool("minijail-compiler")}
	switch mode := cmd.String("to-enosys"); mode {
	case "":
	case "runc":
		o.ENOSYS = profile.ENOSYSRunc
	case "off":
		o.ENOSYS = profile.ENOSYSOff
	default:
		return o, fmt.Errorf("--to-enosys: %w", unknownWord("mode", mode, "runc", "off"))
	}
	return o, nil
}

// writtenAs is the dialect to write.
func writtenAs(cmd *cli.Command) (profile.Dialect, error) {
	return dialectNamed("to", cmd.String("to"))
}

// convert writes nothing if the dialect cannot say all that the document means. Docker's
// default profile converted to docker comes as its own text, so that the lines that
// messages name are the lines of the file. A refusal is tried again with flags that might
// help (suggest).
func convert(_ context.Context, cmd *cli.Command) error {
	if cmd.Args().Len() != 1 {
		return errors.New("convert: want one FILE, - for standard input, or docker for Docker's default")
	}
	c, options, err := conversion(cmd)
	if err != nil {
		return err
	}
	d, err := source(cmd, cmd.Args().First())
	if err != nil {
		return err
	}
	if cmd.Args().First() == dockerName && c.To == profile.Docker && !c.Resolve && !c.NativeOnly && c.ENOSYS == nil {
		return writeDocument(cmd, docker.Default()) // the lines that messages name
	}
	// Trials of suggest replace this function, so that a note appears once.
	c.Unnamed = note(cmd)
	doc, diagnostics, err := c.Convert(d, options...)
	report(cmd, diagnostics)
	if err != nil {
		return suggest(cmd, c.To, err, func(chosen remedies) error {
			_, _, err := chosen.conversion(c).Convert(d, chosen.options(options)...)
			return err
		})
	}
	return writeDocument(cmd, doc)
}

// note prints what a conversion changes of calls that no kernel has.
func note(cmd *cli.Command) func(profile.Diagnostic) {
	return func(d profile.Diagnostic) { fmt.Fprintf(cmd.Root().ErrWriter, "sieve: note: %s\n", d.Message) }
}

// conversion is what the flags say, and the options for reading the source.
func conversion(cmd *cli.Command) (dialect.Conversion, []profile.Option, error) {
	c := dialect.Conversion{Resolve: cmd.Bool("resolve")}
	var err error
	if c.To, err = writtenAs(cmd); err != nil {
		return c, nil, err
	}
	if c.Options, err = writeOptions(cmd); err != nil {
		return c, nil, err
	}
	if c.Target, err = target(cmd); err != nil {
		return c, nil, err
	}
	options, err := resolveOptions(cmd, c.Target)
	return c, options, err
}

// source reads the document to convert, and refuses an --enosys that its dialect does not
// have.
func source(cmd *cli.Command, name string) (*dialect.Document, error) {
	d, err := loadDocument(cmd, "from", name)
	if err != nil {
		return nil, err
	}
	return d, answers(cmd, d)
}

// writeDocument writes to the file of -o, or to standard output. A file is replaced as a
// whole.
func writeDocument(cmd *cli.Command, doc []byte) error {
	if name := cmd.String("o"); name != "" && name != "-" {
		return replaceFile(name, doc)
	}
	_, err := cmd.Root().Writer.Write(doc)
	return err
}
