// SPDX-License-Identifier: Apache-2.0

package marathon

import (
	"slices"
	"strings"
)

// group is the containers of a task, which end together: when the first has ended,
// the others are killed.
type group []*process

func (g group) PID() int { return g[0].pid }

// Profile is what the containers run under.
func (g group) Profile() string {
	var names []string
	for _, p := range g {
		if !slices.Contains(names, p.profile) {
			names = append(names, p.profile)
		}
	}
	return strings.Join(names, ", ")
}

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
