// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"math"
	"syscall"
	"testing"

	"golang.org/x/net/bpf"

	"github.com/gosieve/sieve/seccomp"
)

// TestDescribe pins what is known of the peers whose versions go.mod pins, and
// that Sieve decides as Evaluate does.
func TestDescribe(t *testing.T) {
	type known struct {
		insns   int
		mean    float64
		longest int
		wrong   int // through listed ABIs
	}
	tests := map[string]map[string]known{
		"W1": {"elastic": {357, 213.0, 334, 4}, "gVisor": {170, 16.0, 22, 0}},
		"W2": {"elastic": {365, 226.8, 361, 4}, "gVisor": {78, 11.6, 19, 0}},
		"W3": {"elastic": {51, 47.0, 49, 4}, "gVisor": {57, 11.4, 13, 0}},
		"W5": {"elastic": {584, 79.8, 260, 4}, "gVisor": {443, 20.9, 38, 0}},
	}
	recorded, err := traces()
	if err != nil {
		t.Fatal(err)
	}
	for name, peers := range tests {
		ws, err := workloads([]string{name})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range described(t, ws[0], recorded) {
			if r.Compiler == "Sieve" && r.Wrong+r.WrongForeign > 0 {
				t.Errorf("%s: Sieve decides %d calls of listed ABIs and %d of others otherwise than Evaluate: %s",
					name, r.Wrong, r.WrongForeign, r.Witness)
			}
			if want, ok := peers[r.Compiler]; ok {
				got := known{r.Instructions, math.Round(10*r.Mean) / 10, r.Longest, r.Wrong}
				if got != want {
					t.Errorf("%s: %s: %+v, want %+v", name, r.Compiler, got, want)
				}
			}
		}
	}
}

func described(t *testing.T, w *workload, recorded []trace) []*row {
	cs, err := compilers([]string{"sieve", "elastic", "gvisor"})
	if err != nil {
		t.Fatal(err)
	}
	var rows []*row
	for _, c := range cs {
		compile, err := c.prepare(w)
		if err != nil {
			t.Fatal(err)
		}
		r := &row{Compiler: c.name}
		if r.filter, err = compile(); err != nil {
			t.Fatal(err)
		}
		r.describe(w, c, recorded)
		rows = append(rows, r)
	}
	return rows
}

func TestMeasure(t *testing.T) {
	a, err := measure(&task{
		Program: []bpf.RawInstruction{{Op: 0x06, K: uint32(seccomp.Allow)}},
		Slices:  1,
		Calls:   []syscallArgs{{Nr: syscall.SYS_GETPID}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if a.Attach <= 0 || len(a.Calls) != 1 || a.Calls[0] <= 0 {
		t.Errorf("measured %+v", a)
	}
	if _, err := measure(&task{Program: []bpf.RawInstruction{{Op: 0x05}}}); !errors.Is(err, syscall.EINVAL) {
		t.Errorf("a program without RET: %v, want EINVAL", err)
	}
}
