// SPDX-License-Identifier: Apache-2.0

package grant

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// callOf is a call of a name.
func callOf(t *testing.T, a arch.Arch, name string, args ...uint64) seccomp.Call {
	t.Helper()
	nr, ok := a.Number(name)
	require.True(t, ok, "%v has no %s", a, name)
	c := seccomp.Call{Audit: a.Audit(), Nr: nr}
	copy(c.Args[:], args)
	return c
}

func TestChanges(t *testing.T) {
	const (
		allowlist = `{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read","write"],"action":"SCMP_ACT_ALLOW"},
{"names":["personality"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":8,"op":"SCMP_CMP_EQ"}]},
{"names":["clone"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":2114060288,"valueTwo":0,"op":"SCMP_CMP_MASKED_EQ"}]},
{"names":["alarm"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":10,"op":"SCMP_CMP_LT"}]},
{"names":["bpf"],"action":"SCMP_ACT_ALLOW","includes":{"caps":["CAP_SYS_ADMIN","CAP_BPF"]}},
{"names":["ptrace"],"action":"SCMP_ACT_ALLOW","includes":{"minKernel":"4.8"}},
{"names":["ioctl"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":1,"op":"SCMP_CMP_EQ"},{"index":1,"value":5,"op":"SCMP_CMP_GE"}]},
{"names":["vhangup"],"action":"SCMP_ACT_ALLOW","excludes":{"caps":["CAP_CHOWN"]}}]}`
		denylist = `{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mount","umount2"],"action":"SCMP_ACT_ERRNO"},
{"names":["ptrace"],"action":"SCMP_ACT_KILL_PROCESS"},
{"names":["socket"],"action":"SCMP_ACT_ERRNO","args":[{"index":0,"value":40,"op":"SCMP_CMP_EQ"}]},
{"names":["bpf"],"action":"SCMP_ACT_ERRNO","excludes":{"caps":["CAP_BPF"]}},
{"names":["swapon"],"action":"SCMP_ACT_TRAP"},{"names":["swapon"],"action":"SCMP_ACT_ERRNO"}]}`
		both    = `{"defaultAction":"SCMP_ACT_KILL","syscalls":[{"names":["ptrace"],"action":"SCMP_ACT_ERRNO"},{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}`
		archmap = `{"defaultAction":"SCMP_ACT_ERRNO","archMap":[{"architecture":"SCMP_ARCH_X86_64","subArchitectures":["SCMP_ARCH_X32"]}],
"syscalls":[{"names":["read","socket"],"action":"SCMP_ACT_ALLOW"}]}`
	)
	x64 := arch.X86_64
	tests := map[string]struct {
		doc    string
		kernel string
		call   seccomp.Call
		want   []string
	}{
		"allowed":          {allowlist, "", callOf(t, x64, "read"), nil},
		"in no rule":       {allowlist, "", callOf(t, x64, "mount"), []string{`add-rule: add a rule for mount {"names":["mount"],"action":"SCMP_ACT_ALLOW"} at p.json: syscalls[8]`}},
		"another argument": {allowlist, "", callOf(t, x64, "personality", 0x40000), []string{`add-rule: add a rule for personality where argument 0 is 0x40000 {"names":["personality"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":262144,"valueTwo":0,"op":"SCMP_CMP_EQ"}]} at p.json: syscalls[8]`, `add-rule: add a rule for personality {"names":["personality"],"action":"SCMP_ACT_ALLOW"} at p.json: syscalls[8]`}},
		"bits of an argument": {allowlist, "", callOf(t, x64, "clone", 0x10000011), []string{
			`add-rule: add a rule for clone where argument 0 is 0x10000011 {"names":["clone"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":268435473,"valueTwo":0,"op":"SCMP_CMP_EQ"}]} at p.json: syscalls[8]`,
			`add-rule: add a rule for clone where argument 0 has 0x10000000 of the bits 0x7e020000 {"names":["clone"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":2114060288,"valueTwo":268435456,"op":"SCMP_CMP_MASKED_EQ"}]} at p.json: syscalls[8]`,
			`widen-condition: change the mask of syscalls[2].args[0] from 0x7e020000 to 0x6e020000 {"names":["clone"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":1845624832,"valueTwo":0,"op":"SCMP_CMP_MASKED_EQ"}]} at p.json:3:1: syscalls[2]`,
			`add-rule: add a rule for clone {"names":["clone"],"action":"SCMP_ACT_ALLOW"} at p.json: syscalls[8]`,
		}},
		"a limit": {allowlist, "", callOf(t, x64, "alarm", 12), []string{
			`add-rule: add a rule for alarm where argument 0 is 0xc {"names":["alarm"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":12,"valueTwo":0,"op":"SCMP_CMP_EQ"}]} at p.json: syscalls[8]`,
			`widen-condition: change syscalls[3].args[0] to SCMP_CMP_LE 12 {"names":["alarm"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":12,"valueTwo":0,"op":"SCMP_CMP_LE"}]} at p.json:4:1: syscalls[3]`,
			`add-rule: add a rule for alarm {"names":["alarm"],"action":"SCMP_ACT_ALLOW"} at p.json: syscalls[8]`,
		}},
		"one of two arguments": {allowlist, "", callOf(t, x64, "ioctl", 2, 7), []string{
			`add-rule: add a rule for ioctl where argument 0 is 0x2 and argument 1 is 0x7 {"names":["ioctl"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":2,"valueTwo":0,"op":"SCMP_CMP_EQ"},{"index":1,"value":7,"valueTwo":0,"op":"SCMP_CMP_EQ"}]} at p.json: syscalls[8]`,
			`widen-condition: remove syscalls[6].args[0] {"names":["ioctl"],"action":"SCMP_ACT_ALLOW","args":[{"index":1,"value":5,"valueTwo":0,"op":"SCMP_CMP_GE"}]} at p.json:7:1: syscalls[6]`,
			`add-rule: add a rule for ioctl {"names":["ioctl"],"action":"SCMP_ACT_ALLOW"} at p.json: syscalls[8]`,
		}},
		"two capabilities": {allowlist, "", callOf(t, x64, "bpf"), []string{
			`add-rule: add a rule for bpf {"names":["bpf"],"action":"SCMP_ACT_ALLOW"} at p.json: syscalls[8]`,
			`grant-capability: grant CAP_SYS_ADMIN and CAP_BPF "CAP_SYS_ADMIN"` + "\n" + `"CAP_BPF" at p.json:5:64: syscalls[4].includes.caps[0]`,
		}},
		"a kernel": {allowlist, "4.7", callOf(t, x64, "ptrace"), []string{
			`add-rule: add a rule for ptrace {"names":["ptrace"],"action":"SCMP_ACT_ALLOW"} at p.json: syscalls[8]`,
			`other-kernel: run on Linux 4.8 or later  at p.json:6:1: syscalls[5]`,
		}},
		"a capability too many": {allowlist, "", callOf(t, x64, "vhangup"), []string{
			`add-rule: add a rule for vhangup {"names":["vhangup"],"action":"SCMP_ACT_ALLOW"} at p.json: syscalls[8]`,
			`drop-capability: drop CAP_CHOWN "CAP_CHOWN" at p.json:8:68: syscalls[7].excludes.caps[0]`,
		}},
		"a name in a rule that denies": {denylist, "", callOf(t, x64, "mount"), []string{`remove-name: remove mount from syscalls[0].names {"names":["umount2"],"action":"SCMP_ACT_ERRNO"} at p.json:1:47: syscalls[0]`}},
		"a rule that denies": {denylist, "", callOf(t, x64, "ptrace"), []string{
			`remove-name: remove syscalls[1]  at p.json:2:1: syscalls[1]`,
			`allow-instead: let syscalls[1] allow {"names":["ptrace"],"action":"SCMP_ACT_ALLOW"} at p.json:2:30: syscalls[1].action`,
		}},
		"one with a condition": {denylist, "", callOf(t, x64, "socket", 40), []string{
			`remove-name: remove syscalls[2]  at p.json:3:1: syscalls[2]`,
			`allow-instead: let syscalls[2] allow {"names":["socket"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":40,"valueTwo":0,"op":"SCMP_CMP_EQ"}]} at p.json:3:30: syscalls[2].action`,
		}},
		"one that a capability takes away": {denylist, "", callOf(t, x64, "bpf"), []string{
			`remove-name: remove syscalls[3]  at p.json:4:1: syscalls[3]`,
			`allow-instead: let syscalls[3] allow {"names":["bpf"],"action":"SCMP_ACT_ALLOW","excludes":{"caps":["CAP_BPF"]}} at p.json:4:27: syscalls[3].action`,
			`grant-capability: grant CAP_BPF "CAP_BPF" at p.json:4:64: syscalls[3].excludes.caps[0]`,
		}},
		"two that deny": {denylist, "", callOf(t, x64, "swapon"), []string{
			`remove-name: remove syscalls[4], and remove syscalls[5]  at p.json:5:1: syscalls[4]`,
		}},
		"a rule and the default": {both, "", callOf(t, x64, "ptrace"), []string{
			`allow-instead: let syscalls[0] allow {"names":["ptrace"],"action":"SCMP_ACT_ALLOW"} at p.json:1:75: syscalls[0].action`,
		}},
		"an ABI that is not listed":        {allowlist, "", callOf(t, arch.X86, "read"), []string{`add-architecture: add SCMP_ARCH_X86 to architectures "SCMP_ARCH_X86" at p.json: architectures[0]`}},
		"one that is then denied":          {allowlist, "", callOf(t, arch.X86, "mount"), []string{`add-architecture: add SCMP_ARCH_X86 to architectures, and add a rule for mount "SCMP_ARCH_X86"` + "\n" + `{"names":["mount"],"action":"SCMP_ACT_ALLOW"} at p.json: architectures[0]`}},
		"an ABI that archMap lacks":        {archmap, "", callOf(t, arch.X86, "read"), []string{`add-architecture: add SCMP_ARCH_X86 to archMap[0].subArchitectures "SCMP_ARCH_X86" at p.json:1:62: archMap[0].subArchitectures[1]`}},
		"a call through a multiplexer":     {strings.Replace(allowlist, `"syscalls"`, `"architectures":["SCMP_ARCH_X86"],"syscalls"`, 1), "", callOf(t, arch.X86, "socketcall", 1), []string{`add-rule: add a rule for socket {"names":["socket"],"action":"SCMP_ACT_ALLOW"} at p.json: syscalls[8]`, `add-rule: add a rule for socketcall {"names":["socketcall"],"action":"SCMP_ACT_ALLOW"} at p.json: syscalls[8]`}},
		"a number without a name":          {allowlist, "", seccomp.Call{Audit: x64.Audit(), Nr: 9999}, nil},
		"an ABI that no document can list": {allowlist, "", callOf(t, arch.RISCV32, "read"), nil},
		"an unknown ABI":                   {allowlist, "", seccomp.Call{Audit: 77}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := profile.Parse([]byte(tt.doc), profile.File("p.json"))
			require.NoError(t, err)
			target := profile.Target{Arch: x64, Kernel: arch.Newest, Caps: profile.DockerCaps()}
			if tt.kernel != "" {
				target.Kernel, err = arch.ParseKernel(tt.kernel)
				require.NoError(t, err)
			}
			changes, err := Changes(p, target, tt.call)
			require.NoError(t, err)
			var got []string
			for _, c := range changes {
				got = append(got, string(c.Kind)+": "+c.Text+" "+c.JSON+" at "+c.Place.String())
				assert.Equal(t, strings.Contains(c.JSON, `"args":[{`), c.Conditional, c.JSON)
			}
			assert.Equal(t, tt.want, got)
			again, err := Changes(p, target, tt.call)
			require.NoError(t, err)
			assert.Equal(t, changes, again)
		})
	}
}

// TestChangesLeaveOtherMachines: Docker's rule for clone on s390 looks at another
// argument.
func TestChangesLeaveOtherMachines(t *testing.T) {
	changes, err := Changes(profile.DockerDefault(), profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}, callOf(t, arch.X86_64, "clone", 0x10000011))
	require.NoError(t, err)
	require.Len(t, changes, 5)
	assert.Equal(t, "add a rule for clone where argument 0 is 0x10000011", changes[0].Text)
	assert.Equal(t, "grant CAP_SYS_ADMIN", changes[4].Text)
}

// TestChangesOfLongDocuments: the work is bounded, and the narrowest is still found.
func TestChangesOfLongDocuments(t *testing.T) {
	p := &profile.Profile{DefaultAction: "SCMP_ACT_ERRNO"}
	for i := range uint64(300) {
		p.Syscalls = append(p.Syscalls, profile.Rule{Names: []string{"ioctl"}, Action: "SCMP_ACT_ALLOW", Args: []profile.Arg{
			{Index: 1, Op: "SCMP_CMP_MASKED_EQ", Value: 0xffff0000 | i, ValueTwo: i<<16 | i},
		}})
	}
	changes, err := Changes(p, profile.Target{Arch: arch.X86_64, Kernel: arch.Newest}, callOf(t, arch.X86_64, "ioctl", 0, 0xffffffff))
	require.NoError(t, err)
	require.NotEmpty(t, changes)
	assert.Equal(t, "add a rule for ioctl where argument 1 is 0xffffffff", changes[0].Text)
	assert.Len(t, changes, mostTries)
}

// TestChangesOfDocker writes what is to be added into Docker's profile as a person
// would, for every call that it denies, and asks the result.
func TestChangesOfDocker(t *testing.T) {
	p, target := profile.DockerDefault(), profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}
	policy, _, err := p.Resolve(target)
	require.NoError(t, err)
	denied := 0
	for nr, name := range arch.X86_64.Calls() {
		c := seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr, Args: [6]uint64{0x10000000, 1 << 40}}
		if policy.Evaluate(&c).Runs() {
			continue
		}
		denied++
		changes, err := Changes(p, target, c)
		require.NoError(t, err)
		require.NotEmpty(t, changes, name)
		for _, change := range changes {
			var doc map[string]any
			text, err := json.Marshal(p)
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(text, &doc))
			there := target
			switch change.Kind {
			case AddRule:
				var rule any
				require.NoError(t, json.Unmarshal([]byte(change.JSON), &rule))
				doc["syscalls"] = append(doc["syscalls"].([]any), rule)
			case GrantCapability:
				var capability string
				require.NoError(t, json.Unmarshal([]byte(change.JSON), &capability))
				there.Caps = append(profile.DockerCaps(), capability)
			default:
				continue // not written by adding
			}
			text, err = json.Marshal(doc)
			require.NoError(t, err)
			changed, err := profile.Parse(text)
			require.NoError(t, err)
			after, _, err := changed.Resolve(there)
			require.NoError(t, err)
			assert.Equal(t, seccomp.Allow, after.Evaluate(&c), "%s: %s", name, change.Text)
		}
	}
	require.Greater(t, denied, 40)
}
