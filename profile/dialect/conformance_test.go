// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/codes"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// conformance is what each dialect is held to. Every dialect has a row.
var conformance = map[profile.Dialect]struct {
	doc     string            // allows read on x86_64, and not mount; runc needs a last name above both
	denies  seccomp.Action    // what mount gets
	unnamed seccomp.Action    // what a number gets that no kernel has
	wrong   map[string]string // documents, and the errors with their places
	warns   string            // a document with a warning, which Strict refuses
	install seccomp.Flags     // the flags of doc on the newest kernel
	threads []string          // the filters of doc
}{
	profile.Docker: {
		doc:    "{\"defaultAction\": \"SCMP_ACT_ERRNO\",\n \"syscalls\": [{\"names\": [\"read\", \"mseal\"], \"action\": \"SCMP_ACT_ALLOW\"}]}",
		denies: seccomp.Errno(1), unnamed: seccomp.Errno(38), install: seccomp.SpecAllow,
		wrong: map[string]string{
			"{\n \"defaultAction\": 1}":              "f:2:19: defaultAction: got a number, want a string",
			"{\"defaultAction\": \"SCMP_ACT_ALOW\"}": "f:1:19: defaultAction: unknown action \"SCMP_ACT_ALOW\"",
		},
		warns: `{"defaultAction": "SCMP_ACT_ALLOW", "x": 1}`,
	},
	profile.Podman: {
		doc:    `{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrno": "EPERM", "syscalls": [{"names": ["read", "mseal"], "action": "SCMP_ACT_ALLOW"}]}`,
		denies: seccomp.Errno(1), unnamed: seccomp.Errno(38), install: seccomp.SpecAllow,
		wrong: map[string]string{`{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrno": "EFOO"}`: "f:1:53: defaultErrno: unknown errno \"EFOO\""},
		warns: `{"defaultAction": "SCMP_ACT_ALLOW", "x": 1}`,
	},
	profile.OCI: {
		doc:    `{"linux": {"seccomp": {"defaultAction": "SCMP_ACT_ERRNO", "flags": ["SECCOMP_FILTER_FLAG_LOG"], "syscalls": [{"names": ["read", "mseal"], "action": "SCMP_ACT_ALLOW"}]}}}`,
		denies: seccomp.Errno(1), unnamed: seccomp.Errno(38), install: seccomp.LogAll,
		wrong: map[string]string{`{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": {}}`: "f:1:49: syscalls: got an object, want a list"},
		warns: `{"defaultAction": "SCMP_ACT_ALLOW", "x": 1}`,
	},
	profile.Mesos: {
		doc: `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": []}],
 "syscalls": [{"includes": {}, "excludes": {}, "names": ["read"], "action": "SCMP_ACT_ALLOW", "args": []}]}`,
		denies: seccomp.Errno(1), unnamed: seccomp.Errno(1),
		wrong: map[string]string{
			"{\n": "Failed to parse Seccomp profile 'f': syntax error at line 2 near: ",
			"{}":  "Failed to parse Seccomp profile 'f': Cannot determine 'defaultAction' for the Seccomp configuration: Not found",
		},
		warns: `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [], "syscalls": [{"includes": {}, "excludes": {}, "names": ["read"], "action": "SCMP_ACT_ALLOW", "args": 5}]}`,
	},
	profile.SPO: {
		doc: "apiVersion: security-profiles-operator.x-k8s.io/v1\nkind: SeccompProfile\nmetadata: {name: p}\nspec:\n  defaultAction: SCMP_ACT_ERRNO\n" +
			"  flags: [SECCOMP_FILTER_FLAG_LOG]\n  syscalls:\n  - names: [read, mseal]\n    action: SCMP_ACT_ALLOW\n",
		denies: seccomp.Errno(1), unnamed: seccomp.Errno(38), install: seccomp.LogAll,
		wrong: map[string]string{"kind: SeccompProfile\nspec: 1\n": "f:1:1: "},
		warns: "apiVersion: security-profiles-operator.x-k8s.io/v1\nkind: SeccompProfile\nmetadata: {name: p}\nspec:\n  defaultAction: SCMP_ACT_ALLOW\n  x: 1\n",
	},
	profile.Systemd: {
		doc: "[Service]\nSystemCallFilter=read\nSystemCallErrorNumber=EPERM\nSystemCallArchitectures=native\n", denies: seccomp.Errno(1), unnamed: seccomp.Errno(38),
		wrong: map[string]string{"[Service]\n\nSystemCallFilter=~raed\n": "f:3:19: unknown system call \"raed\""},
		warns: "[Service]\nSystemCallFilter=read\nSystemCallErrorNumber=x\n",
	},
	profile.Minijail: {
		doc: "read: 1\n", denies: seccomp.KillThread, unnamed: seccomp.KillThread,
		wrong: map[string]string{"read: 1\nwrite\n": "f:2:6: ", "read: 1\nraed: 1\n": "f:2:1: unknown system call \"raed\""},
		warns: "read: arg0 & 0\n",
	},
	profile.Firecracker: {
		doc: `{"vmm": {"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "read"}]}}`, denies: seccomp.Trap(0), unnamed: seccomp.Trap(0),
		wrong: map[string]string{
			`{"vmm": {"default_action": "tarp", "filter_action": "allow", "filter": []}}`: "f:1:28: vmm.default_action: unknown action \"tarp\"",
			"{": "f:1:2: ",
		},
		warns:   `{"vmm": {"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "read"}, {"syscall": "read", "args": [{"index": 0, "type": "qword", "op": "eq", "val": 1}]}]}}`,
		threads: []string{"vmm"},
	},
}

// TestConformance holds every dialect to the contract.
func TestConformance(t *testing.T) {
	require.Len(t, conformance, len(dialects))
	for _, d := range dialects {
		row, ok := conformance[d.Name]
		require.True(t, ok, d.Name)
		t.Run(string(d.Name), func(t *testing.T) {
			target := profile.Target{Arch: arch.X86_64, Kernel: arch.Newest}
			doc, err := Parse([]byte(row.doc), profile.In(d.Name), profile.File("f"), profile.Strict)
			require.NoError(t, err)
			assert.Equal(t, d.Name, doc.Dialect())
			policy, _, err := doc.Resolve(target)
			require.NoError(t, err)

			t.Run("decides", func(t *testing.T) {
				answer := func(name string) seccomp.Action {
					nr, ok := arch.X86_64.Number(name)
					require.True(t, ok)
					return policy.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr})
				}
				assert.Equal(t, seccomp.Allow, answer("read"))
				assert.Equal(t, row.denies, answer("mount"))
				assert.Equal(t, row.unnamed, policy.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: 100_000}))
				assert.Equal(t, d.BadArch, policy.Evaluate(&seccomp.Call{Audit: arch.S390X.Audit()}), "a foreign ABI")
			})
			t.Run("defaults", func(t *testing.T) {
				same, _, err := doc.Resolve(target, d.ENOSYS)
				require.NoError(t, err)
				assert.True(t, equalRules(policy, same), "the mode of ENOSYS that counts where none is given")
				assert.Equal(t, row.install, doc.InstallFlags(seccomp.SpecAllow))
				assert.Equal(t, row.threads, doc.Threads())
				_, err = doc.Thread("vmm")
				assert.Equal(t, row.threads == nil, err != nil)
				assert.Equal(t, d.Like == nil, d.Keep == nil, "rule by rule in both directions or none")
			})
			t.Run("writes", func(t *testing.T) { writesAgain(t, d.Name, policy, target) })
			t.Run("refuses", func(t *testing.T) {
				for wrong, want := range row.wrong {
					refusesWith(t, d.Name, wrong, want, target)
				}
				_, err := Parse([]byte(row.doc), profile.In(d.Name), profile.Limits(len(row.doc)-1, 0))
				require.ErrorIs(t, err, profile.ErrLimit)
				refusedWell(t, d.Name, err)
				for _, wrong := range []string{"", "\x00", "\xff\xfe", "\ufeff" + row.doc, row.doc[:len(row.doc)/2] + "\x01"} {
					doc, err := Parse([]byte(wrong), profile.In(d.Name), profile.File("f"))
					if err == nil { // an empty policy of minijail, which denies all
						_, _, err = doc.Resolve(target)
					}
					if err != nil {
						refusedWell(t, d.Name, err)
					}
				}
			})
			t.Run("strict", func(t *testing.T) { strictRefuses(t, d.Name, row.warns, target) })
		})
	}
}

// writesAgain writes a policy and finds the same decisions in the document; and it refuses
// with the one error for that what no dialect has words for.
func writesAgain(t *testing.T, name profile.Dialect, policy *seccomp.Policy, target profile.Target) {
	text, err := Write(name, policy, Options{})
	require.NoError(t, err)
	again, err := Write(name, policy, Options{})
	require.NoError(t, err)
	require.Equal(t, string(text), string(again))
	written, err := Parse(text, profile.In(name))
	require.NoError(t, err)
	read, _, err := written.Resolve(target)
	require.NoError(t, err)
	for diff, err := range proof.Diff(proof.Of(policy), proof.Of(read)) {
		require.NoError(t, err)
		t.Fatalf("%v\n%s", diff, text)
	}

	strange := *policy
	strange.Rules = append([]seccomp.Rule{{Numbers: []seccomp.Range{{From: 5000, To: 5001}}, Action: seccomp.Trap(3)}}, policy.Rules...)
	_, err = Write(name, &strange, Options{})
	var e *profile.UnsayableError
	require.ErrorAs(t, err, &e)
	assert.Equal(t, name, e.Dialect)
	assert.NotEmpty(t, e.Reasons)
	assert.True(t, strings.HasPrefix(err.Error(), string(name)+" cannot say this: "), err)
	_, err = Write(name, &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: 1}, Options{})
	assert.ErrorIs(t, err, seccomp.ErrPolicy)
	_, err = Write(name, &seccomp.Policy{}, Options{})
	assert.EqualError(t, err, string(name)+" cannot say this: a policy for no ABI")
}

// refusesWith wants an error that begins so, from Parse or where names are looked up.
func refusesWith(t *testing.T, name profile.Dialect, wrong, want string, target profile.Target) {
	doc, err := Parse([]byte(wrong), profile.In(name), profile.File("f"))
	if err == nil {
		_, _, err = doc.Resolve(target)
	}
	require.Error(t, err, wrong)
	assert.True(t, strings.HasPrefix(err.Error(), want), "%s\n%v", wrong, err)
	refusedWell(t, name, err)
	var own *profile.Error
	require.ErrorAs(t, err, &own)
	assert.Equal(t, "f", own.Place.File)
	assert.Positive(t, own.Place.Line, err)
	assert.Positive(t, own.Place.Column, err)
}

// strictRefuses: a warning is a warning, and with Strict an error.
func strictRefuses(t *testing.T, name profile.Dialect, warns string, target profile.Target) {
	doc, err := Parse([]byte(warns), profile.In(name))
	require.NoError(t, err)
	_, diagnostics, err := doc.Resolve(target)
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(diagnostics, func(d profile.Diagnostic) bool { return d.Severity == profile.Warning }), "%v", diagnostics)
	for _, d := range diagnostics {
		assert.NotEmpty(t, meaningOf(d.Code), d)
	}
	doc, err = Parse([]byte(warns), profile.In(name), profile.Strict)
	if err == nil {
		_, _, err = doc.Resolve(target, profile.Strict)
	}
	require.ErrorIs(t, err, profile.ErrProfile)
	refusedWell(t, name, err)
}

// TestConformanceCodes: the codes of a dialect are its own, in order, and have a meaning.
func TestConformanceCodes(t *testing.T) {
	seen := map[profile.Code]bool{}
	for _, d := range dialects {
		assert.True(t, slices.IsSortedFunc(d.Codes, func(a, b document.Code) int { return strings.Compare(string(a.Code), string(b.Code)) }), d.Name)
		for _, c := range d.Codes {
			prefix, _, _ := strings.Cut(string(c.Code), "-")
			assert.True(t, prefix == string(d.Name) || d.Name == profile.Mesos && prefix == "marathon", c.Code)
			assert.Regexp(t, "^[a-z0-9]+(-[a-z0-9]+)*$", string(c.Code))
			assert.NotEmpty(t, c.Meaning, c.Code)
			assert.Empty(t, codes.Of(c.Code).Meaning, "package profile has %s too", c.Code)
			assert.False(t, seen[c.Code], c.Code)
			seen[c.Code] = true
			assert.Equal(t, c.Meaning, Codes()[c.Code])
		}
	}
	assert.Len(t, Codes(), len(seen)+len(codes.All()))
	assert.Contains(t, Codes(), profile.Code("mesos-refused"))
}

// TestConformanceNil: a document that was never read is an error, not a panic.
func TestConformanceNil(t *testing.T) {
	for _, doc := range []*Document{nil, {}} {
		_, _, err := doc.Resolve(profile.Target{Arch: arch.X86_64})
		assert.ErrorIs(t, err, profile.ErrProfile)
		_, err = doc.Changes(profile.Target{}, seccomp.Call{Nr: math.MaxUint32})
		assert.ErrorIs(t, err, profile.ErrProfile)
		_, err = doc.Thread("x")
		assert.Error(t, err)
		_, _, err = Conversion{To: profile.Docker}.Convert(doc)
		assert.ErrorIs(t, err, profile.ErrProfile)
		assert.Zero(t, doc.Dialect())
		assert.Zero(t, doc.InstallFlags(seccomp.SpecAllow))
		assert.Nil(t, doc.Threads())
		assert.Nil(t, doc.Profile())
	}
}
