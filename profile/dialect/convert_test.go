// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

func amd64() profile.Target {
	return profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}
}

// converted converts a document as its text.
func converted(t *testing.T, from profile.Dialect, c Conversion, doc string, opts ...profile.Option) (string, error) {
	d, err := Parse([]byte(doc), profile.In(from), profile.File("in.json"))
	require.NoError(t, err)
	c.Target = amd64()
	out, _, err := c.Convert(d, opts...)
	return string(out), err
}

func TestConvertKeeps(t *testing.T) {
	const plain = `{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [
		{"names": ["read"], "action": "SCMP_ACT_ALLOW", "comment": "c"},
		{"names": ["socket"], "action": "SCMP_ACT_ERRNO", "errnoRet": 97, "args": [{"index": 0, "value": 40, "op": "SCMP_CMP_EQ"}]}]}`
	const asking = `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}], "syscalls": [
		{"names": ["bpf"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_BPF"]}},
		{"names": ["ptrace"], "action": "SCMP_ACT_ALLOW", "excludes": {"arches": ["arm64"]}}]}`
	tests := map[string]struct {
		from      profile.Dialect
		c         Conversion
		doc       string
		opts      []profile.Option
		want, err string
	}{
		"a copy":                    {from: profile.OCI, c: Conversion{To: profile.Docker}, doc: plain, want: `"comment": "c"`},
		"without comments":          {from: profile.Docker, c: Conversion{To: profile.OCI}, doc: plain, want: `"errnoRet": 97`},
		"conditions on the machine": {from: profile.Docker, c: Conversion{To: profile.OCI}, doc: asking, err: "oci cannot say this: archMap, which lists ABIs by machine; syscalls[0].includes caps [CAP_BPF]; syscalls[1].excludes arches [arm64]"},
		"resolved":                  {from: profile.Docker, c: Conversion{To: profile.OCI, Resolve: true}, doc: asking, want: `"ptrace"`},
		"no ENOSYS in mesos":        {from: profile.Docker, c: Conversion{To: profile.Mesos}, doc: asking, err: "mesos cannot say this: the answers of ENOSYS that runc adds to the document, for calls that it does not name"},
		"no ENOSYS at all":          {from: profile.Docker, c: Conversion{To: profile.Mesos}, doc: asking, opts: []profile.Option{profile.ENOSYSOff}, want: `"includes": {`},
		"errnos in mesos":           {from: profile.Docker, c: Conversion{To: profile.Mesos}, doc: plain, err: "architectures: the same ABIs whatever the machine; archMap lists them by machine; syscalls[1].action: ERRNO(97): an agent always takes 1"},
		"a rule that is equal to the default": {from: profile.Docker, c: Conversion{To: profile.Mesos}, opts: []profile.Option{profile.ENOSYSOff},
			doc: `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [], "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ERRNO"}]}`,
			err: "Failed to add rule for syscall 'read' with action 'ACT_ERRNO'"},
		"minKernel in mesos": {from: profile.Docker, c: Conversion{To: profile.Mesos}, opts: []profile.Option{profile.ENOSYSOff},
			doc: `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [], "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "4.8"}}]}`,
			err: "mesos cannot say this: syscalls[0].includes.minKernel: an agent does not look at it"},
		"flags in mesos": {from: profile.Docker, c: Conversion{To: profile.Mesos, Resolve: true}, opts: []profile.Option{profile.ENOSYSOff},
			doc: `{"defaultAction": "SCMP_ACT_ALLOW", "flags": ["SECCOMP_FILTER_FLAG_LOG"]}`, err: "mesos cannot say this: flags and a listener"},
		"flags of a resolved document": {from: profile.Docker, c: Conversion{To: profile.OCI, Resolve: true},
			doc: `{"defaultAction": "SCMP_ACT_ALLOW", "flags": ["SECCOMP_FILTER_FLAG_LOG"]}`, want: "SECCOMP_FILTER_FLAG_LOG"},
		"names of errnos":        {from: profile.Docker, c: Conversion{To: profile.Podman}, doc: plain, want: "\"errnoRet\": 97,\n\t\t\t\"errno\": \"EAFNOSUPPORT\""},
		"EPERM without a number": {from: profile.Docker, c: Conversion{To: profile.Podman}, doc: asking, want: "\"defaultErrno\": \"EPERM\""},
		"conditions for Podman":  {from: profile.Docker, c: Conversion{To: profile.Podman}, doc: asking, want: "\"CAP_BPF\""},
		"minKernel for Podman": {from: profile.Docker, c: Conversion{To: profile.Podman},
			doc: `{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "4.8"}}]}`,
			err: "podman cannot say this: syscalls[0].includes.minKernel 4.8: Podman does not look at it"},
		"numbers for names": {from: profile.Podman, c: Conversion{To: profile.Docker},
			doc:  `{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrno": "ENOSYS", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ERRNO", "errno": "EPERM"}]}`,
			want: "\"defaultErrnoRet\": 38"},
		"a name with two numbers": {from: profile.Podman, c: Conversion{To: profile.Docker},
			doc: `{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrno": "ENOSYS", "archMap": [{"architecture": "SCMP_ARCH_MIPS64", "subArchitectures": []}], "syscalls": []}`,
			err: "docker cannot say this: defaultErrno: ENOSYS is 38 on x86_64 and 89 on mips64"},
		"a copy of Podman's": {from: profile.Podman, c: Conversion{To: profile.Podman},
			doc:  `{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrno": "ENOSYS", "archMap": [{"architecture": "SCMP_ARCH_MIPS64", "subArchitectures": []}], "syscalls": []}`,
			want: "ENOSYS"},
		"without other ABIs":          {from: profile.Docker, c: Conversion{To: profile.Docker, Options: Options{NativeOnly: true}}, doc: asking, err: "archMap, which lists ABIs by machine"},
		"resolved without other ABIs": {from: profile.Docker, c: Conversion{To: profile.Docker, Resolve: true, Options: Options{NativeOnly: true}}, doc: asking, want: "\"architectures\": [\n\t\t\"SCMP_ARCH_X86_64\"\n\t]"},
		"a machine that only Podman knows by that name": {from: profile.Docker, c: Conversion{To: profile.Podman},
			doc: `{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "includes": {"arches": ["loong64"]}}]}`,
			err: "podman cannot say this: on loongarch64"},
		"a machine with two names": {from: profile.Docker, c: Conversion{To: profile.Podman},
			doc:  `{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "includes": {"arches": ["loongarch64"]}}]}`,
			want: `"loong64"`},
		"for Firecracker": {from: profile.Docker, c: Conversion{To: profile.Firecracker, Options: Options{ENOSYS: profile.ENOSYSOff}}, opts: []profile.Option{profile.ENOSYSOff},
			doc: `{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}`,
			err: "firecracker cannot say this: KILL_THREAD for foreign ABIs"},
		"for profile.Firecracker, any kill": {from: profile.Docker, c: Conversion{To: profile.Firecracker, Options: Options{ForeignKills: true, Thread: "vmm"}}, opts: []profile.Option{profile.ENOSYSOff},
			doc:  `{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}`,
			want: `"vmm": {`},
		"for Firecracker without other ABIs": {from: profile.Docker, c: Conversion{To: profile.Firecracker, Resolve: true, Options: Options{ForeignKills: true, NativeOnly: true}}, doc: asking, opts: []profile.Option{profile.ENOSYSOff},
			want: `"ptrace"`},
		"an agent's for runc": {from: profile.Mesos, c: Conversion{To: profile.Docker},
			doc: `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [], "syscalls": [{"names": ["write"], "action": "SCMP_ACT_ALLOW", "args": [], "includes": {}, "excludes": {}}]}`,
			err: "adds answers of ENOSYS to calls that it does not name, and nothing else differs"},
		"an agent's for crun": {from: profile.Mesos, c: Conversion{To: profile.Docker, Options: Options{ENOSYS: profile.ENOSYSOff}},
			doc:  `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [], "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [], "errnoRet": 5, "includes": {}, "excludes": {}}]}`,
			want: "\t\t\t\"action\": \"SCMP_ACT_ALLOW\"\n"},
		"what an agent takes for no conditions": {from: profile.Mesos, c: Conversion{To: profile.Docker},
			doc: `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [], "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": 5, "includes": {}, "excludes": {}}]}`,
			err: "Docker cannot read what an agent takes: in.json:1:"},
		"no arches for an agent": {from: profile.Mesos, c: Conversion{To: profile.Docker, Options: Options{ENOSYS: profile.ENOSYSOff}},
			doc: `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [], "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [], "includes": {"arches": []}, "excludes": {}}]}`,
			err: "x86_64 read (0): ERRNO(1), ALLOW (what is meant, what would be read)"},
		"a number that an agent cannot read": {from: profile.Docker, c: Conversion{To: profile.Mesos, Resolve: true}, opts: []profile.Option{profile.ENOSYSOff},
			doc: `{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 18446744073709551615, "op": "SCMP_CMP_EQ"}]}]}`,
			err: "syscalls[0].args[0]: a number of 2^63 or more, which an agent reads as a double"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := converted(t, tt.from, tt.c, tt.doc, tt.opts...)
			if tt.err != "" {
				require.ErrorContains(t, err, tt.err)
				assert.Empty(t, got)
				return
			}
			require.NoError(t, err)
			assert.Contains(t, got, tt.want)
			again, err := converted(t, tt.from, tt.c, tt.doc, tt.opts...)
			require.NoError(t, err)
			assert.Equal(t, got, again)
		})
	}
}

// TestConvertCorpus converts every docker and oci document to every dialect, kept and
// resolved, and compares what both mean. Where one cannot be said, the error says why.
func TestConvertCorpus(t *testing.T) {
	type count struct{ said, not int }
	counts := map[string]*count{}
	for _, pattern := range []string{"data/profiles/docker/*.json", "data/profiles/oci/runc*.json"} {
		for _, file := range shared.Glob(t, pattern) {
			doc, err := os.ReadFile(file)
			require.NoError(t, err)
			d, err := Parse(doc, profile.In(profile.Docker), profile.File(filepath.Base(file)))
			if err != nil {
				continue // package profile's own tests say which and why
			}
			for _, to := range Names() {
				for _, resolve := range []bool{false, true} {
					key := strings.TrimSpace(string(to) + map[bool]string{true: " resolved"}[resolve])
					if counts[key] == nil {
						counts[key] = &count{}
					}
					tool, err := find(to)
					require.NoError(t, err)
					// Read as the tool that it is for would.
					c := Conversion{To: to, Target: amd64(), Resolve: resolve, Options: Options{ForeignKills: true, NativeOnly: to == profile.Firecracker || to == profile.Minijail}}
					out, _, err := c.Convert(d, tool.ENOSYS)
					var unsayable *profile.UnsayableError
					if errors.As(err, &unsayable) {
						require.NotEmpty(t, unsayable.Reasons)
						counts[key].not++
						continue
					}
					require.NoError(t, err, "%s to %s", file, to)
					counts[key].said++
					equal(t, c, d, out, tool.ENOSYS)
				}
			}
		}
	}
	for key, n := range counts {
		t.Logf("%s: %d said, %d not", key, n.said, n.not)
	}
	assert.Equal(t, counts["docker"].said, counts["docker resolved"].said)
	assert.Zero(t, counts["docker"].not+counts["docker resolved"].not+counts["oci resolved"].not+counts["podman resolved"].not)
	assert.Greater(t, counts["mesos resolved"].said, 0)
}

func equal(t *testing.T, c Conversion, d *Document, out []byte, mode profile.Option) {
	p, _, err := d.Resolve(amd64(), mode)
	require.NoError(t, err)
	again, err := Parse(out, profile.In(c.To))
	require.NoError(t, err, "%s", out)
	mode = c.ENOSYS
	if mode == nil {
		mode = again.dialect.ENOSYS
	}
	q, _, err := again.Resolve(amd64(), mode)
	require.NoError(t, err, "%s", out)
	if c.ForeignKills && kills(p.BadArch) && kills(q.BadArch) {
		p.BadArch = q.BadArch
	}
	if c.NativeOnly {
		p.Arches = p.Arches[:1]
	}
	for d, err := range proof.Diff(proof.Of(p), proof.Of(q)) {
		require.NoError(t, err)
		t.Fatalf("%s: %v\n%s", c.To, d, out)
	}
}

func TestWriteRefuses(t *testing.T) {
	_, err := Write("dokcer", &seccomp.Policy{}, Options{})
	assert.ErrorIs(t, err, ErrDialect)
	_, err = Write(profile.Docker, &seccomp.Policy{}, Options{})
	assert.EqualError(t, err, "docker cannot say this: a policy for no ABI")
	_, err = Write(profile.Docker, &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Rules: []seccomp.Rule{{Syscalls: []string{"raed"}}}}, Options{})
	assert.ErrorIs(t, err, seccomp.ErrPolicy)
	_, err = Parse(nil, profile.In(profile.Dialect("dokcer")))
	assert.ErrorContains(t, err, `unknown dialect "dokcer", want docker, podman, oci, mesos`)
}

// TestWriteHost: the machine's own ABI comes first, even if nothing may come through it.
func TestWriteHost(t *testing.T) {
	p := &seccomp.Policy{Arches: []arch.Arch{arch.S390X, arch.X86_64}, Default: seccomp.KillThread,
		Rules: []seccomp.Rule{{Arches: []arch.Arch{arch.X86_64}, Syscalls: []string{"read"}, Action: seccomp.Allow}}}
	_, err := Write(profile.Docker, p, Options{ENOSYS: profile.ENOSYSOff})
	assert.ErrorContains(t, err, "read is decided otherwise")
	p.Rules[0].Arches = nil
	doc, err := Write(profile.Docker, p, Options{ENOSYS: profile.ENOSYSOff})
	require.NoError(t, err)
	assert.Contains(t, string(doc), "\"architectures\": [\n\t\t\"SCMP_ARCH_S390X\",\n\t\t\"SCMP_ARCH_X86_64\"\n\t]")
}
