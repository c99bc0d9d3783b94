// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/test/documents"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/seccomp"
)

// TestPodman shows what containers/common makes of a document, and what is said of
// Docker's other reading.
func TestPodman(t *testing.T) {
	const x86_64, arm, aarch64, mips64, parisc, loong = arch.X86_64, arch.ARM, arch.AArch64, arch.MIPS64, arch.PARISC, arch.LoongArch64
	deny := func(fields string) []byte { return documents.Docker("ALLOW", documents.Rule("read", "ERRNO", fields)) }
	archMap := func(a, sub string) []byte {
		return []byte(withTop(`, "archMap": [{"architecture": "SCMP_ARCH_` + a + `", "subArchitectures": ["SCMP_ARCH_` + sub + `"]}], "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]`))
	}
	tests := map[string]struct {
		doc  []byte
		on   arch.Arch
		call seccomp.Call
		want seccomp.Action
		says []string
	}{
		"a name, and the number for others": {deny(`"errno": "ENOSYS", "errnoRet": 38`), x86_64, documents.Call(x86_64, "read"), seccomp.Errno(38), nil},
		"a name alone": {deny(`"errno": "ENOSYS"`), x86_64, documents.Call(x86_64, "read"), seccomp.Errno(38),
			[]string{`syscalls[0].errno: info: ENOSYS is 38 here; Docker does not read it and takes 1 (podman-errno)`}},
		"a name wins over a number": {deny(`"errnoRet": 1, "errno": "EACCES"`), x86_64, documents.Call(x86_64, "read"), seccomp.Errno(13),
			[]string{`syscalls[0].errno: info: EACCES is 13 here; Docker does not read it and takes 1 (podman-errno)`}},
		"the number of the host's ABI": {deny(`"errno": "ENOSYS", "errnoRet": 38`), mips64, documents.Call(mips64, "read"), seccomp.Errno(89),
			[]string{`syscalls[0].errno: info: ENOSYS is 89 here; Docker does not read it and takes 38 (podman-errno)`}},
		"another family": {deny(`"errno": "ENOTSUP"`), parisc, documents.Call(parisc, "read"), seccomp.Errno(252),
			[]string{
				`syscalls[0].errno: info: ENOTSUP is 252 here; Docker does not read it and takes 1 (podman-errno)`,
				`: info: runc does not know the architecture SCMP_ARCH_PARISC (arch-not-in-runc)`,
			}},
		"a number in text": {deny(`"errno": "0004"`), x86_64, documents.Call(x86_64, "read"), seccomp.Errno(4),
			[]string{`syscalls[0].errno: info: 0004 is 4 here; Docker does not read it and takes 1 (podman-errno)`}},
		"EPERM needs no number": {deny(`"errno": "EPERM"`), x86_64, documents.Call(x86_64, "read"), seccomp.Errno(1), nil},
		"an empty name":         {deny(`"errno": "", "errnoRet": 5`), x86_64, documents.Call(x86_64, "read"), seccomp.Errno(5), nil},
		"null for a name":       {deny(`"errno": null, "errnoRet": 5`), x86_64, documents.Call(x86_64, "read"), seccomp.Errno(5), nil},
		"success": {deny(`"errno": "0"`), x86_64, documents.Call(x86_64, "read"), seccomp.Errno(0),
			[]string{`syscalls[0].errno: info: 0 is 0 here; Docker does not read it and takes 1 (podman-errno)`, `syscalls[0]: warning: the calls pretend success (errno-zero)`}},
		"a tracer's number": {documents.Docker("ALLOW", documents.Rule("read", "TRACE", `"errno": "65535"`)), x86_64, documents.Call(x86_64, "read"), seccomp.Trace(65535),
			[]string{`syscalls[0].errno: info: 65535 is 65535 here; Docker does not read it and takes 1 (podman-errno)`}},
		"a name where none is used": {documents.Docker("ERRNO", documents.Rule("read", "ALLOW", `"errno": "EPERM"`)), x86_64, documents.Call(x86_64, "read"), seccomp.Allow,
			[]string{`syscalls[0].errno: warning: SCMP_ACT_ALLOW carries no number (unused-errno)`}},
		"a default by name": {[]byte(withTop(`, "defaultErrno": "ENOSYS", "defaultErrnoRet": 1`)), x86_64, documents.Call(x86_64, "read"), seccomp.Errno(38),
			[]string{`defaultErrno: info: ENOSYS is 38 here; Docker does not read it and takes 1 (podman-errno)`}},
		"a rule equal to a default by name": {[]byte(withTop(`, "defaultErrno": "38", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ERRNO", "errno": "ENOSYS"}]`)), x86_64, documents.Call(x86_64, "read"), seccomp.Errno(38),
			[]string{
				`defaultErrno: info: 38 is 38 here; Docker does not read it and takes 1 (podman-errno)`,
				`syscalls[0].errno: info: ENOSYS is 38 here; Docker does not read it and takes 1 (podman-errno)`,
				`syscalls[0]: info: the rule's action is the default's (equals-default)`,
			}},
		"an unknown name where the rule does not apply": {deny(`"errno": "EINTR", "includes": {"arches": ["arm"]}`), x86_64, documents.Call(x86_64, "read"), seccomp.Allow, nil},
		"archMap": {archMap("AARCH64", "ARM"), aarch64, documents.Call(arm, "read"), seccomp.Allow, nil},
		"archMap where Podman has none": {archMap("ARM", "AARCH64"), arm, documents.Call(aarch64, "read"), seccomp.KillThread,
			[]string{`archMap: info: Podman does not apply it on arm: calls through any other ABI kill the thread (podman-arch-map)`}},
		"minKernel in includes": {documents.Docker("ERRNO", documents.Rule("read", "ALLOW", `"includes": {"minKernel": "250.1"}`)), x86_64, documents.Call(x86_64, "read"), seccomp.Allow,
			[]string{`syscalls[0].includes.minKernel: warning: Podman does not look at minKernel: without it the rule would be the same (podman-min-kernel)`}},
		"minKernel in excludes": {documents.Docker("ERRNO", documents.Rule("read", "ALLOW", `"excludes": {"minKernel": "1.1"}`)), x86_64, documents.Call(x86_64, "read"), seccomp.Allow,
			[]string{`syscalls[0].excludes.minKernel: warning: Podman does not look at minKernel: without it the rule would be the same (podman-min-kernel)`}},
		"a minKernel that is none": {documents.Docker("ERRNO", documents.Rule("read", "ALLOW", `"includes": {"minKernel": 5}`), documents.Rule("read", "ALLOW", `"includes": {"minKernel": "x"}`)), x86_64, documents.Call(x86_64, "read"), seccomp.Allow,
			[]string{
				`syscalls[0].includes.minKernel: warning: Podman does not look at minKernel (podman-min-kernel)`,
				`syscalls[1].includes.minKernel: warning: Podman does not look at minKernel (podman-min-kernel)`,
				`syscalls[1]: info: for read another rule without conditions has the same action (shadowed-rule)`,
			}},
		"its own name of a machine": {documents.Docker("ERRNO", documents.Rule("read", "ALLOW", `"includes": {"arches": ["loong64"]}`)), loong, documents.Call(loong, "read"), seccomp.Allow,
			[]string{`syscalls[0].includes.arches[0]: info: Podman means this machine by "loong64", Docker does not (podman-machine)`}},
		"Docker's name of a machine": {documents.Docker("ERRNO", documents.Rule("read", "ALLOW", `"excludes": {"arches": ["loongarch64"]}`)), loong, documents.Call(loong, "read"), seccomp.Allow,
			[]string{
				`syscalls[0].excludes.arches[0]: info: Docker means this machine by "loongarch64", Podman does not (podman-machine)`,
				`syscalls[0].excludes.arches[0]: warning: unknown architecture "loongarch64", which never matches; did you mean "loong64"? (unknown-filter-arch)`,
			}},
		"a machine that Docker has no name for": {documents.Docker("ERRNO", documents.Rule("read", "ALLOW", `"includes": {"arches": ["parisc"]}`)), parisc, documents.Call(parisc, "read"), seccomp.Allow,
			[]string{
				`syscalls[0].includes.arches[0]: info: Podman means this machine by "parisc", Docker does not (podman-machine)`,
				`: info: runc does not know the architecture SCMP_ARCH_PARISC (arch-not-in-runc)`,
			}},
		"capabilities": {documents.Docker("ERRNO", documents.Rule("read", "ALLOW", `"includes": {"caps": ["CAP_CHOWN", "CAP_SYS_ADMIN"]}`)), x86_64, documents.Call(x86_64, "read"), seccomp.Errno(1), nil},
		"no names":     {documents.Docker("ERRNO", `{"action": "SCMP_ACT_ALLOW"}`), x86_64, documents.Call(x86_64, "read"), seccomp.Errno(1), []string{`syscalls[0]: warning: the rule names no system call (no-names)`}},
		"no flags":     {[]byte(withTop(`, "flags": []`)), x86_64, documents.Call(x86_64, "read"), seccomp.Errno(1), []string{`flags: info: no flags at all; Podman loses the empty list and runc (since 1.2) adds SPEC_ALLOW (empty-flags)`}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := Parse(tt.doc, In(Podman))
			require.NoError(t, err)
			policy, diags, err := p.Resolve(on(tt.on), ENOSYSOff)
			require.NoError(t, err)
			assert.Equal(t, tt.want, policy.Evaluate(&tt.call), "%v", policy.Rules)
			var says []string
			for _, d := range diags {
				d.Place.Line, d.Place.Column = 0, 0
				says = append(says, d.String())
			}
			if len(tt.says) == 0 {
				tt.says = nil
			}
			assert.ElementsMatch(t, tt.says, dropPrefix(says))

			// Written and read again it is the same.
			text, err := json.Marshal(p)
			require.NoError(t, err)
			again, err := Parse(text, In(Podman))
			require.NoError(t, err)
			same, _, err := again.Resolve(on(tt.on), ENOSYSOff)
			require.NoError(t, err)
			assert.Equal(t, policy.Evaluate(&tt.call), same.Evaluate(&tt.call))
		})
	}
}

// dropPrefix writes diagnostics without a path as texts does.
func dropPrefix(says []string) []string {
	for i, s := range says {
		if len(s) > 4 && s[:4] == "info" {
			says[i] = ": " + s
		}
	}
	return says
}

func TestPodmanRefuses(t *testing.T) {
	tests := map[string]struct {
		doc  string
		d    Dialect
		want string
	}{
		"name and names": {withRule(`, §"name": "write"`), Podman, `syscalls[0].name: the rule has both name and names, want one of them`},
		"a name that Podman lacks": {withTop(`, "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ERRNO", "errno": §"EINTR"}]`), Podman,
			`syscalls[0].errno: unknown errno "EINTR": Podman does not know it by name; on most architectures it is 4`},
		"a misspelt name": {withTop(`, "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ERRNO", "errno": §"enosys"}]`), Podman,
			`syscalls[0].errno: unknown errno "enosys"; did you mean "ENOSYS"?`},
		"a name with a blank": {withTop(`, "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ERRNO", "errno": §" 1"}]`), Podman, `syscalls[0].errno: unknown errno " 1"`},
		"a default that Podman lacks": {`{"defaultAction": "SCMP_ACT_ALLOW", "defaultErrno": §"EHWPOISON"}`, Podman,
			`defaultErrno: unknown errno "EHWPOISON": Podman does not know it by name; on most architectures it is 133`},
		"too large a number": {withTop(`, "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ERRNO", "errno": §"4096"}]`), Podman, `syscalls[0].errno: 4096 is too large for SCMP_ACT_ERRNO, want 0 to 4095`},
		"a number":           {withRule(`, "errno": §38`), Podman, `syscalls[0].errno: got a number, want a string`},
		"beyond a number":    {withTop(`, "defaultErrno": §"4294967296"`), Podman, `defaultErrno: unknown errno "4294967296"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			text, at := marked(tt.doc)
			p, err := Parse(text, In(tt.d))
			if err == nil {
				_, _, err = p.Resolve(linux)
			}
			if tt.want == `syscalls[0].name: the rule has both name and names, want one of them` {
				require.ErrorContains(t, err, tt.want)
				return
			}
			require.EqualError(t, err, at+tt.want)
			assert.ErrorIs(t, err, ErrProfile)
		})
	}

	p := &Profile{DefaultAction: "SCMP_ACT_ERRNO", DefaultErrno: "ENOSYS"}
	_, _, err := p.Resolve(linux)
	assert.EqualError(t, err, "defaultErrno: the docker dialect has no names of errnos")
	p = &Profile{DefaultAction: "SCMP_ACT_ERRNO", Dialect: OCI, Syscalls: []Rule{{Names: []string{"read"}, Action: "SCMP_ACT_ERRNO", Errno: "ENOSYS"}}}
	_, _, err = p.Resolve(linux)
	assert.EqualError(t, err, "syscalls[0].errno: the oci dialect has no names of errnos")
}

// TestPodmanDefault: the profile that Podman gives a container by default denies with
// EPERM what it names, and all else with ENOSYS, by names alone.
func TestPodmanDefault(t *testing.T) {
	p, err := Parse(shared.Read(t, "data/profiles/containers-common/seccomp.json"), In(Podman))
	require.NoError(t, err)
	for _, a := range []arch.Arch{arch.X86_64, arch.AArch64, arch.MIPS64, arch.S390X} {
		policy, diags, err := p.Resolve(on(a))
		require.NoError(t, err)
		for call, want := range map[string]seccomp.Action{
			"read": seccomp.Allow, "clone3": seccomp.Allow, "mount": seccomp.Allow, "kexec_load": seccomp.Errno(1), "bpf": seccomp.Errno(1),
		} {
			c := callOn(t, a, call)
			assert.Equal(t, want, policy.Evaluate(&c), "%s on %v", call, a)
		}
		assert.Equal(t, errnos.ENOSYS(a), policy.Default)
		for _, d := range diags {
			assert.NotEqual(t, Code("unknown-key"), d.Code, d)
		}
	}
	// The one rule that libseccomp's order decides: with CAP_PERFMON alone the deny wins.
	policy, _, err := p.Resolve(Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: append(DockerCaps(), "CAP_PERFMON")})
	require.NoError(t, err)
	c := documents.Call(arch.X86_64, "perf_event_open")
	assert.Equal(t, seccomp.Errno(1), policy.Evaluate(&c))
}

func callOn(t *testing.T, a arch.Arch, name string) seccomp.Call {
	t.Helper()
	_, ok := a.Number(name)
	require.True(t, ok, "%s on %v", name, a)
	return documents.Call(a, name)
}
