// SPDX-License-Identifier: Apache-2.0

package marathon

import (
	"context"
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/mesos"
)

// fake is a process that ends after a while, or when it is told to.
type fake struct {
	after    time.Duration
	exit     Exit
	stubborn bool // does not end when asked
	stop     chan struct{}
	kill     chan struct{}
}

func newFake(after time.Duration, exit Exit) *fake {
	return &fake{after: after, exit: exit, stop: make(chan struct{}), kill: make(chan struct{})}
}

func (f *fake) Profile() string { return "default.json" }
func (f *fake) PID() int        { return 1 }
func (f *fake) Kill()           { close(f.kill) }

func (f *fake) Stop() {
	if !f.stubborn {
		close(f.stop)
	}
}

func (f *fake) Wait() Exit {
	select {
	case <-time.After(f.after):
		return f.exit
	case <-f.stop:
		return Exit{Status: -1, Signal: "SIGTERM"}
	case <-f.kill:
		return Exit{Status: -1, Signal: "SIGKILL"}
	}
}

func app1(instances int) []mesos.Definition {
	return []mesos.Definition{{ID: "/a", Instances: instances, Backoff: mesos.DefaultBackoff(), KillGrace: 3 * time.Second}}
}

// play runs definitions for a time, in a bubble with a clock of its own.
func play(t *testing.T, defs []mesos.Definition, length time.Duration, start func(Task) (Process, error)) (events []Event) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), length)
		defer cancel()
		r := Runner{Start: start, Emit: func(e Event) { events = append(events, e) }}
		r.Run(ctx, defs)
	})
	return events
}

func kinds(events []Event, kind string) (list []Event) {
	for _, e := range events {
		if e.Kind == kind {
			list = append(list, e)
		}
	}
	return list
}

// TestSixtyFailures: a task that fails at once starts again after 1 s, 1.15 s,
// 1.3225 s, ... and from the 42nd failure on after 300 s.
func TestSixtyFailures(t *testing.T) {
	for name, exit := range map[string]Exit{"failed": {Status: 1, Confined: true}, "finished": {}} {
		t.Run(name, func(t *testing.T) {
			events := play(t, app1(1), 3*time.Hour, func(Task) (Process, error) { return newFake(0, exit), nil })
			starts, ends := kinds(events, "start"), kinds(events, "end")
			require.Greater(t, len(ends), 60)
			for n := 1; n <= 60; n++ {
				want := min(300, math.Pow(1.15, float64(n-1)))
				assert.InDelta(t, want, ends[n-1].Delay, 1e-6)
				assert.InDelta(t, want, starts[n].Time.Sub(ends[n-1].Time).Seconds(), 1e-6, "start after failure %d", n)
				assert.Equal(t, n, ends[n-1].Failures)
				assert.Equal(t, n >= 42, ends[n-1].Delay == 300)
			}
			assert.Empty(t, kinds(events, "reset"))
		})
	}
}

// TestRunReset: a task that runs for longer than the largest delay begins anew.
func TestRunReset(t *testing.T) {
	attempt := 0
	events := play(t, app1(1), time.Hour, func(Task) (Process, error) {
		if attempt++; attempt == 3 {
			return newFake(311*time.Second, Exit{Status: 1}), nil
		}
		return newFake(0, Exit{Status: 1}), nil
	})
	ends := kinds(events, "end")
	require.Greater(t, len(ends), 3)
	assert.Equal(t, []float64{1, 1.15, 1}, []float64{ends[0].Delay, ends[1].Delay, ends[2].Delay})
	require.Len(t, kinds(events, "reset"), 1)
}

// TestShared: the instances of a definition share one delay, those of another not.
func TestShared(t *testing.T) {
	defs := append(app1(2), mesos.Definition{ID: "/b", Instances: 1, Backoff: mesos.DefaultBackoff()})
	events := play(t, defs, 500*time.Millisecond, func(t Task) (Process, error) {
		if t.Definition.ID == "/b" {
			return newFake(time.Hour, Exit{}), nil
		}
		return newFake(0, Exit{Status: 1}), nil
	})
	var delays []float64
	for _, e := range kinds(events, "end") {
		if e.Condition == "Failed" {
			delays = append(delays, e.Delay)
		}
	}
	assert.Equal(t, []float64{1, 1.15}, delays)
	assert.Len(t, kinds(events, "start"), 3)
}

// TestStartFails: what does not even start is a failure with the reason.
func TestStartFails(t *testing.T) {
	events := play(t, app1(1), 5*time.Second/2, func(Task) (Process, error) { return nil, errors.New("no profile") })
	ends := kinds(events, "end")
	require.Len(t, ends, 3)
	assert.Equal(t, "no profile", ends[0].Message)
	assert.Equal(t, "Failed", ends[0].Condition)
	assert.Nil(t, ends[0].Status)
	assert.Equal(t, 1.3225, ends[2].Delay)
	assert.Equal(t, "/a.1 Failed: no profile; next start in 1s (failure 1)", ends[0].String())
}

// TestStop: tasks are asked to end, and killed after their grace period.
func TestStop(t *testing.T) {
	var begun time.Time
	events := play(t, app1(2), 10*time.Second, func(t Task) (Process, error) {
		begun = time.Now()
		f := newFake(time.Hour, Exit{})
		f.stubborn = t.Instance == 2
		return f, nil
	})
	require.Len(t, kinds(events, "stop"), 2)
	ends := kinds(events, "end")
	require.Len(t, ends, 2)
	assert.Equal(t, "SIGTERM", ends[0].Signal)
	assert.Equal(t, 10*time.Second, ends[0].Time.Sub(begun))
	assert.Equal(t, "SIGKILL", ends[1].Signal)
	assert.Equal(t, 13*time.Second, ends[1].Time.Sub(begun))
	for _, e := range ends {
		assert.Equal(t, "Killed", e.Condition)
		assert.Zero(t, e.Failures, "being killed is no failure")
	}
}

func TestShow(t *testing.T) {
	var rows []Row
	shown := 0
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		r := Runner{Start: func(Task) (Process, error) { return newFake(0, Exit{Status: 3, Confined: true}), nil },
			Show: func(list []Row) { rows = list; shown++ }}
		r.Run(ctx, app1(1))
	})
	require.Len(t, rows, 1)
	assert.Greater(t, shown, 10, "at least once a second")
	assert.Equal(t, "Waiting", rows[0].State)
	assert.Equal(t, "exit status 3; whether a denied call made it fail is not known", rows[0].Last)
	assert.Positive(t, rows[0].Failures)
	assert.False(t, rows[0].Next.IsZero())
}

func TestExit(t *testing.T) {
	for want, e := range map[string]Exit{
		"exit status 0": {Confined: true},
		"exit status 7": {Status: 7},
		"killed by SIGSYS, for a call that its profile denies; which one is not known": {Status: -1, Signal: "SIGSYS", Confined: true},
		"killed by SIGKILL; whether a denied call made it fail is not known":           {Status: -1, Signal: "SIGKILL", Confined: true},
		"web: exit status 1; whether a denied call made it fail is not known":          {Container: "web", Status: 1, Confined: true},
		"exit status 1; denied: unshare":                                               {Status: 1, Confined: true, Denied: "unshare"},
	} {
		assert.Equal(t, want, e.String())
	}
	assert.Equal(t, mesos.Finished, Exit{}.Condition())
	assert.Equal(t, mesos.Failed, Exit{Status: -1, Signal: "SIGTERM"}.Condition())
}
