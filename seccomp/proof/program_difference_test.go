// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gosieve/sieve/bpf"
)

// TestDiffProgramsRandom holds the sets to all inputs of a small world: each input is in
// one set if the programs differ there, and else in none.
func TestDiffProgramsRandom(t *testing.T) {
	inputs := world()
	r := rand.New(rand.NewPCG(9, 10))
	sets := 0
	for range 3000 {
		p := smallProgram(r)
		q := mutant(p, r)
		var list []ProgramDifference
		undecided := false
		for d, err := range DiffPrograms(p, q) {
			if undecided = errors.Is(err, ErrUndecided); undecided {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if list = append(list, d); len(list) == 500 {
				break
			}
		}
		if undecided {
			continue
		}
		sets += len(list)
		if _, same, err := EqualPrograms(p, q); err == nil && same != (len(list) == 0) {
			t.Fatalf("equal: %v, sets: %v\n%v\n%v", same, list, p, q)
		}
		for _, d := range list {
			if got, want := [2]uint32{d.P, d.Q}, [2]uint32{p.Run(&d.Witness), q.Run(&d.Witness)}; got != want || got[0] == got[1] || !d.Contains(&d.Witness) {
				t.Fatalf("%v: witness %x: %x\n%v\n%v", d, d.Witness, want, p, q)
			}
		}
		for i := range inputs {
			in := 0
			for _, d := range list {
				if d.Contains(&inputs[i]) {
					in++
				}
			}
			differ := p.Run(&inputs[i]) != q.Run(&inputs[i])
			if in > 1 || in == 1 && !differ || differ && in == 0 && len(list) < 500 {
				t.Fatalf("%x: in %d sets of %v, differ: %v\n%v\n%v", inputs[i], in, list, differ, p, q)
			}
		}
	}
	if sets < 300 {
		t.Errorf("only %d sets", sets)
	}
}

func TestDiffPrograms(t *testing.T) {
	ret := func(k uint32) bpf.Program { return bpf.Program{{Op: bpf.OpRetK, K: k}} }
	test := func(op uint16, offset, k uint32) bpf.Program {
		return bpf.Program{{Op: bpf.OpLdAbs, K: offset}, {Op: op, Jf: 1, K: k}, {Op: bpf.OpRetK, K: 1}, {Op: bpf.OpRetK, K: 2}}
	}
	tests := map[string]struct {
		p, q bpf.Program
		want []string
	}{
		"equal":                           {ret(1), ret(1), nil},
		"everywhere":                      {ret(1), ret(2), []string{"everywhere: 0x1, 0x2"}},
		"one value":                       {test(bpf.OpJeqK, 0, 41), ret(2), []string{"[0] = 0x29: 0x1, 0x2"}},
		"between two bounds":              {test(bpf.OpJgeK, 4, 5), test(bpf.OpJgtK, 4, 9), []string{"[4] = 0x5..0x9: 0x1, 0x2"}},
		"two values":                      {test(bpf.OpJeqK, 0, 3), test(bpf.OpJeqK, 0, 9), []string{"[0] = 0x3: 0x1, 0x2", "[0] = 0x9: 0x2, 0x1"}},
		"a bit":                           {test(bpf.OpJsetK, 16, 0x80), ret(2), []string{"[16] & 0x80 = 0x80: 0x1, 0x2"}},
		"the lowest of many bits that is": {test(bpf.OpJsetK, 16, 0x81), test(bpf.OpJsetK, 16, 1), []string{"[16] & 0x81 = 0x80: 0x1, 0x2"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for d, err := range DiffPrograms(tt.p, tt.q) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, d.String())
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
