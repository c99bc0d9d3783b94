// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/handover"
)

// asksSupervisor says whether a policy leaves calls to a supervisor.
func asksSupervisor(p *seccomp.Policy) bool { return uses(p, seccomp.Notify) }

// uses says whether a policy answers with an action of a kind.
func uses(p *seccomp.Policy, kind seccomp.Action) bool {
	is := func(a seccomp.Action) bool { return a.Kind() == kind }
	return is(p.Default) || is(p.BadArch) ||
		slices.ContainsFunc(p.Rules, func(r seccomp.Rule) bool { return is(r.Action) })
}

// supervisorOf is where the profile's supervisor listens.
func supervisorOf(d dialect.Document) (path, metadata string, err error) {
	if p, ok := d.(*profile.Profile); ok && p.ListenerPath != "" {
		return p.ListenerPath, p.ListenerMetadata, nil
	}
	return "", "", errors.New("the profile asks a supervisor (SCMP_ACT_NOTIFY) and has no listenerPath that says where")
}

// handoverTime is how long the supervisor may take to accept the listener.
const handoverTime = 10 * time.Second

// handOver gives the child's listener to the supervisor of the profile, as OCI's
// runtimes do. A child whose supervisor cannot be reached is killed: its calls would
// wait for nobody.
func (c *confined) handOver(ctx context.Context) error {
	if !c.Listen {
		return nil
	}
	defer c.Listener.Close() // the supervisor has its own
	path, metadata, err := supervisorOf(c.profile)
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, handoverTime)
		defer cancel()
		err = handover.Send(ctx, path, c.state(metadata), c.Listener)
	}
	if err != nil {
		c.Process.Kill()
		c.Wait()
		return fmt.Errorf("listenerPath: %w", err)
	}
	return nil
}

// ociVersion is that of the specification which defines the message.
const ociVersion = "1.3.0"

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
