// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
)

// report is everything that one run measured.
type report struct {
	Machine   string
	Rows      []*row
	Documents []*document
	Floor     *floor `json:",omitempty"`
}

// floor is what no filter can be faster than: calls without any filter, and one
// that is a single RET.
type floor struct {
	AttachMedian, AttachMin float64 // us
	Unfiltered              float64 // ns per allowed call without a filter
	Returned                float64 // the same where the filter is RET ALLOW
}

// machine says where and when the run took place.
func machine() string {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return runtime.GOARCH
	}
	text := func(b []byte) string { return string(bytes.TrimRight(b, "\x00")) }
	return fmt.Sprintf("%s, Linux %s %s, %d cores, %s, %s", time.Now().Format(time.DateOnly),
		text(u.Release[:]), text(u.Machine[:]), runtime.NumCPU(), processor(), runtime.Version())
}

func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}

func (r *report) measure(o options, ws []*workload, cs []*compiler) error {
	recorded, err := traces()
	if err != nil {
		return err
	}
	for _, w := range ws {
		rows, err := measureWorkload(o, w, cs, recorded)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		r.Rows = append(r.Rows, rows...)
	}
	if r.Documents, err = documents(o.runs, cs); err != nil {
		return err
	}
	if o.attaches > 0 {
		r.Floor, err = measureFloor(o)
	}
	return err
}

// measureWorkload takes turns between the compilers, so that what disturbs the
// machine disturbs all of them.
func measureWorkload(o options, w *workload, cs []*compiler, recorded []trace) ([]*row, error) {
	var rows []*row
	var able []*row
	timings := map[*row]*timing{}
	for _, c := range cs {
		r := &row{Workload: w.name, Compiler: c.name, Version: c.version}
		rows = append(rows, r)
		compile, err := c.prepare(w)
		if err == nil {
			r.filter, err = compile()
		}
		if err != nil {
			r.Why = err.Error()
			continue
		}
		r.describe(w, c, recorded)
		able = append(able, r)
		timings[r] = &timing{compile: compile}
	}
	for range o.runs {
		for _, r := range able {
			if err := timings[r].run(); err != nil {
				return nil, err
			}
		}
	}
	for _, r := range able {
		t := timings[r]
		if err := t.heap(); err != nil {
			return nil, err
		}
		r.CompileMedian, r.CompileMin, r.Allocs, r.Bytes = median(t.us), least(t.us), t.allocs, t.bytes
	}
	return rows, attachAll(o, w, able)
}

// attachAll attaches every row's filter in fresh children and makes calls there.
func attachAll(o options, w *workload, rows []*row) error {
	calls, put := kinds(w.policy)
	times := make([][]float64, len(rows))
	for n := range o.attaches {
		for i, r := range rows {
			if len(r.filter) != 1 {
				return fmt.Errorf("%s: a stack of %d programs", r.Compiler, len(r.filter))
			}
			t := task{Program: r.filter[0], Slices: o.slices, Calls: calls}
			if n%3 != 0 {
				t.Slices = 0
			}
			a, err := measure(&t)
			if err != nil {
				return fmt.Errorf("%s: %w", r.Compiler, err)
			}
			times[i] = append(times[i], float64(a.Attach)/1e3)
			if t.Slices > 0 {
				put(r, a.Calls)
			}
		}
	}
	for i, r := range rows {
		r.AttachMedian, r.AttachMin = median(times[i]), least(times[i])
	}
	return nil
}

// kinds are the calls that are timed: one that the policy allows whatever its
// arguments, one that it denies, and one that it allows for its arguments. All
// are harmless. put notes what they took.
func kinds(p *seccomp.Policy) (calls []syscallArgs, put func(*row, []float64)) {
	candidates := []struct {
		to   func(*row) *float64
		name string
		args [6]uint64
		want bool // allowed
		cond bool // for its arguments
	}{
		{func(r *row) *float64 { return &r.Allowed }, "getpid", [6]uint64{}, true, false},
		{func(r *row) *float64 { return &r.Denied }, "uselib", [6]uint64{}, false, false},
		{func(r *row) *float64 { return &r.Checked }, "personality", [6]uint64{0xffffffff}, true, true},
		{func(r *row) *float64 { return &r.Checked }, "getcpu", [6]uint64{}, true, true},
	}
	var to []func(*row) *float64
	for _, c := range candidates {
		nr, _ := arch.X86_64.Number(c.name)
		allowed := p.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr, Args: c.args}) == seccomp.Allow
		if allowed == c.want && len(rulesFor(p, arch.X86_64, nr)) > 0 == c.cond {
			calls = append(calls, syscallArgs{nr, c.args})
			to = append(to, c.to)
		}
	}
	return calls, func(r *row, ns []float64) {
		for i, v := range ns {
			if f := to[i](r); *f == 0 || v < *f {
				*f = v
			}
		}
	}
}

func measureFloor(o options) (*floor, error) {
	nr, _ := arch.X86_64.Number("getpid")
	ret := bpf.Program{{Op: 0x06, K: uint32(seccomp.Allow)}}
	f := &floor{}
	keep := func(to *float64, a *answer) {
		if v := a.Calls[0]; *to == 0 || v < *to {
			*to = v
		}
	}
	var us []float64
	for range o.attaches {
		t := task{Slices: max(o.slices, 1), Calls: []syscallArgs{{Nr: nr}}}
		a, err := measure(&t)
		if err != nil {
			return nil, err
		}
		keep(&f.Unfiltered, a)
		t.Program = ret
		if a, err = measure(&t); err != nil {
			return nil, err
		}
		keep(&f.Returned, a)
		us = append(us, float64(a.Attach)/1e3)
	}
	f.AttachMedian, f.AttachMin = median(us), least(us)
	return f, nil
}
