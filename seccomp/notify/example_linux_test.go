// SPDX-License-Identifier: Apache-2.0

package notify_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch"
	"github.com/gosieve/sieve/seccomp/proof"
)

// A supervisor answers one call of a child: the shell asks for its parent once, when it
// begins. It needs Linux 5.0, which is why the example is not run: examples/answer is, by
// its test.
func Example() {
	asking := &seccomp.Policy{
		Arches:  []arch.Arch{arch.Native()},
		Rules:   []seccomp.Rule{{Syscalls: []string{"getppid"}, Action: seccomp.Notify}},
		Default: seccomp.Allow,
	}
	answer := func(name string, arg ...string) error {
		filter, err := proof.Compile(asking)
		if err != nil {
			return err
		}
		cmd := launch.Command(filter, name, arg...)
		cmd.Stdout, cmd.Listen = os.Stdout, true
		if err := cmd.Start(); err != nil {
			return err
		}
		call, err := cmd.Listener.Receive(context.Background())
		if err == nil {
			err = call.Return(42)
		}
		return errors.Join(err, cmd.Listener.Close(), cmd.Wait())
	}
	if err := answer("sh", "-c", "echo $PPID"); err != nil {
		fmt.Println(err)
	}
}
