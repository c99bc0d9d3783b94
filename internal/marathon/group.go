// SPDX-License-Identifier: Apache-2.0

package marathon

import (
	"slices"
	"strings"
)

// group is the containers of one task: one for an app, several for a pod. They end
// together: when the first has ended, the others are killed. A group has at least one
// process.
type group []*process

// PID is the first container's process: an Event has room for one.
func (g group) PID() int { return g[0].pid }

// Profile names what the containers run under, each name once.
func (g group) Profile() string {
	var names []string
	for _, p := range g {
		if !slices.Contains(names, p.profile) {
			names = append(names, p.profile)
		}
	}
	return strings.Join(names, ", ")
}

// Wait returns how the first container to end has ended, once all of them have. The
// channel has room for every exit, so that no goroutine is left waiting to send. A task
// of one container needs no Kill here: process.Wait kills what is left of its process
// group.
func (g group) Wait() Exit {
	exits := make(chan Exit, len(g))
	for _, p := range g {
		go func() { exits <- p.Wait() }()
	}
	first := <-exits
	if len(g) > 1 {
		g.Kill()
	}
	for range g[1:] {
		<-exits
	}
	return first
}

// reap waits for containers of a task that could not be started whole. Without it they
// would stay as zombies, and their numbers in the watcher's list.
func (g group) reap() {
	for _, p := range g {
		p.Wait()
	}
}

func (g group) Stop() {
	for _, p := range g {
		p.Stop()
	}
}

func (g group) Kill() {
	for _, p := range g {
		p.Kill()
	}
}
