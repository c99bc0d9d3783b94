// SPDX-License-Identifier: Apache-2.0

package record

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

func call(t *testing.T, abi arch.Arch, name string, args ...uint64) *seccomp.Call {
	t.Helper()
	nr, ok := abi.Number(name)
	require.True(t, ok, name)
	c := &seccomp.Call{Audit: abi.Audit(), Nr: nr}
	copy(c.Args[:], args)
	return c
}

// policy is what the document means when it is written and read again.
func policy(t *testing.T, p *profile.Profile, abi arch.Arch) *seccomp.Policy {
	t.Helper()
	text, err := p.MarshalJSON()
	require.NoError(t, err)
	again, err := profile.Parse(text)
	require.NoError(t, err, string(text))
	policy, diags, err := again.Resolve(profile.Target{Arch: abi, Kernel: arch.Newest})
	require.NoError(t, err, string(text))
	for _, d := range diags {
		assert.NotEqual(t, profile.Warning, d.Severity, d)
	}
	return policy
}

func TestProfile(t *testing.T) {
	const x = arch.X86_64
	tests := map[string]struct {
		args        bool
		runtime     Runtime
		seen        []*seccomp.Call
		allowed     []*seccomp.Call
		denied      []*seccomp.Call
		wantSummary []string // names of each rule
	}{
		"names only": {
			seen:        []*seccomp.Call{call(t, x, "write"), call(t, x, "read"), call(t, x, "read")},
			allowed:     []*seccomp.Call{call(t, x, "read", 99), call(t, x, "write"), call(t, x, "execve")},
			denied:      []*seccomp.Call{call(t, x, "mount"), call(t, x, "close")},
			wantSummary: []string{"execve read write"},
		},
		"two ABIs": {
			seen:        []*seccomp.Call{call(t, x, "read"), call(t, arch.X86, "socketcall", 1)},
			allowed:     []*seccomp.Call{call(t, arch.X86, "socketcall", 3), call(t, arch.X86, "read")},
			denied:      []*seccomp.Call{call(t, arch.X32, "read"), call(t, arch.X86, "write")},
			wantSummary: []string{"execve read socketcall"},
		},
		"values that go together": {
			args: true,
			seen: []*seccomp.Call{call(t, x, "socket", 2, 1, 0), call(t, x, "socket", 1, 2, 0)},
			allowed: []*seccomp.Call{call(t, x, "socket", 2, 1, 0), call(t, x, "socket", 1, 2, 0),
				call(t, x, "socket", 7<<32|2, 1, 0)}, // the kernel reads 32 bits
			denied:      []*seccomp.Call{call(t, x, "socket", 2, 2, 0), call(t, x, "socket", 1, 1, 0), call(t, x, "socket", 40, 1, 0)},
			wantSummary: []string{"execve", "socket", "socket"},
		},
		"flags that were ever set": {
			args:        true,
			seen:        []*seccomp.Call{call(t, x, "openat", 3, 0x7f00, 0o100), call(t, x, "openat", 4, 0x7f10, 0o2)},
			allowed:     []*seccomp.Call{call(t, x, "openat", 9, 1, 0o102), call(t, x, "openat", 9, 1, 0)},
			denied:      []*seccomp.Call{call(t, x, "openat", 9, 1, 0o1000)},
			wantSummary: []string{"execve", "openat"},
		},
		"64-bit flags": {
			args:        true,
			seen:        []*seccomp.Call{call(t, x, "clone", 0x1200011)},
			allowed:     []*seccomp.Call{call(t, x, "clone", 0x11)},
			denied:      []*seccomp.Call{call(t, x, "clone", 0x10000000), call(t, x, "clone", 1<<40|0x11)},
			wantSummary: []string{"execve", "clone"},
		},
		"pointers are never learnt": {
			args:        true,
			seen:        []*seccomp.Call{call(t, x, "read", 3, 0xdead, 10), call(t, x, "execve", 1, 2, 3)},
			allowed:     []*seccomp.Call{call(t, x, "read", 4, 0xbeef, 11), call(t, x, "execve", 4, 5, 6)},
			wantSummary: []string{"execve read"},
		},
		"a number without a name": {
			seen:        []*seccomp.Call{{Audit: x.Audit(), Nr: 999}, call(t, x, "read")},
			denied:      []*seccomp.Call{{Audit: x.Audit(), Nr: 999}},
			wantSummary: []string{"execve read"},
		},
		"a runtime": {
			runtime: Runc,
			seen:    []*seccomp.Call{call(t, x, "read"), call(t, x, "sync")},
			allowed: []*seccomp.Call{call(t, x, "capset"), call(t, x, "setgroups"), call(t, x, "sync")},
			denied:  []*seccomp.Call{call(t, x, "unshare"), call(t, x, "mount"), call(t, x, "ptrace")},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := Recording{Args: tt.args}
			for _, c := range tt.seen {
				r.Add(c)
			}
			if tt.runtime == "" {
				tt.runtime = NoRuntime
			}
			doc := r.Profile(nil, tt.runtime)
			p := policy(t, doc, x)
			for _, c := range tt.allowed {
				assert.Equal(t, seccomp.Allow, p.Evaluate(c), c)
			}
			for _, c := range tt.denied {
				assert.NotEqual(t, seccomp.Allow, p.Evaluate(c), c)
			}
			if tt.wantSummary != nil {
				assert.Equal(t, tt.wantSummary, summary(doc))
			}
		})
	}
}

// TestAlways: a profile allows what every program makes sooner or later, seen or not, and
// says which of it was not seen.
func TestAlways(t *testing.T) {
	r := &Recording{}
	r.Add(call(t, arch.X86_64, "exit_group"))
	doc := r.Profile(nil, NoRuntime)
	assert.Equal(t, []string{"execve", "exit_group"}, doc.Syscalls[0].Names)
	assert.Equal(t, []string{"exit", "restart_syscall", "rt_sigreturn"}, doc.Syscalls[1].Names)
	assert.Equal(t, alwaysComment, doc.Syscalls[1].Comment)
}

// summary is the rules' names, without the rule that every profile has.
func summary(p *profile.Profile) []string {
	var list []string
	for _, r := range p.Syscalls {
		if r.Comment == alwaysComment {
			continue
		}
		s := ""
		for i, name := range r.Names {
			if i > 0 {
				s += " "
			}
			s += name
		}
		list = append(list, s)
	}
	return list
}

// TestManyValues: a call with more combinations than are kept is allowed with any.
func TestManyValues(t *testing.T) {
	r := Recording{Args: true}
	for i := range uint64(maxTuples + 1) {
		r.Add(call(t, arch.X86_64, "ioctl", 0, i))
	}
	doc := r.Profile(nil, NoRuntime)
	assert.Equal(t, []string{"execve ioctl"}, summary(doc))
	assert.Equal(t, seccomp.Allow, policy(t, doc, arch.X86_64).Evaluate(call(t, arch.X86_64, "ioctl", 0, 1<<20)))
}

// TestMerge: a second run adds to what the first wrote, and a base keeps its rules.
func TestMerge(t *testing.T) {
	var first, second Recording
	first.Add(call(t, arch.X86_64, "read"))
	second.Add(call(t, arch.X86_64, "close"))
	second.Add(call(t, arch.X86_64, "read"))
	doc := first.Profile(nil, NoRuntime)
	both := second.Profile(doc, NoRuntime)
	assert.Equal(t, []string{"close execve read"}, summary(both))
	assert.Equal(t, []string{"execve read"}, summary(doc), "the base is changed")

	again := second.Profile(both, NoRuntime)
	assert.Equal(t, both, again, "a run that shows nothing new changes nothing")

	r := Recording{Args: true}
	r.Add(call(t, arch.X86_64, "unshare", 0x10000000))
	docker := r.Profile(profile.DockerDefault(), NoRuntime)
	p := policy(t, docker, arch.X86_64)
	assert.Equal(t, seccomp.Allow, p.Evaluate(call(t, arch.X86_64, "unshare", 0x10000000)))
	assert.NotEqual(t, seccomp.Allow, p.Evaluate(call(t, arch.X86_64, "unshare", 0x20000000)))
	require.NoError(t, r.Check(p))
}

// TestCheck: a rule of the base that denies what was seen is named.
func TestCheck(t *testing.T) {
	base, err := profile.Parse([]byte(`{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"],
		"syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}]}`), profile.File("base.json"))
	require.NoError(t, err)
	var r Recording
	r.Add(call(t, arch.X86_64, "mount"))
	doc := r.Profile(base, NoRuntime)
	p, _, err := doc.Resolve(profile.Target{Arch: arch.X86_64, Kernel: arch.Newest})
	require.NoError(t, err)
	err = r.Check(p)
	var denied *DeniedError
	require.ErrorAs(t, err, &denied)
	assert.ErrorContains(t, err, "mount")
	assert.ErrorContains(t, err, "base.json:2:")
}
