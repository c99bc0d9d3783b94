// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/seccomp/features"
)

// features prints what package seccomp/features finds out about the running kernel. What
// can be asked is asked, as distributions add features to old kernels. Where the kernel
// cannot be asked, the answer goes by its version, and the column HOW says so.
func featuresCommand() *cli.Command {
	return &cli.Command{
		Name:  "features",
		Usage: "show what the running kernel has",
		Description: `Needs no privileges, installs nothing and changes nothing. The middle column says
how an answer was found: "asked", "read" from a file, or by "version" and
architecture, where the kernel cannot be asked; a distributor's kernel may have
such a thing earlier.

Examples:
  sieve features
  sieve features --format json | jq .flags`,
		Flags:  []*cli.Flag{{Name: "format", Value: "text", Usage: "write `FORMAT`: text or json"}},
		Action: showFeatures,
	}
}

// showFeatures asks the kernel and writes the answers. The format is checked first, so that
// an error about a flag is the same on every kernel.
func showFeatures(_ context.Context, cmd *cli.Command) error {
	if err := noArguments(cmd); err != nil {
		return err
	}
	var write func(io.Writer, *features.Features) error
	switch format := cmd.String("format"); format {
	case "text":
		write = featuresText
	case "json":
		write = featuresJSON
	default:
		return fmt.Errorf("--format: %w", unknownWord("format", format, "text", "json"))
	}
	f, err := features.Probe()
	if err != nil {
		return err
	}
	return write(cmd.Root().Writer, f)
}

// yesNo turns a bool into the words of the answers that can be unknown too.
func yesNo(b bool) features.Answer {
	if b {
		return features.Yes
	}
	return features.No
}

// actionNames are the actions that the kernel takes, without the data that they could
// carry: "ERRNO", where an action of a policy is "ERRNO(1)". It is never nil, so that JSON
// has an empty list.
func actionNames(f *features.Features) []string {
	names := []string{}
	for _, a := range f.Actions {
		names = append(names, strings.TrimSuffix(a.String(), "(0)"))
	}
	return names
}

// flagNames are flags of seccomp(2) that the kernel takes, as the kernel calls them; never
// nil.
func flagNames(f *features.Features) []string {
	if f.Flags == 0 {
		return []string{}
	}
	return strings.Split(f.Flags.String(), "|")
}

// acceptable are the ABIs that the kernel may accept calls of, the native one first.
func acceptable(f *features.Features) []arch.Arch {
	list := append([]arch.Arch{arch.Native()}, arch.Native().Beside()...)
	return slices.DeleteFunc(list, func(a arch.Arch) bool { _, ok := f.ABIs[a]; return !ok })
}

// featuresText writes a line for each feature: its name, how the answer was found, and
// the answer. pidfd_getfd cannot be asked under a filter, which may deny the call: the
// version answers then.
func featuresText(to io.Writer, f *features.Features) error {
	w := tabwriter.NewWriter(to, 0, 8, 2, ' ', 0)
	line := func(name, how string, answer any) { fmt.Fprintf(w, "%s\t%s\t%v\n", name, how, answer) }
	list := func(names []string) string {
		if len(names) == 0 {
			return "none"
		}
		return strings.Join(names, " ")
	}
	line("FEATURE", "HOW", "ANSWER")
	line("kernel", "asked", f.Release)
	line("filters", "asked", yesNo(f.Filters))
	line("seccomp(2)", "asked", yesNo(f.Syscall))
	line("no_new_privs", "asked", yesNo(f.NoNewPrivs))
	line("filtered already", "asked", yesNo(f.Filtered))
	line("actions", "asked", list(actionNames(f)))
	line("flags", "asked", list(flagNames(f)))
	n := f.Notify
	line("notify sizes", "asked", fmt.Sprintf("%d %d %d", n.Notif, n.Response, n.Data))
	line("notify continue", "version", n.Continue)
	line("notify addfd", "version", n.AddFD)
	line("notify addfd send", "version", n.AddFDSend)
	line("notify wait killable", "asked", n.WaitKillable)
	line("notify sync wake up", "version", n.SyncWakeUp)
	how := "asked"
	if f.Filtered {
		how = "version"
	}
	line("pidfd_getfd", how, n.PidfdGetfd)
	for _, a := range acceptable(f) {
		line("abi "+a.String(), "asked", f.ABIs[a])
	}
	line("bitmap", "version", f.Bitmap)
	line("jit", "read", f.JIT)
	for _, s := range sysctls {
		value, err := readSysctl(s)
		if err != nil {
			value = "unknown: " + err.Error()
		}
		line(s, "read", value)
	}
	return w.Flush()
}

// The document of --format json. Its names are fixed; lists are never null.
type (
	featuresDocument struct {
		Release    string          `json:"release"`
		Kernel     string          `json:"kernel"`
		Filters    bool            `json:"filters"`
		Syscall    bool            `json:"seccomp"`
		NoNewPrivs bool            `json:"noNewPrivs"`
		Filtered   bool            `json:"filtered"`
		Actions    []string        `json:"actions"`
		Flags      []string        `json:"flags"`
		Notify     notifyDocument  `json:"notify"`
		ABIs       []abiDocument   `json:"abis"`
		Bitmap     features.Answer `json:"bitmap"`
		JIT        features.Answer `json:"jit"`
		Sysctls    []sysctlSetting `json:"sysctls"`
	}
	notifyDocument struct {
		Sizes        []uint16        `json:"sizes"` // in bytes, of notification, response and data
		Continue     features.Answer `json:"continue"`
		PidfdGetfd   features.Answer `json:"pidfdGetfd"`
		AddFD        features.Answer `json:"addfd"`
		AddFDSend    features.Answer `json:"addfdSend"`
		WaitKillable features.Answer `json:"waitKillable"`
		SyncWakeUp   features.Answer `json:"syncWakeUp"`
	}
	abiDocument struct {
		Arch     string          `json:"arch"`
		Accepted features.Answer `json:"accepted"`
	}
	sysctlSetting struct {
		Name  string `json:"name"`
		Value string `json:"value,omitempty"`
		Error string `json:"error,omitempty"`
	}
)

// featuresJSON writes the document. A setting that cannot be read has the reason in its
// field error.
func featuresJSON(w io.Writer, f *features.Features) error {
	n := f.Notify
	d := featuresDocument{
		Release: f.Release, Kernel: f.Kernel.String(), Filters: f.Filters, Syscall: f.Syscall, NoNewPrivs: f.NoNewPrivs,
		Filtered: f.Filtered, Actions: actionNames(f), Flags: flagNames(f), Bitmap: f.Bitmap, JIT: f.JIT,
		Notify: notifyDocument{
			Sizes: []uint16{n.Notif, n.Response, n.Data}, Continue: n.Continue, PidfdGetfd: n.PidfdGetfd, AddFD: n.AddFD,
			AddFDSend: n.AddFDSend, WaitKillable: n.WaitKillable, SyncWakeUp: n.SyncWakeUp,
		},
	}
	d.ABIs, d.Sysctls = []abiDocument{}, []sysctlSetting{}
	for _, a := range acceptable(f) {
		d.ABIs = append(d.ABIs, abiDocument{a.String(), f.ABIs[a]})
	}
	for _, s := range sysctls {
		value, err := readSysctl(s)
		setting := sysctlSetting{Name: s, Value: value}
		if err != nil {
			setting.Error = err.Error()
		}
		d.Sysctls = append(d.Sysctls, setting)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(d)
}
