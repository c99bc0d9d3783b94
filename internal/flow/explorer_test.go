// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/rig"
)

// TestExplorer follows random calls through the vertices of random programs and compares the
// way with the program's own.
func TestExplorer(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	tests := 0
	for n := range 2000 {
		p := rig.RandomProgram(r, 4+r.IntN(60), n%3 == 0)
		require.NoError(t, p.Check(), "%v", p)
		e, ok := explore(p)
		require.True(t, ok)
		for range 40 {
			d := rig.RandomData(r)
			tests += follow(t, e, &d)
			if t.Failed() {
				t.Fatalf("%v\nof %#x", p, d)
			}
		}
	}
	require.Greater(t, tests, 20000, "the programs hardly ask anything")
}

// follow goes from vertex to vertex as the call would, and returns how many tests it met.
func follow(t *testing.T, e *explorer, d *bpf.Data) (tests int) {
	var way []int
	want := e.program.Trace(d, func(pc int) { way = append(way, pc) })
	for _, pc := range way {
		checkFact(t, e, d, pc)
	}
	for v := e.at[0][0]; ; {
		assert.Contains(t, way, v.pc)
		switch v.kind {
		case Answer:
			assert.Equal(t, want, v.value)
			assert.Contains(t, v.pcs, way[len(way)-1])
			return tests
		case Code:
			if len(v.exits) == 0 {
				assert.Equal(t, way[len(way)-1], v.last)
				return tests
			}
			next := way[slices.Index(way, v.last)+1]
			k := slices.IndexFunc(v.exits, func(x exit) bool { return x.to.pc == next })
			require.GreaterOrEqual(t, k, 0)
			v = e.vertices[v.exits[k].to]
		case Test:
			tests++
			var taken []exit
			for _, x := range v.exits {
				if contains(v, x, d) {
					taken = append(taken, x)
				}
			}
			require.Len(t, taken, 1, "exits of %+v", v)
			v = e.vertices[taken[0].to]
			require.True(t, holds(v.numbers, d[0]), "number %d of %v", d[0], v.numbers)
		}
	}
}

// contains says whether a call takes an exit of a test.
func contains(v *vertex, x exit, d *bpf.Data) bool {
	low, high := d[v.field], uint32(0)
	if v.field >= fieldIP && v.abi.Valid() {
		low, high = d[v.field], d[v.field+1]
		if v.abi.BigEndian() {
			low, high = high, low
		}
	}
	if abi, _ := arch.Of(d[1], d[0]); x.to.abi != v.abi && x.to.abi != abi {
		return false
	}
	for _, row := range x.region {
		if h := high & v.masks[1]; row.High.From <= h && h <= row.High.To && holds(row.Low, low&v.masks[0]) {
			return true
		}
	}
	return false
}

func holds(s Set, v uint32) bool { return len(s.intersect(only(v))) > 0 }

// checkFact compares what is known at an instruction with a call that is there. The
// accumulator is seen by a program that returns it in the instruction's place.
func checkFact(t *testing.T, e *explorer, d *bpf.Data, pc int) {
	f := e.facts[pc]
	require.True(t, f.reached, "instruction %d", pc)
	if f.acc.word >= 0 {
		q := slices.Clone(e.program)
		q[pc].Op = bpf.OpRetA
		assert.Equal(t, q.Run(d), d[f.acc.word]&f.acc.mask, "instruction %d: %+v", pc, f.acc)
	}
	abi, _ := arch.Of(d[1], d[0])
	assert.True(t, holds(f.numbers[abi], d[0]) || holds(f.numbers[0], d[0]), "instruction %d: %v", pc, f.numbers)
}

// TestHostile bounds the work on programs that are made to have many paths, many ABIs or
// many ranges, and the size of their graphs.
func TestHostile(t *testing.T) {
	for name, p := range hostile() {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, p.Check())
			g := Of(p)
			lines := 0
			for id, n := range g.Nodes {
				lines += len(n.Lines) + len(n.Edges)
				for _, e := range n.Edges {
					require.Greater(t, e.To, id)
				}
			}
			assert.LessOrEqual(t, lines, 40*len(p), "%d nodes", len(g.Nodes))
			assert.NotEmpty(t, g.Nodes)
		})
	}
}

// hostile are programs of the greatest length.
func hostile() map[string]bpf.Program {
	const n = bpf.MaxInstructions
	fill := func(f func(pc int) bpf.Program) bpf.Program {
		var p bpf.Program
		for len(p) < n-300 {
			p = append(p, f(len(p))...)
		}
		for len(p) < n {
			p = append(p, bpf.Program{{Op: bpf.OpRetK, K: uint32(len(p))}}...)
		}
		return p
	}
	r := rand.New(rand.NewPCG(3, 4))
	list := map[string]bpf.Program{
		"two ways at every word": fill(func(pc int) bpf.Program {
			return bpf.Program{{Op: bpf.OpLdAbs, K: uint32(pc % 16 * 4)}, {Op: bpf.OpJsetK, Jt: 1, K: 1 << (pc % 31)}, {Op: bpf.OpJa, K: 1}, {Op: bpf.OpJeqK, Jt: 200, K: uint32(pc)}}
		}),
		"a token at every step": fill(func(pc int) bpf.Program {
			all := arch.All()
			return bpf.Program{{Op: bpf.OpLdAbs, K: 4}, {Op: bpf.OpJeqK, Jt: 20, K: all[pc%len(all)].Audit()}, {Op: bpf.OpLdAbs, K: 0}, {Op: bpf.OpJeqK, Jt: 255, K: uint32(pc)}}
		}),
		"ranges of one word": fill(func(pc int) bpf.Program {
			return bpf.Program{{Op: bpf.OpJgeK, Jt: uint8(1 + r.IntN(250)), Jf: uint8(r.IntN(250)), K: r.Uint32()}}
		}),
		"ranges of both halves": fill(func(pc int) bpf.Program {
			return bpf.Program{{Op: bpf.OpLdAbs, K: uint32(16 + pc%4/2*4)}, {Op: bpf.OpJgeK, Jt: uint8(r.IntN(99)), Jf: uint8(r.IntN(99)), K: r.Uint32()}}
		}),
		"masks": fill(func(pc int) bpf.Program {
			return bpf.Program{{Op: bpf.OpAndK, K: r.Uint32()}, {Op: bpf.OpJeqK, Jt: uint8(r.IntN(250)), Jf: uint8(r.IntN(250)), K: r.Uint32()}}
		}),
		"nothing but arithmetic": fill(func(pc int) bpf.Program {
			return bpf.Program{{Op: bpf.OpAddX}, {Op: bpf.OpJeqX, Jt: uint8(r.IntN(250)), Jf: uint8(r.IntN(250))}}
		}),
	}
	for n, odd := range []bool{true, false} {
		list[fmt.Sprint("random ", n)] = rig.RandomProgram(r, 4000, odd)
	}
	return list
}
