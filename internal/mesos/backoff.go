// SPDX-License-Identifier: Apache-2.0

package mesos

import "time"

// Backoff is how Marathon holds back tasks that fail.
type Backoff struct {
	Initial time.Duration // after the first failure (backoffSeconds)
	Factor  float64       // by which it grows (backoffFactor)
	Max     time.Duration // which it never exceeds (maxLaunchDelaySeconds)
}

// DefaultBackoff is Marathon's: 1 s, times 1.15, up to 300 s, which the 42nd failure
// in a row reaches.
func DefaultBackoff() Backoff {
	return Backoff{Initial: time.Second, Factor: 1.15, Max: 300 * time.Second}
}

// Next is the delay that follows another, which is 0 before the first failure.
// Fractions of a nanosecond are cut off.
func (b Backoff) Next(delay time.Duration) time.Duration {
	if delay <= 0 {
		return min(b.Initial, b.Max)
	}
	if next := float64(delay) * b.Factor; next < float64(b.Max) {
		return time.Duration(next)
	}
	return b.Max
}

// Condition is what Marathon knows of a task's state. Only the distinction between states
// that start a delay anew, states that make it grow and Killed matters to back-off.
type Condition uint8

// The conditions that back-off asks for.
const (
	Provisioned Condition = iota + 1
	Staging
	Starting
	Running
	Finished // exit status 0: for Marathon a failure, as its tasks are to run on
	Failed
	Errored // the launch itself was refused ("Error")
	Dropped
	Gone
	Killed // by Marathon
)

var conditionNames = [...]string{Provisioned: "Provisioned", Staging: "Staging", Starting: "Starting", Running: "Running",
	Finished: "Finished", Failed: "Failed", Errored: "Error", Dropped: "Dropped", Gone: "Gone", Killed: "Killed"}

// String is Marathon's word: "Failed".
func (c Condition) String() string {
	if int(c) >= len(conditionNames) || c == 0 {
		return "Unknown"
	}
	return conditionNames[c]
}

// Delay is the delay of all tasks of an app or pod: Marathon keeps one for each
// definition and version. The zero Delay, with a Backoff, holds nothing back.
type Delay struct {
	Backoff
	current   time.Duration
	reference time.Time
	failures  int
}

// Observe takes in what became of a task, at a time. A task that ends makes the delay grow,
// with exit status 0 too; one that Marathon killed does not. A task on its way to running
// moves the time from which the delay counts, and leaves its length.
func (d *Delay) Observe(c Condition, now time.Time) {
	if d == nil {
		return
	}
	switch c {
	case Finished, Failed, Errored, Dropped, Gone:
		d.current = d.Next(d.current)
		d.reference = now
		d.failures++
	case Provisioned, Staging, Starting, Running:
		if d.failures > 0 {
			d.reference = now
		}
	}
}

// Reset forgets all failures, as a new version of the definition, a deployment,
// DELETE /v2/queue/ID/delay and the draining of an agent do.
func (d *Delay) Reset() {
	if d == nil {
		return
	}
	*d = Delay{Backoff: d.Backoff}
}

// SweepEvery is how often Marathon looks for delays to forget.
const SweepEvery = 10 * time.Second

// Sweep forgets all failures if nothing has happened for longer than the largest delay, and
// says whether it did. So a task that runs for Max without failing begins anew. (Marathon's
// documentation says the current delay and Max together; its code takes Max.)
func (d *Delay) Sweep(now time.Time) bool {
	if d == nil {
		return false
	}
	if d.failures == 0 || !now.After(d.reference.Add(d.Max)) {
		return false
	}
	d.Reset()
	return true
}

// Until is when the next task may start. It is the zero time if none failed.
func (d *Delay) Until() time.Time {
	if d == nil {
		return time.Time{}
	}
	if d.failures == 0 {
		return time.Time{}
	}
	return d.reference.Add(d.current)
}

// Current is the delay as it is now, whether or not it has passed; see Until.
func (d *Delay) Current() time.Duration {
	if d == nil {
		return 0
	}
	return d.current
}

// Failures is how many tasks failed since the last reset.
func (d *Delay) Failures() int {
	if d == nil {
		return 0
	}
	return d.failures
}
