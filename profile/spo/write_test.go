// SPDX-License-Identifier: Apache-2.0

package spo

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// TestManifestOf: what is written is read as it was, for every document of the corpus that
// can be said; of the others the error says what cannot.
func TestManifestOf(t *testing.T) {
	written, unsaid := 0, 0
	for folder, dialect := range map[string]profile.Dialect{"docker": profile.Docker, "containers-common": profile.Podman, "oci": profile.OCI} {
		for _, file := range shared.Glob(t, "data/profiles/"+folder+"/*.json") {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			p, err := profile.Parse(text, profile.In(dialect))
			if err != nil {
				continue // errno 12345
			}
			target := profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: []string{"CAP_SYS_ADMIN"}}
			p, err = p.Flatten(target)
			require.NoError(t, err)
			doc, err := manifestOf("test", p)
			var u *profile.UnsayableError
			if errors.As(err, &u) {
				t.Logf("%s: %v", filepath.Base(file), err)
				unsaid++
				continue
			}
			require.NoError(t, err)
			again, err := Parse(doc, profile.Strict)
			require.NoError(t, err, "%s", doc)
			assert.Equal(t, "test", again.Name)
			want, _, err := p.Resolve(target)
			require.NoError(t, err)
			got, _, err := again.Resolve(target)
			require.NoError(t, err)
			require.Len(t, got.Rules, len(want.Rules))
			for i := range got.Rules {
				got.Rules[i].Origin = want.Rules[i].Origin
			}
			assert.Equal(t, want, got, file)
			twice, err := manifestOf("test", again.Seccomp)
			require.NoError(t, err)
			assert.Equal(t, string(doc), string(twice))
			written++
		}
	}
	assert.Greater(t, written, 25)
	assert.Positive(t, unsaid, "a default errno of ENOSYS and listener paths")
}

func TestManifestText(t *testing.T) {
	n := uint32(38)
	doc, err := manifestOf("a-1.b", &profile.Profile{
		DefaultAction: "SCMP_ACT_ERRNO", DefaultErrnoRet: ptr(1), Architectures: []string{"SCMP_ARCH_X86_64", "SCMP_ARCH_X86_64"},
		Flags: []string{"SECCOMP_FILTER_FLAG_LOG"}, ListenerPath: "/var/run/security-profiles-operator/a.sock",
		ListenerMetadata: "true\x00\"\\ é\u2028\U000e0001\x7f\n",
		Syscalls: []profile.Rule{
			{Names: []string{"read", "read", "on", "12", "a: b"}, Action: "SCMP_ACT_ALLOW", ErrnoRet: &n},
			{Action: "SCMP_ACT_LOG"},
			{Names: []string{"open"}, Action: "SCMP_ACT_ERRNO", ErrnoRet: &n, Args: []profile.Arg{
				{Index: 5, Op: "SCMP_CMP_MASKED_EQ", Value: 3, ValueTwo: 1<<63 - 1}, {Op: "SCMP_CMP_EQ"}}},
		},
	})
	require.NoError(t, err)
	assert.Equal(t, `apiVersion: security-profiles-operator.x-k8s.io/v1
kind: SeccompProfile
metadata:
  name: a-1.b
spec:
  defaultAction: SCMP_ACT_ERRNO
  architectures:
  - SCMP_ARCH_X86_64
  flags:
  - SECCOMP_FILTER_FLAG_LOG
  listenerPath: /var/run/security-profiles-operator/a.sock
  listenerMetadata: "true\u0000\"\\ é\u2028\U000e0001\u007f\n"
  syscalls:
  - action: SCMP_ACT_ALLOW
    names:
    - read
    - "on"
    - "12"
    - "a: b"
  - action: SCMP_ACT_ERRNO
    errnoRet: 38
    names:
    - open
    args:
    - index: 5
      op: SCMP_CMP_MASKED_EQ
      value: 3
      valueTwo: 9223372036854775807
    - index: 0
      op: SCMP_CMP_EQ
      value: 0
`, string(doc))
	p, err := Parse(doc)
	require.NoError(t, err)
	assert.Equal(t, "true\x00\"\\ é\u2028\U000e0001\x7f\n", p.Seccomp.ListenerMetadata)
	assert.Equal(t, []string{"read", "on", "12", "a: b"}, p.Seccomp.Syscalls[0].Names)
}

func ptr(n uint32) *uint32 { return &n }

func TestManifestCannot(t *testing.T) {
	many := make([]profile.Arg, 7)
	for i := range many {
		many[i].Op = "SCMP_CMP_EQ"
	}
	p := &profile.Profile{
		DefaultAction: "SCMP_ACT_ERRNO", DefaultErrnoRet: ptr(38), Architectures: []string{"SCMP_ARCH_X86", "SCMP_ARCH_SH"},
		Flags: []string{}, ListenerPath: "/run/x", ListenerMetadata: "\xff",
		Syscalls: []profile.Rule{
			{Names: []string{"read"}, Action: "SCMP_ACT_ERRNO", ErrnoRet: ptr(0), Includes: &profile.Selector{Caps: []string{"CAP_CHOWN"}}},
			{Names: []string{"read", "\xff"}, Action: "SCMP_ACT_TRACE", ErrnoRet: ptr(4096), Args: many},
			{Names: []string{"read"}, Action: "SCMP_ACT_LOG", Args: []profile.Arg{{Op: "SCMP_CMP_EQ", Value: 1 << 63, ValueTwo: 1<<64 - 1}}},
		},
	}
	_, err := manifestOf("Name_", p)
	var u *profile.UnsayableError
	require.ErrorAs(t, err, &u)
	assert.Equal(t, []string{
		`the name "Name_", want lower-case letters, digits, - and .`,
		"syscalls[0].includes",
		"defaultErrnoRet 38",
		"architectures[1] SCMP_ARCH_SH",
		"flags []",
		`listenerPath "/run/x"`,
		"listenerMetadata that is no UTF-8",
		"syscalls[0].errnoRet 0",
		"syscalls[1].errnoRet 4096",
		"syscalls[1] with 7 conditions",
		"syscalls[1].names[1] that is no UTF-8",
		"syscalls[2].args[0].value 9223372036854775808",
		"syscalls[2].args[0].valueTwo 18446744073709551615",
	}, u.Reasons)
	assert.True(t, strings.HasPrefix(err.Error(), "spo cannot say this: "), err)
	_, err = manifestOf("x", &profile.Profile{})
	assert.ErrorIs(t, err, profile.ErrProfile)
}

func TestWrite(t *testing.T) {
	policy := &seccomp.Policy{
		Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Errno(1),
		Rules: []seccomp.Rule{
			{Syscalls: []string{"read", "write"}, Action: seccomp.Allow},
			{Syscalls: []string{"ioctl"}, Args: []seccomp.Arg{{Index: 1, Op: seccomp.EQ, Value: 0x5401}}, Action: seccomp.Allow},
		},
	}
	doc, err := dialect.Write(policy, document.Writing{Name: "x", ENOSYS: profile.ENOSYSOff})
	require.NoError(t, err)
	p, err := Parse(doc, profile.Strict)
	require.NoError(t, err)
	again, _, err := p.Resolve(profile.Target{Arch: arch.X86_64}, profile.ENOSYSOff)
	require.NoError(t, err)
	for d, err := range proof.Diff(proof.Of(policy), proof.Of(again)) {
		require.NoError(t, err)
		t.Error(d)
	}
	policy.Default = seccomp.Errno(38)
	_, err = dialect.Write(policy, document.Writing{Name: "x", ENOSYS: profile.ENOSYSOff})
	assert.ErrorContains(t, err, "spo cannot say this: defaultErrnoRet 38")
	policy.BadArch = seccomp.Allow
	_, err = dialect.Write(policy, document.Writing{Name: "x", ENOSYS: profile.ENOSYSOff})
	assert.ErrorContains(t, err, "spo cannot say this: ALLOW for foreign ABIs")
}
