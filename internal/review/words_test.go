// SPDX-License-Identifier: Apache-2.0

package review

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// on is a condition on an argument.
func on(index int, list ...proof.MaskedRange) proof.Constraint {
	return proof.Constraint{Index: index, Any: list}
}

// is are values, whole or of some bits.
func is(values ...uint64) (list []proof.MaskedRange) {
	for _, v := range values {
		list = append(list, proof.MaskedRange{Mask: all64, From: v, To: v})
	}
	return list
}

func span(mask, from, to uint64) proof.MaskedRange {
	return proof.MaskedRange{Mask: mask, From: from, To: to}
}

func TestCalls(t *testing.T) {
	const high = all64 &^ low32
	x64, x86 := arch.X86_64, arch.X86
	tests := map[string]struct {
		abi   arch.Arch
		call  string
		where []proof.Constraint
		want  string
	}{
		"no condition":                  {x64, "mount", nil, "mount"},
		"a value by name":               {x64, "socket", []proof.Constraint{on(0, is(40)...)}, "socket(AF_VSOCK, *)"},
		"the last argument":             {x64, "socket", []proof.Constraint{on(0, is(2)...), on(2, is(6)...)}, "socket(AF_INET, *, IPPROTO_TCP)"},
		"a protocol of some family":     {x64, "socket", []proof.Constraint{on(2, is(6)...)}, "socket(*, *, 6)"},
		"a request":                     {x64, "ioctl", []proof.Constraint{on(1, is(0x5412)...)}, "ioctl(*, TIOCSTI, *)"},
		"the request of another ABI":    {arch.MIPS64, "ioctl", []proof.Constraint{on(1, is(0x5472)...)}, "ioctl(*, TIOCSTI, *)"},
		"no request":                    {x64, "ioctl", []proof.Constraint{on(1, is(2)...)}, "ioctl(*, 2, *)"},
		"one bit":                       {x64, "clone", []proof.Constraint{on(0, span(0x10000000, 0x10000000, 0x10000000))}, "clone(flags & CLONE_NEWUSER, *)"},
		"one bit that is not set":       {x64, "unshare", []proof.Constraint{on(0, span(0x10000000, 0, 0))}, "unshare(!(flags & CLONE_NEWUSER))"},
		"clone of s390x":                {arch.S390X, "clone", []proof.Constraint{on(1, span(0x10000000, 0x10000000, 0x10000000))}, "clone(*, flags & CLONE_NEWUSER, *)"},
		"no bit of two":                 {x64, "clone", []proof.Constraint{on(0, span(0x30000000, 0, 0))}, "clone(flags & (CLONE_NEWUSER|CLONE_NEWPID) == 0, *)"},
		"some bit of two":               {x64, "clone", []proof.Constraint{on(0, span(0x30000000, 0x10000000, 0x10000000), span(0x20000000, 0x20000000, 0x20000000))}, "clone(flags & (CLONE_NEWUSER|CLONE_NEWPID) != 0, *)"},
		"no bit, and not two values":    {x64, "mprotect", []proof.Constraint{on(2, cube(4, 0, 1, 3)...)}, "mprotect(*, *, !(prot & PROT_EXEC) and not (int){PROT_READ, PROT_READ|PROT_WRITE})"},
		"one bit of two":                {x64, "mprotect", []proof.Constraint{on(2, span(6, 2, 2))}, "mprotect(*, *, prot & (PROT_WRITE|PROT_EXEC) == PROT_WRITE)"},
		"a type under its mask":         {x64, "socket", []proof.Constraint{on(1, span(0xf, 3, 3))}, "socket(*, type & SOCK_TYPE_MASK == SOCK_RAW, *)"},
		"a bit of a mode":               {x64, "chmod", []proof.Constraint{on(1, span(0o4000, 0o4000, 0o4000))}, "chmod(*, mode & S_ISUID)"},
		"a device":                      {x64, "mknod", []proof.Constraint{on(1, span(0o170000, 0o60000, 0o60000))}, "mknod(*, mode & S_IFMT == S_IFBLK, *)"},
		"flags of messages":             {x64, "sendto", []proof.Constraint{on(3, span(0x20000000, 0x20000000, 0x20000000))}, "sendto(*, *, *, flags & MSG_FASTOPEN, *)"},
		"all but one":                   {x64, "socket", []proof.Constraint{on(0, span(all64, 0, 39), span(all64, 41, all64))}, "socket(not AF_VSOCK, *)"},
		"all but one, by halves":        {x64, "socket", []proof.Constraint{on(0, span(all64, 0, 39), span(all64, 41, low32), span(high, 1<<32, high))}, "socket(not AF_VSOCK, *)"},
		"a long range of names":         {x64, "socket", []proof.Constraint{on(0, span(all64, 3, 39))}, "socket(AF_AX25..AF_NFC, *)"},
		"a short one":                   {x64, "socket", []proof.Constraint{on(0, span(all64, 44, 47))}, "socket({AF_XDP, AF_MCTP, 46..47}, *)"},
		"the rest":                      {x64, "socket", []proof.Constraint{on(0, span(all64, 46, all64))}, "socket(>= 46, *)"},
		"a high half":                   {x64, "socket", []proof.Constraint{on(0, span(high, 1<<32, high))}, "socket(bits 32..63 not 0, *)"},
		"a value and a high half":       {x64, "socket", []proof.Constraint{on(0, span(all64, 40, 40), span(high, 1<<32, high))}, "socket({AF_VSOCK, bits 32..63 not 0}, *)"},
		"one high half":                 {x64, "socket", []proof.Constraint{on(0, span(high, 5<<32, 5<<32))}, "socket(bits 32..63 5, *)"},
		"both halves":                   {x64, "socket", []proof.Constraint{on(0, span(high, 1<<32, high)), on(0, span(low32, 40, 40))}, "socket(bits 32..63 not 0 and bits 0..31 AF_VSOCK, *)"},
		"what the kernel reads":         {x64, "socket", []proof.Constraint{on(0, span(low32, 40, 40))}, "socket(AF_VSOCK, *)"},
		"less than the kernel reads":    {x64, "ptrace", []proof.Constraint{on(0, span(low32, 16, 16))}, "ptrace((int)PTRACE_ATTACH, *)"},
		"32 bits":                       {x86, "socket", []proof.Constraint{on(0, span(low32, 40, 40))}, "socket(AF_VSOCK, *)"},
		"a high half that cannot be":    {x86, "socket", []proof.Constraint{on(0, span(high, 1<<32, high))}, "socket(bits 32..63 not 0, *)"},
		"a personality":                 {x64, "personality", []proof.Constraint{on(0, is(8)...)}, "personality(PER_LINUX32)"},
		"an option and its argument":    {x64, "prctl", []proof.Constraint{on(0, is(22)...), on(1, is(2)...)}, "prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, *)"},
		"an argument of any option":     {x64, "prctl", []proof.Constraint{on(1, is(2)...)}, "prctl(*, 2, *)"},
		"a socket's option":             {x64, "setsockopt", []proof.Constraint{on(1, is(1)...), on(2, is(15)...)}, "setsockopt(*, SOL_SOCKET, SO_REUSEPORT, *)"},
		"a multiplexed call":            {x86, "socketcall", []proof.Constraint{on(0, span(low32, 1, 1))}, "socketcall(SYS_SOCKET, *)"},
		"a call that nobody knows":      {x64, "number 467", []proof.Constraint{on(1, is(5)...)}, "number 467(*, 5, *)"},
		"an instruction pointer":        {x64, "read", []proof.Constraint{on(proof.IndexIP, span(all64, 1<<20, all64))}, "read at instruction pointer >= 0x100000"},
		"a condition that never holds":  {x64, "read", []proof.Constraint{on(0)}, "read(no value, *)"},
		"a condition that always holds": {x64, "read", []proof.Constraint{on(0, span(all64, 0, all64))}, "read"},
		"a null pointer":                {x64, "execve", []proof.Constraint{on(2, is(0)...)}, "execve(*, *, NULL)"},
		"access modes":                  {x64, "openat", []proof.Constraint{on(2, span(3, 0, 0))}, "openat(*, *, flags & O_ACCMODE == O_RDONLY, *)"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, Calls(tt.abi, tt.call, tt.where)) })
	}
}

// TestConditions: a rule's condition means what Evaluate makes of it.
func TestConditions(t *testing.T) {
	for _, abi := range []arch.Arch{arch.X86_64, arch.X86, arch.S390X} {
		nr, ok := abi.Number("ioctl")
		require.True(t, ok)
		for _, value := range boundary.Edges() {
			for _, arg := range boundary.Conditions(value) {
				p := &seccomp.Policy{Arches: []arch.Arch{abi}, Default: seccomp.Errno(1),
					Rules: []seccomp.Rule{{Syscalls: []string{"ioctl"}, Args: []seccomp.Arg{arg}, Action: seccomp.Allow}}}
				where := Conditions(abi, p.Rules[0].Args)
				v := valuesOf(where[0].Any, abi.Bits() == 32)
				for _, x := range boundary.Edges() {
					c := &seccomp.Call{Audit: abi.Audit(), Nr: nr}
					c.Args[arg.Index] = x
					want := p.Evaluate(c) == seccomp.Allow
					require.Equal(t, want, meets(where, c), "%v: %+v of %#x", abi, arg, x)
					require.Equal(t, want, v.contains(x), "%v: %+v of %#x: %+v", abi, arg, x, v)
				}
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	tests := map[string]struct {
		abi  arch.Arch
		list []seccomp.Range
		want string
	}{
		"up to x32":    {arch.X86_64, []seccomp.Range{{From: 472, To: 1<<30 - 1}, {From: 1<<32 - 1, To: 1<<32 - 1}}, "472 up to x32's (0x40000000), -1"},
		"of x32":       {arch.X32, []seccomp.Range{{From: 1<<30 | 548, To: 1<<32 - 2}}, "0x40000224 and above"},
		"a gap of x32": {arch.X32, []seccomp.Range{{From: 1<<30 | 335, To: 1<<30 | 423}}, "0x4000014f..0x400001a7"},
		"elsewhere":    {arch.AArch64, []seccomp.Range{{From: 244, To: 259}, {From: 472, To: 1<<32 - 1}}, "244..259, 472 and above"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, Numbers(tt.abi, tt.list)) })
	}
	many := make([]seccomp.Range, 100)
	assert.Contains(t, Numbers(arch.X86, many), "0, 88 more ranges")
	for _, abi := range arch.All() {
		for _, r := range unnamed(abi, domain(abi)) {
			for _, nr := range []uint32{r.From, r.To} {
				_, named := abi.Name(nr)
				assert.False(t, named, "%v %d", abi, nr)
			}
		}
	}
}

// cube is the values of 32 bits whose bits in mask are value, but for some, cut as the prover
// cuts: by one bit after the other.
func cube(mask, value uint64, but ...uint64) []proof.MaskedRange {
	pieces := []proof.MaskedRange{{Mask: mask, From: value, To: value}}
	for _, b := range but {
		var rest []proof.MaskedRange
		for _, p := range pieces {
			rest = append(rest, cut(p, proof.MaskedRange{Mask: low32, From: b, To: b})...)
		}
		pieces = rest
	}
	return pieces
}

func TestWitness(t *testing.T) {
	tests := map[string]struct {
		call seccomp.Call
		want string
	}{
		"names":              {seccomp.Call{Audit: arch.X86_64.Audit(), Nr: 41, Args: [6]uint64{40, 1}}, "socket(AF_VSOCK, SOCK_STREAM, 0)"},
		"a request":          {seccomp.Call{Audit: arch.X86_64.Audit(), Nr: 16, Args: [6]uint64{0, 0x5401}}, "ioctl(0, TCGETS, 0)"},
		"a request unknown":  {seccomp.Call{Audit: arch.X86_64.Audit(), Nr: 16, Args: [6]uint64{0, 0xae03}}, "ioctl(0, 0xae03, 0)"},
		"more than is read":  {seccomp.Call{Audit: arch.X86_64.Audit(), Nr: 41, Args: [6]uint64{1<<32 | 40}}, "socket(0x100000028, 0, 0)"},
		"no name":            {seccomp.Call{Audit: arch.X86_64.Audit(), Nr: 400}, "number 400(0, 0, 0, 0, 0, 0)"},
		"no ABI":             {seccomp.Call{Audit: 7, Nr: 1, IP: 16}, "AUDIT_ARCH 0x7, number 1(0, 0, 0, 0, 0, 0) at instruction pointer 0x10"},
		"x32 has x86_64's":   {seccomp.Call{Audit: arch.X86_64.Audit(), Nr: 1<<30 | 41}, "socket(AF_UNSPEC, 0, 0)"},
		"a call without any": {seccomp.Call{Audit: arch.X86_64.Audit(), Nr: 39}, "getpid()"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, Witness(&tt.call)) })
	}
}
