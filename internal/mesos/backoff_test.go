// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var start = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// TestDelay fails 60 times in a row: the delay grows by 1.15 and reaches its largest
// with the 42nd failure.
func TestDelay(t *testing.T) {
	d := Delay{Backoff: DefaultBackoff()}
	now := start
	assert.True(t, d.Until().IsZero())
	for n := 1; n <= 60; n++ {
		d.Observe(Failed, now)
		want := min(300, math.Pow(1.15, float64(n-1)))
		assert.InDelta(t, want, d.Current().Seconds(), 1e-6, "failure %d", n)
		assert.Equal(t, n >= 42, d.Current() == 300*time.Second, "failure %d: %v", n, d.Current())
		assert.Equal(t, n, d.Failures())
		require.Equal(t, now.Add(d.Current()), d.Until())
		now = d.Until()
		require.False(t, d.Sweep(now), "a task that starts when it may is in time")
		d.Observe(Running, now)
	}
}

func TestDelayFirst(t *testing.T) {
	d := Delay{Backoff: DefaultBackoff()}
	for _, want := range []time.Duration{time.Second, 1150 * time.Millisecond, 1322500 * time.Microsecond, 1520875 * time.Microsecond} {
		d.Observe(Finished, start)
		assert.Equal(t, want, d.Current())
	}
}

func TestObserve(t *testing.T) {
	for c, grows := range map[Condition]bool{Finished: true, Failed: true, Errored: true, Dropped: true, Gone: true,
		Killed: false, Running: false, Starting: false, Staging: false, Provisioned: false} {
		t.Run(c.String(), func(t *testing.T) {
			d := Delay{Backoff: DefaultBackoff()}
			d.Observe(c, start)
			assert.Equal(t, grows, d.Failures() == 1)
			d.Reset()
			d.Observe(Failed, start)
			later := start.Add(time.Minute)
			d.Observe(c, later)
			switch {
			case grows:
				assert.Equal(t, later.Add(1150*time.Millisecond), d.Until())
			case c == Killed:
				assert.Equal(t, start.Add(time.Second), d.Until())
			default:
				assert.Equal(t, later.Add(time.Second), d.Until(), "starts anew, as long as it was")
			}
		})
	}
	assert.Equal(t, "Unknown", Condition(0).String())
	assert.Equal(t, "Unknown", Condition(99).String())
}

func TestReset(t *testing.T) {
	d := Delay{Backoff: DefaultBackoff()}
	d.Observe(Failed, start)
	d.Observe(Failed, start)
	assert.False(t, d.Sweep(start.Add(300*time.Second)), "not yet longer than the largest delay")
	assert.True(t, d.Sweep(start.Add(300*time.Second+1)))
	assert.True(t, d.Until().IsZero())
	d.Observe(Failed, start)
	assert.Equal(t, time.Second, d.Current(), "begins again")
	d.Reset() // a new version
	assert.Zero(t, d.Failures())
	assert.Equal(t, DefaultBackoff(), d.Backoff)
	assert.False(t, d.Sweep(start.Add(time.Hour)), "nothing to forget")
}

func TestBackoff(t *testing.T) {
	assert.Equal(t, 5*time.Second, Backoff{Initial: time.Minute, Factor: 2, Max: 5 * time.Second}.Next(0), "the first is cut too")
	assert.Equal(t, time.Duration(0), Backoff{Factor: 2, Max: time.Second}.Next(0))
	assert.Equal(t, time.Duration(3), Backoff{Initial: 1, Factor: 1.9, Max: 9}.Next(2), "fractions are cut off")
	assert.Equal(t, time.Duration(0), Backoff{Initial: 1, Factor: 0, Max: 9}.Next(1), "a pod may have the factor 0")
	assert.Equal(t, time.Second, Backoff{Initial: 1, Factor: 1e300, Max: time.Second}.Next(2))
}
