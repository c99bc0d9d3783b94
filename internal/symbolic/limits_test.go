// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMeter: a limit of steps is kept to the step, or to the one after it, and the first
// limit that is reached is the one that is named.
func TestMeter(t *testing.T) {
	for _, limit := range []int{1, 10, portion, portion + 1, 3*portion + 7} {
		m := newMeter(Limits{Steps: limit})
		for i := range limit - 1 {
			require.True(t, m.work(1), "step %d of %d", i, limit)
		}
		require.Equal(t, limit-1, m.Steps())
		require.NoError(t, m.Undecided())
		m.work(1)
		require.False(t, m.work(1))
		require.True(t, m.Full())
		m.hold(math.MaxInt)
		require.ErrorIs(t, m.Undecided(), ErrUndecided)
		require.ErrorContains(t, m.Stopped("here"), "undecided: here: more than")
		require.ErrorContains(t, m.Err(), "steps")
	}
	m := newMeter(Limits{Memory: 100})
	m.hold(100)
	m.hold(-50)
	m.hold(50)
	assert.False(t, m.Full())
	m.hold(1)
	assert.ErrorContains(t, m.Err(), "more than 100 bytes")
	assert.Equal(t, 101, m.Held())
}

// TestMeterContext: what the context says is the error, and not that nothing was
// decided.
func TestMeterContext(t *testing.T) {
	why := errors.New("enough")
	c, cancel := context.WithCancelCause(t.Context())
	m := newMeter(Limits{Context: c})
	require.True(t, m.work(1))
	cancel(why)
	assert.False(t, m.work(portion+1))
	err := m.Stopped("here")
	assert.ErrorIs(t, err, context.Canceled)
	assert.ErrorIs(t, err, why)
	assert.NotErrorIs(t, err, ErrUndecided)
	assert.EqualError(t, err, "here: context canceled: enough")

	c, cancel2 := context.WithCancel(t.Context())
	cancel2()
	m = newMeter(Limits{Context: c})
	m.work(1)
	assert.EqualError(t, m.Stopped("here"), "here: context canceled")
}

// TestLimitsNamed: an error names the limit of the whole question, not of a part of the work.
func TestLimitsNamed(t *testing.T) {
	part := newMeter(Limits{Steps: 640, Memory: 80}).limits
	part.Steps, part.Memory = 5, 40
	m := newMeter(part)
	m.work(6)
	assert.EqualError(t, m.Err(), "more than 640 steps")
	m = newMeter(part)
	m.hold(41)
	assert.EqualError(t, m.Err(), "more than 80 bytes")
}

// TestLimits: what is left of limits, and a part of them. There is always a step left.
func TestLimits(t *testing.T) {
	assert.Equal(t, DefaultSteps, newMeter(Limits{}).limits.Steps)
	assert.Equal(t, DefaultMemory, newMeter(Limits{Memory: -1}).limits.Memory)
	assert.Equal(t, 70, Limits{Steps: 100}.Minus(30).Steps)
	assert.Equal(t, 1, Limits{Steps: 100}.Minus(300).Steps)
	assert.Equal(t, DefaultSteps/4, Limits{}.Divide(4).Steps)
	assert.Equal(t, 1, Limits{Steps: 3}.Divide(4).Steps)
	assert.Equal(t, 9, Limits{Memory: 9}.Divide(4).Memory)
}
