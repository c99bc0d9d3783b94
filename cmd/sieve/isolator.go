// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/mesos"
	"github.com/gosieve/sieve/profile"
)

// agentFlags say how the agent is set up; most have the names of the agent's own flags.
// caps is the help text for the capabilities that count without --cap.
func agentFlags(caps string) []*cli.Flag {
	return []*cli.Flag{
		{Name: "seccomp-config-dir", Usage: "the agent's `DIR` of profiles", Required: true},
		{Name: "seccomp-profile-name", Usage: "the agent's default profile `NAME`", DefaultText: "none: no filter"},
		{Name: "dialect", Value: "mesos", Usage: "read profiles as `DIALECT`: mesos, or docker, which no agent does"},
		{Name: "cap", Kind: cli.List, Usage: "resolve for these effective `CAPABILITIES`, and change none", DefaultText: caps},
		{Name: "bounding-cap", Kind: cli.List, Usage: "resolve for this bounding set of `CAPABILITIES`", DefaultText: "that of --cap"},
		{Name: "follow-out", Kind: cli.Bool, Usage: "follow names and links out of the folder, as Mesos does"},
	}
}

// agentWords are the values of --dialect.
func agentWords() []string { return []string{string(profile.Mesos), string(profile.Docker)} }

// startAgent reads the agent's default profile, as an agent does when it starts. An agent
// that would not start is an answer (status 1), not trouble.
func startAgent(cmd *cli.Command, native arch.Arch) (*mesos.Isolator, error) {
	a := mesos.Agent{ConfigDir: cmd.String("seccomp-config-dir"), DefaultProfile: cmd.String("seccomp-profile-name"),
		Native: native, FollowOut: cmd.Bool("follow-out")}
	switch d := cmd.String("dialect"); d {
	case string(profile.Mesos):
	case string(profile.Docker):
		a.Docker = true
	default:
		return nil, fmt.Errorf("--dialect: %w", unknownWord("dialect", d, agentWords()...))
	}
	i, err := a.Start()
	if err != nil {
		// An answer to "would the agent start", which a script asks with check.
		return nil, &statusError{statusNo, fmt.Errorf("the agent would not start: %w%s", err, fix(err))}
	}
	return i, nil
}

// fix is what would mend an error, on a line of its own; empty if nothing is known.
func fix(err error) string {
	var e *document.Refusal
	if errors.As(err, &e) && e.Fix != "" {
		return "\n  " + e.Fix
	}
	return ""
}

// agentCaps is the bounding set that includes and excludes ask. process is the launcher's
// own; --cap stands for a container's effective capabilities, and --bounding-cap for its
// bounding ones.
func agentCaps(cmd *cli.Command, process []string) ([]string, error) {
	c := mesos.Capabilities{Process: process}
	var err error
	if cmd.IsSet("cap") {
		if c.Effective, err = capsOf(cmd, "cap"); err != nil {
			return nil, err
		}
	}
	if cmd.IsSet("bounding-cap") {
		if c.Bounding, err = capsOf(cmd, "bounding-cap"); err != nil {
			return nil, err
		}
	}
	return c.Set(), nil
}
