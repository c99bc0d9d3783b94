// SPDX-License-Identifier: Apache-2.0

package record

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/goruntime"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/lint"
	"github.com/gosieve/sieve/seccomp"
)

// completed is the document of a recording as it is written, and what lint says of it.
func completed(t *testing.T, r *Recording, base *profile.Profile, abi arch.Arch) (*profile.Profile, []profile.Diagnostic) {
	t.Helper()
	target := profile.Target{Arch: abi, Kernel: arch.Newest}
	p := r.Profile(base, NoRuntime)
	require.NoError(t, r.Complete(p, base, target))
	text, err := p.MarshalJSON()
	require.NoError(t, err)
	again, err := profile.Parse(text)
	require.NoError(t, err)
	var found []profile.Diagnostic
	for _, d := range lint.Lint(again, target) {
		if d.Severity >= profile.Warning && d.Code != "missing-calls" { // of recordings that no program made
			found = append(found, d)
		}
	}
	return p, found
}

func commented(p *profile.Profile, comment string) (names []string) {
	for _, rule := range p.Syscalls {
		if rule.Comment == comment {
			names = append(names, rule.Names...)
		}
	}
	return names
}

// TestGoRuntime: the runtime of a Go program has what it needs, on each ABI that Go
// builds for, and what a run did not show is marked so.
func TestGoRuntime(t *testing.T) {
	for _, abi := range arch.All() {
		if abi.GOARCH() == "" {
			continue
		}
		for _, args := range []bool{false, true} {
			for _, cgo := range []bool{false, true} {
				r := &Recording{Args: args}
				r.Add(call(t, abi, "exit_group"))
				r.Add(call(t, abi, "madvise", 0, 0, 4))
				r.AddGo(abi, cgo)
				r.AddGo(abi, false)
				doc, found := completed(t, r, nil, abi)
				assert.Empty(t, found, "%v", abi)
				p := policy(t, doc, abi)
				for _, c := range goruntime.Calls(abi, arch.Newest) {
					nr, ok := abi.Number(c.Name)
					if !ok || c.Need == goruntime.Optional || c.Cgo && !cgo {
						continue
					}
					got := p.Evaluate(&seccomp.Call{Audit: abi.Audit(), Nr: nr, Args: c.Args})
					if c.Errno != 0 {
						assert.Equal(t, seccomp.Errno(c.Errno), got, "%v %v", abi, &c)
					} else {
						assert.Equal(t, seccomp.Allow, got, "%v %v", abi, &c)
					}
				}
				assert.NotContains(t, commented(doc, goComment), "exit_group")
				assert.Contains(t, commented(doc, goComment), "tgkill")
				assert.NotContains(t, commented(doc, goComment), "setitimer", "only if the program asks")
				denied := p.Evaluate(call(t, abi, "madvise", 0, 0, 100))
				assert.Equal(t, args, denied != seccomp.Allow, "%v: an argument that nothing passes", abi)
			}
		}
	}
}

// TestComplete: programs that try a newer call go on to the older one, conditions that
// another call gets round are not claimed, and lint has nothing to say.
func TestComplete(t *testing.T) {
	const x, enosys = arch.X86_64, 38
	tests := map[string]struct {
		abi  arch.Arch
		args bool
		seen []*seccomp.Call
		want map[*seccomp.Call]seccomp.Action
	}{
		"clone alone": {
			seen: []*seccomp.Call{call(t, x, "clone", 0x11)},
			want: map[*seccomp.Call]seccomp.Action{call(t, x, "clone3"): seccomp.Errno(enosys), call(t, x, "clone", 0x10000000): seccomp.Allow},
		},
		"clone alone, with arguments": {
			args: true, seen: []*seccomp.Call{call(t, x, "clone", 0x11)},
			want: map[*seccomp.Call]seccomp.Action{call(t, x, "clone3"): seccomp.Errno(enosys), call(t, x, "clone", 0x10000000): seccomp.Errno(1)},
		},
		"clone and clone3, with arguments": {
			args: true, seen: []*seccomp.Call{call(t, x, "clone", 0x11), call(t, x, "clone3")},
			want: map[*seccomp.Call]seccomp.Action{call(t, x, "clone3"): seccomp.Allow, call(t, x, "clone", 0x10000000): seccomp.Allow},
		},
		"open and openat, with arguments": {
			args: true, seen: []*seccomp.Call{call(t, x, "open", 0, 0), call(t, x, "openat", 0, 0, 1)},
			want: map[*seccomp.Call]seccomp.Action{call(t, x, "openat2"): seccomp.Errno(enosys), call(t, x, "open", 0, 1): seccomp.Allow},
		},
		"socket and io_uring, with arguments": {
			args: true, seen: []*seccomp.Call{call(t, x, "socket", 1, 1), call(t, x, "socket", 2, 1), call(t, x, "socket", 2, 2), call(t, x, "io_uring_setup")},
			want: map[*seccomp.Call]seccomp.Action{call(t, x, "socket", 40, 1): seccomp.Allow, call(t, x, "socket", 1, 3): seccomp.Errno(1)},
		},
		"no clone": {
			seen: []*seccomp.Call{call(t, x, "read"), call(t, x, "openat2")},
			want: map[*seccomp.Call]seccomp.Action{call(t, x, "clone3"): seccomp.Errno(1)},
		},
		"times of 32 bits": {
			abi: arch.X86, seen: []*seccomp.Call{call(t, arch.X86, "clock_gettime"), call(t, arch.X86, "fstatat64")},
			want: map[*seccomp.Call]seccomp.Action{call(t, arch.X86, "clock_gettime64"): seccomp.Errno(enosys), call(t, arch.X86, "statx"): seccomp.Errno(enosys)},
		},
		"another ENOSYS": {
			abi: arch.MIPS64, seen: []*seccomp.Call{call(t, arch.MIPS64, "clone")},
			want: map[*seccomp.Call]seccomp.Action{call(t, arch.MIPS64, "clone3"): seccomp.Errno(89)},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if tt.abi == 0 {
				tt.abi = x
			}
			r := &Recording{Args: tt.args}
			for _, c := range tt.seen {
				r.Add(c)
			}
			doc, found := completed(t, r, nil, tt.abi)
			assert.Empty(t, found)
			p := policy(t, doc, tt.abi)
			for c, want := range tt.want {
				assert.Equal(t, want, p.Evaluate(c), c)
			}
			require.NoError(t, r.Check(p))
			again, found := completed(t, r, doc, tt.abi)
			assert.Empty(t, found)
			assert.Equal(t, doc, again, "the same run once more")
		})
	}
}

// TestCompleteLater: a later run that shows what was added unseen has it allowed, as
// seen, and the rules of a base stay what they are.
func TestCompleteLater(t *testing.T) {
	first, second := &Recording{}, &Recording{}
	first.Add(call(t, arch.X86_64, "clone"))
	first.AddGo(arch.X86_64, false)
	doc, _ := completed(t, first, nil, arch.X86_64)
	require.Contains(t, commented(doc, fallbackComment), "clone3")
	second.Add(call(t, arch.X86_64, "clone3"))
	second.Add(call(t, arch.X86_64, "tgkill"))
	second.Add(call(t, arch.X86_64, "rt_sigreturn"))
	both, found := completed(t, second, doc, arch.X86_64)
	assert.Empty(t, found)
	for _, name := range []string{"clone3", "tgkill", "rt_sigreturn"} {
		assert.Contains(t, both.Syscalls[0].Names, name)
		for _, comment := range []string{fallbackComment, goComment, alwaysComment, threadComment} {
			assert.NotContains(t, commented(both, comment), name)
		}
	}
	assert.Contains(t, commented(both, goComment), "sched_yield", "the first run's program")
	assert.Contains(t, commented(doc, fallbackComment), "clone3", "the base is changed")

	base, err := profile.Parse([]byte(`{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [
		{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 2114060288, "op": "SCMP_CMP_MASKED_EQ"}]},
		{"names": ["openat2"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13}]}`))
	require.NoError(t, err)
	learnt := &Recording{Args: true}
	learnt.Add(call(t, arch.X86_64, "clone3"))
	learnt.Add(call(t, arch.X86_64, "openat", 0, 0, 1))
	doc, _ = completed(t, learnt, base, arch.X86_64)
	assert.Equal(t, base.Syscalls[0].Args, doc.Syscalls[0].Args)
	p := policy(t, doc, arch.X86_64)
	assert.Equal(t, seccomp.Errno(13), p.Evaluate(call(t, arch.X86_64, "openat2")))
	assert.True(t, slices.Equal(base.Syscalls[1].Names, []string{"openat2"}))
}
