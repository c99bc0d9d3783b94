// SPDX-License-Identifier: Apache-2.0

package spo

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	family "github.com/gosieve/sieve/internal/codes"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

var linux = profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}

// object is an object of kind SeccompProfile; its spec begins on line 5.
func object(name, spec string) string {
	return "apiVersion: security-profiles-operator.x-k8s.io/v1\nkind: SeccompProfile\nmetadata: {name: " + name + "}\nspec:\n" + indent(spec)
}

func indent(s string) string {
	return "  " + strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\n", "\n  ") + "\n"
}

// rules is a spec that denies with EPERM all but what the rules say.
func rules(list string) string {
	return "defaultAction: SCMP_ACT_ERRNO\nsyscalls:\n" + list
}

func call(name string, args ...uint64) *seccomp.Call {
	nr, ok := arch.X86_64.Number(name)
	if !ok {
		panic(name)
	}
	c := &seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr}
	copy(c.Args[:], args)
	return c
}

// TestCorpus: every object that people use is read and resolved, or refused as it
// should be.
func TestCorpus(t *testing.T) {
	profiles := map[string]int{
		"baseprofile-crun.yaml": 1, "baseprofile-runc.yaml": 1, "seccompprofile.yaml": 4,
		"seccompprofile-allowed-syscalls-change.yaml": 1, "seccompprofile-allowed-syscalls-validation.yaml": 4,
		"seccompagent-notify-dangerous.yaml": 1,
	}
	refused := map[string]string{
		"profilerecording-seccomp-bpf.yaml":  "3:7: kind: a ProfileRecording asks for a profile to be recorded, and has none: want kind SeccompProfile",
		"profilerecording-seccomp-logs.yaml": "3:7: kind: a ProfileRecording asks for a profile to be recorded, and has none: want kind SeccompProfile",
		"bpf-recorder.json":                  "1:1: kind: no kind, want SeccompProfile: this looks like a docker, podman or oci document",
		"security-profiles-operator.json":    "1:1: kind: no kind, want SeccompProfile: this looks like a docker, podman or oci document",
		"violation.json":                     "1:1: kind: no kind, want SeccompProfile: this looks like a docker, podman or oci document",
		"gremlin-seccomp-configmap.yaml":     "this looks like a template, which has to be rendered first",
		"podman-quadlet-seccomp.container":   "",
	}
	files := append(shared.Glob(t, "data/profiles/spo/*"), shared.Glob(t, "data/profiles/k8s/*")...)
	for _, file := range files {
		name := filepath.Base(file)
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		list, err := All(text, profile.File(name))
		if want, ok := refused[name]; ok {
			require.ErrorContains(t, err, want, name)
			delete(refused, name)
			continue
		}
		require.NoError(t, err, name)
		require.Len(t, list, profiles[name], name)
		delete(profiles, name)
		for _, p := range list {
			for _, a := range []arch.Arch{arch.X86_64, arch.AArch64, arch.S390X} {
				policy, diags, err := p.Resolve(profile.Target{Arch: a, Kernel: arch.Newest})
				require.NoError(t, err, "%s: %s", name, p.Name)
				_, err = proof.Compile(policy)
				require.NoError(t, err)
				for _, d := range diags {
					assert.NotEmpty(t, family.Of(d.Code).Meaning+dialect.Meaning(d.Code), d)
					assert.Equal(t, name, d.Place.File, d)
					assert.Positive(t, d.Place.Line, d)
				}
			}
		}
	}
	assert.Empty(t, profiles)
	assert.Empty(t, refused)
}

func TestMeaning(t *testing.T) {
	p, err := Parse([]byte(object("x", `
defaultAction: SCMP_ACT_KILL_PROCESS
architectures: [SCMP_ARCH_X86_64, SCMP_ARCH_X86]
listenerPath: /var/run/security-profiles-operator/agent.sock
listenerMetadata: "a\nb"
flags: [SECCOMP_FILTER_FLAG_LOG]
syscalls:
- names: [read, write]
  action: SCMP_ACT_ALLOW
- names: &more
  - openat
  action: SCMP_ACT_ERRNO
  errnoRet: 0x26
  args:
  - {index: 1, op: SCMP_CMP_MASKED_EQ, value: 0b11, valueTwo: 1_0}
  - {index: 2, op: SCMP_CMP_GE, value: 9223372036854775807}
- names: *more
  action: SCMP_ACT_TRACE
  args: [{index: 0, op: SCMP_CMP_EQ}]
`[1:])))
	require.NoError(t, err)
	assert.Equal(t, "x", p.Name)
	s := p.Seccomp
	assert.Equal(t, "/var/run/security-profiles-operator/agent.sock", s.ListenerPath)
	assert.Equal(t, "a\nb", s.ListenerMetadata)
	assert.Equal(t, seccomp.LogAll, s.InstallFlags(seccomp.SpecAllow))
	assert.Equal(t, []string{"SCMP_ARCH_X86_64", "SCMP_ARCH_X86"}, s.Architectures)
	n := uint32(38)
	assert.Equal(t, []profile.Rule{
		{Names: []string{"read", "write"}, Action: "SCMP_ACT_ALLOW"},
		{Names: []string{"openat"}, Action: "SCMP_ACT_ERRNO", ErrnoRet: &n, Args: []profile.Arg{
			{Index: 1, Op: "SCMP_CMP_MASKED_EQ", Value: 3, ValueTwo: 10}, {Index: 2, Op: "SCMP_CMP_GE", Value: 1<<63 - 1}}},
		{Names: []string{"openat"}, Action: "SCMP_ACT_TRACE", Args: []profile.Arg{{Op: "SCMP_CMP_EQ"}}},
	}, s.Syscalls)
	policy, diags, err := p.Resolve(linux, profile.RestrictOverlaps)
	require.NoError(t, err)
	assert.Equal(t, seccomp.Allow, policy.Evaluate(call("write")))
	assert.Equal(t, seccomp.KillProcess, policy.Evaluate(call("close")))
	assert.Equal(t, seccomp.Trace(1), policy.Evaluate(call("openat")))
	require.Len(t, diags, 3, "%v", diags)
	assert.Equal(t, `18:65: spec.syscalls[1].args[0].valueTwo: warning: bits 0x8 are not in the mask 0x3 and do not count (datum-outside-mask)`, diags[0].String())
	assert.Equal(t, "13:5", policy.Rules[0].Origin.String())
}

func TestRefuses(t *testing.T) {
	arg := func(fields string) string {
		return object("x", rules("- names: [read]\n  action: SCMP_ACT_ALLOW\n  args:\n  - {"+fields+"}"))
	}
	tests := map[string]struct {
		doc, want string
		kind      error
	}{
		"nothing":                {"", "no object, want one of kind SeccompProfile", profile.ErrProfile},
		"an empty document":      {"---\n---\n# nothing\n", "no object, want one of kind SeccompProfile", profile.ErrProfile},
		"a string":               {"hello", "1:1: got a string, want an object of kind SeccompProfile", profile.ErrProfile},
		"not YAML":               {object("x", "defaultAction: [")[:100] + "[}", `did not find expected`, profile.ErrSyntax},
		"a template":             {"{{ if x }}\nkind: SeccompProfile\n{{ end }}\n", "this looks like a template, which has to be rendered first", profile.ErrProfile},
		"a template in a block":  {"kind: SeccompProfile\n{{- if x }}\nx: y\n", "this looks like a template, which has to be rendered first", profile.ErrSyntax},
		"a tab":                  {"kind:\n\t- x", "found character that cannot start any token", profile.ErrSyntax},
		"a byte order mark":      {"\ufeff" + object("x", "defaultAction: SCMP_ACT_ALLOW"), "1:1: byte order mark: want UTF-8 without one", profile.ErrSyntax},
		"UTF-16":                 {"\xff\xfek\x00", "invalid UTF-8", profile.ErrSyntax},
		"a Pod":                  {"kind: Pod", "1:7: kind: a Pod names a profile at most, in securityContext.seccompProfile, and has none: want kind SeccompProfile", profile.ErrProfile},
		"a Service":              {"kind: Service", "1:7: kind: kind Service, want SeccompProfile", profile.ErrProfile},
		"a ConfigMap":            {"kind: ConfigMap\ndata: {a: b}", "1:7: kind: kind ConfigMap, want SeccompProfile", profile.ErrProfile},
		"a profile in ConfigMap": {"kind: ConfigMap\ndata:\n  a.json: |\n    {\"defaultAction\": \"SCMP_ACT_ALLOW\"}\n", `3:3: data.a.json: a ConfigMap whose "a.json" holds a docker, podman or oci document: extract it`, profile.ErrProfile},
		"another API":            {"apiVersion: v1\nkind: SeccompProfile\nspec: {}", `1:13: apiVersion: kind SeccompProfile of API "v1", want security-profiles-operator.x-k8s.io/v1`, profile.ErrProfile},
		"no API":                 {"kind: SeccompProfile\nspec: {}", `1:1: apiVersion: kind SeccompProfile of API "", want security-profiles-operator.x-k8s.io/v1`, profile.ErrProfile},
		"a list in a list":       {"kind: List\nitems: [{kind: List}]", "2:9: a List in a List", profile.ErrProfile},
		"no spec":                {strings.Split(object("x", "x"), "spec")[0], "1:1: spec: no spec", profile.ErrProfile},
		"no default":             {object("x", "syscalls: []"), "5:3: spec.defaultAction: no defaultAction, which the API server wants", profile.ErrProfile},
		"a default of null":      {object("x", "defaultAction: null"), "5:3: spec.defaultAction: no defaultAction, which the API server wants", profile.ErrProfile},
		"another case":           {object("x", "DefaultAction: SCMP_ACT_ALLOW"), "5:3: spec.defaultAction: no defaultAction, which the API server wants", profile.ErrProfile},
		"an unknown action":      {object("x", "defaultAction: SCMP_ACT_DENY"), "5:18: spec.defaultAction: unknown action \"SCMP_ACT_DENY\"", profile.ErrProfile},
		"notify as default":      {object("x", "defaultAction: SCMP_ACT_NOTIFY"), "5:18: spec.defaultAction: SCMP_ACT_NOTIFY cannot be the default", profile.ErrProfile},
		"a name of a number":     {object("x", rules("- {names: [1], action: SCMP_ACT_ALLOW}")), "7:14: spec.syscalls[0].names[0]: got a number, want a string", profile.ErrProfile},
		"a name of null":         {object("x", rules("- {names: [~], action: SCMP_ACT_ALLOW}")), "7:14: spec.syscalls[0].names[0]: got null, want a string", profile.ErrProfile},
		"a name of bytes":        {object("x", rules("- {names: [!!binary cmVhZA==], action: SCMP_ACT_ALLOW}")), `7:14: spec.syscalls[0].names[0]: got a value of type "!!binary", want a string`, profile.ErrProfile},
		"a type of one's own":    {object("x", rules("- {names: !set [read], action: !x SCMP_ACT_ALLOW}")), `7:34: spec.syscalls[0].action: got a value of type "!x", want a string`, profile.ErrProfile},
		"an empty name":          {object("x", rules("- {names: [''], action: SCMP_ACT_ALLOW}")), "7:14: spec.syscalls[0].names[0]: an empty name, want a system call", profile.ErrProfile},
		"no names":               {object("x", rules("- {action: SCMP_ACT_ALLOW}")), "7:5: spec.syscalls[0].names: no names, which the API server wants", profile.ErrProfile},
		"no action":              {object("x", rules("- {names: [read]}")), "7:5: spec.syscalls[0].action: no action, which the API server wants", profile.ErrProfile},
		"a rule of null":         {object("x", rules("- ~")), "7:5: spec.syscalls[0]: got null, want an object", profile.ErrProfile},
		"a rule of text":         {object("x", rules("- read")), "7:5: spec.syscalls[0]: got a string, want an object", profile.ErrProfile},
		"rules as an object":     {object("x", "defaultAction: SCMP_ACT_ALLOW\nsyscalls: {}"), "6:13: spec.syscalls: got an object, want a list", profile.ErrProfile},
		"an errno of text":       {object("x", rules("- {names: [read], action: SCMP_ACT_ERRNO, errnoRet: '5'}")), "7:55: spec.syscalls[0].errnoRet: got a string, want a number", profile.ErrProfile},
		"a negative errno":       {object("x", rules("- {names: [read], action: SCMP_ACT_ERRNO, errnoRet: -1}")), "7:55: spec.syscalls[0].errnoRet: -1: want a whole number from 0 to 2147483647", profile.ErrProfile},
		"too large an errno":     {object("x", rules("- {names: [read], action: SCMP_ACT_ERRNO, errnoRet: 4096}")), "7:55: spec.syscalls[0].errnoRet: 4096 is too large for SCMP_ACT_ERRNO, want 0 to 4095", profile.ErrProfile},
		"an argument 6":          {arg("index: 6, op: SCMP_CMP_EQ, value: 1"), "10:15: spec.syscalls[0].args[0].index: a call has no argument 6, want 0 to 5", profile.ErrProfile},
		"no index":               {arg("op: SCMP_CMP_EQ, value: 1"), "10:7: spec.syscalls[0].args[0].index: no index, which the API server wants", profile.ErrProfile},
		"no operator":            {arg("index: 0, value: 1"), "10:7: spec.syscalls[0].args[0].op: no op, which the API server wants", profile.ErrProfile},
		"an unknown operator":    {arg("index: 0, value: 1, op: '=='"), `10:32: spec.syscalls[0].args[0].op: unknown operator "=="`, profile.ErrProfile},
		"2^63":                   {arg("index: 0, op: SCMP_CMP_EQ, value: 9223372036854775808"), "10:42: spec.syscalls[0].args[0].value: 9223372036854775808: want a whole number from 0 to 9223372036854775807", profile.ErrProfile},
		"2^64":                   {arg("index: 0, op: SCMP_CMP_EQ, value: 18446744073709551616"), "10:42: spec.syscalls[0].args[0].value: 18446744073709551616: want a whole number from 0 to 9223372036854775807", profile.ErrProfile},
		"a fraction":             {arg("index: 0, op: SCMP_CMP_EQ, value: 1.0"), "10:42: spec.syscalls[0].args[0].value: 1.0: want a whole number from 0 to 9223372036854775807", profile.ErrProfile},
		"a number that is none":  {arg("index: 0, op: SCMP_CMP_EQ, value: !!int abc"), "10:42: spec.syscalls[0].args[0].value: abc: want a whole number from 0 to 9223372036854775807", profile.ErrProfile},
		"seven conditions":       {object("x", rules("- names: [read]\n  action: SCMP_ACT_ALLOW\n  args:"+strings.Repeat("\n  - {index: 0, op: SCMP_CMP_EQ}", 7))), "10:5: spec.syscalls[0].args: 7 conditions, which the API server refuses: want 6 at most", profile.ErrProfile},
		"a key of Docker's":      {object("x", rules("- names: [mount]\n  action: SCMP_ACT_ALLOW\n  includes: {caps: [CAP_SYS_ADMIN]}")), `9:5: spec.syscalls[0].includes: only the docker dialect has the key "includes": without it the rule would apply everywhere`, profile.ErrProfile},
		"an unknown arch":        {object("x", "defaultAction: SCMP_ACT_ALLOW\narchitectures: [SCMP_ARCH_LOONGARCH64]"), `6:19: spec.architectures[0]: unknown architecture "SCMP_ARCH_LOONGARCH64", want SCMP_ARCH_X86, `, profile.ErrProfile},
		"an unknown flag":        {object("x", "defaultAction: SCMP_ACT_ALLOW\nflags: [SECCOMP_FILTER_FLAG_NEW_LISTENER]"), `6:11: spec.flags[0]: unknown flag "SECCOMP_FILTER_FLAG_NEW_LISTENER"`, profile.ErrProfile},
		"an unknown state":       {object("x", "defaultAction: SCMP_ACT_ALLOW\nstate: off"), `6:10: spec.state: unknown state "off", want Enabled or Disabled`, profile.ErrProfile},
		"a key twice":            {object("x", "defaultAction: SCMP_ACT_ALLOW\ndefaultAction: SCMP_ACT_ERRNO"), `6:3: key "defaultAction" is there twice`, profile.ErrProfile},
		"a key twice elsewhere":  {object("x, labels: {a: b, a: c}", "defaultAction: SCMP_ACT_ALLOW"), `3:36: key "a" is there twice`, profile.ErrProfile},
		"a key of a number":      {object("x", "1: 2"), `5:3: got a number, want a string as a key`, profile.ErrProfile},
		"a merge key":            {object("x", "<<: {defaultAction: SCMP_ACT_ALLOW}"), `5:3: merge keys are not read: write the keys out`, profile.ErrProfile},
		"an alias of itself":     {object("x", "defaultAction: SCMP_ACT_ALLOW\nsyscalls: &a [*a]"), "6:17: spec.syscalls[0]: got a list, want an object", profile.ErrProfile},
		"an unknown alias":       {object("x", "defaultAction: *b"), "unknown anchor 'b' referenced", profile.ErrSyntax},
		"too deep":               {object("x", "defaultAction: SCMP_ACT_ALLOW\nx: "+strings.Repeat("[", 300)+strings.Repeat("]", 300)), "nested deeper than 256", profile.ErrLimit},
		"an unknown call":        {object("x", "defaultAction: SCMP_ACT_ALLOW\nsyscalls:\n- names:\n  - qqqqqqq\n  action: SCMP_ACT_KILL"), `8:7: spec.syscalls[0].names[0]: unknown system call "qqqqqqq": without it KILL_THREAD would become ALLOW`, profile.ErrProfile},
		"several":                {object("a", "defaultAction: SCMP_ACT_ALLOW") + "---\n" + object("b", "defaultAction: SCMP_ACT_ALLOW"), "11:3: spec: the file has 2 profiles (a, b), want one", profile.ErrProfile},
		"a base":                 {object("a", "defaultAction: SCMP_ACT_ALLOW\nbaseProfileName: oci://x"), `6:20: spec.baseProfileName: the base profile "oci://x" is not given: with it the profile has more rules`, profile.ErrProfile},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(tt.doc))
			if err == nil {
				_, _, err = p.Resolve(linux)
			}
			require.ErrorContains(t, err, tt.want)
			if strings.Contains(tt.want, ":") && tt.want[0] <= '9' {
				assert.True(t, strings.HasPrefix(err.Error(), tt.want), err)
			}
			assert.ErrorIs(t, err, tt.kind)
			var e *profile.Error
			require.ErrorAs(t, err, &e)
			assert.NotEmpty(t, family.Of(e.Code).Meaning+dialect.Meaning(e.Code), e.Code)
		})
	}
}

func TestWarns(t *testing.T) {
	tests := map[string]struct{ doc, want string }{
		"an unknown key":      {object("x", "defaultAction: SCMP_ACT_ERRNO\ndefaultErrnoRet: 38"), `6:3: spec.defaultErrnoRet: warning: unknown key "defaultErrnoRet", which the API server drops (unknown-key)`},
		"another case":        {object("x", "defaultAction: SCMP_ACT_ERRNO\nSyscalls: []"), `6:3: spec.Syscalls: warning: unknown key "Syscalls", which the API server drops; did you mean "syscalls"? (unknown-key)`},
		"an unknown key atop": {object("x", "defaultAction: SCMP_ACT_ERRNO") + "Spec: {}\n", `6:1: Spec: warning: unknown key "Spec", which the API server drops; did you mean "spec"? (unknown-key)`},
		"native":              {object("x", "defaultAction: SCMP_ACT_ERRNO\narchitectures: [SCMP_ARCH_NATIVE]"), `6:19: spec.architectures[0]: warning: runc and crun refuse SCMP_ARCH_NATIVE; the machine's own architecture is filtered without it (spo-native-arch)`},
		"errno 0":             {object("x", "defaultAction: SCMP_ACT_ALLOW\nsyscalls: [{names: [read], action: SCMP_ACT_ERRNO, errnoRet: 0}]"), `6:64: spec.syscalls[0].errnoRet: warning: the operator loses errnoRet 0: the call gets EPERM (spo-errno-zero)`},
		"no flags":            {object("x", "defaultAction: SCMP_ACT_ERRNO\nflags: []"), `6:10: spec.flags: warning: the operator loses an empty list of flags, and runc (since 1.2) asks for SPEC_ALLOW then (spo-empty-flags)`},
		"another path":        {object("x", "defaultAction: SCMP_ACT_ERRNO\nlistenerPath: /run/agent.sock"), `6:17: spec.listenerPath: warning: the API server refuses the path "/run/agent.sock", want /var/run/security-profiles-operator/NAME (spo-listener-path)`},
		"disabled":            {object("x", "defaultAction: SCMP_ACT_ERRNO\nstate: Disabled"), `6:10: spec.state: warning: the profile is disabled: the operator does not install it, and what refers to it does not start (spo-disabled)`},
		"disabled in v1beta1": {strings.Replace(object("x", "disabled: true\ndefaultAction: SCMP_ACT_ERRNO"), "/v1", "/v1beta1", 1), `5:13: spec.state: warning: the profile is disabled: the operator does not install it, and what refers to it does not start (spo-disabled)`},
		"a name twice":        {object("x", rules("- {names: [read, read], action: SCMP_ACT_ALLOW}")), `7:20: spec.syscalls[0].names[1]: warning: "read" is there twice, which the API server refuses (spo-repeated)`},
		"a long line":         {object("x", rules("- {names: [é, 'ééé', reed], action: SCMP_ACT_ALLOW}")), `7:28: spec.syscalls[0].names[2]: warning: unknown system call "reed", nearest is "read": it is skipped (unknown-syscall)`},
		"another kind":        {"kind: Pod\n---\n" + object("x", "defaultAction: SCMP_ACT_ALLOW"), `1:1: info: an object of kind Pod is not looked at (spo-other-kind)`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(tt.doc))
			require.NoError(t, err)
			_, diags, err := p.Resolve(linux)
			require.NoError(t, err)
			var says []string
			for _, d := range diags {
				says = append(says, d.String())
			}
			assert.Contains(t, says, tt.want)

			p, err = Parse([]byte(tt.doc), profile.Strict)
			if err == nil {
				_, _, err = p.Resolve(linux, profile.Strict)
			}
			if strings.Contains(tt.want, ": info: ") {
				assert.NoError(t, err)
			} else {
				assert.ErrorIs(t, err, profile.ErrProfile)
			}
		})
	}
}

// TestList reads what kubectl writes for several objects.
func TestList(t *testing.T) {
	item := func(name string) string {
		return "- apiVersion: security-profiles-operator.x-k8s.io/v1beta1\n  kind: SeccompProfile\n  metadata: {name: " + name + "}\n  spec: {defaultAction: SCMP_ACT_ALLOW}\n"
	}
	list, err := All([]byte("apiVersion: v1\nkind: List\nitems:\n" + item("a") + "- kind: Pod\n" + item("b")))
	require.NoError(t, err)
	require.Len(t, list, 2)
	assert.Equal(t, "b", list[1].Name)
	assert.Len(t, list[0].Seccomp.Warnings, 1)
	p, err := Parse([]byte(`{"apiVersion": "v1", "kind": "SeccompProfileList", "items": [{"apiVersion": "security-profiles-operator.x-k8s.io/v1",
		"kind": "SeccompProfile", "spec": {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}}]}`))
	require.NoError(t, err)
	policy, _, err := p.Resolve(linux)
	require.NoError(t, err)
	assert.Equal(t, seccomp.Allow, policy.Evaluate(call("read")))
}

// TestHostile: small documents that want to be large are refused soon, and in little
// memory.
func TestHostile(t *testing.T) {
	names := strings.Repeat("read,", 20_000)
	tests := map[string]string{
		"an alias bomb of rules":   object("x", "defaultAction: SCMP_ACT_ERRNO\nx: &n ["+names+"]\nsyscalls: [&r {names: *n, action: SCMP_ACT_ALLOW}"+strings.Repeat(", *r", 20_000)+"]"),
		"laughs":                   "a: &a [" + names + "]\nb: &b [" + strings.Repeat("*a,", 9) + "]\nc: &c [" + strings.Repeat("*b,", 9) + "]\nkind: x",
		"a node of every byte":     "kind: x\nx: [" + strings.Repeat("a,", 1<<20) + "]",
		"brackets":                 "kind: x\nx: " + strings.Repeat("[", 1<<20),
		"dashes":                   "kind: x\nx: " + strings.Repeat("- ", 1<<20),
		"many small objects":       "kind: x\nx: [" + strings.Repeat("{},", 100_000) + "]",
		"many documents":           strings.Repeat("---\n", 100_000) + "kind: x",
		"comments":                 strings.Repeat("# x\n", 100_000) + "kind: x",
		"comments in an object":    "kind: x\n" + strings.Repeat("# x\n", 100_000) + "x: 1",
		"a line of many marks":     "kind: x\nx: '" + strings.Repeat("é", 1<<20) + "'",
		"a long key":               "kind: x\n" + strings.Repeat("k", 2_000_000) + ": 1",
		"many keys":                "kind: x\n" + strings.Repeat("k: 1\n", 50_000),
		"keys with question marks": "kind: x\n" + strings.Repeat("? ", 100_000),
		"too many bytes":           strings.Repeat(" ", 4<<20),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := Parse([]byte(text))
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			require.Error(t, err)
			assert.Less(t, len(err.Error()), 1000)
			assert.Less(t, took, time.Minute) // some 0.1; a busy machine takes longer
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(256<<20))
			t.Logf("%v, %d MiB for %d KiB: %.100s", took.Round(time.Millisecond), (after.TotalAlloc-before.TotalAlloc)>>20, len(text)>>10, err)
		})
	}
	_, err := Parse([]byte(object("x", "defaultAction: SCMP_ACT_ALLOW")), profile.Limits(20, 0))
	assert.ErrorIs(t, err, profile.ErrLimit)
	_, err = Parse([]byte(object("x", "defaultAction: SCMP_ACT_ALLOW")), profile.Limits(0, 1))
	assert.ErrorIs(t, err, profile.ErrLimit)
}

func TestUnite(t *testing.T) {
	const baseDoc = "defaultAction: SCMP_ACT_ALLOW\narchitectures: [SCMP_ARCH_X86]\nsyscalls:\n"
	cond := func(action string, value int) string {
		return fmt.Sprintf("- names: [read]\n  action: SCMP_ACT_%s\n  args: [{index: 0, op: SCMP_CMP_EQ, value: %d}]", action, value)
	}
	plain := func(action string) string { return "- {names: [read], action: SCMP_ACT_" + action + "}" }
	const no = seccomp.Action(0x50001)
	tests := map[string]struct {
		own, base string
		call      *seccomp.Call
		want      seccomp.Action
		fails     string
	}{
		"only the base has it":                          {"- {names: [write], action: SCMP_ACT_ALLOW}", plain("ALLOW"), call("read"), seccomp.Allow, ""},
		"only the profile has it":                       {plain("LOG"), "- {names: [write], action: SCMP_ACT_ALLOW}", call("read"), seccomp.Log, ""},
		"the base allows more":                          {plain("TRAP"), plain("LOG"), call("read"), seccomp.Log, ""},
		"the profile allows more":                       {plain("ALLOW"), plain("LOG"), call("read"), seccomp.Allow, ""},
		"the profile denies by default":                 {plain("ERRNO"), plain("ALLOW"), call("read"), seccomp.Allow, ""},
		"the base denies by default":                    {plain("ALLOW"), plain("ERRNO"), call("read"), seccomp.Allow, ""},
		"KILL is KILL_THREAD":                           {plain("KILL"), plain("KILL_PROCESS"), call("read"), seccomp.KillThread, ""},
		"the base's errno":                              {"- {names: [read], action: SCMP_ACT_ERRNO, errnoRet: 5}", "- {names: [read], action: SCMP_ACT_ERRNO, errnoRet: 7}", call("read"), seccomp.Errno(7), ""},
		"conditions in the base":                        {plain("TRAP"), cond("KILL", 1), call("read", 1), seccomp.Trap(0), ""},
		"conditions that allow more":                    {plain("TRAP"), cond("ALLOW", 1), nil, 0, `read is SCMP_ACT_TRAP in one of this profile and its base "b", and SCMP_ACT_ALLOW with conditions in the other: no document says both`},
		"conditions of the profile that allow more":     {cond("ALLOW", 1), plain("TRAP"), nil, 0, `read is SCMP_ACT_TRAP in one of this profile and its base "b", and SCMP_ACT_ALLOW with conditions in the other: no document says both`},
		"conditions over a base that denies anyway":     {cond("ALLOW", 1), plain("ERRNO"), call("read", 1), seccomp.Allow, ""},
		"other values over a base that denies anyway":   {cond("ALLOW", 1), plain("ERRNO"), call("read", 2), no, ""},
		"conditions of both":                            {cond("ALLOW", 1), cond("ALLOW", 2), call("read", 2), seccomp.Allow, ""},
		"the same conditions, and the base allows more": {cond("TRAP", 1), cond("ALLOW", 1), call("read", 1), seccomp.Allow, ""},
		"the same conditions, and the profile does":     {cond("LOG", 1), cond("TRAP", 1), call("read", 1), seccomp.Log, ""},
		"the default is the profile's":                  {plain("ALLOW"), plain("ALLOW"), call("close"), no, ""},
		"the first of two rules":                        {plain("TRAP") + "\n" + plain("ALLOW"), plain("KILL"), call("read"), seccomp.Trap(0), ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			text := object("b", baseDoc+tt.base) + "---\n" + object("a", "baseProfileName: b\n"+rules(tt.own))
			p, err := Parse([]byte(text), profile.File("f"))
			if tt.fails != "" {
				require.ErrorContains(t, err, "spec.baseProfileName: "+tt.fails)
				assert.ErrorIs(t, err, profile.ErrProfile)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, "a", p.Name)
			assert.Empty(t, p.Seccomp.Architectures, "of a base only the rules count")
			policy, _, err := p.Resolve(linux)
			require.NoError(t, err)
			assert.Equal(t, tt.want, policy.Evaluate(tt.call), "%+v", p.Seccomp.Syscalls)
		})
	}
}

// TestUnitePlaces: rules stay where they were written, also names of which some are
// gone.
func TestUnitePlaces(t *testing.T) {
	text := object("a", "baseProfileName: b\n"+rules("- names: [reed, read]\n  action: SCMP_ACT_ALLOW")) + "---\n" +
		object("b", "baseProfileName: c\n"+rules("- names: [read, wriite]\n  action: SCMP_ACT_ALLOW")) + "---\n" +
		object("c", rules("- names: [read, reed, clothe, wriite, klose]\n  action: SCMP_ACT_ALLOW"))
	p, err := Parse([]byte(text), profile.File("f"))
	require.NoError(t, err)
	policy, diags, err := p.Resolve(linux, profile.ENOSYSOff)
	require.NoError(t, err)
	var says []string
	for _, d := range diags {
		says = append(says, d.Place.String())
	}
	assert.Equal(t, []string{
		"f:8:13: spec.syscalls[0].names[0]",
		"f:18:19: spec.syscalls[0].names[1]",
		"f:27:25: spec.syscalls[0].names[2]",
		"f:27:41: spec.syscalls[0].names[4]",
	}, says)
	assert.Equal(t, "f:8:5", policy.Rules[0].Origin.String())

	p, err = Parse([]byte(object("a", "baseProfileName: b\ndefaultAction: SCMP_ACT_LOG") + "---\n" + object("b", "defaultAction: SCMP_ACT_LOG\nflags: []")))
	require.NoError(t, err)
	require.Len(t, p.Seccomp.Warnings, 1)
	assert.Equal(t, emptyFlags, p.Seccomp.Warnings[0].Code)
}

func TestUniteFinds(t *testing.T) {
	list, err := All([]byte(object("a", "baseProfileName: b\n"+rules("- {names: [read], action: SCMP_ACT_ALLOW}"))))
	require.NoError(t, err)
	a := list[0]
	_, err = a.Unite(among(a))
	require.EqualError(t, err, `5:20: spec.baseProfileName: the base profile "b": no such profile`)
	assert.ErrorIs(t, err, errNoProfile)
	assert.ErrorIs(t, err, profile.ErrProfile)

	broken := errors.New("no network")
	_, err = a.Unite(func(string) (*Profile, error) { return nil, broken })
	assert.ErrorIs(t, err, broken)

	_, err = a.Unite(func(string) (*Profile, error) { return a, nil })
	assert.ErrorContains(t, err, "more than 15 bases one upon the other")

	// A chain of fourteen, by hand and one by one.
	b := &Profile{Name: "z", Seccomp: &profile.Profile{DefaultAction: "SCMP_ACT_ERRNO", Syscalls: []profile.Rule{{Names: []string{"write"}, Action: "SCMP_ACT_ALLOW"}}}}
	_, err = a.Unite(func(string) (*Profile, error) { return b, nil })
	require.NoError(t, err)
	for range 14 {
		b, err = (&Profile{Base: "z", Seccomp: b.Seccomp}).Unite(among(b, &Profile{Name: "z", Seccomp: b.Seccomp}))
		require.NoError(t, err)
	}
	u, err := a.Unite(func(string) (*Profile, error) { return b, nil })
	require.NoError(t, err)
	policy, _, err := u.Resolve(linux)
	require.NoError(t, err)
	assert.Equal(t, seccomp.Allow, policy.Evaluate(call("write")))
	assert.Len(t, a.Seccomp.Syscalls, 1, "the profile itself stays as it is")
	_, _, err = a.Resolve(linux)
	assert.Error(t, err)

	// The bases of the corpus under a profile that names them.
	runc, err := Parse(shared.Read(t, "data/profiles/spo/baseprofile-runc.yaml"))
	require.NoError(t, err)
	crun, err := Parse(shared.Read(t, "data/profiles/spo/baseprofile-crun.yaml"))
	require.NoError(t, err)
	crun.Base = runc.Name
	u, err = crun.Unite(among(runc))
	require.NoError(t, err)
	policy, _, err = u.Resolve(linux)
	require.NoError(t, err)
	for _, name := range []string{"access", "epoll_ctl", "read"} {
		assert.Equal(t, seccomp.Allow, policy.Evaluate(call(name)), name)
	}
}

// TestUniteDecides compares unions of random rules with what the operator means by one:
// of the rules that match a call in either list the less restrictive.
func TestUniteDecides(t *testing.T) {
	actions := []string{"SCMP_ACT_TRAP", "SCMP_ACT_ERRNO", "SCMP_ACT_LOG", "SCMP_ACT_ALLOW"}
	random := rand.New(rand.NewPCG(1, 2))
	five := uint32(5) // other than the default's
	rules := func() []profile.Rule {
		var list []profile.Rule
		for range random.IntN(4) {
			r := profile.Rule{Names: [][]string{{"read"}, {"write"}, {"read", "write"}}[random.IntN(3)], Action: actions[random.IntN(4)]}
			if r.Action == "SCMP_ACT_ERRNO" {
				r.ErrnoRet = &five
			}
			if random.IntN(3) > 0 {
				r.Args = []profile.Arg{{Op: "SCMP_CMP_EQ", Value: uint64(random.IntN(3))}}
			}
			list = append(list, r)
		}
		return list
	}
	// decide is the action of one list, -1 if no rule of it matches.
	decide := func(list []profile.Rule, name string, arg uint64) int {
		found := -1
		for i := range list {
			if !slices.Contains(list[i].Names, name) {
				continue
			}
			if len(list[i].Args) == 0 {
				return rank(list[i].Action)
			}
			if list[i].Args[0].Value == arg {
				found = max(found, rank(list[i].Action))
			}
		}
		return found
	}
	united, refused, compared := 0, 0, 0
	for range 3000 {
		own := &Profile{Name: "a", Base: "b", Seccomp: &profile.Profile{Dialect: profile.OCI, DefaultAction: "SCMP_ACT_ERRNO", Syscalls: rules()}}
		base := &Profile{Name: "b", Seccomp: &profile.Profile{Dialect: profile.OCI, DefaultAction: "SCMP_ACT_KILL", Syscalls: rules()}}
		u, err := own.Unite(among(base))
		if err != nil {
			require.ErrorContains(t, err, "no document says both")
			refused++
			continue
		}
		policy, _, err := u.Resolve(linux)
		if err != nil {
			require.ErrorContains(t, err, "overlap")
			continue
		}
		united++
		for _, name := range []string{"read", "write"} {
			for arg := range uint64(4) {
				want := max(decide(own.Seccomp.Syscalls, name, arg), decide(base.Seccomp.Syscalls, name, arg))
				action := map[int]seccomp.Action{-1: seccomp.Errno(1), rank(actions[0]): seccomp.Trap(0), rank(actions[1]): seccomp.Errno(5),
					rank(actions[2]): seccomp.Log, rank(actions[3]): seccomp.Allow}[want]
				require.Equal(t, action, policy.Evaluate(call(name, arg)), "%s(%d)\nown %+v\nbase %+v\nunion %+v", name, arg, own.Seccomp.Syscalls, base.Seccomp.Syscalls, u.Seccomp.Syscalls)
				compared++
			}
		}
	}
	assert.Greater(t, united, 1500)
	assert.Greater(t, refused, 50)
	t.Log(united, refused, compared)
}

// TestRank: every word has a rank, in the kernel's order.
func TestRank(t *testing.T) {
	for _, one := range scmp.Actions {
		require.GreaterOrEqual(t, rank(one), 0, one)
		for _, other := range scmp.Actions {
			a, _, _ := scmp.Action(one)
			b, _, _ := scmp.Action(other)
			require.Equal(t, a.Rank() < b.Rank(), rank(one) < rank(other), "%s and %s", one, other)
		}
	}
}

// TestUniteMany: the work is as the number of names and rules, not its square.
func TestUniteMany(t *testing.T) {
	names := make([]string, 50_000)
	var conditions []profile.Rule
	for i := range names {
		names[i] = fmt.Sprint("call", i)
		if i < 20_000 {
			conditions = append(conditions, profile.Rule{Names: []string{"read"}, Action: "SCMP_ACT_ALLOW",
				Args: []profile.Arg{{Op: "SCMP_CMP_EQ", Value: uint64(i)}, {Index: 1, Op: "SCMP_CMP_EQ"}}})
		}
	}
	make := func(name, base, action string) *Profile {
		return &Profile{Name: name, Base: base, Seccomp: &profile.Profile{DefaultAction: "SCMP_ACT_ERRNO",
			Syscalls: append([]profile.Rule{{Names: names, Action: action}}, conditions...)}}
	}
	start := time.Now()
	u, err := make("a", "b", "SCMP_ACT_LOG").Unite(among(make("b", "", "SCMP_ACT_ALLOW")))
	require.NoError(t, err)
	assert.Less(t, time.Since(start), time.Minute)
	assert.Len(t, u.Seccomp.Syscalls, 20_001)
	last := u.Seccomp.Syscalls[20_000]
	assert.Equal(t, "SCMP_ACT_ALLOW", last.Action)
	assert.Len(t, last.Names, 50_000)
}
