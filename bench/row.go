// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// row is what one compiler made of one workload. Times of compiling and
// attaching are in microseconds, times of calls in nanoseconds.
type row struct {
	Workload string
	Compiler string
	Version  string
	Why      string `json:",omitempty"` // why there is no program

	CompileMedian, CompileMin float64
	Allocs, Bytes             uint64 // per compilation, Go's heap only

	Instructions int
	Mean         float64            // instructions executed, numbers 0 to 470 of x86_64, all arguments 0
	Longest      int                // instructions executed, over points
	Recorded     map[string]float64 // instructions executed per recorded call, by trace

	Bitmap       int // numbers 0 to 470 of x86_64 that the kernel answers from its bitmap
	BitmapCompat int // and of x86

	Points, Wrong, WrongForeign int    // calls compared with Evaluate; different through a listed and an unlisted ABI
	Witness                     string `json:",omitempty"` // the first that differs

	AttachMedian, AttachMin  float64
	Allowed, Denied, Checked float64 // 0 where the workload has no such call

	filter seccomp.Filter
}

// compiler is a peer or Sieve.
type compiler struct {
	name, version string
	enosys        bool
	prepare       func(*workload) (func() (seccomp.Filter, error), error)
}

// describe fills in what follows from the program alone.
func (r *row) describe(w *workload, c *compiler, traces []trace) {
	for _, p := range r.filter {
		r.Instructions += len(p)
	}
	for nr := uint32(0); nr <= lastUniform; nr++ {
		call := seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr}
		r.Mean += float64(steps(r.filter, &call)) / (lastUniform + 1)
		if eligible(r.filter, arch.X86_64.Audit(), nr) {
			r.Bitmap++
		}
		if eligible(r.filter, arch.X86.Audit(), nr) {
			r.BitmapCompat++
		}
	}
	r.Recorded = map[string]float64{}
	for i := range traces {
		r.Recorded[traces[i].Workload] = traces[i].steps(r.filter)
	}
	r.compare(w.meant(c.enosys))
}

// compare asks the program and the policy about every point.
func (r *row) compare(p *seccomp.Policy) {
	points(p, func(c *seccomp.Call) {
		r.Points++
		r.Longest = max(r.Longest, steps(r.filter, c))
		got, want := r.filter.Run(c), p.Evaluate(c)
		if got == want {
			return
		}
		abi, ok := arch.Of(c.Audit, c.Nr)
		if ok && slices.Contains(p.Arches, abi) {
			r.Wrong++
		} else {
			r.WrongForeign++
		}
		if r.Witness == "" {
			r.Witness = fmt.Sprintf("%s %s: %v, not %v", abi, callText(abi, c), got, want)
		}
	})
}

func callText(abi arch.Arch, c *seccomp.Call) string {
	name, ok := abi.Name(c.Nr)
	if !ok {
		name = fmt.Sprintf("%#x", c.Nr)
	}
	return fmt.Sprintf("%s%#x", name, c.Args)
}

// timing is what repeated compilations of one program took.
type timing struct {
	compile       func() (seccomp.Filter, error)
	us            []float64
	allocs, bytes uint64
}

// run compiles once and notes the time.
func (t *timing) run() error {
	start := time.Now()
	_, err := t.compile()
	t.us = append(t.us, float64(time.Since(start).Nanoseconds())/1e3)
	return err
}

// heap notes what one compilation allocates.
func (t *timing) heap() error {
	const times = 5
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range times {
		if _, err := t.compile(); err != nil {
			return err
		}
	}
	runtime.ReadMemStats(&after)
	t.allocs = (after.Mallocs - before.Mallocs) / times
	t.bytes = (after.TotalAlloc - before.TotalAlloc) / times
	return nil
}

// median and least of some values, 0 of none.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

func least(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	return slices.Min(v)
}
