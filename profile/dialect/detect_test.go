// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
)

func TestDetect(t *testing.T) {
	tests := map[string]struct {
		file, doc string
		want      profile.Dialect
		err       string
	}{
		"the least":                         {"", `{"defaultAction": "SCMP_ACT_ALLOW"}`, profile.Docker, ""},
		"a key in another case":             {"", `{"DefaultAction": "SCMP_ACT_ALLOW"}`, profile.Docker, ""},
		"a whole configuration":             {"config.json", `{"ociVersion": "1.0.0", "linux": {"seccomp": {}}}`, profile.OCI, ""},
		"nothing but the linux part":        {"", `{"linux": {"seccomp": {"defaultAction": "SCMP_ACT_ALLOW"}}}`, profile.OCI, ""},
		"no JSON after the first brace":     {"", `{"defaultAction": `, profile.Docker, ""},
		"nothing":                           {"x", " \n", "", "x: an empty document"},
		"a filter":                          {"x.bpf", "\x20\x00\x00\x00\x04\x00\x00\x00", "", "x.bpf: a binary file"},
		"a manifest of another kind":        {"", "apiVersion: v1\nkind: ConfigMap\n", "", `of kind "ConfigMap"`},
		"a manifest without a kind":         {"", "apiVersion: v1\n", "", `of kind ""`},
		"a manifest after another":          {"", "kind: ConfigMap\n---\nkind: SeccompProfile\n", profile.SPO, ""},
		"a list of manifests":               {"", "kind: List\nitems:\n- kind: SeccompProfile\n", profile.SPO, ""},
		"the same in JSON":                  {"", `{"kind": "List", "items": [{"kind": "SeccompProfile"}]}`, profile.SPO, ""},
		"a list of others":                  {"", "kind: List\nitems:\n- kind: ConfigMap\n", "", `of kind "List"`},
		"an expression of systemd":          {"", "~@clock @module\n", profile.Systemd, ""},
		"a unit":                            {"x.service", "[Service]\nSystemCallFilter=read\n", profile.Systemd, ""},
		"a policy":                          {"", "# c\nread: 1\nopenat: arg2 == 0 || \\\n  arg2 == 1\n", profile.Minijail, ""},
		"a policy by its name":              {"x.policy", "notacall: 1\n", profile.Minijail, ""},
		"a policy or an expression":         {"", "@default kill\n", "", "it may be systemd or minijail, say which"},
		"errno in a rule":                   {"", `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ERRNO", "errno": "EPERM"}]}`, profile.Podman, ""},
		"errno in a comment":                {"", `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ERRNO", "comment": "errno"}]}`, profile.Docker, ""},
		"filters by thread":                 {"", `{"vmm": {"default_action": "trap", "filter_action": "allow", "filter": []}}`, profile.Firecracker, ""},
		"prose":                             {"", "Dear all,\n", "", "no document of a known dialect"},
		"YAML that begins like a policy":    {"", "name: x\nread: 1\n", "", "no document of a known dialect"},
		"a list":                            {"", `[{"defaultAction": "SCMP_ACT_ALLOW"}]`, "", "no document of a known dialect"},
		"a unit that is a manifest as well": {"", "kind: SeccompProfile\nSystemCallFilter=read\n", "", "say which"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := detectText(tt.file, []byte(tt.doc))
			if tt.err != "" {
				require.ErrorIs(t, err, ErrDialect)
				assert.ErrorContains(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
		})
	}
}

// TestDetectCorpus: every file is what its folder says, but for those with a reason.
func TestDetectCorpus(t *testing.T) {
	const (
		family = "no key of its own: Docker reads it alike"
		mesos  = "no key that Docker's could not have"
	)
	folders := map[string]struct {
		want   profile.Dialect
		reason string
	}{
		"docker": {profile.Docker, ""}, "oci": {profile.Docker, family}, "mesos": {profile.Docker, mesos},
		"containers-common": {"podman", ""}, "firecracker": {"firecracker", ""}, "spo": {"spo", ""}, "minijail": {"minijail", ""},
	}
	others := map[string]struct {
		want   profile.Dialect
		reason string
	}{
		"oci/runtime-spec-spec-example.config.json":            {profile.OCI, ""},
		"containers-common/bpf-hook-block-mkdir.json":          {profile.Docker, family},
		"containers-common/containers-golang-seccomp.json":     {profile.Docker, family},
		"containers-common/seccomp-2021-06-01-619da3b9.json":   {profile.Docker, family},
		"containers-common/seccomp-2021-06-16-689e5b07.json":   {profile.Docker, family},
		"containers-common/fixture-example.json":               {profile.Docker, family},
		"spo/bpf-recorder.json":                                {profile.Docker, "the operator's own profiles are Docker's"},
		"spo/security-profiles-operator.json":                  {profile.Docker, "the operator's own profiles are Docker's"},
		"spo/profilerecording-seccomp-bpf.yaml":                {"", "kind \"ProfileRecording\""},
		"spo/profilerecording-seccomp-logs.yaml":               {"", "kind \"ProfileRecording\""},
		"k8s/violation.json":                                   {profile.Docker, family},
		"k8s/seccompagent-notify-dangerous.yaml":               {"spo", ""},
		"k8s/gremlin-seccomp-configmap.yaml":                   {"", "a template"},
		"k8s/podman-quadlet-seccomp.container":                 {"", "no document of a known dialect"},
		"malformed/genuinetools-binctr-seccomp-leading-G.json": {"", "no document of a known dialect"},
		"schema/spo-seccompprofile-crd.yaml":                   {"", "kind \"CustomResourceDefinition\""},
		"schema/runc-features.json":                            {profile.OCI, "the features of a runtime, which reading as OCI refuses"},
		"schema/runtime-spec-config-linux.schema.json":         {profile.OCI, "a schema, which reading as OCI refuses"},
		"schema/runtime-spec-defs-linux.schema.json":           {profile.Docker, "a schema, which reading as Docker refuses"},
	}
	seen := map[profile.Dialect]int{}
	for _, file := range shared.Glob(t, "data/profiles/*/*") {
		key := filepath.Base(filepath.Dir(file)) + "/" + filepath.Base(file)
		doc, err := os.ReadFile(file)
		require.NoError(t, err)
		row, ok := others[key]
		if !ok {
			row, ok = folders[filepath.Base(filepath.Dir(file))]
		}
		require.True(t, ok, "no row for %s", key)
		got, err := detectText(filepath.Base(file), doc)
		seen[got]++
		if row.want == "" {
			assert.ErrorIs(t, err, ErrDialect, key)
			assert.ErrorContains(t, err, row.reason, key)
			continue
		}
		if _, missing := find(row.want); missing != nil {
			assert.ErrorContains(t, err, string(row.want), key)
			continue
		}
		require.NoError(t, err, key)
		assert.Equal(t, row.want, got, key)
		if row.reason == family {
			alike(t, key, doc)
		}
	}
	assert.Greater(t, seen[profile.Docker], 50)
}

// alike holds that a document means the same in docker and oci.
func alike(t *testing.T, key string, doc []byte) {
	target := profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}
	p, err := Parse(doc, profile.In(profile.Docker))
	require.NoError(t, err, key)
	if strings.HasPrefix(key, "containers-common") {
		return // Podman reads other keys, which these do not have
	}
	q, err := Parse(doc, profile.In(profile.OCI))
	require.NoError(t, err, key)
	first, _, err := p.Resolve(target)
	require.NoError(t, err, key)
	second, _, err := q.Resolve(target)
	require.NoError(t, err, key)
	assert.True(t, equalRules(first, second), key)
}

func FuzzDetect(f *testing.F) {
	for _, seed := range []string{`{"defaultAction": "SCMP_ACT_ALLOW"}`, "defaultAction: &x [1, *x]", "a:\n  b: |\n    {\"defaultAction\": 1}\n", "read: 1", "SystemCallFilter=@clock", "kind: SeccompProfile", "~@clock"} {
		f.Add("x.policy", []byte(seed))
	}
	f.Fuzz(func(t *testing.T, name string, doc []byte) {
		if n, text, err := Detect(profile.Docker, name, doc); err == nil {
			_, _ = Parse(text, profile.In(n), profile.Limits(1<<16, 0))
		}
		n, doc, err := Detect("", name, doc)
		if err != nil {
			require.ErrorIs(t, err, ErrDialect)
			return
		}
		require.Contains(t, Names(), n)
		if d, err := Parse(doc, profile.In(n), profile.Limits(1<<16, 0)); err == nil {
			_, _, _ = d.Resolve(profile.Target{Arch: arch.X86_64, Kernel: arch.Newest})
		}
	})
}
