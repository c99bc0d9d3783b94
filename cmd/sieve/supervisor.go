// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"time"

	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/notify"
	"github.com/gosieve/sieve/seccomp/notify/handover"
)

// asksSupervisor says whether a policy leaves calls to a supervisor.
func asksSupervisor(p *seccomp.Policy) bool { return uses(p, seccomp.Notify) }

// uses says whether a policy may answer with an action of a kind, whatever its data.
func uses(p *seccomp.Policy, kind seccomp.Action) bool {
	is := func(a seccomp.Action) bool { return a.Kind() == kind }
	return is(p.Default) || is(p.BadArch) ||
		slices.ContainsFunc(p.Rules, func(r seccomp.Rule) bool { return is(r.Action) })
}

// supervisorOf is the socket on which the profile's supervisor listens (listenerPath), and
// the metadata that the profile has for it (listenerMetadata). A profile without the socket
// is an error: calls that ask the supervisor would wait without end.
func supervisorOf(d *dialect.Document) (path, metadata string, err error) {
	if p := d.Profile(); p != nil && p.ListenerPath != "" {
		return p.ListenerPath, p.ListenerMetadata, nil
	}
	return "", "", errors.New("the profile asks a supervisor (SCMP_ACT_NOTIFY) and has no listenerPath that says where")
}

// handoverTime is how long the supervisor may take to accept the connection, and then the
// listener. A supervisor that hangs must not leave the command waiting for good.
const handoverTime = 10 * time.Second

// supervise has the child's listener sent to the profile's supervisor, as OCI's runtimes
// do, before anything of the command runs. It connects now, so that the error comes
// before there is a child if there is no supervisor; the listener is sent when Start has
// made it (HandOver).
func (c *confined) supervise() error {
	path, metadata, err := supervisorOf(c.profile)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), handoverTime)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err != nil {
		return fmt.Errorf("listenerPath: %w", err)
	}
	c.Listen, c.HandOver = true, func(l *notify.Listener) error {
		ctx, cancel := context.WithTimeout(context.Background(), handoverTime)
		defer cancel()
		defer conn.Close()
		if err := handover.Send(ctx, conn.(*net.UnixConn), c.state(metadata), l); err != nil {
			return fmt.Errorf("listenerPath: %w", err)
		}
		return nil
	}
	return nil
}

// handedOver closes sieve's own descriptor of the listener. The kernel tells the callers
// that nobody will answer (ENOSYS) only when the last descriptor is closed, so sieve's
// must not outlive the supervisor's.
func (c *confined) handedOver(context.Context) error {
	if c.Listen {
		c.Listener.Close()
	}
	return nil
}

// ociVersion is that of the specification which defines the message.
const ociVersion = "1.3.0"

// state is the message that comes with the listener, in the form of the OCI runtime specification
// (ContainerProcessState). There is no container: its id is sieve's word for the process.
func (c *confined) state(metadata string) *handover.ContainerProcessState {
	dir, err := os.Getwd()
	if err != nil {
		dir = "/"
	}
	return &handover.ContainerProcessState{
		OCIVersion: ociVersion, PID: c.Process.Pid, Metadata: metadata,
		State: handover.State{OCIVersion: ociVersion, ID: fmt.Sprintf("sieve-%d", c.Process.Pid), Status: "running", PID: c.Process.Pid, Bundle: dir},
	}
}
