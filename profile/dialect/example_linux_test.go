// SPDX-License-Identifier: Apache-2.0

package dialect_test

import (
	"fmt"
	"os"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/seccomp/features"
	"github.com/gosieve/sieve/seccomp/launch"
)

// A command runs under any file in any dialect. The launcher itself stays free.
func ExampleDocument_Compile() {
	run := func(file, name string, arg ...string) error {
		document, err := dialect.ReadFile(file)
		if err != nil {
			return err
		}
		host, err := profile.Host()
		if err != nil {
			return err
		}
		host.Caps = profile.DockerCaps() // what the command gets, whatever this process has
		filter, err := document.Compile(host)
		if err != nil {
			return err
		}
		cmd := launch.Command(filter, name, arg...)
		cmd.Flags = document.InstallFlags(features.Flags())
		cmd.Stdout = os.Stdout
		return cmd.Run()
	}
	if err := run("../../internal/docker/data/docker-default.json", "sh", "-c", "echo hello from behind a filter"); err != nil {
		fmt.Println(err)
	}
	// Output:
	// hello from behind a filter
}
