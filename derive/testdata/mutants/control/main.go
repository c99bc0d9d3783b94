// SPDX-License-Identifier: Apache-2.0

// Control makes the call in the Control of a net.ListenConfig.
package main

import (
	"context"
	"net"
	"syscall"

	"example.com/mutants/rare"
)

func main() {
	config := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(uintptr) { rare.Call() })
	}}
	if l, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0"); err == nil {
		_ = l.Close()
	}
}
