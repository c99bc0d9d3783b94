// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/profile/mesos"
	"github.com/gosieve/sieve/seccomp"
	"github.com/urfave/cli/v3"
)

// policyFlags choose a profile and what it is resolved for.
func policyFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "profile", Value: "docker", Usage: "read the profile from `FILE`; - is standard input, docker Docker's default"},
		dialectFlag(),
		&cli.StringFlag{Name: "thread", Usage: "take the filter of threads `NAME`, of a document that has several (firecracker)"},
		&cli.StringSliceFlag{Name: "include-root", Usage: "read the files that a policy includes below `[PREFIX=]DIR`: in place of PREFIX, of / and of the working directory (minijail)"},
		&cli.StringFlag{Name: "constants", Usage: "take the names of calls, constants and groups from `FILE`, minijail's constants.json"},
		&cli.BoolFlag{Name: "minijail-compiler", Usage: "read policies as minijail's compile_seccomp_policy.py does: repeated lines, nested includes"},
		archFlag(),
		&cli.StringFlag{Name: "kernel", Usage: "resolve for kernel `VERSION`", DefaultText: "the newest that the tables know; for run, the running one"},
		&cli.StringSliceFlag{Name: "cap", Usage: "resolve for these `CAPABILITIES`, CAP_BPF or BPF, or ALL, and change none", DefaultText: "Docker's 14"},
		&cli.StringFlag{Name: "enosys", Usage: "answer new calls with ENOSYS: runc, known or off (`MODE`)", DefaultText: "runc for docker, podman and oci, else off"},
		&cli.StringFlag{Name: "written", Usage: "with --enosys known: the `KERNEL` that the profile was written for", DefaultText: "that of --kernel"},
		&cli.StringFlag{Name: "args", Value: "wide", Usage: "compare arguments wide, or narrow as the kernel reads them (`WIDTH`)"},
		&cli.BoolFlag{Name: "strict", Usage: "take every warning for an error"},
	}
}

func dialectFlag() cli.Flag {
	return &cli.StringFlag{Name: "dialect", Value: "auto", Usage: "read profiles as `DIALECT`: " + dialectNames() + ", or auto to tell by what a file holds"}
}

// dialectNames are all dialects in one line.
func dialectNames() string {
	var names []string
	for _, n := range dialect.Names() {
		names = append(names, string(n))
	}
	return strings.Join(names, ", ")
}

func archFlag() cli.Flag {
	return &cli.StringFlag{Name: "arch", Usage: "for `ARCH`, in any spelling: amd64, x86_64, SCMP_ARCH_X86_64", DefaultText: "the host's"}
}

func proveFlag() cli.Flag {
	return &cli.BoolFlag{Name: "no-prove", Usage: "do not prove that the filter does what the profile means; the proof takes about a millisecond"}
}

func compileOptions(ctx context.Context, cmd *cli.Command) []seccomp.Option {
	if cmd.Bool("no-prove") {
		return []seccomp.Option{within(ctx, cmd)}
	}
	return []seccomp.Option{within(ctx, cmd), seccomp.Proved()}
}

// archOf is the ABI of --arch.
func archOf(cmd *cli.Command) (arch.Arch, error) {
	if name := cmd.String("arch"); name != "" {
		abi, err := arch.Parse(name)
		if err != nil {
			return 0, fmt.Errorf("--arch: %w", err)
		}
		return abi, nil
	}
	abi := arch.Native()
	if !abi.Valid() {
		return 0, errors.New("--arch: this machine's architecture has no table, say which")
	}
	return abi, nil
}

// target is what the flags say of the machine.
func target(cmd *cli.Command) (profile.Target, error) {
	abi, err := archOf(cmd)
	if err != nil {
		return profile.Target{}, err
	}
	t := profile.Target{Arch: abi, Kernel: arch.Newest, Caps: profile.DockerCaps()}
	if cmd.IsSet("kernel") {
		if t.Kernel, err = arch.ParseKernel(cmd.String("kernel")); err != nil {
			return t, fmt.Errorf("--kernel: %w", err)
		}
	}
	if cmd.IsSet("cap") {
		if t.Caps, err = capsOf(cmd, "cap"); err != nil {
			return t, err
		}
	}
	return t, nil
}

// capsOf are the capabilities of a flag, none of one that is empty.
func capsOf(cmd *cli.Command, flag string) ([]string, error) {
	names := []string{}
	for _, name := range cmd.StringSlice(flag) {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	caps, err := profile.ParseCaps(names...)
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", flag, err)
	}
	return append([]string{}, caps...), nil
}

// loadPolicy resolves the profile for the target that the flags say.
func loadPolicy(cmd *cli.Command) (*seccomp.Policy, error) {
	t, err := target(cmd)
	if err != nil {
		return nil, err
	}
	p, err := loadProfile(cmd)
	if err != nil {
		return nil, err
	}
	return resolve(cmd, p, t)
}

// loadProfile reads the profile that the flags name.
func loadProfile(cmd *cli.Command) (*dialect.Document, error) {
	return loadDocument(cmd, "dialect", cmd.String("profile"))
}

// detailed adds to a Mesos agent's message, which comes word for word, where it is and
// what would mend it.
func detailed(err error) error {
	var e *mesos.Error
	if !errors.As(err, &e) {
		return err
	}
	text := ""
	if place := e.Place.String(); place != "" {
		text += "\n  at " + place
	}
	return fmt.Errorf("%w%s%s", err, text, fix(err))
}

// answers refuses to promise answers of ENOSYS that a dialect does not have.
func answers(cmd *cli.Command, p *dialect.Document) error {
	if !cmd.IsSet("enosys") || cmd.String("enosys") == "off" {
		return nil
	}
	switch p.Dialect() {
	case profile.Systemd, profile.Minijail, profile.Firecracker:
		return errors.New("--enosys: the tools of this dialect answer as the document says, want off")
	}
	return nil
}

// resolve makes the policy, and reports warnings.
func resolve(cmd *cli.Command, p *dialect.Document, t profile.Target) (*seccomp.Policy, error) {
	options, err := resolveOptions(cmd, t)
	if err != nil {
		return nil, err
	}
	if err := answers(cmd, p); err != nil {
		return nil, err
	}
	policy, diagnostics, err := p.Resolve(t, options...)
	report(cmd.Root().ErrWriter, diagnostics)
	return policy, detailed(err)
}

func resolveOptions(cmd *cli.Command, t profile.Target) ([]profile.Option, error) {
	var options []profile.Option
	switch mode := cmd.String("enosys"); mode {
	case "": // as the dialect's tool does
	case "runc":
		options = append(options, profile.ENOSYSRunc())
	case "off":
		options = append(options, profile.ENOSYSOff())
	case "known":
		written := t.Kernel
		if cmd.IsSet("written") {
			var err error
			if written, err = arch.ParseKernel(cmd.String("written")); err != nil {
				return nil, fmt.Errorf("--written: %w", err)
			}
		}
		options = append(options, profile.ENOSYSKnown(written))
	default:
		return nil, fmt.Errorf("--enosys: %w", unknownWord("mode", mode, "runc", "known", "off"))
	}
	switch width := cmd.String("args"); width {
	case "wide":
	case "narrow":
		options = append(options, profile.Narrow)
	default:
		return nil, fmt.Errorf("--args: %w", unknownWord("width", width, "wide", "narrow"))
	}
	if cmd.Bool("strict") {
		options = append(options, profile.Strict)
	}
	return options, nil
}

// report writes warnings. Errors come back as such, and what is only of interest
// is for lint.
func report(w io.Writer, diagnostics []profile.Diagnostic) {
	for _, d := range diagnostics {
		if d.Severity == profile.Warning {
			fmt.Fprintln(w, d)
		}
	}
}
