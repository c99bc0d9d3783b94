// SPDX-License-Identifier: Apache-2.0

package minijail

import (
	"errors"
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// folder is files by their paths.
func folder(files map[string]string) func(string) ([]byte, error) {
	return func(path string) ([]byte, error) {
		if text, ok := files[path]; ok {
			return []byte(text), nil
		}
		return nil, errors.New("no such file")
	}
}

// TestCompiler: what compile_seccomp_policy.py makes of policies (tools/parser.py).
func TestCompiler(t *testing.T) {
	files := map[string]string{
		"dir/main.policy":     "@frequency ./f\n@include ./common.policy\nioctl: arg1 == 3\n",
		"dir/common.policy":   "@include ./sub/deep.policy\nioctl: arg1 == 1 || arg1 == 2\nread: 1\n",
		"dir/sub/deep.policy": "write: 1\n",
	}
	read := func(name string) uint32 { return nr(name, arch.X86_64) }
	tests := map[string]struct {
		doc  string
		call string
		args [6]uint64
		want seccomp.Action
	}{
		"a file that is included":        {files["dir/main.policy"], "read", [6]uint64{}, seccomp.Allow},
		"one of its own folder":          {files["dir/main.policy"], "write", [6]uint64{}, seccomp.Allow},
		"the first line of several":      {files["dir/main.policy"], "ioctl", [6]uint64{0, 2}, seccomp.Allow},
		"the last line":                  {files["dir/main.policy"], "ioctl", [6]uint64{0, 3}, seccomp.Allow},
		"none of them":                   {files["dir/main.policy"], "ioctl", [6]uint64{0, 4}, seccomp.KillThread},
		"an errno where it holds":        {"ioctl: arg1 == 5; return EPERM\nioctl: 1\n", "ioctl", [6]uint64{0, 5}, seccomp.Errno(1)},
		"and the next line elsewhere":    {"ioctl: arg1 == 5; return EPERM\nioctl: 1\n", "ioctl", [6]uint64{0, 6}, seccomp.Allow},
		"the last @default":              {"@default kill-process\n@default trap\nread: 1\n", "write", [6]uint64{}, seccomp.Trap(0)},
		"a deny list":                    {"@denylist\nread: return EPERM\nioctl: arg1 == 1; return 2\n", "ioctl", [6]uint64{0, 1}, seccomp.Errno(2)},
		"and what it does not name":      {"@denylist\nread: return EPERM\n", "write", [6]uint64{}, seccomp.Allow},
		"a comment with a backslash":     {"# one \\\nread: 1\n", "read", [6]uint64{}, seccomp.Allow},
		"several in braces, and another": {"{read, write}: arg0 == 1\nread: arg0 == 2\n", "read", [6]uint64{2}, seccomp.Allow},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(tt.doc), reader{include: folder(files), compiler: true}, profile.File("dir/x.policy"))
			require.NoError(t, err)
			policy, diagnostics, err := p.Resolve(profile.Target{Arch: arch.X86_64})
			require.NoError(t, err)
			call := seccomp.Call{Audit: arch.X86_64.Audit(), Nr: read(tt.call), Args: tt.args}
			assert.Equal(t, tt.want, policy.Evaluate(&call))
			for _, d := range diagnostics {
				assert.NotEqual(t, compilerCode, d.Code)
				assert.NotEqual(t, returnCode, d.Code)
			}
		})
	}
	refused := map[string]struct{ doc, err string }{
		"behind a line that always holds": {"read: 1\nread: arg0 == 1\n", "a second line for read, which has one at dir/x.policy:1:1 that always holds"},
		"a number":                        {"0: 1\n", "takes no number of a call"},
		"an errno of two":                 {"read: return EPERM|EINTR\n", "unexpected \"|\""},
		"an errno in parentheses":         {"read: return (1)\n", "want a single constant"},
		"a deny list that allows":         {"@denylist\nread: 1\n", "every action is"},
		"a file without @denylist":        {"@denylist\n@include ./common.policy\n", "must have the line @denylist"},
		"no such file":                    {"@include ./none\n", `cannot include "dir/none"`},
		"a file that includes itself":     {"@include ./loop\n", "more than 8 deep"},
	}
	files["dir/loop"] = "@include ./loop\n"
	for name, tt := range refused {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(tt.doc), reader{include: folder(files), compiler: true}, profile.File("dir/x.policy"))
			if err == nil {
				_, _, err = p.Resolve(profile.Target{Arch: arch.X86_64})
			}
			require.Error(t, err)
			assert.ErrorContains(t, err, tt.err)
		})
	}
}

const constantsJSON = `{"arch_nr": 3221225534, "arch_name": "x86_64", "bits": 64,
	"syscalls": {"read": 0, "write": 1, "ioctl": 16, "newest": 4000},
	"constants": {"MINE": 7, "MINUS": -1, "MADV_DONTNEED": 4},
	"syscall_groups": {"base": {"io": ["read", "write"]}}}`

// TestConstantsFile: calls, constants and groups come from constants.json.
func TestConstantsFile(t *testing.T) {
	c, err := parseConstants([]byte(constantsJSON), nil)
	require.NoError(t, err)
	assert.Equal(t, arch.X86_64, c.abi)
	assert.Equal(t, ^uint64(0), c.values["MINUS"])
	option, err := ParseConstants([]byte(constantsJSON))
	require.NoError(t, err)
	for _, opts := range [][]profile.ParseOption{{option}, {option, Compiler}} {
		p, err := Parse([]byte("io@base: 1\nioctl: arg1 == MINE\nnewest: 1\n"), opts...)
		require.NoError(t, err)
		policy, _, err := p.Resolve(profile.Target{Arch: arch.X86_64})
		require.NoError(t, err)
		for call, want := range map[seccomp.Call]seccomp.Action{
			{Nr: 0}: seccomp.Allow, {Nr: 1}: seccomp.Allow, {Nr: 4000}: seccomp.Allow,
			{Nr: 16, Args: [6]uint64{0, 7}}: seccomp.Allow, {Nr: 16}: seccomp.KillThread, {Nr: 2}: seccomp.KillThread,
		} {
			call.Audit = arch.X86_64.Audit()
			assert.Equal(t, want, policy.Evaluate(&call), "%+v", call)
		}
		_, _, err = p.Resolve(profile.Target{Arch: arch.AArch64})
		assert.ErrorContains(t, err, "constants.json is for x86_64")

		p, err = Parse([]byte("ioctl: arg1 == TCGETS\n"), opts...)
		require.NoError(t, err)
		if _, _, err = p.Resolve(profile.Target{Arch: arch.X86_64}); len(opts) == 2 {
			assert.ErrorContains(t, err, `unknown constant "TCGETS"`)
		} else {
			assert.NoError(t, err)
		}
		_, err = Parse([]byte("none@base: 1\n"), opts...)
		assert.ErrorContains(t, err, "which has none of that name")
	}
	for doc, want := range map[string]string{
		"":               "syntax",
		"[]":             "syntax",
		"{}":             "no arch_nr",
		`{"arch_nr": 5}`: "is no machine's",
		`{"arch_nr": 3221225534, "syscalls": {"x": -1}}`:    "is no number of a call",
		`{"arch_nr": 3221225534, "constants": {"X": 1.5}}`:  "no whole number",
		`{"arch_nr": 3221225534, "constants": {"X": 1e99}}`: "no whole number",
	} {
		_, err := ParseConstants([]byte(doc))
		var e *profile.Error
		require.ErrorAs(t, err, &e, doc)
		assert.True(t, strings.Contains(err.Error(), want) || string(e.Code) == want, "%s: %v", doc, err)
	}
}

// TestConstantNear: a constant that no table has is suggested.
func TestConstantNear(t *testing.T) {
	p, err := Parse([]byte("madvise: arg2 == MADV_DONTNED\n"))
	require.NoError(t, err)
	_, _, err = p.Resolve(profile.Target{Arch: arch.X86_64})
	assert.ErrorContains(t, err, `unknown constant "MADV_DONTNED", nearest is "MADV_DONTNEED"`)
}
