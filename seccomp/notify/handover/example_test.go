// SPDX-License-Identifier: Apache-2.0

package handover_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"

	"github.com/gosieve/sieve/seccomp/notify/handover"
)

// A supervisor gets the listener of each container that a runtime starts with its
// path as listenerPath, and answers for it. It needs Linux, which is why the example
// is not run.
func ExampleReceive() {
	socket, err := net.ListenUnix("unix", &net.UnixAddr{Name: "/run/supervisor.sock", Net: "unix"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for {
		conn, err := socket.AcceptUnix()
		if err != nil {
			fmt.Println(err)
			return
		}
		listener, state, err := handover.Receive(context.Background(), conn)
		conn.Close()
		if err != nil {
			fmt.Println(err)
			continue
		}
		go func() {
			defer listener.Close()
			for {
				n, err := listener.Receive(context.Background())
				if err != nil {
					if !errors.Is(err, io.EOF) { // the last process has ended
						fmt.Println(state.State.ID, err)
					}
					return
				}
				n.Errno(syscall.EPERM)
			}
		}()
	}
}
