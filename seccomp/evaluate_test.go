// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/stretchr/testify/assert"
)

func TestEvaluate(t *testing.T) {
	deny, x86, x64 := Errno(1), arch.X86.Audit(), arch.X86_64.Audit()
	policy := &Policy{
		Arches: []arch.Arch{arch.X86_64, arch.X86, arch.MIPS64},
		Rules: []Rule{
			{Syscalls: []string{"read"}, Action: Allow},
			{Syscalls: []string{"personality"}, Args: []Arg{{Index: 0, Op: EQ, Value: 8}}, Action: Allow},
			{Syscalls: []string{"socket"}, Args: []Arg{{Index: 0, Op: EQ, Value: 40, Narrow: true}}, Action: Trap(7)},
			{Syscalls: []string{"socket"}, Args: []Arg{{Index: 0, Op: GE, Value: 2}, {Index: 1, Op: NE, Value: 3}}, Action: Allow},
			{Syscalls: []string{"clone"}, Args: []Arg{{Index: 0, Op: MaskedEQ, Value: 0x11, Mask: 0xf0}}, Action: Allow},
			{Arches: []arch.Arch{arch.X86}, Numbers: []Range{{0, 2}, {500, 0xffffffff}}, Action: Errno(38)},
			{Syscalls: []string{"lseek"}, Args: []Arg{{Index: 1, Op: LT, Value: 1 << 40}}, Action: Allow},
			{Syscalls: []string{"ftruncate"}, Args: []Arg{{Index: 1, Op: EQ, Value: 1 << 40}}, Action: Allow},
			{Syscalls: []string{"kill"}, Args: []Arg{{Index: 0, Op: LE, Value: 9}, {Index: 0, Op: GT, Value: 3}}, Action: Allow},
		},
		Default: deny,
		BadArch: KillProcess,
	}
	nr := func(a arch.Arch, name string) uint32 {
		n, ok := a.Number(name)
		if !ok {
			t.Fatalf("%v has no %s", a, name)
		}
		return n
	}
	on64 := func(name string, args ...uint64) Call {
		c := Call{Audit: x64, Nr: nr(arch.X86_64, name)}
		copy(c.Args[:], args)
		return c
	}
	on32 := func(name string, args ...uint64) Call {
		c := Call{Audit: x86, Nr: nr(arch.X86, name)}
		copy(c.Args[:], args)
		return c
	}
	tests := map[string]struct {
		call Call
		want Action
	}{
		"listed": {on64("read"), Allow},
		"the same name has another number elsewhere": {on32("read"), Allow},
		"the same number, another ABI":               {Call{Audit: x86, Nr: nr(arch.X86_64, "read")}, Errno(38)},
		"not listed":                                 {on64("mount"), deny},
		"an ABI that the policy does not list":       {Call{Audit: arch.S390X.Audit(), Nr: 3}, KillProcess},
		"no ABI at all":                              {Call{Audit: 0x12345678}, KillProcess},
		"x32 shares the token and is not listed":     {Call{Audit: x64, Nr: 0x40000000}, KillProcess},
		"a tracer's skip is x86_64's":                {Call{Audit: x64, Nr: 0xffffffff}, deny},
		"a condition holds":                          {on64("personality", 8), Allow},
		"a condition does not hold":                  {on64("personality", 9), deny},
		"a condition differs in the high half":       {on64("personality", 1<<32|8), deny},
		"a 32-bit ABI has no high half":              {on32("personality", 1<<32|8), Allow},
		"narrow ignores the high half":               {on64("socket", 5<<32|40), Trap(7)},
		"the first rule that matches decides":        {on64("socket", 40), Trap(7)},
		"all conditions must hold":                   {on64("socket", 2, 3), deny},
		"all conditions hold":                        {on64("socket", 2, 4), Allow},
		"comparisons are unsigned":                   {on64("socket", ^uint64(0)), Allow},
		"masked bits are equal":                      {on64("clone", 0xff1f), Allow},
		"masked bits differ":                         {on64("clone", 0xff2f), deny},
		"datum bits outside the mask do not count":   {on64("clone", 0xff12), Allow},
		"a range, first":                             {Call{Audit: x86, Nr: 0}, Errno(38)},
		"a range, last":                              {Call{Audit: x86, Nr: 0xffffffff}, Errno(38)},
		"beside a range":                             {Call{Audit: x86, Nr: 499}, deny},
		"a rule for another ABI":                     {Call{Audit: x64, Nr: 600}, deny},
		"a wide constant holds on a 32-bit ABI":      {on32("lseek", 0, ^uint64(0)), Allow},
		"a wide constant never equals there":         {on32("ftruncate", 0, 1<<40), deny},
		"a wide constant equals elsewhere":           {on64("ftruncate", 0, 1<<40), Allow},
		"two conditions on one argument, both":       {on64("kill", 9), Allow},
		"two conditions on one argument, one":        {on64("kill", 3), deny},
		"another byte order":                         {Call{Audit: arch.MIPS64.Audit(), Nr: nr(arch.MIPS64, "personality"), Args: [6]uint64{8}}, Allow},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, policy.Evaluate(&tt.call), "%+v", tt.call)
		})
	}
	filter, err := policy.Compile()
	assert.NoError(t, err)
	for name, tt := range tests {
		t.Run(name+", compiled", func(t *testing.T) {
			assert.Equal(t, tt.want, filter.Run(&tt.call), "%+v\n%v", tt.call, filter)
		})
	}
}

func TestExplain(t *testing.T) {
	policy := &Policy{
		Arches:  []arch.Arch{arch.X86_64},
		Rules:   []Rule{{Numbers: []Range{{1, 1}}, Action: Log}, {Numbers: []Range{{0, 9}}, Action: Allow}, {Numbers: []Range{{0, 99}}, Action: Action(7)}},
		Default: Errno(1),
	}
	x64 := arch.X86_64.Audit()
	tests := map[string]struct {
		call Call
		want Decision
	}{
		"the first rule":                    {Call{Audit: x64, Nr: 1}, Decision{Log, ByRule, 0}},
		"a later rule":                      {Call{Audit: x64, Nr: 9}, Decision{Allow, ByRule, 1}},
		"no rule":                           {Call{Audit: x64, Nr: 100}, Decision{Errno(1), ByDefault, -1}},
		"no ABI":                            {Call{Audit: 1}, Decision{KillThread, ByBadArch, -1}},
		"a rule that Validate would refuse": {Call{Audit: x64, Nr: 10}, Decision{KillProcess, ByRule, 2}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, policy.Explain(&tt.call)) })
	}
}

func TestZeroPolicyKills(t *testing.T) {
	filter, err := new(Policy).Compile()
	assert.NoError(t, err)
	assert.Equal(t, KillThread, filter.Run(&Call{Audit: arch.X86_64.Audit()}))
}

func TestValidate(t *testing.T) {
	rule := func(r Rule) Policy {
		if r.Numbers == nil && r.Syscalls == nil {
			r.Numbers = []Range{{1, 1}}
		}
		return Policy{Arches: []arch.Arch{arch.X86_64}, Rules: []Rule{{Numbers: []Range{{0, 0}}}, r}}
	}
	tests := map[string]struct {
		policy Policy
		want   string
	}{
		"an ABI twice":          {Policy{Arches: []arch.Arch{arch.X86, arch.X86}}, "arches: invalid policy: x86 is listed twice"},
		"an unknown ABI":        {Policy{Arches: []arch.Arch{200}}, "arches: invalid policy: unknown ABI Arch(200)"},
		"an unknown default":    {Policy{Default: 5}, "default: invalid policy: action KILL_THREAD(5): KILL_THREAD carries no data"},
		"errno too large":       {Policy{BadArch: Errno(4096)}, "bad arch: invalid policy: action ERRNO(4096): errno 4096, want 0 to 4095"},
		"an unknown action":     {rule(Rule{Action: 0x12340000}), "rule 1: invalid policy: unknown action 0x12340000"},
		"argument 6":            {rule(Rule{Args: []Arg{{Index: 6, Op: EQ}}}), "rule 1: invalid policy: argument 6, want 0 to 5"},
		"argument -1":           {rule(Rule{Args: []Arg{{Index: -1, Op: EQ}}}), "rule 1: invalid policy: argument -1, want 0 to 5"},
		"no operator":           {rule(Rule{Args: []Arg{{Index: 1}}}), "rule 1: invalid policy: argument 1: unknown operator Op(0)"},
		"no calls":              {rule(Rule{Syscalls: []string{}, Numbers: []Range{}}), "rule 1: invalid policy: no calls: want names or numbers"},
		"swapped ends":          {rule(Rule{Numbers: []Range{{3, 2}}}), "rule 1: invalid policy: numbers 3 to 2: the first is the larger"},
		"a misspelt name":       {rule(Rule{Syscalls: []string{"opennat"}, Origin: Origin{File: "a.json", Line: 1, Column: 2}}), `rule 1 (a.json:1:2): invalid policy: unknown system call "opennat", nearest is "openat"`},
		"an ABI in a rule":      {rule(Rule{Arches: []arch.Arch{0}}), "rule 1: invalid policy: unknown ABI Arch(0)"},
		"data without a reader": {rule(Rule{Action: Allow | 3}), "rule 1: invalid policy: action ALLOW(3): ALLOW carries no data"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := tt.policy.Validate()
			assert.EqualError(t, err, tt.want)
			assert.ErrorIs(t, err, ErrPolicy)
			_, err = tt.policy.Compile()
			assert.EqualError(t, err, tt.want)
		})
	}
}

func TestAction(t *testing.T) {
	tests := map[string]struct {
		action Action
		text   string
	}{
		"allow":              {Allow, "ALLOW"},
		"errno":              {Errno(38), "ERRNO(38)"},
		"trap":               {Trap(0), "TRAP(0)"},
		"trace":              {Trace(65535), "TRACE(65535)"},
		"data on allow":      {Allow | 1, "ALLOW(1)"},
		"unknown":            {0x00010000, "0x00010000"},
		"the zero value":     {0, "KILL_THREAD"},
		"kill process":       {KillProcess, "KILL_PROCESS"},
		"notify has its own": {Notify, "USER_NOTIF"},
		"log":                {Log, "LOG"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.text, tt.action.String()) })
	}
	order := []Action{KillProcess, KillThread, Trap(9), Errno(9), Notify, Trace(9), Log, Allow}
	for i, a := range order[1:] {
		assert.Less(t, order[i].Rank(), a.Rank(), "%v before %v", order[i], a)
	}
}
