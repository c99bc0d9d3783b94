// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/seccomp"
)

// asCode is a flat document as a program that calls libseccomp would put it: a rule for
// each name, with the action as a value, and a rule for each condition where an argument
// has several.
func asCode(t *testing.T, p *Profile, target Target) *seccomp.Policy {
	t.Helper()
	flat, err := p.Flatten(target)
	require.NoError(t, err)
	policy := &seccomp.Policy{Arches: flat.arches(target.Arch), Default: scmp.ActionWith(flat.DefaultAction, flat.DefaultErrnoRet)}
	for _, doc := range flat.Syscalls {
		for _, name := range doc.Names {
			rule := seccomp.Rule{Syscalls: []string{name}, Action: scmp.ActionWith(doc.Action, doc.ErrnoRet)}
			seen, repeated := 0, false
			for i := range doc.Args {
				rule.Args = append(rule.Args, doc.Args[i].condition())
				repeated = repeated || seen&(1<<doc.Args[i].Index) != 0
				seen |= 1 << doc.Args[i].Index
			}
			if !repeated {
				policy.Rules = append(policy.Rules, rule)
				continue
			}
			for _, a := range rule.Args {
				rule.Args = []seccomp.Arg{a}
				policy.Rules = append(policy.Rules, rule)
			}
		}
	}
	return policy
}

// byNumber is a policy whose rules have numbers in the place of names, each with the ABI
// that it is of. Names that an ABI reaches through a multiplexer alone stay.
func byNumber(p *seccomp.Policy) *seccomp.Policy {
	q := *p
	q.Rules = nil
	for _, r := range p.Rules {
		for _, abi := range p.Arches {
			for _, name := range r.Syscalls {
				one := seccomp.Rule{Arches: []arch.Arch{abi}, Args: r.Args, Action: r.Action}
				if nr, ok := abi.Number(name); ok {
					one.Numbers = []seccomp.Range{{From: nr, To: nr}}
				} else {
					one.Syscalls = []string{name}
				}
				q.Rules = append(q.Rules, one)
			}
		}
	}
	return &q
}

// TestExpandAsResolve has the same filter come of a document and of a program's rules, in
// any order: a document's is libseccomp's reading already (TestOracle).
func TestExpandAsResolve(t *testing.T) {
	const mips = `{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_MIPS", "SCMP_ARCH_MIPSEL"], "syscalls": [`
	const several = `{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86", "SCMP_ARCH_S390X"], "syscalls": [
		{"names": ["socket"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 16, "op": "SCMP_CMP_EQ"}, {"index": 0, "value": 17, "op": "SCMP_CMP_EQ"}]},
		{"names": ["shmget", "setuid"], "action": "SCMP_ACT_KILL"}, {"names": ["setuid"], "action": "SCMP_ACT_LOG"},
		{"names": ["semop"], "action": "SCMP_ACT_ALLOW"},
		{"names": ["personality"], "action": "SCMP_ACT_TRACE", "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_NE"}, {"index": 1, "value": 3, "valueTwo": 1, "op": "SCMP_CMP_MASKED_EQ"}]},
		{"names": ["personality"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}]}]}`
	parsed := func(text string) *Profile {
		p, err := Parse([]byte(text))
		require.NoError(t, err)
		return p
	}
	for name, p := range map[string]*Profile{"Docker's": DockerDefault(), "several": parsed(several), "none": parsed(mips + "]}")} {
		for _, host := range []arch.Arch{arch.X86_64, arch.AArch64, arch.S390X, arch.MIPSEL64} {
			for _, opt := range []Option{ENOSYSRunc, ENOSYSOff, ENOSYSKnown(5 << 8), Narrow} {
				target := Target{Arch: host, Kernel: arch.Newest, Caps: []string{"CAP_SYS_ADMIN"}}
				want, _, err := p.Resolve(target, opt)
				require.NoError(t, err, name)
				filter, err := want.Compile()
				require.NoError(t, err)
				code := asCode(t, p, target)
				for what, q := range map[string]*seccomp.Policy{"names": code, "numbers": byNumber(code)} {
					before := slices.Clone(q.Rules)
					got, _, err := Expand(q, opt)
					require.NoError(t, err, "%s %v %s", name, host, what)
					require.Equal(t, before, q.Rules, "it changes what it reads")
					same, err := got.Compile()
					require.NoError(t, err)
					require.Equal(t, filter, same, "%s %v %s %v", name, host, what, opt)
				}
			}
		}
	}
}

// TestNumberOfName is what addNumbers relies on.
func TestNumberOfName(t *testing.T) {
	for _, abi := range arch.All() {
		for nr, name := range abi.Calls() {
			back, ok := abi.Number(name)
			require.True(t, ok && back == nr, "%v %s", abi, name)
		}
	}
}

func TestExpand(t *testing.T) {
	const deny = seccomp.Action(0)
	equals := func(index int, value uint64) []seccomp.Arg {
		return []seccomp.Arg{{Index: index, Op: seccomp.EQ, Value: value}}
	}
	both := []arch.Arch{arch.X86_64, arch.X86}
	tests := map[string]struct {
		policy seccomp.Policy
		opts   []Option
		calls  map[seccomp.Call]seccomp.Action
	}{
		"an ABI of its own": {
			seccomp.Policy{Arches: both, Default: seccomp.Allow, BadArch: seccomp.KillProcess, Rules: []seccomp.Rule{
				{Arches: []arch.Arch{arch.X86}, Syscalls: []string{"socket"}, Action: seccomp.Errno(9)}}},
			nil,
			map[seccomp.Call]seccomp.Action{
				{Audit: arch.X86_64.Audit(), Nr: 41}:                               seccomp.Allow,
				{Audit: arch.X86.Audit(), Nr: 359}:                                 seccomp.Errno(9),
				{Audit: arch.X86.Audit(), Nr: 102, Args: [6]uint64{1}}:             seccomp.Errno(9), // socketcall
				{Audit: arch.X86.Audit(), Nr: 102, Args: [6]uint64{1<<32 | 1}}:     seccomp.Errno(9),
				{Audit: arch.X86.Audit(), Nr: 102, Args: [6]uint64{2}}:             seccomp.Allow,
				{Audit: arch.AArch64.Audit(), Nr: 198}:                             seccomp.KillProcess,
				{Audit: arch.X32.Audit(), Nr: arch.X32.Base() + 41}:                seccomp.KillProcess,
				{Audit: arch.X86_64.Audit(), Nr: 102, Args: [6]uint64{1}}:          seccomp.Allow, // getuid
				{Audit: arch.X86_64.Audit(), Nr: 41, Args: [6]uint64{0, 1, 2, 3}}:  seccomp.Allow,
				{Audit: arch.X86.Audit(), Nr: 359, Args: [6]uint64{0, 1, 2, 3, 4}}: seccomp.Errno(9),
			},
		},
		"without conditions decides, wherever it stands": {
			seccomp.Policy{Arches: both, Default: deny, Rules: []seccomp.Rule{
				{Syscalls: []string{"personality"}, Args: equals(0, 5), Action: seccomp.Errno(1)},
				{Syscalls: []string{"personality"}, Arches: both[:1], Action: seccomp.Allow}}},
			nil,
			map[seccomp.Call]seccomp.Action{
				{Audit: arch.X86_64.Audit(), Nr: 135, Args: [6]uint64{5}}: seccomp.Allow,
				{Audit: arch.X86.Audit(), Nr: 136, Args: [6]uint64{5}}:    seccomp.Errno(1),
				{Audit: arch.X86.Audit(), Nr: 136}:                        deny,
			},
		},
		"a number without a call": {
			seccomp.Policy{Arches: both, Default: deny, Rules: []seccomp.Rule{
				{Numbers: []seccomp.Range{{From: 5000, To: 5002}}, Args: equals(2, 1), Action: seccomp.Trap(7)},
				{Numbers: []seccomp.Range{{From: 5001, To: 5001}}, Arches: both[1:], Action: seccomp.Allow}}},
			[]Option{ENOSYSOff},
			map[seccomp.Call]seccomp.Action{
				{Audit: arch.X86_64.Audit(), Nr: 5001, Args: [6]uint64{2: 1}}: seccomp.Trap(7),
				{Audit: arch.X86_64.Audit(), Nr: 5001}:                        deny,
				{Audit: arch.X86.Audit(), Nr: 5001, Args: [6]uint64{2: 1}}:    seccomp.Allow,
				{Audit: arch.X86.Audit(), Nr: 5002, Args: [6]uint64{2: 1}}:    seccomp.Trap(7),
			},
		},
		"ENOSYS above all numbers": {
			seccomp.Policy{Arches: both, Default: deny, Rules: []seccomp.Rule{{Numbers: []seccomp.Range{{From: 5000, To: 5000}}, Arches: both[:1], Action: seccomp.Allow}}},
			nil,
			map[seccomp.Call]seccomp.Action{
				{Audit: arch.X86_64.Audit(), Nr: 5001}: seccomp.Errno(38),
				{Audit: arch.X86_64.Audit(), Nr: 4999}: deny,
				{Audit: arch.X86.Audit(), Nr: 5001}:    deny, // no rule speaks of that ABI
			},
		},
		"a number that is another ABI's": {
			seccomp.Policy{Arches: both, Default: deny, Rules: []seccomp.Rule{{Numbers: []seccomp.Range{{From: arch.X32.Base(), To: arch.X32.Base()}, {From: 1, To: 1}}, Action: seccomp.Allow}}},
			nil,
			map[seccomp.Call]seccomp.Action{
				{Audit: arch.X86_64.Audit(), Nr: 1}: seccomp.Allow,
				{Audit: arch.X86_64.Audit(), Nr: 2}: seccomp.Errno(38),
			},
		},
		"overlaps, ranked": {
			seccomp.Policy{Arches: both, Default: seccomp.Allow, Rules: []seccomp.Rule{
				{Syscalls: []string{"personality"}, Args: equals(0, 5), Action: seccomp.Errno(1)},
				{Syscalls: []string{"personality"}, Args: equals(1, 6), Action: seccomp.KillProcess}}},
			[]Option{RestrictOverlaps},
			map[seccomp.Call]seccomp.Action{
				{Audit: arch.X86_64.Audit(), Nr: 135, Args: [6]uint64{5, 6}}: seccomp.KillProcess,
				{Audit: arch.X86_64.Audit(), Nr: 135, Args: [6]uint64{5, 7}}: seccomp.Errno(1),
			},
		},
		"all conditions hold": {
			seccomp.Policy{Arches: both, Default: seccomp.Allow, Rules: []seccomp.Rule{
				{Syscalls: []string{"personality"}, Args: []seccomp.Arg{{Op: seccomp.GE, Value: 3}, {Op: seccomp.LE, Value: 5}}, Action: seccomp.Errno(1)}}},
			nil,
			map[seccomp.Call]seccomp.Action{
				{Audit: arch.X86_64.Audit(), Nr: 135, Args: [6]uint64{4}}: seccomp.Errno(1),
				{Audit: arch.X86_64.Audit(), Nr: 135, Args: [6]uint64{6}}: seccomp.Allow,
			},
		},
		"no ABI": {seccomp.Policy{BadArch: seccomp.Errno(3)}, nil, map[seccomp.Call]seccomp.Action{{Audit: arch.X86_64.Audit()}: seccomp.Errno(3)}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, _, err := Expand(&tt.policy, tt.opts...)
			require.NoError(t, err)
			for call, want := range tt.calls {
				assert.Equal(t, want, got.Evaluate(&call), "%v", call)
			}
		})
	}
}

func TestExpandRefuses(t *testing.T) {
	rule := func(r seccomp.Rule) *seccomp.Policy {
		first := seccomp.Rule{Syscalls: []string{"read"}, Action: seccomp.Log}
		return &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Allow, Rules: []seccomp.Rule{first, r}}
	}
	arg := func(index int) []seccomp.Arg { return []seccomp.Arg{{Index: index, Op: seccomp.EQ, Value: 1}} }
	overlap := rule(seccomp.Rule{Syscalls: []string{"personality"}, Args: arg(1), Action: seccomp.Errno(2)})
	overlap.Rules[0] = seccomp.Rule{Syscalls: []string{"personality"}, Args: arg(0), Action: seccomp.Errno(1), Origin: seccomp.Origin{File: "runtime.go", Line: 7, Column: 2}}
	twice := rule(seccomp.Rule{Syscalls: []string{"write"}, Action: seccomp.Log})
	twice.Arches = append(twice.Arches, arch.X86_64)
	for name, tt := range map[string]struct {
		policy *seccomp.Policy
		opts   []Option
		says   string
	}{
		"nil":                {nil, nil, "it is nil"},
		"no calls":           {rule(seccomp.Rule{Action: seccomp.Log}), nil, "rule 1: invalid policy: no calls"},
		"unknown and weaker": {rule(seccomp.Rule{Syscalls: []string{"write", "opne"}, Action: seccomp.Errno(1)}), nil, `Rules[1].Syscalls[1]: unknown system call "opne", nearest is "open"`},
		"unknown, strict":    {rule(seccomp.Rule{Syscalls: []string{"opne"}, Action: seccomp.Errno(1)}), []Option{SkipUnknown, Strict}, `Rules[1].Syscalls[0]: unknown system call "opne"`},
		"overlap":            {overlap, nil, "ERRNO(2) here and ERRNO(1) in runtime.go:7:2"},
		"an index":           {rule(seccomp.Rule{Syscalls: []string{"write"}, Args: arg(6), Action: seccomp.Errno(1)}), nil, "argument 6, want 0 to 5"},
		"an ABI twice":       {twice, nil, "listed twice"},
		"all numbers":        {rule(seccomp.Rule{Numbers: []seccomp.Range{{From: 0, To: 0xffffffff}}, Action: seccomp.Errno(1)}), nil, "rule 1: invalid policy: more than 65536 numbers"},
		"ends swapped":       {rule(seccomp.Rule{Numbers: []seccomp.Range{{From: 3, To: 0}}, Action: seccomp.Errno(1)}), nil, "numbers 3 to 0"},
	} {
		t.Run(name, func(t *testing.T) {
			policy, _, err := Expand(tt.policy, tt.opts...)
			require.ErrorIs(t, err, seccomp.ErrPolicy)
			require.ErrorContains(t, err, tt.says)
			require.Nil(t, policy)
		})
	}
}

// TestSkipUnknown has a document and a program's rules that deny a call of a later year.
func TestSkipUnknown(t *testing.T) {
	const text = `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read", "later_call"], "action": "SCMP_ACT_ERRNO"}]}`
	p, err := Parse([]byte(text))
	require.NoError(t, err)
	target := Target{Arch: arch.X86_64}
	_, _, err = p.Resolve(target)
	require.ErrorContains(t, err, `unknown system call "later_call": without it ERRNO(1) would become ALLOW`)
	policy, diags, err := p.Resolve(target, SkipUnknown)
	require.NoError(t, err)
	require.Len(t, diags, 1)
	assert.Equal(t, Warning, diags[0].Severity)
	assert.Equal(t, Code("unknown-syscall"), diags[0].Code)
	assert.Equal(t, `unknown system call "later_call": it is skipped, and ERRNO(1) becomes ALLOW`, diags[0].Message)
	assert.Equal(t, "1:69: syscalls[0].names[1]", diags[0].Place.String())
	assert.Equal(t, seccomp.Errno(1), policy.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit()}))
	_, err = policy.Compile()
	require.NoError(t, err)
	_, _, err = p.Resolve(target, SkipUnknown, Strict)
	require.ErrorContains(t, err, "later_call")

	code := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Allow, Rules: []seccomp.Rule{{Syscalls: []string{"read", "later_call"}, Action: seccomp.Errno(1)}}}
	expanded, diags, err := Expand(code, SkipUnknown)
	require.NoError(t, err)
	require.Len(t, diags, 1)
	assert.Equal(t, "Rules[0].Syscalls[1]", diags[0].Place.Path)
	assert.Empty(t, diags[0].Edits)
	assert.Equal(t, policy.Rules[0].Syscalls, expanded.Rules[0].Syscalls)
}
