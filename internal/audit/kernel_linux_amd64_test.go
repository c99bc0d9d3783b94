// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"syscall"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) {
	kerneltest.Main(m, func(programs []bpf.Program, flags uint32) error {
		if err := seccomp.NoNewPrivs(); err != nil {
			return err
		}
		return seccomp.Filter(programs).Install(seccomp.Flags(flags))
	}, nil)
}

// fromFilter is an errno that no kernel returns: an answer with it is the filter's.
const fromFilter = 4000

// marked is a policy whose denials answer with that errno. It lets the same calls through.
func marked(p *seccomp.Policy) *seccomp.Policy {
	mark := func(a seccomp.Action) seccomp.Action {
		if a.Denies() {
			return seccomp.Errno(fromFilter)
		}
		return a
	}
	q := &seccomp.Policy{Arches: p.Arches, Default: mark(p.Default), BadArch: mark(p.BadArch)}
	for _, r := range p.Rules {
		r.Action = mark(r.Action)
		q.Rules = append(q.Rules, r)
	}
	return q
}

// TestKernelDocker makes the calls that were found to get through Docker's default, and one for
// each way that was found closed, under the filter. Whoever answers the first is not the filter,
// and whoever answers the others is. The calls have arguments with which the kernel does
// nothing: null pointers, and descriptors of no terminal.
func TestKernelDocker(t *testing.T) {
	p := docker(t)
	filter, err := proof.Compile(marked(p))
	require.NoError(t, err)
	made := 0
	for _, a := range Ask(Of(p), arch.X86_64, Questions()) {
		t.Run(a.Question.ID, func(t *testing.T) {
			found := map[seccomp.Call]bool{}
			for _, f := range a.Found {
				t.Run(f.Text()+" on "+f.ABI.String(), func(t *testing.T) {
					call := f.Call
					if f.Name == "ptrace" {
						call.Args[0] = 0xffff // no request; PTRACE_TRACEME would stop the child
					}
					require.True(t, p.Evaluate(&call).Runs())
					assert.NotEqual(t, syscall.Errno(fromFilter), inKernel(t, filter, &call), "the filter answered")
					made++
				})
				found[seccomp.Call{Audit: f.Call.Audit, Nr: f.Call.Nr}] = true
			}
			for _, d := range doors(&a.Question, Machine(arch.X86_64)) {
				if found[seccomp.Call{Audit: d.abi.Audit(), Nr: d.nr}] {
					continue
				}
				for call := range d.plain() {
					name, _ := d.abi.Name(d.nr)
					t.Run(name+" on "+d.abi.String(), func(t *testing.T) {
						assert.Equal(t, syscall.Errno(fromFilter), inKernel(t, filter, call), "the filter did not answer")
						made++
					})
				}
			}
		})
	}
	t.Logf("%d calls", made)
}

// inKernel is the errno of a call that a child without privileges makes under a filter.
func inKernel(t *testing.T, filter seccomp.Filter, c *seccomp.Call) syscall.Errno {
	abi, _ := arch.Of(c.Audit, c.Nr)
	switch abi {
	case arch.X86:
		kerneltest.Need(t, kerneltest.I386)
	case arch.X32:
		kerneltest.Need(t, kerneltest.X32Numbers)
	}
	job := kerneltest.Job{Programs: filter, Calls: []kerneltest.Call{{Nr: c.Nr, Args: c.Args, I386: abi == arch.X86}}, Nobody: true}
	return job.Run(t)[0].Errno
}
