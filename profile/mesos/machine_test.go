// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/picojson"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// top is a profile with a default action and whatever comes after.
func top(archMap, rules string) string {
	return `{"defaultAction": "SCMP_ACT_ERRNO", "archMap": ` + archMap + `, "syscalls": ` + rules + `}`
}

// one is a profile with one rule of these fields.
func one(fields string) string { return top("[]", "[{"+fields+"}]") }

// Fields of a rule, in the order in which the agent reads them.
const (
	in   = `"includes": {}`
	ex   = `, "excludes": {}`
	nm   = `, "names": ["read"]`
	act  = `, "action": "SCMP_ACT_ALLOW"`
	none = `, "args": []`
	full = in + ex + nm + act
)

// arg is a profile whose rule has one condition of these fields.
func arg(fields string) string { return one(full + `, "args": [{` + fields + `}]`) }

const fine = `"index": 0, "value": 1, "valueTwo": 0, "op": "SCMP_CMP_EQ"`

// rules is a profile of rules that are complete but for names, action and args.
func rules(list ...string) string {
	for i, r := range list {
		list[i] = `{` + in + ex + `, ` + r + `}`
	}
	return top("[]", "["+strings.Join(list, ",")+"]")
}

func TestMessages(t *testing.T) {
	const conf, item = " for the Seccomp configuration: ", " for 'syscalls' item: "
	native := func(subs string) string {
		return top(`[{"architecture": "SCMP_ARCH_X86_64"`+subs+`}]`, "[]")
	}
	tests := []struct{ doc, want string }{
		{``, "syntax error at line 1 near: "},
		{"{\n \"a\": ?}", "syntax error at line 2 near: ?}"},
		{"\ufeff{}", "syntax error at line 1 near: \ufeff{}"},
		{`{/* no */}`, "syntax error at line 1 near: /* no */}"},
		{`{"a": 1,}`, "syntax error at line 1 near: }"},
		{`{"a": "\ud800"}`, `syntax error at line 1 near: "}`},
		{`{"a": 1e400}`, "Value out of range"},
		{`{} {}`, "Parsed JSON included non-whitespace trailing characters:  {}"},
		{`[]`, "Unexpected JSON type parsed"},
		{`null`, "Unexpected JSON type parsed"},
		{strings.Repeat("[", 200) + strings.Repeat("]", 200), "Unexpected JSON type parsed"},
		{strings.Repeat("[", 201) + strings.Repeat("]", 201), "syntax error at line 1 near: [" + strings.Repeat("]", 201)},

		{`{}`, "Cannot determine 'defaultAction'" + conf + picojson.NotFound},
		{`{"DefaultAction": "SCMP_ACT_ALLOW"}`, "Cannot determine 'defaultAction'" + conf + picojson.NotFound},
		{`{"defaultAction": null}`, "Cannot determine 'defaultAction'" + conf + picojson.WrongType},
		{`{"defaultAction": "ACT_ALLOW"}`, "Unexpected syscall action: 'ACT_ALLOW'"},
		{`{"defaultAction": "SCMP_ACT_allow"}`, "Unknown syscall action: 'SCMP_ACT_allow'"},
		{`{"defaultAction": "SCMP_ACT_LOG"}`, "Unknown syscall action: 'SCMP_ACT_LOG'"},
		{`{"defaultAction": "SCMP_ACT_NOTIFY"}`, "Unknown syscall action: 'SCMP_ACT_NOTIFY'"},
		{`{"defaultAction": "SCMP_ACT_KILL_PROCESS"}`, "Unknown syscall action: 'SCMP_ACT_KILL_PROCESS'"},
		{`{"defaultAction": "SCMP_ACT_KILL_THREAD"}`, "Unknown syscall action: 'SCMP_ACT_KILL_THREAD'"},
		{`{"defaultAction": "SCMP_UNKNOWN", "archMap": [], "syscalls": []}`, "Unknown action: 0"},

		{`{"defaultAction": "SCMP_ACT_ALLOW"}`, "Cannot determine 'archMap'" + conf + picojson.NotFound},
		{top("null", "[]"), "Cannot determine 'archMap'" + conf + picojson.WrongType},
		{top("[1]", "[]"), "'archMap' contains a non-object item"},
		{top("[{}]", "[]"), "Cannot determine 'architecture' field for 'archMap' item: " + picojson.NotFound},
		{top(`[{"architecture": 1}]`, "[]"), "Cannot determine 'architecture' field for 'archMap' item: " + picojson.WrongType},
		{top(`[{"architecture": "x86"}]`, "[]"), "Unexpected architecture: 'x86'"},
		{top(`[{"architecture": "SCMP_ARCH_RISCV64"}]`, "[]"), "Unknown architecture: 'SCMP_ARCH_RISCV64'"},
		{top(`[{"architecture": "SCMP_ARCH_PPC64"}]`, "[]"), "Unknown architecture: 13"},
		{top(`[{"architecture": "SCMP_UNKNOWN"}]`, "[]"), "Unknown architecture: 0"},
		{native(``), "Cannot determine 'subArchitectures' field for 'archMap' item: " + picojson.NotFound},
		{native(`, "subArchitectures": null`), "Cannot determine 'subArchitectures' field for 'archMap' item: " + picojson.WrongType},
		{native(`, "subArchitectures": [1]`), "'subArchitectures' contains a non-string item"},
		{native(`, "subArchitectures": ["X86"]`), "Unexpected architecture: 'X86'"},
		{native(`, "subArchitectures": ["SCMP_ARCH_Z80"]`), "Unknown architecture: 'SCMP_ARCH_Z80'"},
		{native(`, "subArchitectures": ["SCMP_ARCH_PPC64"]`), "Unknown architecture: 13"},
		{native(`, "subArchitectures": ["SCMP_ARCH_S390X"]`), "Failed to add Seccomp architecture 'ARCH_S390X': Numerical argument out of domain"},
		{top(`[{"architecture": "SCMP_ARCH_ARM", "subArchitectures": null}]`, "[]"), ""},
		{native(`, "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X86"]`), ""},

		{`{"defaultAction": "SCMP_ACT_ALLOW", "archMap": []}`, "Cannot determine 'syscalls'" + conf + picojson.NotFound},
		{top("[]", "null"), "Cannot determine 'syscalls'" + conf + picojson.WrongType},
		{top("[]", "[null]"), "'syscalls' contains a non-object item"},
		{one(``), "Cannot determine 'includes' field" + item + picojson.NotFound},
		{one(`"includes": null`), "Cannot determine 'includes' field" + item + picojson.WrongType},
		{one(`"includes": {"arches": null}`), picojson.WrongType},
		{one(`"includes": {"arches": [1]}`), "'arches' contains non-string item"},
		{one(`"includes": {"arches": ["ppc64"]}`), "Unknown architecture: 'ppc64'"},
		{one(`"includes": {"arches": ["riscv64"]}`), "Unknown architecture: 'riscv64'"},
		{one(`"includes": {"arches": ["amd64", "z80"]}` + ex + nm + act + none), ""},
		{one(`"includes": {"arches": ["arm"], "caps": ["x"]}`), "Unexpected capability: 'x'"},
		{one(`"includes": {"arches": ["arm"]}`), ""},
		{one(`"includes": {"arches": []}`), ""},
		{one(`"includes": {"caps": null}`), picojson.WrongType},
		{one(`"includes": {"caps": [1]}`), "'caps' contains non-string item"},
		{one(`"includes": {"caps": ["SYS_ADMIN"]}`), "Unexpected capability: 'SYS_ADMIN'"},
		{one(`"includes": {"caps": ["CAP_SYS_admin"]}`), "Unknown capability: 'CAP_SYS_admin'"},
		{one(in), "Cannot determine 'excludes' field" + item + picojson.NotFound},
		{one(in + `, "excludes": []`), "Cannot determine 'excludes' field" + item + picojson.WrongType},
		{one(in + `, "excludes": {"arches": ["z80"]}`), "Unknown architecture: 'z80'"},
		{one(in + `, "excludes": {"caps": ["CAP_"]}`), "Unknown capability: 'CAP_'"},
		{one(in + `, "excludes": {"arches": ["amd64"]}`), ""},
		{one(in + ex), "Cannot determine 'names' field" + item + picojson.NotFound},
		{one(in + ex + `, "name": "read"`), "Cannot determine 'names' field" + item + picojson.NotFound},
		{one(in + ex + `, "names": "read"`), "Cannot determine 'names' field" + item + picojson.WrongType},
		{one(in + ex + `, "names": [null]`), "'names' contains a non-string item"},
		{one(in + ex + `, "names": []`), "Syscall 'names' list is empty"},
		{one(in + ex + nm), "Cannot determine 'action'" + item + picojson.NotFound},
		{one(in + ex + nm + `, "action": 1`), "Cannot determine 'action'" + item + picojson.WrongType},
		{one(in + ex + nm + `, "action": "ALLOW"`), "Unexpected syscall action: 'ALLOW'"},
		{one(in + ex + nm + `, "action": "SCMP_ACT_NONE"`), "Unknown syscall action: 'SCMP_ACT_NONE'"},
		{one(full), "Cannot determine 'args' field" + item + picojson.NotFound},
		{one(full + `, "args": [1]`), "'args' contains a non-object item"},
		{one(full + `, "args": null`), ""},
		{one(full + `, "args": "x"`), ""},
		{one(full + `, "args": {"index": 9}`), ""},
		{arg(``), "Cannot determine 'index' field for 'args' item: " + picojson.NotFound},
		{arg(`"index": "0"`), "Cannot determine 'index' field for 'args' item: " + picojson.WrongType},
		{arg(`"index": 0`), "Cannot determine 'value' field for 'args' item: " + picojson.NotFound},
		{arg(`"index": 0, "value": null`), "Cannot determine 'value' field for 'args' item: " + picojson.WrongType},
		{arg(`"index": 0, "value": 0x1`), `syntax error at line 1 near: x1}]}]}`},
		{arg(`"index": 0, "value": 1`), "Cannot determine 'valueTwo' field for 'args' item: " + picojson.NotFound},
		{arg(`"index": 0, "value": 1, "valueTwo": []`), "Cannot determine 'valueTwo' field for 'args' item: " + picojson.WrongType},
		{arg(`"index": 0, "value": 1, "valueTwo": 0`), "Cannot determine 'op' field for 'args' item: " + picojson.NotFound},
		{arg(`"index": 0, "value": 1, "valueTwo": 0, "op": 4`), "Cannot determine 'op' field for 'args' item: " + picojson.WrongType},
		{arg(`"index": 0, "value": 1, "valueTwo": 0, "op": "CMP_EQ"`), "Unexpected operation: 'CMP_EQ'"},
		{arg(`"index": 0, "value": 1, "valueTwo": 0, "op": "SCMP_CMP_EQUAL"`), "Unknown operator: 'SCMP_CMP_EQUAL'"},
		{arg(`"index": 0, "value": 1, "valueTwo": 0, "op": "SCMP_UNKNOWN"`), "Unknown operator: 0"},
		{arg(fine), ""},

		{rules(`"names": ["read", "raed"], "action": "SCMP_ACT_ALLOW", "args": []`), "Unrecognized syscall 'raed'"},
		{rules(`"names": [""], "action": "SCMP_ACT_ALLOW", "args": []`), "Unrecognized syscall ''"},
		{rules(`"names": ["READ"], "action": "SCMP_ACT_ALLOW", "args": []`), "Unrecognized syscall 'READ'"},
		{rules(`"names": ["read"], "action": "SCMP_UNKNOWN", "args": []`), "Unknown action: 0"},
		{rules(`"names": ["read"], "action": "SCMP_ACT_ERRNO", "args": []`), "Failed to add rule for syscall 'read' with action 'ACT_ERRNO': Permission denied"},
		{rules(`"names": ["read"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38, "args": []`), "Failed to add rule for syscall 'read' with action 'ACT_ERRNO': Permission denied"},
		{rules(`"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [{` + fine + `}, {` + fine + `}]`), "Failed to add rule for syscall 'read' with action 'ACT_ALLOW': Invalid argument"},
		{arg(`"index": 6, "value": 1, "valueTwo": 0, "op": "SCMP_CMP_EQ"`), "Failed to add rule for syscall 'read' with action 'ACT_ALLOW': Invalid argument"},
		{arg(`"index": -1, "value": 1, "valueTwo": 0, "op": "SCMP_CMP_EQ"`), "Failed to add rule for syscall 'read' with action 'ACT_ALLOW': Invalid argument"},
		{arg(`"index": 4294967296, "value": 1, "valueTwo": 0, "op": "SCMP_CMP_EQ"`), ""},
		{rules(`"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [{`+fine+`}]`, `"names": ["read"], "action": "SCMP_ACT_KILL", "args": [{`+fine+`}]`), "Failed to add rule for syscall 'read' with action 'ACT_KILL': File exists"},
		{rules(`"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [{`+fine+`}]`, `"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [{`+fine+`}]`), ""},
		{rules(`"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": []`, `"names": ["read"], "action": "SCMP_ACT_KILL", "args": []`), ""},
		{rules(`"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": []`, `"names": ["read"], "action": "SCMP_ACT_KILL", "args": [{`+fine+`}]`), ""},
		{`{"defaultAction": "x", "defaultAction": "SCMP_ACT_ALLOW", "archMap": 1, "archMap": [], "syscalls": []}`, ""},
		{`{"defaultAction": "SCMP_ACT_ALLOW", "archMap": [], "syscalls": [], "x": [01, 1., -0.5e3, "` + "\xff" + `"]}`, ""},
	}
	for i, tt := range tests {
		t.Run(fmt.Sprintf("%d %s", i, tt.want), func(t *testing.T) {
			p, err := Parse([]byte(tt.doc), profile.File("f.json"), document.Native(arch.X86_64))
			if tt.want == "" {
				require.NoError(t, err, tt.doc)
				require.NotNil(t, p)
				return
			}
			require.EqualError(t, err, "Failed to parse Seccomp profile 'f.json': "+tt.want, tt.doc)
			var e *document.Refusal
			require.ErrorAs(t, err, &e)
			assert.Positive(t, e.Place.Line)
			if strings.HasPrefix(tt.want, "syntax") {
				assert.ErrorIs(t, err, profile.ErrSyntax)
			}
		})
	}
}

// TestPublished reads the cases of Mesos' own tests, with the errors that they expect
// (CORPUS.md).
func TestPublished(t *testing.T) {
	corpus := string(shared.Read(t, "data/profiles/CORPUS.md"))
	files := shared.Glob(t, "data/profiles/mesos/*.json")
	refused := 0
	for _, file := range files {
		name := filepath.Base(file)
		doc, err := os.ReadFile(file)
		require.NoError(t, err)
		_, row, ok := strings.Cut(corpus, "| mesos/"+name+" |")
		require.True(t, ok, name)
		row, _, _ = strings.Cut(row, "\n")
		_, want, _ := strings.Cut(row, "expects error: ")
		want = strings.TrimSuffix(strings.TrimSpace(want), " |")
		_, err = Parse(doc, profile.File(file), document.Native(arch.X86_64))
		if want == "" {
			assert.NoError(t, err, name)
			continue
		}
		refused++
		assert.ErrorContains(t, err, "Failed to parse Seccomp profile '"+file+"': "+want, name)
	}
	require.GreaterOrEqual(t, refused, 14)
}

func TestDockerProfile(t *testing.T) {
	docs := shared.Glob(t, "data/profiles/docker/*default*.json")
	seen := 0
	for _, file := range docs {
		doc, err := os.ReadFile(file)
		require.NoError(t, err)
		if _, err := Parse(doc, profile.File(file), document.Native(arch.X86_64)); err != nil {
			seen++
			var e *document.Refusal
			require.ErrorAs(t, err, &e)
			assert.Contains(t, e.Fix, "--dialect docker", file)
		}
	}
	require.Positive(t, seen, "no profile of Docker was refused")
}

// TestWarnings has the places where the agent's reading surprises.
func TestWarnings(t *testing.T) {
	tests := map[string]struct {
		doc  string
		want []profile.Code
	}{
		"empty arches":             {one(`"includes": {"arches": []}`), []profile.Code{noEntry, emptyArches}},
		"another machine":          {one(`"includes": {"arches": ["arm"]}`), []profile.Code{noEntry, otherArch}},
		"args null is common":      {one(full + `, "args": null`), []profile.Code{noEntry}},
		"args is an object":        {one(full + `, "args": {}`), []profile.Code{noEntry, argsDropped}},
		"minKernel":                {one(`"includes": {"minKernel": "4.8"}` + ex + nm + act + none), []profile.Code{noEntry, ignoredKey}},
		"errnoRet":                 {one(full + none + `, "errnoRet": 38`), []profile.Code{noEntry, ignoredKey}},
		"errnoRet as it is anyway": {one(full + none + `, "errnoRet": 1`), []profile.Code{noEntry}},
		"a value beyond 2^63":      {arg(`"index": 0, "value": 18446744073709551615, "valueTwo": 0, "op": "SCMP_CMP_EQ"`), []profile.Code{noEntry, inexact}},
		"a fraction":               {arg(`"index": 0.9, "value": 1, "valueTwo": 0, "op": "SCMP_CMP_EQ"`), []profile.Code{noEntry, inexact}},
		"an index beyond 32 bits":  {arg(`"index": 4294967296, "value": 1, "valueTwo": 0, "op": "SCMP_CMP_EQ"`), []profile.Code{noEntry, inexact}},
		"a new capability":         {one(in + `, "excludes": {"caps": ["CAP_BPF"]}` + nm + act + none), []profile.Code{noEntry, newCapability}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(tt.doc), profile.File("f.json"), document.Native(arch.X86_64))
			require.NoError(t, err)
			var got []profile.Code
			for _, d := range p.on.warnings {
				got = append(got, d.Code)
				assert.NotEmpty(t, dialect.Meaning(d.Code))
				assert.Positive(t, d.Place.Line)
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

// TestResolve: capabilities, machines and conditions decide.
func TestResolve(t *testing.T) {
	doc := []byte(`{"defaultAction": "SCMP_ACT_ERRNO", "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}],
 "syscalls": [
  {"names": ["mount"], "action": "SCMP_ACT_ALLOW", "args": null, "includes": {"arches": ["arm"]}, "excludes": {}},
  {"names": ["chroot"], "action": "SCMP_ACT_ALLOW", "args": null, "includes": {"caps": ["CAP_SYS_CHROOT"]}, "excludes": {}},
  {"names": ["read"], "action": "SCMP_ACT_TRACE", "args": [], "includes": {}, "excludes": {"caps": ["CAP_SYS_ADMIN"]}},
  {"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}], "includes": {}, "excludes": {}},
  {"names": ["getpid"], "action": "SCMP_ACT_ALLOW", "args": [], "includes": {"arches": ["amd64"]}, "excludes": {"arches": ["arm64"]}}]}`)
	p, err := Parse(doc, profile.File("f.json"), document.Native(arch.X86_64))
	require.NoError(t, err)
	get := func(caps []string, a arch.Arch, name string, arg uint64) seccomp.Action {
		policy, _, err := p.Resolve(profile.Target{Arch: arch.X86_64, Caps: caps})
		require.NoError(t, err)
		nr, ok := a.Number(name)
		require.True(t, ok)
		return policy.Evaluate(&seccomp.Call{Audit: a.Audit(), Nr: nr, Args: [6]uint64{arg}})
	}
	deny := seccomp.Errno(1)
	tests := map[string]struct {
		caps []string
		arch arch.Arch
		name string
		arg  uint64
		want seccomp.Action
	}{
		"a rule for another machine":     {nil, arch.X86_64, "mount", 0, deny},
		"a capability that is not there": {nil, arch.X86_64, "chroot", 0, deny},
		"a capability that is there":     {[]string{"CAP_SYS_CHROOT"}, arch.X86_64, "chroot", 0, seccomp.Allow},
		"excluded":                       {[]string{"CAP_SYS_ADMIN"}, arch.X86_64, "read", 0, deny},
		"not excluded, and EPERM":        {nil, arch.X86_64, "read", 0, seccomp.Trace(1)},
		"a mask":                         {nil, arch.X86_64, "clone", 0x10000000, deny},
		"a mask that holds":              {nil, arch.X86_64, "clone", 17, seccomp.Allow},
		"a sub-architecture":             {nil, arch.X86, "getpid", 0, seccomp.Allow},
		"an ABI that is not listed":      {nil, arch.X32, "getpid", 0, seccomp.KillThread},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, get(tt.caps, tt.arch, tt.name, tt.arg)) })
	}
	policy, _, err := p.Resolve(profile.Target{Arch: arch.X86_64})
	require.NoError(t, err)
	assert.Equal(t, "f.json:5:3", policy.Rules[0].Origin.String(), "the place of the rule for read")
	_, _, err = p.Resolve(profile.Target{Arch: arch.ARM})
	assert.ErrorIs(t, err, profile.ErrTarget)
}

// TestCapabilityWords: the agent knows all capabilities that Sieve does, in their order.
func TestCapabilityWords(t *testing.T) {
	all, err := profile.ParseCaps("ALL")
	require.NoError(t, err)
	assert.Equal(t, all, prefixed("CAP_", capabilityWords))
}

// TestOverlap: what libseccomp would decide by an order of its own is refused, with
// the rules' own places.
func TestOverlap(t *testing.T) {
	const le = `"index": 0, "value": 5, "valueTwo": 0, "op": "SCMP_CMP_LE"`
	doc := top("[]", `[{"includes": {"arches": ["arm"]}},
 {`+full+`, "args": [{`+fine+`}]},
 {`+in+ex+nm+`, "action": "SCMP_ACT_KILL", "args": [{`+le+`}]}]`)
	p, err := Parse([]byte(doc), profile.File("f.json"), document.Native(arch.X86_64))
	require.NoError(t, err)
	_, _, err = p.Resolve(profile.Target{Arch: arch.X86_64})
	require.ErrorIs(t, err, profile.ErrProfile)
	assert.Contains(t, err.Error(), "f.json:3:2: syscalls[2]: read(")
	_, _, err = p.Resolve(profile.Target{Arch: arch.X86_64}, profile.RestrictOverlaps)
	assert.NoError(t, err)
}

// FuzzParse: any bytes are refused with a reason, or make a profile that resolves or
// is refused by Resolve.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "{}", top("[]", "[]"), one(full + none), arg(fine), arg(`"index": 1e0, "value": -1, "valueTwo": 1.5, "op": "SCMP_CMP_MASKED_EQ"`),
		top(`[{"architecture": "SCMP_ARCH_S390X", "subArchitectures": ["SCMP_ARCH_S390"]}]`, "[]"),
		one(`"includes": {"arches": ["amd64"], "caps": ["CAP_CHOWN"]}` + ex + nm + act + none)} {
		f.Add([]byte(s), uint8(arch.X86_64))
		f.Add([]byte(s), uint8(arch.S390X))
	}
	files, _ := filepath.Glob(filepath.Join(os.Getenv("SIEVE_SHARED"), "data/profiles/mesos/*"))
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil {
			f.Add(text, uint8(0))
		}
	}
	f.Fuzz(func(t *testing.T, doc []byte, a uint8) {
		native := arch.X86_64 + arch.Arch(a)%24
		p, err := Parse(doc, profile.File("f"), document.Native(native))
		if err != nil {
			var e *document.Refusal
			require.ErrorAs(t, err, &e)
			require.NotEmpty(t, e.Message)
			return
		}
		for _, caps := range [][]string{nil, prefixed("CAP_", capabilityWords)} {
			policy, _, err := p.Resolve(profile.Target{Arch: native, Caps: caps})
			if err == nil {
				require.NoError(t, policy.Validate())
			}
		}
	})
}
