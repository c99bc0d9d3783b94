// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/internal/test/documents"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/seccomp"
)

func TestConfig(t *testing.T) {
	const one = `{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}`
	tests := map[string]string{
		"alone":                      one,
		"in a config.json":           `{"ociVersion": "1.3.0", "process": {"args": ["sh"]}, "linux": {"namespaces": [{"type": "pid"}], "seccomp": ` + one + `}, "x-new": [1, {"seccomp": 2}]}`,
		"linux first":                `{"linux": {"seccomp": ` + one + `, "resources": {}}, "ociVersion": "1.3.0"}`,
		"after keys of anybody":      `{"annotations": {"defaultAction": "x"}, "linux": {"seccomp": ` + one + `}}`,
		"a stray key of a profile":   `{"ociVersion": "1", "defaultAction": "SCMP_ACT_KILL", "linux": {"seccomp": ` + one + `}}`,
		"a profile with a stray key": `{"x": {"linux": {}}, "defaultAction": "SCMP_ACT_ERRNO", "linux": {}, "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}`,
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(text), In(OCI))
			require.NoError(t, err)
			if strings.HasPrefix(name, "a profile") {
				assert.Len(t, p.Warnings, 2)
			} else {
				assert.Empty(t, p.Warnings)
			}
			policy, _, err := p.Resolve(linux)
			require.NoError(t, err)
			allowed, denied := documents.Call(linux.Arch, "read"), documents.Call(linux.Arch, "open")
			assert.Equal(t, seccomp.Allow, policy.Evaluate(&allowed))
			assert.Equal(t, seccomp.Errno(1), policy.Evaluate(&denied))
		})
	}
}

// TestConfigPlaces: places are those of the whole document, from Parse and Resolve.
func TestConfigPlaces(t *testing.T) {
	config := func(seccomp string) string {
		return `{"ociVersion": "1.3.0", "hostname": "x", "linux": {` + "\n" + `"seccomp": ` + seccomp + `}}`
	}
	refuses := map[string]struct {
		doc, want string
		kind      error
	}{
		"no linux":               {`§{"ociVersion": "1.3.0", "process": {}}`, `linux.seccomp: the config.json has no seccomp profile: the container would run without a filter`, ErrProfile},
		"linux is null":          {`§{"ociVersion": "1.3.0", "linux": null}`, `linux.seccomp: the config.json has no seccomp profile: the container would run without a filter`, ErrProfile},
		"no seccomp":             {`{"ociVersion": "1.3.0", "linux": §{"namespaces": []}}`, `linux.seccomp: the config.json has no seccomp profile: the container would run without a filter`, ErrProfile},
		"seccomp is null":        {`{"ociVersion": "1.3.0", "linux": §{"seccomp": null}}`, `linux.seccomp: the config.json has no seccomp profile: the container would run without a filter`, ErrProfile},
		"an empty profile":       {config(`§{}`), `linux.seccomp.defaultAction: no default action, want ` + wording.Join(scmp.Actions) + `; Docker would run the container without a filter`, ErrProfile},
		"linux is a list":        {`{"linux": §[]}`, `linux: got a list, want an object`, ErrProfile},
		"seccomp is a string":    {config(`§"x"`), `linux.seccomp: got a string, want an object`, ErrProfile},
		"a wrong action":         {config(`{"defaultAction": §"ALLOW"}`), `linux.seccomp.defaultAction: unknown action "ALLOW", want ` + wording.Join(scmp.Actions) + `; did you mean "SCMP_ACT_ALLOW"?`, ErrProfile},
		"a wrong rule":           {config(`{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [{"index": §6, "value": 1, "op": "SCMP_CMP_EQ"}]}]}`), `linux.seccomp.syscalls[0].args[0].index: a call has no argument 6, want 0 to 5`, ErrProfile},
		"an unknown call":        {config(`{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": [§"qqqqqq"], "action": "SCMP_ACT_ERRNO"}]}`), `linux.seccomp.syscalls[0].names[0]: unknown system call "qqqqqq": without it ERRNO(1) would become ALLOW`, ErrProfile},
		"seccomp twice":          {config(`{"defaultAction": "SCMP_ACT_ERRNO"}, §"seccomp": null`), `linux.seccomp: key "seccomp" is there twice`, ErrProfile},
		"another key twice":      {`{"ociVersion": "1", "x": 1, §"x": 2}`, `x: key "x" is there twice`, ErrProfile},
		"the rest is not JSON":   {`{"ociVersion": "1", "linux": {"seccomp": {"defaultAction": "SCMP_ACT_ERRNO"}}, "x": §}`, `x: unexpected '}', want a value`, ErrSyntax},
		"what follows":           {config(`{"defaultAction": "SCMP_ACT_ERRNO"}`) + "§{}", `unexpected '{', want the end: the document is one object`, ErrSyntax},
		"a key of Docker's here": {config(`{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "includes": §{"caps": ["CAP_CHOWN"]}}]}`), `linux.seccomp.syscalls[0].includes: only the docker dialect has the key "includes": without it the rule would apply everywhere`, ErrProfile},
	}
	for name, tt := range refuses {
		t.Run(name, func(t *testing.T) {
			text, at := marked(tt.doc)
			p, err := Parse(text, In(OCI), File("config.json"))
			if err == nil {
				_, _, err = p.Resolve(linux)
			}
			require.EqualError(t, err, "config.json:"+at+tt.want)
			assert.ErrorIs(t, err, tt.kind)
		})
	}

	text, at := marked(config(`{"defaultAction": "SCMP_ACT_ERRNO", §"Syscalls": [{"names": ["raed"], "action": "SCMP_ACT_ALLOW"}, {"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}`))
	p, err := Parse(text, In(OCI))
	require.NoError(t, err)
	policy, diags, err := p.Resolve(linux, ENOSYSOff)
	require.NoError(t, err)
	require.Len(t, diags, 2)
	assert.Equal(t, at+`linux.seccomp.Syscalls: warning: key "Syscalls" is read as "syscalls" (key-case)`, diags[0].String())
	assert.Equal(t, `linux.seccomp.syscalls[0].names[0]`, diags[1].Place.Path)
	assert.Equal(t, 2, diags[1].Place.Line)
	assert.Regexp(t, `^2:\d+$`, policy.Rules[len(policy.Rules)-1].Origin.String())

	// Docker and Podman do not take a config.json.
	for _, d := range []Dialect{Docker, Podman} {
		_, err := Parse(text, In(d))
		require.ErrorContains(t, err, "no default action")
	}
}

// TestConfigExample: the example of the specification, whose profile is in the middle.
func TestConfigExample(t *testing.T) {
	p, err := Parse(shared.Read(t, "data/profiles/oci/runtime-spec-spec-example.config.json"), In(OCI), File("config.json"))
	require.NoError(t, err)
	assert.Empty(t, p.Warnings)
	assert.Equal(t, "SCMP_ACT_ALLOW", p.DefaultAction)
	policy, _, err := p.Resolve(linux)
	require.NoError(t, err)
	require.NotEmpty(t, policy.Rules)
	assert.Regexp(t, `^config.json:\d+:\d+$`, policy.Rules[0].Origin.String())
}

func TestLocate(t *testing.T) {
	p := &Profile{DefaultAction: "SCMP_ACT_ERRNO", Syscalls: []Rule{
		{Names: []string{"read"}, Action: "SCMP_ACT_ALLOW"}, {Names: []string{"raed"}, Action: "SCMP_ACT_ALLOW"},
	}}
	p.Locate(func(path string) Place {
		place := Place{File: "f.yaml", Path: "spec." + path}
		if _, err := fmt.Sscanf(path, "syscalls[%d]", &place.Line); err == nil {
			place.Line, place.Column = place.Line+10, 3
		}
		return place
	})
	policy, diags, err := p.Resolve(linux, ENOSYSOff)
	require.NoError(t, err)
	require.Len(t, diags, 1)
	assert.Equal(t, `f.yaml:11:3: spec.syscalls[1].names[0]: warning: unknown system call "raed", nearest is "read": it is skipped (unknown-syscall)`, diags[0].String())
	assert.Equal(t, "f.yaml:10:3", policy.Rules[0].Origin.String())
	p.DefaultAction = "x"
	_, _, err = p.Resolve(linux)
	assert.ErrorContains(t, err, "f.yaml: spec.defaultAction: unknown action")
}

// TestOCI goes through what the runtime specification says of LinuxSeccomp, and what
// Sieve makes of documents that do otherwise.
func TestOCI(t *testing.T) {
	rule := func(fields string) string { return withTop(`, "syscalls": [{` + fields + `}]`) }
	tests := map[string]struct {
		doc   string
		fails Code
		says  []Code
	}{
		"a default action must be there":             {`{"syscalls": []}`, "no-default", nil},
		"a default errno":                            {withTop(`, "defaultErrnoRet": 38`), "", nil},
		"a default errno without use is an error":    {`{"defaultAction": "SCMP_ACT_ALLOW", "defaultErrnoRet": 1}`, "", []Code{"unused-errno"}}, // crun obeys, runc ignores it
		"a rule's errno without use is an error":     {rule(`"names": ["read"], "action": "SCMP_ACT_ALLOW", "errnoRet": 1`), "", []Code{"unused-errno"}},
		"known flags":                                {withTop(`, "flags": ["SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]`), "", nil},
		"other flags":                                {withTop(`, "flags": ["SECCOMP_FILTER_FLAG_NEW_LISTENER"]`), "unknown-flag", nil},
		"no flags at all":                            {withTop(`, "flags": []`), "", nil},
		"a listener":                                 {withTop(`, "listenerPath": "/s", "listenerMetadata": "x"`), "", nil},
		"metadata must not be there without a path":  {withTop(`, "listenerMetadata": "x"`), "", []Code{"no-listener"}},
		"notify without a path":                      {rule(`"names": ["read"], "action": "SCMP_ACT_NOTIFY"`), "", []Code{"no-listener"}},
		"names must be there":                        {rule(`"action": "SCMP_ACT_ALLOW"`), "", []Code{"no-names"}},
		"there must be one name":                     {rule(`"names": [], "action": "SCMP_ACT_ALLOW"`), "", []Code{"no-names"}},
		"an action must be there":                    {rule(`"names": ["read"]`), "unknown-action", nil},
		"an index must be there":                     {withArg(`{"value": 1, "op": "SCMP_CMP_EQ"}`), "", []Code{"no-value"}},
		"a value must be there":                      {withArg(`{"index": 1, "op": "SCMP_CMP_EQ"}`), "", []Code{"no-value"}},
		"an operator must be there":                  {withArg(`{"index": 1, "value": 1}`), "unknown-op", nil},
		"valueTwo may be left out":                   {withArg(`{"index": 1, "value": 1, "op": "SCMP_CMP_EQ"}`), "", nil},
		"nothing is said of unknown calls":           {rule(`"names": ["raed"], "action": "SCMP_ACT_ALLOW"`), "", []Code{"unknown-syscall"}},
		"nor of an index that is there twice":        {withArg(`{"index": 1, "value": 1, "op": "SCMP_CMP_EQ"}, {"index": 1, "value": 2, "op": "SCMP_CMP_EQ"}`), "", []Code{"repeated-arg"}},
		"nor of rules that contradict one another":   {withTop(`, "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}, {"names": ["read"], "action": "SCMP_ACT_LOG"}]`), "", []Code{"shadowed-rule"}},
		"errno by name is not oci":                   {withRule(`, "errno": "EPERM"`), "", []Code{"unknown-key"}},
		"name is not oci":                            {withRule(`, "name": "write"`), "", []Code{"unknown-key"}},
		"archMap is not oci":                         {withTop(`, "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}]`), "", []Code{"unknown-key"}},
		"includes are not oci":                       {withRule(`, "includes": {"caps": ["CAP_CHOWN"]}`), "docker-key", nil},
		"excludes are not oci":                       {withRule(`, "excludes": {"arches": ["arm"]}`), "docker-key", nil},
		"includes and excludes that say nothing are": {withRule(`, "includes": {}, "excludes": null`), "", nil},
	}
	for name, tt := range tests {
		for _, text := range []string{tt.doc, `{"ociVersion": "1.3.0", "linux": {"seccomp": ` + tt.doc + `}}`} {
			t.Run(name, func(t *testing.T) {
				p, err := Parse([]byte(text), In(OCI))
				var diags []Diagnostic
				if err == nil {
					_, diags, err = p.Resolve(linux)
				}
				if tt.fails != "" {
					var e *Error
					require.ErrorAs(t, err, &e)
					assert.Equal(t, tt.fails, e.Code)
					return
				}
				require.NoError(t, err)
				var says []Code
				for _, d := range diags {
					says = append(says, d.Code)
				}
				assert.Equal(t, tt.says, says)
			})
		}
	}
}
