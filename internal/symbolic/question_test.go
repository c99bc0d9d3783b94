// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// between asks whether two programs are equal.
func between(p, q []Instruction) *Question {
	return &Question{
		Orders:   []func() Order{LittleEndian, BigEndian},
		Meetings: append(Meetings(p), Meetings(q)...),
		Hard:     Hard(p) || Hard(q),
		Cost:     len(p) + len(q),
		Differs:  func(d *Data) bool { return run(p, d) != run(q, d) },
		Ask: func(g *Graph) ([]Difference, error) {
			x, err := g.Explore(p)
			if err != nil {
				return nil, err
			}
			y, err := g.Explore(q)
			if err != nil {
				return nil, err
			}
			return g.Differ(x, y), nil
		},
	}
}

// TestDecide holds the answer to all inputs of the world. Half of the pairs are one
// program with one constant changed.
func TestDecide(t *testing.T) {
	r := rand.New(rand.NewPCG(25, 26))
	inputs := world()
	equal, different := 0, 0
	for range 1200 {
		p := decidable(r)
		q := append([]Instruction{}, p...)
		if i := &q[r.IntN(len(q))]; i.branch() || i.returns() || i.Op == 0x54 {
			i.K ^= 1 << r.IntN(3)
		}
		w, err := between(p, q).Decide()
		if err != nil {
			require.ErrorIs(t, err, ErrUndecided)
			continue
		}
		if w != nil {
			different++
			require.NotEqual(t, run(p, w), run(q, w), "%x\n%v\n%v", *w, p, q)
			continue
		}
		equal++
		for i := range inputs {
			require.Equal(t, run(p, &inputs[i]), run(q, &inputs[i]), "%x\n%v\n%v", inputs[i], p, q)
		}
	}
	assert.Greater(t, min(equal, different), 50)
}

// TestDecideSame: one program is equal to itself, whatever the limits and whatever it
// computes.
func TestDecideSame(t *testing.T) {
	q := Question{Same: true, Orders: []func() Order{LittleEndian}}
	w, err := q.Decide()
	assert.NoError(t, err)
	assert.Nil(t, w)
	_, list, err := q.Exact()
	assert.NoError(t, err)
	assert.Empty(t, list)
}

// TestDecideArches: a witness has an architecture that the question speaks of, if one
// has.
func TestDecideArches(t *testing.T) {
	p := []Instruction{{Op: 0x20}, {Op: 0x15, Jf: 1, K: 5}, {Op: 0x06, K: 1}, {Op: 0x06, K: 2}}
	for want, arches := range map[uint32][]uint32{0: nil, 77: {77, 88}} {
		q := between(p, []Instruction{{Op: 0x06, K: 2}})
		q.Arches = arches
		w, err := q.Decide()
		require.NoError(t, err)
		assert.Equal(t, Data{0: 5, 1: want}, *w)
	}
}

// TestDecideOpen: programs that differ only where the kernel leaves a shift open are
// neither equal nor different.
func TestDecideOpen(t *testing.T) {
	shift := []Instruction{{Op: 0x20, K: 4}, {Op: 0x07}, {Op: 0x20, K: 16}, {Op: 0x6c}, {Op: 0x16}}
	masked := append([]Instruction{{Op: 0x20, K: 4}, {Op: 0x54, K: 31}}, shift[1:]...)
	_, err := between(shift, masked).Decide()
	assert.ErrorIs(t, err, ErrOpen)
}
