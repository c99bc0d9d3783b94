// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// progress is a line on a terminal that is written over while work goes on, and nothing
// where there is no terminal. It may be used by several goroutines.
type progress struct {
	screen *screen

	mu    sync.Mutex
	next  time.Time
	shown bool
}

// progressEvery is how long a line stands. Writing a line for each call would slow down
// the command that is being recorded.
const progressEvery = 200 * time.Millisecond

// newProgress shows nothing before the first interval is over: what is quick says nothing.
func newProgress(w io.Writer) *progress {
	return &progress{screen: newScreen(w), next: time.Now().Add(progressEvery)}
}

// show writes the line, if it is time. line is a function, so that its text is only made
// then.
func (p *progress) show(line func() string) {
	if !p.screen.terminal {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); now.After(p.next) {
		p.next, p.shown = now.Add(progressEvery), true
		fmt.Fprintf(p.screen.w, clearLine+"%s", line())
	}
}

// clear removes the line.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.remove()
}

// remove clears the line, if there is one. The caller holds mu.
func (p *progress) remove() {
	if p.shown {
		fmt.Fprint(p.screen.w, clearLine)
		p.shown = false
	}
}

// Write writes a message in the line's place; the line comes back below it.
func (p *progress) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.remove()
	return p.screen.w.Write(text)
}
