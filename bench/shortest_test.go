// SPDX-License-Identifier: Apache-2.0

package main

import (
	"math"
	"slices"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// TestShortestSearch searches all trees of thresholds and equalities that decide W2
// on x86_64, for the figures that RATIONALE.md gives: how few instructions a call
// of a number from 0 to 470 can execute in the mean, by the number of tests.
func TestShortestSearch(t *testing.T) {
	list, err := workloads([]string{"W2"})
	if err != nil {
		t.Fatal(err)
	}
	s := shortest{spans: spansOf(list[0].policy), known: map[area][]float64{}}
	all := s.best(area{0, len(s.spans), 0})
	mean := func(tests int) float64 { // and the loads of arch and nr, the test of arch, the return
		return math.Round((4+all[tests]/471)*100) / 100
	}
	fewest := slices.IndexFunc(all, func(path float64) bool { return !math.IsInf(path, 1) })
	for tests := fewest; tests < len(all); tests++ {
		t.Logf("%d tests, %d instructions: %.2f executed in the mean", tests, tests+6, mean(tests))
	}
	if fewest != 16 {
		t.Errorf("the fewest tests are %d, want 16", fewest)
	}
	for tests, want := range map[int]float64{16: 7.96, 17: 7.35, mostTests - 1: 7.19, mostTests: 7.19} {
		if got := mean(tests); got != want {
			t.Errorf("%d tests: %.2f instructions in the mean, want %.2f", tests, got, want)
		}
	}
}

// span is numbers with one decision.
type span struct {
	action seccomp.Action
	weight float64 // how many of the numbers 0 to 470 it has
	single bool
}

// spansOf are all numbers of x86_64's AUDIT_ARCH.
func spansOf(p *seccomp.Policy) []span {
	starts := []uint32{0, arch.X32.Base(), math.MaxUint32}
	for nr := range arch.X86_64.Calls() {
		starts = append(starts, nr, nr+1)
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	var spans []span
	for i, first := range starts {
		end := uint64(1 << 32)
		if i+1 < len(starts) {
			end = uint64(starts[i+1])
		}
		call := seccomp.Call{Audit: arch.X86_64.Audit(), Nr: first}
		one := span{p.Evaluate(&call), max(0, float64(min(end, 471))-float64(first)), end-uint64(first) == 1}
		if n := len(spans); n > 0 && spans[n-1].action == one.action {
			spans[n-1].weight += one.weight
			spans[n-1].single = false
		} else {
			spans = append(spans, one)
		}
	}
	return spans
}

// area is the spans from first to end, excluded, but for those in gone.
type area struct {
	first, end int
	gone       uint64
}

// shortest finds the least weighted path of trees for areas.
type shortest struct {
	spans []span
	known map[area][]float64
}

// mostTests is more than any tree of these spans needs.
const mostTests = 24

// best is, by the number of tests, the least sum of the tests that numbers execute.
func (s *shortest) best(a area) []float64 {
	if best, ok := s.known[a]; ok {
		return best
	}
	best := make([]float64, mostTests+1)
	weight, decided, last := 0.0, true, -1
	for i := a.first; i < a.end; i++ {
		if a.gone>>i&1 == 1 {
			continue
		}
		weight += s.spans[i].weight
		decided = decided && (last < 0 || s.spans[i].action == s.spans[last].action)
		last = i
	}
	if !decided {
		for i := range best {
			best[i] = math.Inf(1)
		}
		s.thresholds(a, weight, best)
		s.equalities(a, weight, best)
		for i := 1; i < len(best); i++ {
			best[i] = min(best[i], best[i-1])
		}
	}
	s.known[a] = best
	return best
}

// thresholds tries a test before each span.
func (s *shortest) thresholds(a area, weight float64, best []float64) {
	for k := a.first + 1; k < a.end; k++ {
		if a.gone>>(k-1)&1 == 1 || a.gone>>k&1 == 1 && k+1 == a.end {
			continue // another threshold does the same
		}
		below, above := uint64(1)<<k-1, ^(uint64(1)<<k - 1)
		low, high := s.best(area{a.first, k, a.gone & below}), s.best(area{k, a.end, a.gone & above})
		for i := range low {
			for j := 0; i+j+1 < len(best); j++ {
				best[i+j+1] = min(best[i+j+1], weight+low[i]+high[j])
			}
		}
	}
}

// equalities tries to take each single number out.
func (s *shortest) equalities(a area, weight float64, best []float64) {
	for i := a.first; i < a.end; i++ {
		if !s.spans[i].single || a.gone>>i&1 == 1 {
			continue
		}
		rest := s.best(area{a.first, a.end, a.gone | 1<<i})
		for n := 0; n+1 < len(best); n++ {
			best[n+1] = min(best[n+1], weight+rest[n])
		}
	}
}
