// SPDX-License-Identifier: Apache-2.0

package main

import "github.com/urfave/cli/v3"

func pidFlags() []cli.Flag {
	return []cli.Flag{&cli.IntFlag{Name: "pid", Usage: "the filters of the running process `PID`; needs CAP_SYS_ADMIN", HideDefault: true}}
}

func pidOf(cmd *cli.Command) (pid int, ok bool) { return cmd.Int("pid"), cmd.IsSet("pid") }
