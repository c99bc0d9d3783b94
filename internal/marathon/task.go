// SPDX-License-Identifier: Apache-2.0

package marathon

import (
	"fmt"
	"time"

	"github.com/gosieve/sieve/internal/mesos"
)

// Task is one attempt at running an instance of a definition.
type Task struct {
	Definition *mesos.Definition
	Instance   int // from 1
	Attempt    int // from 1
}

// ID names the instance: "/group/app.1".
func (t Task) ID() string { return fmt.Sprintf("%s.%d", t.Definition.ID, t.Instance) }

// Process is a task that has been started. Stop and Kill may be called at any time and
// from any goroutine, also after the task has ended; Wait is called once.
type Process interface {
	// Profile is what it runs under: a profile's name, or "unconfined".
	Profile() string
	// PID is its process; of a pod that of its first container.
	PID() int
	// Wait waits until nothing is left of it.
	Wait() Exit
	// Stop asks it to end, and Kill ends it.
	Stop()
	Kill()
}

// Exit says how a task ended. The zero Exit is a command that succeeded without a filter.
type Exit struct {
	Container string // of a pod: the one that ended first
	Status    int    // exit status; -1 after a signal
	Signal    string // what killed it, "SIGSYS"; empty for none
	// Denied is the calls that its filter denied, with what decided; empty if there
	// was none or, unless Explained, if that is not known.
	Denied    string
	Explained bool
	// Confined says that there was a filter.
	Confined bool
}

// Condition is what Marathon makes of the end: exit status 0 is Finished, all else
// Failed. Back-off treats both alike, as its tasks are to run on.
func (e Exit) Condition() mesos.Condition {
	if e.Status == 0 && e.Signal == "" {
		return mesos.Finished
	}
	return mesos.Failed
}

// String says how the task ended and, of a task that failed under a filter, what is known
// of denied calls:
//
//	exit status 1; denied: mount(NULL, "/", ...) by default
//	killed by SIGSYS, for a call that its profile denies; which one is not known
func (e Exit) String() string {
	s := fmt.Sprintf("exit status %d", e.Status)
	if e.Signal != "" {
		s = "killed by " + e.Signal
	}
	if e.Container != "" {
		s = e.Container + ": " + s
	}
	switch {
	case !e.Confined || e.Condition() == mesos.Finished:
	case e.Denied != "":
		s += "; denied: " + e.Denied
	case e.Signal == "SIGSYS":
		s += ", for a call that its profile denies; which one is not known"
	case e.Explained:
		s += "; no call was denied"
	default:
		s += "; whether a denied call made it fail is not known"
	}
	return s
}

// Event is something that happened to a task, for people (String) and as a line of JSON.
// The names of the fields are an interface: scripts read them from `sieve marathon run
// --events`.
type Event struct {
	Time      time.Time `json:"time"`
	Kind      string    `json:"event"` // start, end, reset, stop
	Task      string    `json:"task"`  // a reset: the definition's id
	Attempt   int       `json:"attempt,omitempty"`
	Profile   string    `json:"profile,omitempty"`
	PID       int       `json:"pid,omitempty"`
	Condition string    `json:"condition,omitempty"`
	Status    *int      `json:"status,omitempty"`
	Signal    string    `json:"signal,omitempty"`
	Denied    string    `json:"denied,omitempty"` // absent if not known
	Message   string    `json:"message,omitempty"`
	Failures  int       `json:"failures,omitempty"`
	Delay     float64   `json:"delay,omitempty"` // in seconds
	Next      time.Time `json:"next,omitzero"`
}

// String is the event as a line of text.
func (e Event) String() string {
	switch e.Kind {
	case "start":
		return fmt.Sprintf("%s started (%s)", e.Task, e.Profile)
	case "end":
		s := fmt.Sprintf("%s %s: %s", e.Task, e.Condition, e.Message)
		if !e.Next.IsZero() {
			s += fmt.Sprintf("; next start in %vs (failure %d)", e.Delay, e.Failures)
		}
		return s
	case "reset":
		return e.Task + ": delay forgotten"
	}
	return e.Task + ": " + e.Kind
}

// Row is the state of an instance.
type Row struct {
	Task     string
	Profile  string
	State    string // Waiting, Running, Stopping
	Failures int    // of the definition
	Next     time.Time
	Last     string // how the last attempt ended
}
