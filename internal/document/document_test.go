// SPDX-License-Identifier: Apache-2.0

package document

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

func TestPlace(t *testing.T) {
	text := NewText("f", "ab\n\ncd")
	for at, want := range map[int]string{0: "f:1:1: p", 2: "f:1:3: p", 3: "f:2:1: p", 4: "f:3:1: p", 6: "f:3:3: p", -1: "f: p"} {
		assert.Equal(t, want, text.Place(at, "p").String(), "offset %d", at)
	}
	assert.Equal(t, "f:1:1", NewText("f", "").Place(0, "").String())
}

func TestOpen(t *testing.T) {
	for name, row := range map[string]struct {
		doc  string
		kind error
		want string
	}{
		"too large":     {"12345", profile.ErrLimit, "f: the document has 5 bytes, more than 4"},
		"a mark":        {"\ufeff", profile.ErrSyntax, "f:1:1: byte order mark: want UTF-8 without one"},
		"invalid UTF-8": {"a\n\xff", profile.ErrSyntax, "f:2:1: invalid UTF-8: byte 0xff"},
	} {
		_, _, _, err := Open([]byte(row.doc), profile.File("f"), profile.Limits(4, 0))
		require.ErrorIs(t, err, row.kind, name)
		assert.EqualError(t, err, row.want, name)
	}
	text, notes, limits, err := Open([]byte("ab"), profile.Strict)
	require.NoError(t, err)
	assert.Equal(t, "ab", text.Text)
	assert.True(t, notes.Strict)
	assert.Equal(t, 256, limits.Depth)
}

func TestNotes(t *testing.T) {
	n := &Notes{}
	for range maxNotes + 3 {
		require.NoError(t, n.Warn("c", profile.Place{}, "", "w"))
	}
	list := n.List()
	require.Len(t, list, maxNotes+1)
	assert.Equal(t, "3 more diagnostics", list[maxNotes].Message)
	require.NoError(t, n.check())
	require.ErrorIs(t, After(list, true).check(), profile.ErrProfile)

	strict := &Notes{Strict: true}
	strict.Info("c", profile.Place{}, "", "i")
	err := strict.Warn("c", profile.Place{Line: 1, Column: 2}, "fix", "w %d", 1)
	require.EqualError(t, err, "1:2: w 1")
	assert.Equal(t, profile.Failure, strict.failed(err)[1].Severity)
}

// TestCases: where a rule with the default action comes first, those behind it
// are for what is left.
func TestCases(t *testing.T) {
	eq := func(i int, v uint64) seccomp.Arg { return seccomp.Arg{Index: i, Op: seccomp.EQ, Value: v} }
	deny := seccomp.Errno(1)
	p := &seccomp.Policy{
		Arches: []arch.Arch{arch.X86_64}, Default: deny,
		Rules: []seccomp.Rule{
			{Syscalls: []string{"read"}, Args: []seccomp.Arg{eq(0, 1), eq(1, 2)}, Action: deny},
			{Syscalls: []string{"read"}, Args: []seccomp.Arg{{Index: 2, Op: seccomp.MaskedEQ, Mask: 6, Value: 2}}, Action: deny},
			{Syscalls: []string{"read"}, Args: []seccomp.Arg{eq(0, 3)}, Action: seccomp.Log},
			{Numbers: []seccomp.Range{{From: 0, To: 1}}, Action: seccomp.Allow},
			{Syscalls: []string{"write"}, Action: seccomp.Log},
		},
	}
	var read Decision
	for _, d := range Decide(p, arch.X86_64) {
		switch d.Name {
		case "read":
			read = d
		case "write":
			require.Len(t, d.Rules, 1)
			assert.Equal(t, seccomp.Allow, d.Rules[0].Action)
		default:
			require.Len(t, d.Rules, 1, d.Name) // the default
			assert.Equal(t, deny, d.Rules[0].Action)
		}
	}
	require.Len(t, read.Rules, 4)
	cases, ok := read.Cases(deny)
	require.True(t, ok)
	assert.Len(t, cases, 2+4)
	assert.Equal(t, deny, Otherwise(p, arch.X86_64))
	for a0 := range uint64(5) {
		for a1 := range uint64(4) {
			for a2 := range uint64(8) {
				call := &seccomp.Call{Audit: arch.X86_64.Audit(), Args: [6]uint64{a0, a1, a2}}
				require.Equal(t, p.Evaluate(call), first(cases, call, deny), "%v", call.Args)
			}
		}
	}
}

// first is the action of the first case that holds.
func first(cases []Case, call *seccomp.Call, def seccomp.Action) seccomp.Action {
	for _, c := range cases {
		one := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: def, Rules: []seccomp.Rule{
			{Syscalls: []string{"read"}, Args: c.Args, Action: c.Action},
		}}
		if a := one.Evaluate(call); a != def {
			return a
		}
	}
	return def
}

func TestReasons(t *testing.T) {
	r := Reasons{Dialect: "x"}
	require.NoError(t, r.Err())
	p := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Allow}
	q := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}}
	require.NoError(t, (&Contract{Name: "x"}).same(p, p))
	var unsayable *profile.UnsayableError
	require.ErrorAs(t, (&Contract{Name: "x"}).same(p, q), &unsayable)
	assert.Equal(t, profile.Dialect("x"), unsayable.Dialect)
	assert.Contains(t, unsayable.Error(), "x cannot say this: ")
}

// TestDecideDefault: a policy's default may be another than the one of numbers without
// a name, as decompiled policies' are.
func TestDecideDefault(t *testing.T) {
	p := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Errno(38), Rules: []seccomp.Rule{
		{Syscalls: []string{"read"}, Args: []seccomp.Arg{{Op: seccomp.EQ, Value: 1}}, Action: seccomp.Allow},
		{Numbers: []seccomp.Range{{From: 5000, To: 1<<32 - 1}}, Action: seccomp.KillThread}}}
	def := Otherwise(p, arch.X86_64)
	require.Equal(t, seccomp.KillThread, def)
	for _, d := range Decide(p, arch.X86_64)[:2] {
		cases, ok := d.Cases(def)
		require.True(t, ok)
		assert.Equal(t, seccomp.Errno(38), cases[len(cases)-1].Action, d.Name)
		assert.Empty(t, cases[len(cases)-1].Args, d.Name)
	}
}

// TestBrief: a difference of many calls is one line.
func TestBrief(t *testing.T) {
	p := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Allow}
	q := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Errno(1), Rules: []seccomp.Rule{{Syscalls: []string{"close"}, Action: seccomp.Allow}}}
	for d, err := range proof.Diff(proof.Of(p), proof.Of(q)) {
		require.NoError(t, err)
		assert.Regexp(t, `^x86_64 read, write, open, stat, fstat, lstat, \d+ more: ALLOW, ERRNO\(1\)$`, Brief(d))
	}
	q.Rules = append(q.Rules, seccomp.Rule{Syscalls: []string{"read"}, Action: seccomp.Errno(2)})
	q.Default = seccomp.Allow
	for d, err := range proof.Diff(proof.Of(p), proof.Of(q)) {
		require.NoError(t, err)
		assert.Equal(t, "x86_64 read (0): ALLOW, ERRNO(2)", Brief(d))
	}
}

// TestError: the severity is always that of an error.
func TestError(t *testing.T) {
	err := Error(profile.ErrLimit, profile.Diagnostic{Severity: profile.Info, Code: "too-deep", Message: "nested", Place: profile.Place{File: "f", Line: 1, Column: 2}})
	assert.Equal(t, profile.Failure, err.Severity)
	require.ErrorIs(t, err, profile.ErrLimit)
	assert.EqualError(t, err, "f:1:2: nested")
}

func TestResolving(t *testing.T) {
	strict, narrow := Resolving([]profile.Option{profile.Narrow, nil, profile.ENOSYSOff})
	assert.False(t, strict)
	assert.True(t, narrow)
	strict, _ = Resolving([]profile.Option{profile.Strict})
	assert.True(t, strict)
}
