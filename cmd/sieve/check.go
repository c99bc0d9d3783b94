// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/marathon"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// marathonCheck says for each container what an agent would do, without an agent: it reads the profile
// as Mesos does, compiles and proves the filter, and asks it about the recorded calls. All containers
// are reported, also after one that would fail.
func marathonCheck(_ context.Context, cmd *cli.Command) error {
	native, err := archOf(cmd)
	if err != nil {
		return err
	}
	// All inputs are read before the first container is judged: trouble with one of them
	// is no answer.
	definitions, err := readDefinitions(cmd)
	if err != nil {
		return err
	}
	caps, err := agentCaps(cmd, allCaps())
	if err != nil {
		return err
	}
	calls, err := recorded(cmd)
	if err != nil {
		return err
	}
	agent, err := startAgent(cmd, native)
	if err != nil {
		return err
	}
	// The agent's kernel is not known here; the newest has all calls that a profile may
	// name.
	t := profile.Target{Arch: native, Kernel: arch.Newest, Caps: caps}
	good := true
	for i := range definitions {
		def := &definitions[i]
		for j := range def.Containers {
			r := marathon.Check(agent, t, def, &def.Containers[j], calls)
			report(cmd, r.Diagnostics)
			good = writeReport(cmd.Root().Writer, r, len(calls)) && good
		}
	}
	if !good {
		return &statusError{statusNo, nil}
	}
	return nil
}

// recorded reads the calls of --record: one a line, as JSON in the form of sieve eval
// --calls. The same call may stand there often, and counts each time.
func recorded(cmd *cli.Command) ([]seccomp.Call, error) {
	name := cmd.String("record")
	if name == "" {
		return nil, nil
	}
	text, err := readFile(cmd, name)
	if err != nil {
		return nil, err
	}
	var calls []seccomp.Call
	// Lines count from 1, empty ones too, so that an error names the line that an editor
	// shows.
	for n, line := range bytes.Split(text, []byte("\n")) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		call, err := parseCall(line)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", shown(name), n+1, err)
		}
		calls = append(calls, *call)
	}
	return calls, nil
}

// writeReport writes what would become of a container, and returns whether it runs with
// all its recorded calls: the exit status goes by that.
func writeReport(w io.Writer, r marathon.Report, calls int) bool {
	name := r.Definition.ID
	if r.Container.Name != "" {
		name += ": " + r.Container.Name
	}
	switch {
	// The agent's isolator is not asked about containers of Docker's, so nothing can fail
	// here.
	case r.Container.Docker:
		fmt.Fprintf(w, "%s: run by Docker, under none of the agent's profiles\n", name)
		return true
	case r.Err != nil:
		fmt.Fprintf(w, "%s: would fail: %v%s\n", name, r.Err, fix(r.Err))
		return false
	// Nobody asked for a container without a filter; it comes from a flag that the agent
	// lacks.
	case r.Launch.Unconfined() && r.Launch.Default:
		fmt.Fprintf(w, "%s: unconfined, as the agent has no default profile\n", name)
		return true
	case r.Launch.Unconfined():
		fmt.Fprintf(w, "%s: unconfined\n", name)
		return true
	}
	fmt.Fprintf(w, "%s: %s from %s: taken, %d instructions, proved\n", name, marathon.Name(r.Launch), r.Launch.Path, r.Instructions)
	denied := 0
	for _, d := range r.Denied {
		denied += d.Count
		fmt.Fprintf(w, "  denied: %s, %d times: %v by %s\n", callName(&d.Call), d.Count, d.Action, d.By)
	}
	if calls > 0 {
		fmt.Fprintf(w, "  %d of %d recorded calls would be denied\n", denied, calls)
	}
	return denied == 0
}

// callName names a call for people: "unshare (x86_64, 272)".
func callName(c *seccomp.Call) string {
	abi, ok := arch.Of(c.Audit, c.Nr)
	if !ok {
		return fmt.Sprintf("number %d of AUDIT_ARCH %#x", c.Nr, c.Audit)
	}
	name, ok := abi.Name(c.Nr)
	if !ok {
		name = "no known call"
	}
	return fmt.Sprintf("%s (%v, %d)", name, abi, c.Nr)
}
