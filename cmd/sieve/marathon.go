// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
)

// marathon has subcommands of its own. check says what an agent would do and runs
// nothing; run does it on this machine. Both take the same flags for the agent. The
// capabilities that count without --cap differ: check takes all, as an agent that runs as
// root has them, and run takes the bounding set of this process, as Mesos' launcher
// would.
//
// The flags are in isolator.go, reading definitions is in definition.go, and what
// Marathon and Mesos do is in packages internal/mesos and internal/marathon.
func marathonCommand() *cli.Command {
	return &cli.Command{
		Name:  "marathon",
		Usage: "check and run Marathon apps and pods under a Mesos agent's profiles",
		Commands: []*cli.Command{
			{
				Name:      "check",
				Usage:     "say what would happen on an agent",
				ArgsUsage: "APP.json...",
				Description: `For each container: the profile, where it is from, whether the agent takes it, and
whether its filter is proved. The exit status is 1 if a launch would fail or
a recorded call would be denied.

Example:
  sieve marathon check --seccomp-config-dir examples/marathon/seccomp \
    --seccomp-profile-name default.json examples/marathon/default.json`,
				Flags: append(agentFlags("those of an agent that runs as root: all"), archFlag(),
					&cli.Flag{Name: "record", Usage: "say which calls in `FILE` would be denied: one a line, as eval --calls reads them"}),
				Action: marathonCheck,
			},
			{
				Name:      "run",
				Usage:     "run the instances here, with Marathon's back-off",
				ArgsUsage: "APP.json...",
				Description: `Each instance is a process on this machine, under the profile that an agent would
give it, with no_new_privs (which an agent does not set). One that ends starts
again after Marathon's delay.

SIGINT, SIGTERM, SIGHUP and SIGPIPE (nobody reads the output any more) stop all: each
task gets SIGTERM, and SIGKILL after its grace period or at a second signal. Tasks
are killed if sieve ends in any other way. Signals ignored at the start stay ignored.

Example:
  sieve marathon run --seccomp-config-dir examples/marathon/seccomp \
    --seccomp-profile-name default.json examples/marathon/default.json`,
				Flags: append(agentFlags("the bounding set of this process, as for Mesos' launcher"),
					&cli.Flag{Name: "events", Usage: "append each event to `FILE` as a line of JSON"}),
				Action: marathonRun,
			},
		},
		Action: func(_ context.Context, cmd *cli.Command) error {
			if cmd.Args().Present() {
				return fmt.Errorf("marathon: %w", unknownWord("command", cmd.Args().First(), "check", "run"))
			}
			return cmd.Help()
		},
	}
}
