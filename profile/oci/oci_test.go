// SPDX-License-Identifier: Apache-2.0

package oci_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/oci"
	"github.com/gosieve/sieve/seccomp"
)

var linux = profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}

// TestCorpus: what launchers read with encoding/json is given back as it was, and
// means what the text does.
func TestCorpus(t *testing.T) {
	count := 0
	for _, pattern := range []string{"data/profiles/oci/*.json", "data/profiles/k8s/*.json", "data/workloads/*.json"} {
		for _, file := range shared.Glob(t, pattern) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			held := read(t, file, text)
			p, err := oci.From(held)
			require.NoError(t, err, file)
			back, err := oci.To(p)
			require.NoError(t, err, file)
			assert.Equal(t, held, back, file)

			parsed, err := profile.Parse(text, profile.In(profile.OCI))
			require.NoError(t, err, file)
			same(t, parsed, p, linux)
			doc, err := json.Marshal(back)
			require.NoError(t, err)
			parsed, err = profile.Parse(doc, profile.In(profile.OCI), profile.Strict)
			require.NoError(t, err, file)
			same(t, parsed, p, linux)
			count++
		}
	}
	assert.Greater(t, count, 15)
}

// read reads a profile, or the one in a config.json.
func read(t *testing.T, file string, text []byte) *specs.LinuxSeccomp {
	if strings.HasSuffix(file, ".config.json") {
		var config specs.Spec
		require.NoError(t, json.Unmarshal(text, &config))
		return config.Linux.Seccomp
	}
	var held specs.LinuxSeccomp
	require.NoError(t, json.Unmarshal(text, &held))
	return &held
}

// same wants two profiles to mean the same.
func same(t *testing.T, p, q *profile.Profile, target profile.Target) {
	t.Helper()
	want, _, err := p.Resolve(target)
	require.NoError(t, err)
	got, _, err := q.Resolve(target)
	require.NoError(t, err)
	require.Len(t, got.Rules, len(want.Rules))
	for i := range got.Rules {
		got.Rules[i].Origin = want.Rules[i].Origin
	}
	require.Equal(t, want, got)
}

// TestFor: a docker or podman profile for a target is what their loaders give to a
// runtime.
func TestFor(t *testing.T) {
	for folder, dialect := range map[string]profile.Dialect{"docker": profile.Docker, "containers-common": profile.Podman} {
		for _, file := range shared.Glob(t, "data/profiles/"+folder+"/*.json") {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			p, err := profile.Parse(text, profile.In(dialect))
			if filepath.Base(file) == "moby-profiles-example.json" {
				require.Error(t, err) // errno 12345
				continue
			}
			require.NoError(t, err)
			for _, a := range []arch.Arch{arch.X86_64, arch.S390X, arch.MIPS64} {
				target := profile.Target{Arch: a, Kernel: arch.Newest, Caps: []string{"CAP_SYS_ADMIN"}}
				held, err := oci.For(p, target)
				require.NoError(t, err, file)
				q, err := oci.From(held)
				require.NoError(t, err, file)
				same(t, p, q, target)
			}
		}
	}
	_, err := oci.For(profile.DockerDefault(), profile.Target{})
	assert.ErrorIs(t, err, profile.ErrTarget)
}

func TestToRefuses(t *testing.T) {
	_, err := oci.To(profile.DockerDefault())
	var e *profile.UnsayableError
	require.ErrorAs(t, err, &e)
	assert.Contains(t, e.Reasons, "archMap")
	assert.Contains(t, e.Error(), "oci cannot say this: archMap; syscalls[")

	p, err := profile.Parse([]byte(`{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrno": "ENOSYS", "syscalls": [
		{"names": ["read"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_CHOWN"]}, "excludes": {"arches": ["arm"]}},
		{"names": ["write"], "action": "SCMP_ACT_ERRNO", "errno": "EPERM", "comment": "lost"}]}`), profile.In(profile.Podman))
	require.NoError(t, err)
	_, err = oci.To(p)
	require.ErrorAs(t, err, &e)
	assert.Equal(t, []string{"defaultErrno", "syscalls[0].includes", "syscalls[0].excludes", "syscalls[1].errno"}, e.Reasons)
	held, err := oci.For(p, profile.Target{Arch: arch.MIPS, Caps: []string{"CAP_CHOWN"}})
	require.NoError(t, err)
	assert.Equal(t, uint(89), *held.DefaultErrnoRet, "of the target's ABI")
	assert.Len(t, held.Syscalls, 2)
	assert.Equal(t, uint(1), *held.Syscalls[1].ErrnoRet)

	_, err = oci.To(&profile.Profile{})
	assert.ErrorIs(t, err, profile.ErrProfile)
}

func TestFromRefuses(t *testing.T) {
	rule := func(change func(*specs.LinuxSyscall)) *specs.LinuxSeccomp {
		r := specs.LinuxSyscall{Names: []string{"read"}, Action: specs.ActErrno, Args: []specs.LinuxSeccompArg{{Op: specs.OpEqualTo}}}
		change(&r)
		return &specs.LinuxSeccomp{DefaultAction: specs.ActAllow, Syscalls: []specs.LinuxSyscall{r}}
	}
	large := uint(math.MaxUint32)
	large++ // 0 where uint has 32 bits: there the number is no error
	over := uint(4096)
	tests := map[string]struct {
		held *specs.LinuxSeccomp
		want string
	}{
		"nil":               {nil, "no seccomp profile: the container would run without a filter"},
		"empty":             {&specs.LinuxSeccomp{}, "defaultAction: no default action, want SCMP_ACT_ALLOW, SCMP_ACT_ERRNO, SCMP_ACT_KILL, SCMP_ACT_KILL_PROCESS, SCMP_ACT_KILL_THREAD, SCMP_ACT_LOG, SCMP_ACT_NOTIFY, SCMP_ACT_TRACE, SCMP_ACT_TRAP; Docker would run the container without a filter"},
		"an unknown action": {rule(func(r *specs.LinuxSyscall) { r.Action = "ALLOW" }), `syscalls[0].action: unknown action "ALLOW", want SCMP_ACT_ALLOW, SCMP_ACT_ERRNO, SCMP_ACT_KILL, SCMP_ACT_KILL_PROCESS, SCMP_ACT_KILL_THREAD, SCMP_ACT_LOG, SCMP_ACT_NOTIFY, SCMP_ACT_TRACE, SCMP_ACT_TRAP; did you mean "SCMP_ACT_ALLOW"?`},
		"too large":         {rule(func(r *specs.LinuxSyscall) { r.ErrnoRet = &over }), "syscalls[0].errnoRet: 4096 is too large for SCMP_ACT_ERRNO, want 0 to 4095"},
		"index 6":           {rule(func(r *specs.LinuxSyscall) { r.Args[0].Index = 6 }), "syscalls[0].args[0].index: a call has no argument 6, want 0 to 5"},
	}
	if large != 0 {
		tests["an errno of 64 bits"] = struct {
			held *specs.LinuxSeccomp
			want string
		}{rule(func(r *specs.LinuxSyscall) { r.ErrnoRet = &large }), "syscalls[0].errnoRet: 4294967296 is too large, want 0 to 65535"}
		tests["an index of 64 bits"] = struct {
			held *specs.LinuxSeccomp
			want string
		}{rule(func(r *specs.LinuxSyscall) { r.Args[0].Index = large }), "syscalls[0].args[0].index: a call has no argument 4294967296, want 0 to 5"}
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := oci.From(tt.held)
			require.EqualError(t, err, tt.want)
			assert.ErrorIs(t, err, profile.ErrProfile)
		})
	}
}

// TestFromCopies: neither side sees what the other changes later.
func TestFromCopies(t *testing.T) {
	n := uint(5)
	held := &specs.LinuxSeccomp{
		DefaultAction: specs.ActErrno, DefaultErrnoRet: &n, Flags: []specs.LinuxSeccompFlag{}, Architectures: []specs.Arch{specs.ArchX86_64},
		Syscalls: []specs.LinuxSyscall{{Names: []string{"read"}, Action: specs.ActAllow, Args: []specs.LinuxSeccompArg{{Index: 1, Value: 2, ValueTwo: 3, Op: specs.OpMaskedEqual}}}},
	}
	p, err := oci.From(held)
	require.NoError(t, err)
	assert.NotNil(t, p.Flags, "an empty list asks for no flags")
	assert.Equal(t, seccomp.Flags(0), p.InstallFlags(seccomp.SpecAllow))
	held.Syscalls[0].Names[0], n = "write", 6
	held.Syscalls[0].Args[0].Value = 9
	assert.Equal(t, "read", p.Syscalls[0].Names[0])
	assert.Equal(t, uint64(2), p.Syscalls[0].Args[0].Value)
	assert.Equal(t, uint32(5), *p.DefaultErrnoRet)
	back, err := oci.To(p)
	require.NoError(t, err)
	assert.NotNil(t, back.Flags)
	p.Syscalls[0].Names[0] = "open"
	assert.Equal(t, "read", back.Syscalls[0].Names[0])
}

// TestNoStrings: what a launcher holds is taken and given back in lists of their own, and
// no string is built anew.
func TestNoStrings(t *testing.T) {
	held, err := oci.For(profile.DockerDefault(), linux)
	require.NoError(t, err)
	lists := 3 // the profile, its rules, its architectures
	for _, r := range held.Syscalls {
		lists++ // of names
		if r.Args != nil {
			lists++
		}
		if r.ErrnoRet != nil {
			lists++
		}
	}
	p, err := oci.From(held)
	require.NoError(t, err)
	from := testing.AllocsPerRun(10, func() { oci.From(held) })
	to := testing.AllocsPerRun(10, func() { oci.To(p) })
	assert.LessOrEqual(t, from, float64(lists+8))
	assert.LessOrEqual(t, to, float64(lists+8))
}

// A profile is edited and given on as the object that a runtime reads. Names that no rule
// has any more get the default action.
func ExampleFor() {
	p := profile.DockerDefault()
	for i := range p.Syscalls {
		r := &p.Syscalls[i]
		r.Names = slices.DeleteFunc(r.Names, func(name string) bool { return name == "mkdir" || name == "mkdirat" })
	}
	p.Syscalls = append(p.Syscalls, profile.Rule{Names: []string{"acct"}, Action: "SCMP_ACT_LOG"})
	held, err := oci.For(p, profile.Target{Arch: arch.X86_64, Kernel: 6<<8 | 18, Caps: profile.DockerCaps()})
	if err != nil {
		fmt.Println(err)
		return
	}
	last := held.Syscalls[len(held.Syscalls)-1]
	fmt.Println(held.DefaultAction, last.Names, last.Action)
	// Output:
	// SCMP_ACT_ERRNO [acct] SCMP_ACT_LOG
}

func ExampleFrom() {
	held := &specs.LinuxSeccomp{
		DefaultAction: specs.ActErrno,
		Syscalls:      []specs.LinuxSyscall{{Names: []string{"read", "write"}, Action: specs.ActAllow}},
	}
	p, err := oci.From(held)
	if err != nil {
		panic(err)
	}
	policy, _, err := p.Resolve(profile.Target{Arch: arch.X86_64})
	if err != nil {
		panic(err)
	}
	nr, _ := arch.X86_64.Number("read")
	fmt.Println(policy.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr}))
	// Output: ALLOW
}
