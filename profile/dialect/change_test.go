// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/grant"
	"github.com/gosieve/sieve/seccomp"
)

// hasConditions finds conditions on arguments in the languages of all dialects.
var hasConditions = regexp.MustCompile(`"args":\[\{|\barg[0-5] `)

// TestChanges applies every change that each dialect has for a call to the text of the
// document: the call is allowed then, and no call of another number is decided anew.
func TestChanges(t *testing.T) {
	tests := map[string]struct {
		name profile.Dialect
		doc  string
		call string
		args [6]uint64
		want []string // what belongs at the places, in order
	}{
		"docker": {profile.Docker, `{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}`, "getpid", [6]uint64{},
			[]string{`{"names":["getpid"],"action":"SCMP_ACT_ALLOW"}`}},
		"docker, as YAML": {profile.Docker, "defaultAction: SCMP_ACT_ERRNO\nsyscalls:\n- names: [read]\n  action: SCMP_ACT_ALLOW\n", "getpid", [6]uint64{},
			[]string{`{"names":["getpid"],"action":"SCMP_ACT_ALLOW"}`}},
		"spo": {profile.SPO, "apiVersion: security-profiles-operator.x-k8s.io/v1\nkind: SeccompProfile\nmetadata: {name: p}\nspec:\n  defaultAction: SCMP_ACT_ERRNO\n  syscalls:\n  - names: [read]\n    action: SCMP_ACT_ALLOW\n", "getpid", [6]uint64{},
			[]string{`{"names":["getpid"],"action":"SCMP_ACT_ALLOW"}`}},
		"mesos": {profile.Mesos, `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [], "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [], "includes": {}, "excludes": {}}]}`, "getpid", [6]uint64{},
			[]string{`{"names":["getpid"],"action":"SCMP_ACT_ALLOW","args":[],"includes":{},"excludes":{}}`}},
		"mesos, denied by a rule": {profile.Mesos, `{"defaultAction": "SCMP_ACT_ALLOW", "archMap": [], "syscalls": [{"names": ["read", "getpid"], "action": "SCMP_ACT_ERRNO", "args": [], "includes": {}, "excludes": {}}]}`, "getpid", [6]uint64{},
			[]string{`{"names":["read"],"action":"SCMP_ACT_ERRNO","args":[],"includes":{},"excludes":{}}`}},
		"mesos, no rules": {profile.Mesos, `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [], "syscalls": []}`, "getpid", [6]uint64{},
			[]string{`{"names":["getpid"],"action":"SCMP_ACT_ALLOW","args":[],"includes":{},"excludes":{}}`}},
		"firecracker": {profile.Firecracker, `{"vmm": {"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "read"}]}}`, "getpid", [6]uint64{},
			[]string{`{"syscall":"getpid"}`}},
		"firecracker, conditions": {profile.Firecracker, `{"vmm": {"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "ioctl", "args": [{"index": 1, "type": "dword", "op": "eq", "val": 1}]}]}}`, "ioctl", [6]uint64{3, 1<<32 | 2},
			[]string{`{"syscall":"ioctl","args":[{"index":1,"type":"dword","op":"eq","val":2}]}`}},
		"firecracker, a deny list": {profile.Firecracker, `{"vmm": {"default_action": "allow", "filter_action": "trap", "filter": [{"syscall": "read"}, {"syscall": "getpid"}]}}`, "getpid", [6]uint64{},
			[]string{""}},
		"systemd": {profile.Systemd, "[Service]\nSystemCallFilter=read\nExecStart=/bin/true\n[Install]\nWantedBy=x\n", "mount", [6]uint64{},
			[]string{"SystemCallFilter=mount"}},
		"systemd, a deny list": {profile.Systemd, "[Service]\nSystemCallFilter=~getpid \\\n  read\n", "getpid", [6]uint64{},
			[]string{"SystemCallFilter=getpid"}},
		"systemd, an errno": {profile.Systemd, "[Service]\nSystemCallFilter=read getpid\nSystemCallFilter=~getpid:EPERM\n", "getpid", [6]uint64{},
			[]string{"SystemCallFilter=getpid"}},
		"systemd, a value alone":   {profile.Systemd, "@default read", "mount", [6]uint64{}, []string{"mount"}},
		"minijail":                 {profile.Minijail, "read: 1\n", "getpid", [6]uint64{}, []string{"getpid: 1"}},
		"minijail, no end of line": {profile.Minijail, "read: 1", "getpid", [6]uint64{}, []string{"getpid: 1"}},
		"minijail, an expression": {profile.Minijail, "read: 1\nioctl: arg1 == TCGETS || arg1 in ~1; return EPERM\n", "ioctl", [6]uint64{0, 0xf1},
			[]string{"ioctl: arg1 == TCGETS || arg1 in ~1 || arg1 == 0xf1; return EPERM", "ioctl: 1"}},
		"minijail, an errno":                 {profile.Minijail, "getpid: return EPERM\n", "getpid", [6]uint64{}, []string{"getpid: 1"}},
		"minijail, a deny list":              {profile.Minijail, "@denylist\nread: return 1\ngetpid: return 1\n", "getpid", [6]uint64{}, []string{""}},
		"minijail, braces and an expression": {profile.Minijail, "{read, getpid}: arg0 == 1\n", "getpid", [6]uint64{}, []string{"{ read }: arg0 == 1\ngetpid: 1"}},
		"minijail, in braces":                {profile.Minijail, "{read, getpid}: return 5\n", "getpid", [6]uint64{}, []string{"{ read }: return 5\ngetpid: 1"}},
	}
	seen := map[profile.Dialect]bool{}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			seen[tt.name] = true
			target := profile.Target{Arch: arch.X86_64, Kernel: arch.Newest}
			nr, _ := arch.X86_64.Number(tt.call)
			call := seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr, Args: tt.args}
			before := readAgain(t, tt.name, tt.doc, target)
			_, text, err := Detect(tt.name, "p", []byte(tt.doc))
			require.NoError(t, err)
			d, err := Parse(text, profile.In(tt.name), profile.File("p"))
			require.NoError(t, err)
			changes, err := d.Changes(target, call, profile.ENOSYSOff)
			require.NoError(t, err)
			var got []string
			for _, c := range changes {
				got = append(got, c.JSON)
				assert.Equal(t, hasConditions.MatchString(c.JSON), c.Conditional, c.JSON)
				require.NotEmpty(t, c.Place.String())
				after := readAgain(t, tt.name, applied(t, tt.name, tt.doc, c), target)
				assert.Equal(t, seccomp.Allow, after.Evaluate(&call), c.Text)
				for other := range uint32(500) {
					if o := (seccomp.Call{Audit: call.Audit, Nr: other, Args: tt.args}); other != nr {
						require.Equal(t, before.Evaluate(&o), after.Evaluate(&o), "number %d: %s", other, c.Text)
					}
				}
			}
			assert.Equal(t, tt.want, got)
			allowed := seccomp.Call{Audit: call.Audit, Nr: 1 << 31}
			if before.Evaluate(&allowed) == seccomp.Allow {
				list, err := d.Changes(target, allowed)
				assert.NoError(t, err)
				assert.Empty(t, list, "of a call that is allowed")
			}
		})
	}
	for _, n := range Names() {
		assert.True(t, seen[n] || n == profile.Podman || n == profile.OCI, "%s is not tried: podman and oci are docker's", n)
	}
}

func readAgain(t *testing.T, name profile.Dialect, doc string, target profile.Target) *seccomp.Policy {
	t.Helper()
	_, text, err := Detect(name, "p", []byte(doc))
	require.NoError(t, err, doc)
	d, err := Parse(text, profile.In(name))
	require.NoError(t, err, doc)
	policy, _, err := d.Resolve(target, profile.ENOSYSOff) // a name more moves what runc answers so
	require.NoError(t, err, doc)
	return policy
}

// applied is the document's text with a change, made as its place says.
func applied(t *testing.T, name profile.Dialect, doc string, c grant.Change) string {
	t.Helper()
	switch name {
	case profile.Minijail, profile.Systemd:
		lines := strings.Split(strings.TrimSuffix(doc, "\n"), "\n")
		at := c.Place.Line - 1
		switch {
		case c.Kind == grant.AddRule && (at < 0 || at >= len(lines)):
			lines = append(lines, c.JSON)
		case c.Kind == grant.AddRule:
			lines = slices.Insert(lines, at, c.JSON)
		case c.JSON == "":
			lines = slices.Delete(lines, at, at+1)
		default:
			lines[at] = c.JSON
		}
		return strings.Join(lines, "\n") + "\n"
	}
	var root any
	if json.Valid([]byte(doc)) {
		d := json.NewDecoder(strings.NewReader(doc))
		d.UseNumber()
		require.NoError(t, d.Decode(&root))
	} else {
		require.NoError(t, yaml.Unmarshal([]byte(doc), &root))
	}
	var value any
	if c.JSON != "" {
		d := json.NewDecoder(strings.NewReader(c.JSON))
		d.UseNumber()
		require.NoError(t, d.Decode(&value))
	}
	root = put(t, root, strings.FieldsFunc(strings.ReplaceAll(c.Place.Path, "[", "."), func(r rune) bool { return r == '.' || r == ']' }), value)
	var b bytes.Buffer
	require.NoError(t, json.NewEncoder(&b).Encode(root))
	return b.String()
}

// put sets, adds or, for nil, removes what is at a path.
func put(t *testing.T, at any, path []string, value any) any {
	t.Helper()
	if len(path) == 0 {
		return value
	}
	switch at := at.(type) {
	case map[string]any:
		at[path[0]] = put(t, at[path[0]], path[1:], value)
		return at
	case []any:
		i, err := strconv.Atoi(path[0])
		require.NoError(t, err)
		switch {
		case i == len(at):
			return append(at, value)
		case len(path) == 1 && value == nil:
			return slices.Delete(at, i, i+1)
		}
		at[i] = put(t, at[i], path[1:], value)
		return at
	}
	require.Fail(t, "no such place", "%v in %v", path, at)
	return nil
}
