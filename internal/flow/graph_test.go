// SPDX-License-Identifier: Apache-2.0

package flow_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/flow"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

// text is a graph as text: a line for each edge, below the node that it leads from. A node that
// stood there already is not shown again.
func text(g flow.Graph) string {
	var b strings.Builder
	shown := map[int]bool{}
	var show func(id int, values []string, indent string)
	show = func(id int, values []string, indent string) {
		n := g.Nodes[id]
		fmt.Fprint(&b, indent)
		if len(values) > 0 {
			fmt.Fprintf(&b, "%s: ", strings.Join(values, ", "))
		}
		if n.Cluster >= 0 {
			fmt.Fprintf(&b, "[%s] ", g.Clusters[n.Cluster].Arch)
		}
		fmt.Fprint(&b, strings.Join(append([]string{n.Title}, n.Lines...), "; "))
		if n.Kind == flow.Answer && len(n.Calls) > 0 {
			fmt.Fprintf(&b, " for %s", strings.Join(flow.Calls(n.Calls, 3), ", "))
		}
		fmt.Fprintln(&b)
		if shown[id] {
			return
		}
		shown[id] = true
		for _, e := range n.Edges {
			show(e.To, e.Values, indent+"  ")
		}
	}
	show(0, nil, "")
	return b.String()
}

func TestOf(t *testing.T) {
	eq := func(index int, value uint64) seccomp.Arg {
		return seccomp.Arg{Index: index, Op: seccomp.EQ, Value: value}
	}
	rules := func(rules ...seccomp.Rule) *seccomp.Policy {
		return &seccomp.Policy{Arches: []arch.Arch{arch.X86_64, arch.X32}, Rules: rules, Default: seccomp.Allow, BadArch: seccomp.KillProcess}
	}
	deny := func(name string, args ...seccomp.Arg) seccomp.Rule {
		return seccomp.Rule{Syscalls: []string{name}, Args: args, Action: seccomp.Errno(1)}
	}
	only := func(p *seccomp.Policy, abis ...arch.Arch) *seccomp.Policy {
		p.Arches = abis
		return p
	}
	narrow := eq(0, 40)
	narrow.Narrow = true
	tests := map[string]struct {
		policy *seccomp.Policy
		want   string
	}{
		"numbers alone": {only(rules(deny("ptrace"), deny("bpf")), arch.X86_64), `
architecture
  x86_64: [x86_64] call number
    [x86_64] ALLOW for read..times (0-100), getuid..kexec_file_load (102-320), execveat..rseq_slice_yield (322 and above), without a call: -1
    [x86_64] ERRNO(1) EPERM for ptrace (101), bpf (321)
  x32, any other: KILL_PROCESS
`},
		"a constant": {only(rules(deny("socket", narrow)), arch.X86_64), `
architecture
  x86_64: [x86_64] call number
    [x86_64] ALLOW for read..sendfile (0-40), connect..rseq_slice_yield (42 and above), without a call: -1
    [x86_64] socket: domain = AF_VSOCK
      yes: [x86_64] ERRNO(1) EPERM
      no: [x86_64] ALLOW
  x32, any other: KILL_PROCESS
`},
		"both halves of it": {only(rules(deny("socket", eq(0, 40), eq(1, 2))), arch.X86_64), `
architecture
  x86_64: [x86_64] call number
    [x86_64] ALLOW for read..sendfile (0-40), connect..rseq_slice_yield (42 and above), without a call: -1
    [x86_64] socket: type = SOCK_DGRAM
      yes: [x86_64] socket: domain = AF_VSOCK
        yes: [x86_64] ERRNO(1) EPERM
        no: [x86_64] ALLOW
      no: [x86_64] ALLOW
  x32, any other: KILL_PROCESS
`},
		"a mask, and another byte order": {only(rules(deny("unshare", seccomp.Arg{Index: 0, Op: seccomp.MaskedEQ, Value: 0x10000000, Mask: 0x10000000})), arch.S390X), `
architecture
  s390x: [s390x] call number
    [s390x] ALLOW for exit..ppoll (0-302), set_robust_list..rseq_slice_yield (304 and above)
    [s390x] unshare: low half of flags & CLONE_NEWUSER = 0
      yes: [s390x] ALLOW
      no: [s390x] ERRNO(1) EPERM
  any other: KILL_PROCESS
`},
		"x32": {only(rules(deny("ptrace")), arch.X32), `
architecture
  x32: [x32] call number
    [x32] ALLOW for read..execve (0-520), rt_sigpending..pwritev2 (522 and above)
    [x32] ERRNO(1) EPERM for ptrace (521)
  x86_64, any other: KILL_PROCESS
`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := rig.Compiled(t, tt.policy).Program()
			require.NoError(t, err)
			assert.Equal(t, strings.TrimPrefix(tt.want, "\n"), text(flow.Of(p)))
		})
	}
}

// TestAnyProgram has programs that no compiler of filters writes.
func TestAnyProgram(t *testing.T) {
	tests := map[string][2]string{
		"one answer":    {"ret #0x7fff0000", "ALLOW\n"},
		"no answer":     {"ld [0]\nret a", "; 0: ld   [0]; 1: ret  a\n"},
		"no token":      {"ld [0]\njeq #0x65 jt 2 jf 3\nret #0x50001\nret #0x7fff0000", "call number\n  ALLOW for 0-100, 102 and above\n  ERRNO(1) EPERM for 101\n"},
		"no byte order": {"ld [16]\njgt #0x5 jt 2 jf 3\nret #0\nret #0x7fff0000", "first word of args[0] <= 5\n  yes: ALLOW\n  no: KILL_THREAD\n"},
		"arithmetic":    {"ld [0]\nadd #1\njeq #0x65 jt 3 jf 4\nret #0x50001\nret #0x7fff0000", "; 0: ld   [0]; 1: add  #0x1; 2: jeq  #0x65  jt 3  jf 4\n  yes: ERRNO(1) EPERM\n  no: ALLOW\n"},
		"an odd token":  {"ld [4]\njeq #0x1234 jt 2 jf 3\nret #0x50001\nret #0x7fff0000", "architecture\n  0x1234: ERRNO(1) EPERM\n  any other: ALLOW\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := bpf.Parse(tt[0])
			require.NoError(t, err)
			assert.Equal(t, tt[1], text(flow.Of(p)))
		})
	}
}
