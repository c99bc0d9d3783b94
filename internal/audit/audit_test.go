// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTable: a line of the table has what it must have, on every ABI.
func TestTable(t *testing.T) {
	require.Greater(t, len(Questions()), 30)
	seen := map[string]bool{}
	for _, q := range Questions() {
		assert.Regexp(t, `^[a-z][a-z0-9]*(-[a-z0-9]+)*$`, q.ID)
		assert.False(t, seen[q.ID], "%s is there twice", q.ID)
		seen[q.ID] = true
		assert.NotEmpty(t, q.Title, q.ID)
		assert.Regexp(t, `^\S.{20,}[^.\s]$`, q.Reason, q.ID)
		require.NotEmpty(t, q.References, q.ID)
		for _, r := range q.References {
			assert.Regexp(t, `^(CVE-(199\d|20\d\d)-\d{4,}|[a-z0-9_]+\([1-8]\))$`, r.Name, q.ID)
			assert.Regexp(t, `^https://(nvd\.nist\.gov/vuln/detail/CVE-\d{4}-\d{4,}|man7\.org/linux/man-pages/man[1-8]/[a-z0-9_]+\.[1-8]\.html)$`, r.URL, q.ID)
		}
		found, ok := Find(q.ID)
		require.True(t, ok)
		assert.Equal(t, q.Title, found.Title)
		for _, a := range arch.All() {
			for _, d := range doors(&q, Machine(a)) {
				plain := 0
				for c := range d.plain() {
					assert.True(t, d.has(c), "%s: %v", q.ID, c)
					plain++
				}
				assert.Equal(t, len(d.rules), plain, "%s on %v: conditions that nothing meets", q.ID, d.abi)
			}
		}
	}
	_, ok := Find("no-such-question")
	assert.False(t, ok)
}

// TestTableRefuses: what a line may not be.
func TestTableRefuses(t *testing.T) {
	const rest = "\tCVE-2022-0185\treason"
	for line, want := range map[string]string{
		"id\ttitle\tsetns":                                      "3 fields, want 5",
		"id\ttitle\t" + rest:                                    "want calls, or one word with @",
		"id\ttitle\tsetns @foreign" + rest:                      "want calls, or one word with @",
		"id\ttitle\tsetnss" + rest:                              `no ABI has the call "setnss"`,
		"id\ttitle\tsetns@vax(0=1)" + rest:                      "vax",
		"id\ttitle\tsocket(0=AF_VSOCKS)" + rest:                 `constant "AF_VSOCKS" is not known`,
		"id\ttitle\tsocket(0=1" + rest:                          "no )",
		"id\ttitle\tsocket(6=1)" + rest:                         "0 to 5",
		"id\ttitle\tsocket()" + rest:                            "0 to 5",
		"id\ttitle\tsocket(0)" + rest:                           "want 0=A",
		"id\ttitle\tsocket(0&)" + rest:                          "want 0=A",
		"id\ttitle\tsocket(0&~AF_INET)" + rest:                  "want 0=A",
		"id\ttitle\tsocket(0=)" + rest:                          `constant "" is not known`,
		"id\ttitle\tsocket(0!=1/2)" + rest:                      "want 0=A",
		"id\ttitle\tsocket(0&1!=2)" + rest:                      "want 0=A",
		"id\ttitle\tsetns\tRFC-1\treason":                       "want CVE",
		"id\ttitle\tsetns\tman:setns\treason":                   "want CVE",
		"id\ttitle\tsetns\thttps://example.org/setns.2\treason": "want CVE",
	} {
		_, err := parseQuestion(line)
		assert.ErrorContains(t, err, want, line)
	}
}

// TestConstants: the ABIs of one machine have the same values and places, so that a rule of a document
// can be for all of them.
func TestConstants(t *testing.T) {
	for _, q := range Questions() {
		for i := range q.calls {
			p := &q.calls[i]
			for _, a := range arch.All() {
				for _, b := range a.Beside() {
					x, xok := a.Number(p.name)
					y, yok := b.Number(p.name)
					if !xok || !yok || !p.on(a) || !p.on(b) {
						assert.Equal(t, p.on(a), p.on(b), "%s: %s on %v and %v", q.ID, p.name, a, b)
						continue
					}
					r, s := p.rules(a, x), p.rules(b, y)
					require.Len(t, s, len(r))
					for i := range r {
						assert.Equal(t, r[i].Args, s[i].Args, "%s: %s on %v and %v", q.ID, p.name, a, b)
					}
				}
			}
		}
	}
	// Of the headers (asm/ioctls.h, asm/socket.h) of ABIs that package constants does not know.
	for word, abis := range map[string]map[arch.Arch]uint64{
		"TIOCSTI":       {arch.X32: 0x5412, arch.MIPS64N32: 0x5472, arch.MIPSEL: 0x5472, arch.SH: 0x40015412, arch.PARISC: 0x5412, arch.RISCV32: 0x5412, arch.PPC64LE: 0x5412},
		"SOCK_NONBLOCK": {arch.X32: 0x800, arch.MIPSEL64N32: 0x80, arch.PARISC64: 0x40000000, arch.M68K: 0x800},
		"AF_ALG":        {arch.S390: 38, arch.SHEB: 38},
	} {
		for abi, want := range abis {
			got, err := sum(word, abi)
			require.NoError(t, err)
			assert.Equal(t, want, got, "%s on %v", word, abi)
		}
	}
}

// docker is Docker's default for x86_64 with capabilities.
func docker(t *testing.T, caps ...string) *seccomp.Policy {
	if caps == nil {
		caps = profile.DockerCaps()
	}
	p, _, err := profile.DockerDefault().Resolve(profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: caps})
	require.NoError(t, err)
	return p
}

// verdicts are the IDs of the questions with a verdict.
func verdicts(list []Answer, v Verdict) (ids []string) {
	for _, a := range list {
		if a.Verdict == v {
			ids = append(ids, a.Question.ID)
		}
	}
	return ids
}

// TestDocker asks about Docker's default as a policy and as a filter, which must not differ.
func TestDocker(t *testing.T) {
	p := docker(t)
	want := []string{"af-alg", "af-vsock", "af-packet", "raw-sockets", "nfnetlink", "rare-protocols", "ptrace", "process-access", "tiocsti",
		"foreign-abi", "multiplexer", "clock", "chroot", "device-files", "seccomp-listener", "modify-ldt"}
	answers := Ask(Of(p), arch.X86_64, Questions())
	assert.Equal(t, want, verdicts(answers, Reached))
	assert.Len(t, verdicts(answers, Closed), len(answers)-len(want))
	f, err := proof.Compile(p)
	require.NoError(t, err)
	for i, a := range Ask(Of(f), arch.X86_64, Questions()) {
		assert.Equal(t, answers[i].Verdict, a.Verdict, a.Question.ID)
		require.Len(t, a.Found, len(answers[i].Found), a.Question.ID)
		for j, found := range a.Found {
			assert.Equal(t, answers[i].Found[j].Call, found.Call)
			assert.Equal(t, seccomp.Decision{Action: seccomp.Allow, By: seccomp.ByDefault, Rule: -1}, found.Decision)
		}
	}
	// With all capabilities Docker allows nearly everything.
	all := verdicts(Ask(Of(docker(t, "CAP_SYS_ADMIN")), arch.X86_64, Questions()), Reached)
	assert.Contains(t, all, "user-namespaces")
	assert.Contains(t, all, "mount")
}

// allowingOnly is a policy for x86_64 and its kind that denies all but some calls.
func allowingOnly(rules ...seccomp.Rule) *seccomp.Policy {
	return &seccomp.Policy{Arches: Machine(arch.X86_64), Default: seccomp.Errno(1), BadArch: seccomp.KillProcess, Rules: rules}
}

func rule(action seccomp.Action, name string, args ...seccomp.Arg) seccomp.Rule {
	return seccomp.Rule{Syscalls: []string{name}, Args: args, Action: action}
}

func eq(index int, value uint64) seccomp.Arg {
	return seccomp.Arg{Index: index, Op: seccomp.EQ, Value: value}
}
func ne(index int, value uint64) seccomp.Arg {
	return seccomp.Arg{Index: index, Op: seccomp.NE, Value: value}
}
func masked(index int, mask, value uint64) seccomp.Arg {
	return seccomp.Arg{Index: index, Op: seccomp.MaskedEQ, Mask: mask, Value: value}
}

// TestVerdicts has the traps: what is not closed although it looks so, and what is.
func TestVerdicts(t *testing.T) {
	const allow, deny = seccomp.Allow, seccomp.Action(0x00050001)
	on := func(r seccomp.Rule, a ...arch.Arch) seccomp.Rule { r.Arches = a; return r }
	for name, tt := range map[string]struct {
		id    string
		rules []seccomp.Rule
		want  Verdict
		call  string // that is found
	}{
		"clone without the bit":                {"user-namespaces", []seccomp.Rule{rule(allow, "clone", masked(0, 0x10000000, 0))}, Closed, ""},
		"clone with a bit above":               {"user-namespaces", []seccomp.Rule{rule(allow, "clone", ne(0, 0x10000000))}, Reached, "clone"},
		"clone3":                               {"user-namespaces", []seccomp.Rule{rule(allow, "clone3")}, Reached, "clone3"},
		"clone3 of x32 alone":                  {"user-namespaces", []seccomp.Rule{on(rule(allow, "clone3"), arch.X32)}, Reached, "clone3"},
		"unshare of the mounts":                {"user-namespaces", []seccomp.Rule{rule(allow, "unshare", eq(0, 0x20000))}, Closed, ""},
		"unshare of the time":                  {"namespaces", []seccomp.Rule{rule(allow, "unshare", eq(0, 0x80))}, Reached, "unshare"},
		"clone that sends a signal":            {"namespaces", []seccomp.Rule{rule(allow, "clone", eq(0, 0x91))}, Closed, ""},
		"logged":                               {"bpf", []seccomp.Rule{rule(seccomp.Log, "bpf")}, Reached, "bpf"},
		"a supervisor":                         {"bpf", []seccomp.Rule{rule(seccomp.Notify, "bpf")}, Supervised, "bpf"},
		"a tracer":                             {"bpf", []seccomp.Rule{rule(seccomp.Trace(7), "bpf")}, Supervised, "bpf"},
		"a supervisor for most":                {"bpf", []seccomp.Rule{rule(allow, "bpf", eq(0, 0x123456789)), rule(seccomp.Notify, "bpf")}, Reached, "bpf"},
		"trapped":                              {"bpf", []seccomp.Rule{rule(seccomp.Trap(1), "bpf")}, Closed, ""},
		"pretended":                            {"bpf", []seccomp.Rule{rule(seccomp.Errno(0), "bpf")}, Closed, ""},
		"vsock by its low half":                {"af-vsock", []seccomp.Rule{rule(allow, "socket", ne(0, 40))}, Reached, "socket"},
		"vsock, as the kernel reads it":        {"af-vsock", []seccomp.Rule{rule(deny, "socket", masked(0, 0xffffffff, 40)), rule(allow, "socket")}, Closed, ""},
		"vsock by socketcall":                  {"af-vsock", []seccomp.Rule{rule(allow, "socketcall", eq(0, 1))}, Reached, "socketcall"},
		"socketcall, but no socket":            {"af-vsock", []seccomp.Rule{rule(allow, "socketcall", masked(0, 0xffffffff, 3))}, Closed, ""},
		"vsock by a ring":                      {"af-vsock", []seccomp.Rule{rule(allow, "io_uring_setup")}, Reached, "io_uring_setup"},
		"packets by the old type":              {"af-packet", []seccomp.Rule{rule(allow, "socket", eq(0, 2))}, Reached, "socket"},
		"datagrams of IP":                      {"af-packet", []seccomp.Rule{rule(allow, "socket", eq(0, 2), eq(1, 2))}, Closed, ""},
		"a pair that loads a module":           {"rare-protocols", []seccomp.Rule{rule(allow, "socketpair", eq(0, 30))}, Reached, "socketpair"},
		"a pair of AF_UNIX":                    {"rare-protocols", []seccomp.Rule{rule(allow, "socketpair", eq(0, 1))}, Closed, ""},
		"raw, and not blocking":                {"raw-sockets", []seccomp.Rule{rule(deny, "socket", masked(1, 0xffffffff, 3)), rule(allow, "socket")}, Reached, "socket"},
		"raw, in all its spellings":            {"raw-sockets", []seccomp.Rule{rule(deny, "socket", masked(1, 0xfff7f7ff, 3)), rule(allow, "socket")}, Closed, ""},
		"raw sockets of netlink":               {"raw-sockets", []seccomp.Rule{rule(allow, "socket", eq(0, 16), eq(1, 3))}, Closed, ""},
		"a type that the kernel refuses":       {"raw-sockets", []seccomp.Rule{rule(allow, "socket", eq(0, 2), eq(1, 0x13))}, Closed, ""},
		"TIOCSTI by its low half":              {"tiocsti", []seccomp.Rule{rule(deny, "ioctl", eq(1, 0x541c)), rule(deny, "ioctl", eq(1, 0x5412)), rule(allow, "ioctl")}, Reached, "ioctl"},
		"TIOCSTI, but not TIOCLINUX":           {"tiocsti", []seccomp.Rule{rule(deny, "ioctl", masked(1, 0xffffffff, 0x5412)), rule(allow, "ioctl")}, Reached, "ioctl"},
		"neither":                              {"tiocsti", []seccomp.Rule{rule(deny, "ioctl", masked(1, 0xffffffff, 0x5412)), rule(deny, "ioctl", masked(1, 0xffffffff, 0x541c)), rule(allow, "ioctl")}, Closed, ""},
		"to ask for the personality":           {"personality", []seccomp.Rule{rule(allow, "personality", masked(0, 0xffffffff, 0xffffffff))}, Closed, ""},
		"every personality but one":            {"personality", []seccomp.Rule{rule(deny, "personality", masked(0, 0xffffffff, 0x40000)), rule(allow, "personality")}, Reached, "personality"},
		"personalities of 32 bits":             {"personality", []seccomp.Rule{rule(allow, "personality", eq(0, 8))}, Closed, ""},
		"a pipe by mknod":                      {"device-files", []seccomp.Rule{rule(allow, "mknod", masked(1, 0xf000, 0x1000))}, Closed, ""},
		"no device, but its low half":          {"device-files", []seccomp.Rule{rule(allow, "mknod", masked(1, 0x100000, 0x100000))}, Reached, "mknod"},
		"a filter without a listener":          {"seccomp-listener", []seccomp.Rule{rule(allow, "seccomp", eq(0, 1), eq(1, 1))}, Closed, ""},
		"x32 alone":                            {"foreign-abi", []seccomp.Rule{on(rule(allow, "getppid"), arch.X32)}, Reached, "getppid"},
		"a number that nobody knows":           {"foreign-abi", []seccomp.Rule{{Arches: []arch.Arch{arch.X86}, Numbers: []seccomp.Range{{From: 4000, To: 4000}}, Action: allow}}, Reached, ""},
		"the machine's own":                    {"foreign-abi", []seccomp.Rule{on(rule(allow, "getppid"), arch.X86_64)}, Closed, ""},
		"socketcall, which is as good":         {"multiplexer", []seccomp.Rule{rule(allow, "socketcall", eq(0, 1)), rule(allow, "socket")}, Closed, ""},
		"socketcall, which is better":          {"multiplexer", []seccomp.Rule{rule(allow, "socketcall", eq(0, 1)), rule(allow, "socket", eq(0, 1))}, Reached, "socketcall"},
		"socketcall of what is denied":         {"multiplexer", []seccomp.Rule{rule(allow, "socketcall", eq(0, 3))}, Reached, "socketcall"},
		"socketcall, past a tracer":            {"multiplexer", []seccomp.Rule{rule(allow, "socketcall", eq(0, 3)), rule(seccomp.Trace(0), "connect")}, Reached, "socketcall"},
		"ipc, of which 16 bits count":          {"multiplexer", []seccomp.Rule{rule(allow, "ipc", eq(0, 0x10000|13))}, Reached, "ipc"},
		"ipc of a call without its own number": {"multiplexer", []seccomp.Rule{rule(allow, "ipc", eq(0, 1))}, Closed, ""},
		"a high half":                          {"high-half", []seccomp.Rule{rule(allow, "socket", ne(0, 40))}, Reached, "socket"},
		"a high half over 0":                   {"high-half", []seccomp.Rule{rule(allow, "socket", ne(0, 0))}, Reached, "socket"},
		"a high half, for a supervisor":        {"high-half", []seccomp.Rule{rule(seccomp.Notify, "socket", ne(0, 40))}, Supervised, "socket"},
		"a high half, past a supervisor":       {"high-half", []seccomp.Rule{rule(seccomp.Notify, "socket", eq(0, 40)), rule(allow, "socket")}, Reached, "socket"},
		"a high half, to be logged":            {"high-half", []seccomp.Rule{rule(seccomp.Log, "socket", eq(0, 40)), rule(allow, "socket")}, Closed, ""},
		"a high half that is denied":           {"high-half", []seccomp.Rule{rule(allow, "socket", eq(0, 2))}, Closed, ""},
		"-1, as C extends it":                  {"high-half", []seccomp.Rule{rule(allow, "kill", eq(0, 1<<64-1))}, Closed, ""},
		"-1, as C does not":                    {"high-half", []seccomp.Rule{rule(deny, "kill", eq(0, 1<<64-1)), rule(allow, "kill")}, Reached, "kill"},
		"numbers from -5, as C does not":       {"high-half", []seccomp.Rule{rule(deny, "kill", seccomp.Arg{Index: 0, Op: seccomp.GE, Value: 1<<64 - 5}), rule(allow, "kill")}, Reached, "kill"},
		"a high half that counts":              {"high-half", []seccomp.Rule{rule(allow, "mmap", ne(1, 40))}, Closed, ""},
		"a high half of x32":                   {"high-half", []seccomp.Rule{on(rule(allow, "socket", ne(0, 40)), arch.X32)}, Closed, ""},
		"a high half by number":                {"high-half", []seccomp.Rule{{Numbers: []seccomp.Range{{From: 40, To: 42}}, Args: []seccomp.Arg{ne(0, 40)}, Action: allow}}, Reached, "socket"},
	} {
		t.Run(name, func(t *testing.T) {
			p := allowingOnly(tt.rules...)
			f, err := proof.Compile(p)
			require.NoError(t, err)
			for _, x := range []*Subject{Of(p), Of(f)} {
				q, ok := Find(tt.id)
				require.True(t, ok)
				a := Ask(x, arch.X86_64, []Question{q})[0]
				require.NoError(t, a.Err)
				require.Equal(t, tt.want, a.Verdict)
				for _, found := range a.Found {
					assert.Equal(t, p.Evaluate(&found.Call), found.Decision.Action)
					assert.False(t, found.Decision.Action.Denies())
					if assert.Equal(t, q.special == "@multiplexer" || q.special == "@high-half", found.Denied != nil) && found.Denied != nil {
						assert.False(t, p.Evaluate(found.Denied).Runs(), "%v", found.Denied)
					}
				}
				if tt.want == Closed {
					assert.Empty(t, a.Found)
					continue
				}
				assert.True(t, slices.ContainsFunc(a.Found, func(f Found) bool { return f.Name == tt.call }), "%v", a.Found)
				closed(t, p, &a, arch.X86_64)
			}
		})
	}
}

// TestText: calls in words, with what the question asks for by name, and what a register holds
// beside it.
func TestText(t *testing.T) {
	for name, tt := range map[string]struct {
		id           string
		rule         seccomp.Rule
		text, denied string
	}{
		"nothing asked":  {"ptrace", rule(seccomp.Allow, "ptrace"), "ptrace(...)", ""},
		"something":      {"tiocsti", rule(seccomp.Allow, "ioctl"), "ioctl(0, TIOCSTI, ...)", ""},
		"the profile's":  {"tiocsti", rule(seccomp.Allow, "ioctl", eq(0, 7), eq(2, 9)), "ioctl(7, TIOCSTI, 0x9)", ""},
		"a high half":    {"tiocsti", rule(seccomp.Allow, "ioctl", masked(1, 1<<40, 1<<40)), "ioctl(0, 0x10000005412 (TIOCSTI), ...)", ""},
		"a mode":         {"device-files", rule(seccomp.Allow, "mknod"), "mknod(NULL, S_IFCHR, ...)", ""},
		"flags":          {"user-namespaces", rule(seccomp.Allow, "clone"), "clone(CLONE_NEWUSER, ...)", ""},
		"a multiplexer":  {"multiplexer", rule(seccomp.Allow, "socketcall", eq(0, 3)), "socketcall(SYS_CONNECT, ...)", "connect(...)"},
		"a way around":   {"high-half", rule(seccomp.Allow, "socket", ne(0, 40)), "socket(0x100000028 (AF_VSOCK), ...)", "socket(AF_VSOCK, ...)"},
		"without a name": {"foreign-abi", seccomp.Rule{Arches: []arch.Arch{arch.X32}, Numbers: []seccomp.Range{{From: 0x40000999, To: 0x40000999}}, Action: seccomp.Allow}, "number 1073744281", ""},
	} {
		q, _ := Find(tt.id)
		a := Ask(Of(allowingOnly(tt.rule)), arch.X86_64, []Question{q})[0]
		require.NotEmpty(t, a.Found, name)
		assert.Equal(t, tt.text, a.Found[0].Text(), name)
		assert.Equal(t, tt.denied, a.Found[0].DeniedText(), name)
	}
}

// TestRISCV32: 32-bit programs on riscv64 set the clock by numbers that riscv64 has no name for.
func TestRISCV32(t *testing.T) {
	q, _ := Find("clock")
	p := &seccomp.Policy{Arches: []arch.Arch{arch.RISCV64}, Default: seccomp.Allow, Rules: []seccomp.Rule{
		{Syscalls: []string{"settimeofday", "clock_settime", "adjtimex", "clock_adjtime"}, Action: seccomp.Errno(1)}}}
	a := Ask(Of(p), arch.RISCV64, []Question{q})[0]
	require.Len(t, a.Found, 2)
	for i, name := range []string{"clock_settime64", "clock_adjtime64"} {
		nr, _ := arch.RISCV32.Number(name)
		assert.Equal(t, nr, a.Found[i].Call.Nr)
	}
}

// closed closes the question of an answer and asks it again, of the intersection and of a stack of
// two filters.
func closed(t *testing.T, p *seccomp.Policy, a *Answer, native arch.Arch) {
	t.Helper()
	text, err := a.Closing.Document().MarshalJSON()
	require.NoError(t, err)
	doc, err := profile.Parse(text)
	require.NoError(t, err)
	closing, _, err := doc.Resolve(profile.Target{Arch: native, Kernel: arch.Newest, Caps: profile.DockerCaps()})
	require.NoError(t, err, "%s: %s", a.Question.ID, text)
	if a.Question.special == "" && a.Question.ID != "personality" { // see Closing.deny
		deny := &seccomp.Policy{Arches: Machine(native), Default: seccomp.Allow}
		for _, d := range doors(&a.Question, Machine(native)) {
			for _, r := range d.rules {
				r.Action = seccomp.KillProcess
				deny.Rules = append(deny.Rules, r)
			}
		}
		assert.NoError(t, proof.AtMost(proof.Of(deny), proof.Of(closing)), "%s: %s denies more", a.Question.ID, text)
	}
	both, err := proof.Intersect(p, closing)
	require.NoError(t, err)
	again := Ask(Of(both), native, []Question{a.Question})[0]
	if native == arch.RISCV64 && again.Verdict == Reached {
		// The numbers that only 32-bit programs have bear no name that a document could deny.
		for _, found := range again.Found {
			require.Empty(t, found.Name)
		}
		return
	}
	assert.Equal(t, Closed, again.Verdict, "%s: %s\n%v", a.Question.ID, text, again.Found)
	f, err := proof.Compile(p)
	require.NoError(t, err)
	g, err := proof.Compile(closing)
	require.NoError(t, err)
	if a.Question.special == "@high-half" {
		return // two filters are not decompiled as one; the intersection is what they mean
	}
	again = Ask(Of(seccomp.Filter(append(slices.Clip(f), g...))), native, []Question{a.Question})[0]
	assert.Equal(t, Closed, again.Verdict, "%s as a stack: %s\n%v", a.Question.ID, text, again.Found)
}

// TestClosing: everything that is allowed is closed by the rules for it, on every machine.
func TestClosing(t *testing.T) {
	for _, native := range arch.All() {
		if native.Token() == "" {
			continue // no document can list it
		}
		p := &seccomp.Policy{Arches: Machine(native), Default: seccomp.Allow}
		for _, a := range Ask(Of(p), native, Questions()) {
			if a.Verdict != Closed {
				closed(t, p, &a, native)
			}
		}
	}
	p := docker(t, "CAP_SYS_ADMIN")
	for _, a := range Ask(Of(p), arch.X86_64, Questions()) {
		if a.Verdict != Closed {
			closed(t, p, &a, arch.X86_64)
		}
	}
}

// TestUndecided: what could not be proved is never closed, and a call that was found is found.
func TestUndecided(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, limits := range []seccomp.Option{seccomp.Within(ctx, seccomp.Limits{}), seccomp.Within(t.Context(), seccomp.Limits{Steps: 1})} {
		answers := Ask(Of(docker(t)), arch.X86_64, Questions(), limits)
		assert.Empty(t, verdicts(answers, Closed))
		assert.Empty(t, verdicts(answers, Supervised))
		assert.Contains(t, verdicts(answers, Reached), "ptrace")
		for _, a := range answers {
			assert.Equal(t, a.Verdict == Undecided, a.Err != nil, a.Question.ID)
		}
	}
}

// TestWords: verdicts in one word, each its own.
func TestWords(t *testing.T) {
	var words []string
	for v := range Reached + 2 {
		words = append(words, v.String())
	}
	assert.Equal(t, "unknown closed supervised undecided reached unknown", strings.Join(words, " "))
	assert.Regexp(t, regexp.MustCompile(`^user-namespaces `), strings.Join(ids(), " ")+" ")
}

func ids() (list []string) {
	for _, q := range Questions() {
		list = append(list, q.ID)
	}
	return list
}

// Some kernels for ppc64le run programs of 32 bits, whose calls have the token of ppc.
func TestForeignOnPPC64LE(t *testing.T) {
	q, ok := Find("foreign-abi")
	require.True(t, ok)
	for _, tt := range []struct {
		arches []arch.Arch
		want   Verdict
	}{{[]arch.Arch{arch.PPC64LE}, Closed}, {[]arch.Arch{arch.PPC64LE, arch.PPC}, Reached}} {
		a := Ask(Of(&seccomp.Policy{Arches: tt.arches, Default: seccomp.Allow, BadArch: seccomp.KillProcess}), arch.PPC64LE, []Question{q})
		require.Equal(t, tt.want, a[0].Verdict)
	}
}

// A mount namespace is made without a flag of clone too.
func TestMountNamespacesOfTheMountAPI(t *testing.T) {
	q, ok := Find("namespaces")
	require.True(t, ok)
	for call, flags := range map[string]seccomp.Arg{
		"open_tree":      {Index: 2, Op: seccomp.MaskedEQ, Mask: 2, Value: 2},
		"open_tree_attr": {Index: 2, Op: seccomp.MaskedEQ, Mask: 2, Value: 2},
		"fsmount":        {Index: 1, Op: seccomp.MaskedEQ, Mask: 2, Value: 2},
		"unshare":        {Index: 0, Op: seccomp.EQ, Value: 0x100000},
	} {
		p := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Errno(1), BadArch: seccomp.KillProcess,
			Rules: []seccomp.Rule{{Syscalls: []string{call}, Args: []seccomp.Arg{flags}, Action: seccomp.Allow}}}
		require.Equal(t, Reached, Ask(Of(p), arch.X86_64, []Question{q})[0].Verdict, call)
		p.Rules[0].Args = []seccomp.Arg{{Index: flags.Index, Op: seccomp.EQ, Value: 1}}
		require.Equal(t, Closed, Ask(Of(p), arch.X86_64, []Question{q})[0].Verdict, call)
	}
}
