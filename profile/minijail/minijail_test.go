// SPDX-License-Identifier: Apache-2.0

package minijail

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/internal/test/dialects"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

var amd64 = profile.Target{Arch: arch.X86_64}

func TestParseErrors(t *testing.T) {
	for name, row := range map[string]struct {
		doc  string
		kind error
		code profile.Code
		want string
	}{
		"no colon":             {"read", profile.ErrSyntax, "syntax", `f:1:5: the line ends, want ":"`},
		"no filter":            {"read:", profile.ErrSyntax, "syntax", "f:1:6: the line ends, want an expression or an action"},
		"no name":              {": 1", profile.ErrSyntax, "syntax", `f:1:1: unexpected ":", want a system call`},
		"more behind":          {"read: 1 1", profile.ErrSyntax, "syntax", `f:1:9: unexpected "1", want the end of the line`},
		"unknown action":       {"read: 2", profile.ErrSyntax, "syntax", `unexpected "2", want 1, allow, kill,`},
		"a strange sign":       {"read: 1\nwrite: %", profile.ErrSyntax, "syntax", `f:2:8: unexpected '%'`},
		"no operator":          {"read: arg0", profile.ErrSyntax, "syntax", "want an operator, ==, !=, <, <=, >, >=, & or in"},
		"one equals sign":      {"read: arg0 = 1", profile.ErrSyntax, "syntax", `unexpected "=", want an operator`},
		"no constant":          {"read: arg0 ==", profile.ErrSyntax, "syntax", "the line ends, want a constant"},
		"nothing behind or":    {"read: arg0 == 1 ||", profile.ErrSyntax, "syntax", "want an argument, arg0 to arg5"},
		"nothing behind and":   {"read: arg0 == 1 &&", profile.ErrSyntax, "syntax", "want an argument, arg0 to arg5"},
		"nothing behind pipe":  {"read: arg0 == 1|", profile.ErrSyntax, "syntax", "the line ends, want a constant"},
		"double complement":    {"read: arg0 == ~~1", profile.ErrSyntax, "syntax", `unexpected "~", want a constant`},
		"open parenthesis":     {"read: arg0 == (1", profile.ErrSyntax, "syntax", `the line ends, want ")"`},
		"empty parentheses":    {"read: arg0 == ()", profile.ErrSyntax, "syntax", `unexpected ")", want a constant`},
		"octal 8":              {"read: arg0 == 08", profile.ErrSyntax, "syntax", `unexpected "08", want a number: decimal, octal (017) or hexadecimal (0x1f)`},
		"binary":               {"read: arg0 == 0b1", profile.ErrSyntax, "syntax", `unexpected "0b1", want a number`},
		"Go's octal":           {"read: arg0 == 0o17", profile.ErrSyntax, "syntax", `unexpected "0o17", want a number`},
		"underscores":          {"read: arg0 == 1_0", profile.ErrSyntax, "syntax", `unexpected "1_0", want a number`},
		"2^64":                 {"read: arg0 == 18446744073709551616", profile.ErrProfile, overflowCode, "f:1:15: 18446744073709551616 is too large for 64 bits"},
		"argument 6":           {"read: arg6 == 1", profile.ErrProfile, indexCode, "f:1:7: a call has no argument 6, want 0 to 5"},
		"argument 10":          {"read: arg10 == 1", profile.ErrProfile, indexCode, "a call has no argument 10, want 0 to 5"},
		"argument n":           {"open: argnn ==", profile.ErrSyntax, "syntax", `f:1:7: unexpected "argnn", want an argument, arg0 to arg5`},
		"return what":          {"read: return", profile.ErrSyntax, "syntax", "the line ends, want a constant"},
		"nothing behind ;":     {"read: arg0 == 1;", profile.ErrSyntax, "syntax", "the line ends, want 1, allow"},
		"unknown statement":    {"@defaults kill", profile.ErrSyntax, "syntax", `unexpected "@defaults", want @include, @frequency, @default or @denylist`},
		"include what":         {"@include", profile.ErrSyntax, "syntax", "the line ends, want a path"},
		"frequency what":       {"@frequency", profile.ErrSyntax, "syntax", "the line ends, want a path"},
		"include, not given":   {"@include ./x", profile.ErrProfile, includeCode, `f:1:1: the policy includes "./x", which the reader was not given`},
		"include, no path":     {"@include x", profile.ErrProfile, includeCode, `path "x": want one that begins with / or ./`},
		"default allow":        {"@default allow", profile.ErrProfile, defaultCode, `f:1:10: "allow" cannot be the default, want kill, kill-process, kill-thread, trap or user-notify`},
		"default log":          {"@default log", profile.ErrProfile, defaultCode, `"log" cannot be the default`},
		"default errno":        {"@default return 1", profile.ErrSyntax, "syntax", `unexpected "return", want kill, kill-process`},
		"two defaults":         {"@default trap\n@default trap", profile.ErrProfile, defaultCode, "f:2:1: a second @default"},
		"denylist late":        {"read: 1\n@denylist", profile.ErrProfile, denylistCode, "f:2:1: @denylist must be the first line, once"},
		"denylist twice":       {"@denylist\n@denylist", profile.ErrProfile, denylistCode, "f:2:1: @denylist must be the first line, once"},
		"denylist, expression": {"@denylist\nread: arg0 == 1; return 1", profile.ErrProfile, denylistCode, "f:2:7: in a deny list minijail0 and compile_seccomp_policy.py mean different things by this"},
		"denylist, 1":          {"@denylist\nread: 1", profile.ErrProfile, denylistCode, "in a deny list"},
		"braces, behind":       {"read: { 1, trap }", profile.ErrProfile, afterCode, "f:1:12: a filter behind one that always holds"},
		"braces, open":         {"read: { 1", profile.ErrSyntax, "syntax", `the line ends, want "}"`},
		"names, open":          {"{read: 1", profile.ErrSyntax, "syntax", `unexpected ":", want "}"`},
		"a group":              {"io@libc: 1", profile.ErrProfile, groupCode, `group "io@libc": groups are defined in constants.json`},
		"no number":            {"0x: 1", profile.ErrProfile, syscallCode, `f:1:1: "0x" is no number of a system call`},
		"number too large":     {"4294967296: 1", profile.ErrProfile, syscallCode, `"4294967296" is no number of a system call`},
		"unknown machine":      {"read[arch=vax]: 1", profile.ErrProfile, metadataCode, `f:1:11: unknown machine "vax"`},
		"no machine":           {"read[arch=", profile.ErrSyntax, "syntax", "the line ends, want a machine"},
		"other metadata":       {"read[os=linux]: 1", profile.ErrSyntax, "syntax", `unexpected "os", want arch`},
		"too deep":             {"read: arg0 == ((((1))))", profile.ErrLimit, "too-deep", "nested deeper than 3"},
		"a comment goes on":    {"# c \\\nread: 1", profile.ErrProfile, commentCode, "f:1:5: the comment goes on in the next line for minijail0"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(row.doc), profile.File("f"), profile.Limits(0, 3), profile.Strict)
			require.ErrorIs(t, err, row.kind)
			var e *profile.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, row.code, e.Code)
			assert.Contains(t, err.Error(), row.want)
			assert.Positive(t, e.Place.Line)
		})
	}
}

func nr(name string, a arch.Arch) uint32 {
	n, _ := a.Number(name)
	return n
}

// TestMeaning is a table of lines and calls: what each action and operator decides.
func TestMeaning(t *testing.T) {
	const kill = seccomp.KillThread
	all := ^uint64(0)
	type answers map[uint64]seccomp.Action // by argument 0
	for name, row := range map[string]struct {
		doc  string
		abi  arch.Arch
		want answers
	}{
		"1":                    {"read: 1", 0, answers{0: seccomp.Allow}},
		"allow":                {"read: allow", 0, answers{0: seccomp.Allow}},
		"not there":            {"write: 1", 0, answers{0: kill}},
		"kill":                 {"read: kill", 0, answers{0: kill}},
		"kill-process":         {"read: kill-process", 0, answers{0: seccomp.KillProcess}},
		"trap":                 {"read: trap", 0, answers{0: seccomp.Trap(0)}},
		"compiler, trace":      {"read: trace", 0, answers{0: seccomp.Trace(0)}},
		"log":                  {"read: log", 0, answers{0: seccomp.Log}},
		"user-notify":          {"read: user-notify", 0, answers{0: seccomp.Notify}},
		"return":               {"read: return EPERM", 0, answers{0: seccomp.Errno(1)}},
		"return, a number":     {"read: return 017", 0, answers{0: seccomp.Errno(15)}},
		"return, on MIPS":      {"read: return ENOSYS", arch.MIPS, answers{0: seccomp.Errno(89)}},
		"return, on PA-RISC":   {"read: return ENOSYS", arch.PARISC, answers{0: seccomp.Errno(251)}},
		"by number":            {"0: 1", 0, answers{0: seccomp.Allow}},
		"a comment":            {"# c\nread: 1 # d\n\n", 0, answers{0: seccomp.Allow}},
		"continued":            {"read: arg0 == 1 \\\n || arg0 == 2", 0, answers{1: seccomp.Allow, 2: seccomp.Allow, 3: kill}},
		"comment swallows":     {"# c \\\nread: 1\nwrite: 1", 0, answers{0: kill}},
		"carriage returns":     {"read: arg0 == 1 || \\\r\n arg0 == 2\r\n", 0, answers{2: seccomp.Allow}},
		"==":                   {"read: arg0 == 5", 0, answers{4: kill, 5: seccomp.Allow, 6: kill, 1<<32 + 5: kill}},
		"!=":                   {"read: arg0 != 5", 0, answers{4: seccomp.Allow, 5: kill, 1<<32 + 5: seccomp.Allow}},
		"<":                    {"read: arg0 < 5", 0, answers{4: seccomp.Allow, 5: kill, 1 << 32: kill}},
		"<=":                   {"read: arg0 <= 5", 0, answers{5: seccomp.Allow, 6: kill}},
		">":                    {"read: arg0 > 5", 0, answers{5: kill, 6: seccomp.Allow, 1 << 32: seccomp.Allow}},
		">=":                   {"read: arg0 >= 5", 0, answers{4: kill, 5: seccomp.Allow}},
		"&, one bit":           {"read: arg0 & 4", 0, answers{0: kill, 3: kill, 4: seccomp.Allow, 7: seccomp.Allow}},
		"&, several bits":      {"read: arg0 & 6", 0, answers{0: kill, 1: kill, 2: seccomp.Allow, 4: seccomp.Allow, 6: seccomp.Allow, 8: kill}},
		"&, upper bits":        {"read: arg0 & ~7", 0, answers{7: kill, 8: seccomp.Allow, all: seccomp.Allow}},
		"&, all bits":          {"read: arg0 & -1", 0, answers{0: kill, 1: seccomp.Allow}},
		"&, no bit":            {"read: arg0 & 0", 0, answers{0: kill, all: kill}},
		"in":                   {"read: arg0 in 6", 0, answers{0: seccomp.Allow, 2: seccomp.Allow, 6: seccomp.Allow, 1: kill, 8: kill, 1 << 32: kill}},
		"in, complement":       {"read: arg0 in ~PROT_EXEC", 0, answers{3: seccomp.Allow, 4: kill, 7: kill, all &^ 4: seccomp.Allow}},
		"in, 32 bits":          {"read: arg0 in 6", arch.ARM, answers{6: seccomp.Allow, 1<<32 + 6: seccomp.Allow, 8: kill}},
		"and":                  {"read: arg0 >= 2 && arg0 <= 4", 0, answers{1: kill, 2: seccomp.Allow, 4: seccomp.Allow, 5: kill}},
		"and before or":        {"read: arg0 == 9 || arg0 >= 2 && arg0 != 3", 0, answers{1: kill, 2: seccomp.Allow, 3: kill, 9: seccomp.Allow}},
		"any bits together":    {"read: arg0 & 3 && arg0 & 12", 0, answers{1: kill, 4: kill, 5: seccomp.Allow, 10: seccomp.Allow}},
		"a value of parts":     {"read: arg0 == 1|(2|~0xfffffffffffffff7)", 0, answers{11: seccomp.Allow, 3: kill}},
		"negative":             {"read: arg0 == -1", 0, answers{all: seccomp.Allow, 1<<32 - 1: kill}},
		"negative, 32 bits":    {"read: arg0 == -1", arch.X86, answers{all: seccomp.Allow, 1<<32 - 1: seccomp.Allow, 1: kill}},
		"names":                {"read: arg0 == O_RDWR|O_CLOEXEC", 0, answers{0x80002: seccomp.Allow, 2: kill}},
		"a name on ARM":        {"read: arg0 == O_DIRECTORY", arch.ARM, answers{0x4000: seccomp.Allow, 0x10000: kill}},
		"a negative name":      {"read: arg0 == AT_FDCWD", 0, answers{all - 99: seccomp.Allow, 0xffffff9c: kill}},
		"that on 32 bits":      {"read: arg0 == AT_FDCWD", arch.ARM, answers{0xffffff9c: seccomp.Allow}},
		"; return":             {"read: arg0 == 1; return EBADF", 0, answers{1: seccomp.Allow, 2: seccomp.Errno(9)}},
		"; another action":     {"read: arg0 == 1; trap", 0, answers{1: seccomp.Trap(0), 2: kill}},
		"braces":               {"read: { arg0 == 0, arg0 == 1; return ENOSYS, trap }", 0, answers{0: seccomp.Allow, 1: seccomp.Errno(38), 2: seccomp.Trap(0)}},
		"braces, first":        {"read: { arg0 < 3; log, arg0 < 5 }", 0, answers{2: seccomp.Log, 4: seccomp.Allow, 5: kill}},
		"several calls":        {"{write, read}: arg0 == 1", 0, answers{1: seccomp.Allow, 2: kill}},
		"for this machine":     {"read[arch=arm,x86_64]: 1", 0, answers{0: seccomp.Allow}},
		"for others":           {"read[arch=arm]: 1\nwrite: 1", 0, answers{0: kill}},
		"compiler, default":    {"@default trap\nread: arg0 == 1", 0, answers{1: seccomp.Allow, 2: seccomp.Trap(0)}},
		"denylist":             {"@denylist\nread: return EPERM", 0, answers{0: seccomp.Errno(1)}},
		"denylist, not there":  {"@denylist\nwrite: return EPERM", 0, answers{0: seccomp.Allow}},
		"the other argument":   {"read: arg5 == 0 && arg0 == 1", 0, answers{1: seccomp.Allow}},
		"no spaces":            {"read:arg0==1||arg0&4", 0, answers{1: seccomp.Allow, 4: seccomp.Allow, 2: kill}},
		"kill, the call":       {"kill: 1\nread: 1", 0, answers{0: seccomp.Allow}},
		"a file of frequency":  {"@frequency ./f.freq # x\nread: 1", 0, answers{0: seccomp.Allow}},
		"hexadecimal":          {"read: arg0 == 0xB", 0, answers{11: seccomp.Allow}},
		"in everything":        {"read: arg0 in -1", 0, answers{0: seccomp.Allow, all: seccomp.Allow}},
		"less than nothing":    {"read: arg0 < 0", 0, answers{0: kill}},
		"at least nothing":     {"read: arg0 >= 0", 0, answers{0: seccomp.Allow}},
		"a wide one, 32 bits":  {"read: arg0 == 0xffffffff", arch.X86, answers{1<<32 - 1: seccomp.Allow}},
		"a second, if allowed": {"read: arg0 == 1\nread: arg0 == 2", 0, answers{1: seccomp.Allow, 2: kill}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(row.doc), profile.File("f"))
			require.NoError(t, err)
			p.AllowDuplicates = true
			if row.abi == 0 {
				row.abi = arch.X86_64
			}
			policy, diags, err := p.Resolve(profile.Target{Arch: row.abi})
			require.NoError(t, err)
			for _, d := range diags {
				assert.NotEmpty(t, dialect.Meaning(d.Code), d)
			}
			filter, err := proof.Compile(policy)
			require.NoError(t, err)
			for a0, want := range row.want {
				call := &seccomp.Call{Audit: row.abi.Audit(), Nr: nr("read", row.abi), Args: [6]uint64{a0}}
				assert.Equal(t, want, policy.Evaluate(call), "%#x", a0)
				assert.Equal(t, want, filter.Run(call), "%#x", a0)
			}
			foreign := &seccomp.Call{Audit: arch.S390X.Audit(), Nr: 3}
			assert.Equal(t, kill, policy.Evaluate(foreign))
		})
	}
}

// many is lines that become 4096 rules each.
func many(lines int) string {
	var b strings.Builder
	for i := range lines {
		fmt.Fprintf(&b, "%d: arg0 & 0x15555555 && arg1 & 0x55555555 && arg2 & 0x55555\n", i+600)
	}
	return b.String()
}

func TestResolveErrors(t *testing.T) {
	for name, row := range map[string]struct {
		doc  string
		abi  arch.Arch
		code profile.Code
		want string
	}{
		"unknown call":         {"raed: 1", 0, syscallCode, `f:1:1: unknown system call "raed", nearest is "read"`},
		"no call at all":       {"notasyscallatall: 1", 0, syscallCode, `unknown system call "notasyscallatall"`},
		"a call of others":     {"open: 1", arch.AArch64, syscallCode, `aarch64 has no system call "open", which other ABIs have`},
		"a duplicate":          {"read: 1\nread: 1", 0, duplicateCode, "f:2:1: a second line for read, which has one at f:1:1"},
		"two lines":            {"read: arg0 == 1\nread: arg0 == 2", 0, duplicateCode, "f:2:1: a second line for read, which has one at f:1:1: minijail0 refuses it, and compile_seccomp_policy.py takes it (--minijail-compiler)"},
		"by number":            {"read: 1\n0: 1", 0, duplicateCode, "f:2:1: a second line for 0, which has one at f:1:1"},
		"in one line":          {"{read, read}: 1", 0, duplicateCode, "f:1:8: a second line for read, which has one at f:1:2"},
		"unknown constant":     {"read: arg0 == FOO", 0, constantCode, `f:1:15: unknown constant "FOO"`},
		"of another ABI":       {"read: arg0 == ARCH_SET_FS", arch.ARM, constantCode, "the value of ARCH_SET_FS on arm is not known: write its number"},
		"of an ABI without":    {"read: arg0 == O_RDONLY", arch.M68K, constantCode, "the value of O_RDONLY on m68k is not known"},
		"errno":                {"read: return 4096", 0, errnoCode, "f:1:7: errno 4096 is too large, want 0 to 4095"},
		"errno -1":             {"read: return -1", 0, errnoCode, "errno 18446744073709551615 is too large"},
		"errno behind":         {"read: arg0 == 1; return 4096", 0, errnoCode, "errno 4096 is too large"},
		"errno in braces":      {"read: { arg0 == 1; return 4096 }", 0, errnoCode, "errno 4096 is too large"},
		"too large, 32 bits":   {"read: arg0 == 0x100000000", arch.X86, overflowCode, "0x100000000 is too large for 32 bits"},
		"too small":            {"read: arg0 == -9223372036854775809", 0, overflowCode, "-9223372036854775809 is too small for 64 bits"},
		"too small, 32 bits":   {"read: arg0 == -2147483649", arch.X86, overflowCode, "-2147483649 is too small for 32 bits"},
		"too many cases":       {"read: arg0 & 0x5555555555 && arg1 & 0x5555555555 && arg2 & 0x5555555555", 0, casesCode, "f:1:53: the expression has more than 4096 cases"},
		"too many cases, or":   {"read: arg0 & 0x5555555555 && arg1 & 0x5555555555" + strings.Repeat(" || arg0 & 0x5555555555 && arg1 & 0x5555555555", 10), 0, casesCode, "f:1:7: the expression has more than 4096 cases"},
		"too many together":    {many(40), 0, casesCode, "f:28:6: the expressions have more than 65536 cases together"},
		"no ABI":               {"read: 1", 0xff, targetCode, "f: the target is no ABI"},
		"constant in a clause": {"read: arg0 == 1 && arg1 in FOO", 0, constantCode, "unknown constant"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(row.doc), profile.File("f"))
			require.NoError(t, err)
			if row.abi == 0 {
				row.abi = arch.X86_64
			}
			policy, diags, err := p.Resolve(profile.Target{Arch: row.abi})
			require.True(t, policy == nil)
			var e *profile.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, row.code, e.Code)
			assert.Contains(t, err.Error(), row.want)
			assert.Equal(t, e.Diagnostic, diags[len(diags)-1])
		})
	}
}

func TestDiagnostics(t *testing.T) {
	for name, row := range map[string]struct {
		doc   string
		abi   arch.Arch
		codes []profile.Code
		warns bool
	}{
		"nothing":             {"read: 1", 0, nil, false},
		"return":              {"read: arg0 == 1; return 1", 0, []profile.Code{returnCode}, false},
		"compiler, once":      {"read: allow\nwrite: kill", 0, []profile.Code{compilerCode}, false},
		"frequency":           {"@frequency /x\nread: 1", 0, []profile.Code{frequencyCode}, false},
		"never":               {"read: arg0 & 0", 0, []profile.Code{neverCode}, true},
		"never, <":            {"read: arg0 < 0", 0, []profile.Code{neverCode}, true},
		"never, >":            {"read: arg0 > -1", 0, []profile.Code{neverCode}, true},
		"always":              {"read: arg0 in -1", 0, []profile.Code{alwaysCode}, true},
		"always, 32 bits":     {"read: arg0 in 0xffffffff", arch.ARM, []profile.Code{alwaysCode}, true},
		"always, >=":          {"read: arg0 >= 0", 0, []profile.Code{alwaysCode}, true},
		"always, <=":          {"read: arg0 <= -1", 0, []profile.Code{alwaysCode}, true},
		"empty":               {"# nothing", 0, []profile.Code{emptyCode}, true},
		"x32":                 {"@denylist\nread: return 1", 0, []profile.Code{x32Code}, false},
		"other machine":       {"read[arch=arm]: 1\nwrite: 1", 0, []profile.Code{compilerCode, otherArchsCode}, false},
		"multiplexer, deny":   {"@denylist\nsocket: return 1", arch.X86, []profile.Code{multiplexCode}, true},
		"that with it":        {"@denylist\nsocket: return 1\nsocketcall: return 1", arch.X86, nil, false},
		"multiplexer, allow":  {"socket: 1\nsocketcall: 1", arch.X86, []profile.Code{multiplexCode}, false},
		"multiplexer, checks": {"socket: 1\nsocketcall: arg0 == 1", arch.X86, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(row.doc))
			require.NoError(t, err)
			if row.abi == 0 {
				row.abi = arch.X86_64
			}
			_, diags, err := p.Resolve(profile.Target{Arch: row.abi})
			require.NoError(t, err)
			var codes []profile.Code
			for _, d := range diags {
				codes = append(codes, d.Code)
				assert.Equal(t, d.Severity == profile.Warning, row.warns, d)
			}
			assert.Equal(t, row.codes, codes)
			_, _, err = p.Resolve(profile.Target{Arch: row.abi}, profile.Strict)
			assert.Equal(t, row.warns, err != nil, "%v", err)
		})
	}
}

func TestKill(t *testing.T) {
	p, err := Parse([]byte("read: arg0 == 1\nwrite: kill"))
	require.NoError(t, err)
	p.Kill = seccomp.KillProcess
	policy, _, err := p.Resolve(amd64)
	require.NoError(t, err)
	for _, c := range []*seccomp.Call{{Audit: arch.X86_64.Audit(), Nr: 0}, {Audit: arch.X86_64.Audit(), Nr: 1}, {Audit: arch.X86_64.Audit(), Nr: 2}, {}} {
		assert.Equal(t, seccomp.KillProcess, policy.Evaluate(c))
	}
}

func TestNarrow(t *testing.T) {
	p, err := Parse([]byte("{socket, 1}: arg0 == 1"))
	require.NoError(t, err)
	policy, _, err := p.Resolve(amd64, profile.Narrow)
	require.NoError(t, err)
	high := [6]uint64{1<<32 | 1}
	assert.Equal(t, seccomp.Allow, policy.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr("socket", arch.X86_64), Args: high}))
	assert.Equal(t, seccomp.Allow, policy.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: 1, Args: high}))
	policy, _, err = p.Resolve(amd64)
	require.NoError(t, err)
	assert.Equal(t, seccomp.KillThread, policy.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr("socket", arch.X86_64), Args: high}))
}

func TestInclude(t *testing.T) {
	files := map[string]string{"./a": "read: 1", "/b": "@include ./a", "./bad": "read 1", "./big": strings.Repeat("#\n", 50)}
	include := func(path string) ([]byte, error) {
		text, ok := files[path]
		if !ok {
			return nil, errors.New("not there")
		}
		return []byte(text), nil
	}
	for name, row := range map[string]struct {
		doc, want string
		kind      error
	}{
		"one":            {doc: "@include ./a\nwrite: 1"},
		"nested":         {"@include /b", "/b:1:1: an included file cannot include another", profile.ErrProfile},
		"not there":      {"write: 1\n@include ./c", `f:2:1: cannot include "./c": not there`, profile.ErrProfile},
		"its error":      {"@include ./bad", `./bad:1:6: unexpected "1", want ":"`, profile.ErrSyntax},
		"twice":          {"@include ./a\n@include ./a", "./a:1:1: a second line for read, which has one at ./a:1:1", profile.ErrProfile},
		"more behind":    {"@include ./a b", `f:1:14: unexpected "b", want the end of the line`, profile.ErrSyntax},
		"large together": {"@include ./big\n@include ./big", "with the included files the policy has more than 100 bytes", profile.ErrLimit},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(row.doc), reader{include: include}, profile.File("f"), profile.Limits(100, 0))
			if err == nil {
				var policy *seccomp.Policy
				policy, _, err = p.Resolve(amd64)
				if row.want == "" {
					require.NoError(t, err)
					assert.Len(t, policy.Rules, 2)
					assert.Equal(t, "./a:1:7", policy.Rules[0].Origin.String())
					return
				}
			}
			require.ErrorIs(t, err, row.kind)
			assert.Contains(t, err.Error(), row.want)
		})
	}
}

// judge decides a call from the text of a policy that has nothing but lines with a
// name and an expression of minijail0, without a parser's grammar: by splitting.
func judge(t testing.TB, doc string, abi arch.Arch, c *seccomp.Call) seccomp.Action {
	if c.Audit != abi.Audit() || abi == arch.X86_64 && c.Nr >= 1<<30 && c.Nr != 1<<32-1 {
		return seccomp.KillThread
	}
	for line := range strings.Lines(doc) {
		name, text, _ := strings.Cut(strings.TrimSpace(line), ":")
		if nr(name, abi) != c.Nr {
			continue
		}
		expression, errno, has := strings.Cut(text, "; return ")
		other := seccomp.KillThread
		if has {
			n, err := strconv.Atoi(errno)
			require.NoError(t, err)
			other = seccomp.Errno(uint16(n))
		}
		for _, clause := range strings.Split(expression, "||") {
			holds := true
			for _, atom := range strings.Split(clause, "&&") {
				holds = holds && plain(t, strings.Fields(atom), abi, c)
			}
			if holds {
				return seccomp.Allow
			}
		}
		return other
	}
	return seccomp.KillThread
}

func plain(t testing.TB, atom []string, abi arch.Arch, c *seccomp.Call) bool {
	require.Len(t, atom, 3)
	n, err := strconv.ParseUint(atom[2], 0, 64)
	require.NoError(t, err)
	x := c.Args[atom[0][3]-'0']
	if abi.Bits() == 32 {
		x, n = x&0xffffffff, n&0xffffffff
	}
	return map[string]bool{"==": x == n, "!=": x != n, "<": x < n, "<=": x <= n, ">": x > n, ">=": x >= n, "&": x&n != 0, "in": x|n == n}[atom[1]]
}

// TestBoundaries holds policies to their text at all calls where an answer may change.
func TestBoundaries(t *testing.T) {
	var lines []string
	for i, op := range []string{"==", "!=", "<", "<=", ">", ">=", "&", "in"} {
		for j, n := range []string{"1", "0x80000005", "0xfffffff8"} {
			k := (i + j) % 6
			lines = append(lines, fmt.Sprintf("read: arg%d %s %s", k, op, n),
				fmt.Sprintf("read: arg%d %s %s && arg%d != 3 || arg%d & 0x81; return %d", k, op, n, (k+1)%6, (k+2)%6, i+j))
		}
	}
	lines = append(lines, "read: arg0 == 0x100000000", "read: arg0 & 0x500000002", "read: arg0 in 0x300000001", "read: arg1 < 0x8000000000000000",
		"read: arg0 == 0\nwrite: arg0 == 1 || arg0 == 2\nclose: arg2 in 3; return 9")
	calls := 0
	for _, doc := range lines {
		for _, abi := range []arch.Arch{arch.X86_64, arch.ARM, arch.S390X} {
			p, err := Parse([]byte(doc))
			require.NoError(t, err)
			policy, _, err := p.Resolve(profile.Target{Arch: abi})
			if abi == arch.ARM && err != nil && strings.Contains(err.Error(), "too large for 32 bits") {
				continue
			}
			require.NoError(t, err, doc)
			for c := range boundary.Calls(policy) {
				calls++
				require.Equal(t, judge(t, doc, abi, c), policy.Evaluate(c), "%s\n%+v", doc, *c)
			}
			roundTrip(t, reader{compiler: true}, policy)
		}
	}
	assert.Greater(t, calls, 10000)
}

// TestCorpus reads minijail's own policies.
func TestCorpus(t *testing.T) {
	wrong := map[string]string{
		"test-invalid_arg_filter.policy":   `test-invalid_arg_filter.policy:1:7: unexpected "argnn", want an argument, arg0 to arg5`,
		"test-invalid_syscall_name.policy": `test-invalid_syscall_name.policy:1:1: unknown system call "notasyscall"`,
		"test-nested.policy":               "./test/nested.policy:1:1: an included file cannot include another for minijail0; compile_seccomp_policy.py takes it (--minijail-compiler)",
	}
	proved := 0
	for _, file := range shared.Glob(t, "data/profiles/minijail/*.policy") {
		name := filepath.Base(file)
		doc, err := os.ReadFile(file)
		require.NoError(t, err)
		p, err := Parse(doc, reader{include: func(string) ([]byte, error) { return doc, nil }}, profile.File(name))
		var policy *seccomp.Policy
		if err == nil {
			policy, _, err = p.Resolve(amd64)
		}
		if want, ok := wrong[name]; ok {
			require.EqualError(t, err, want)
			continue
		}
		require.NoError(t, err, name)
		_, err = proof.Compile(policy)
		require.NoError(t, err)
		roundTrip(t, reader{compiler: true}, policy)
		proved++
	}
	assert.Equal(t, 5, proved)
}

// roundTrip writes a policy, reads it and finds no difference. What is for minijail0 has
// nothing that it refuses.
func roundTrip(t *testing.T, r reader, policy *seccomp.Policy) string {
	t.Helper()
	doc := dialects.RoundTrip(t, dialect, policy, document.Writing{Compiler: r.compiler})
	p, err := Parse([]byte(doc))
	require.NoError(t, err)
	for _, d := range p.Warnings {
		assert.False(t, d.Code == compilerCode && !r.compiler, "%v\n%s", d, doc)
	}
	return doc
}

func TestWrite(t *testing.T) {
	deny := seccomp.Errno(1)
	arg := func(op seccomp.Op, v uint64) seccomp.Arg { return seccomp.Arg{Index: 1, Op: op, Value: v} }
	rule := func(a seccomp.Action, args ...seccomp.Arg) seccomp.Rule {
		return seccomp.Rule{Syscalls: []string{"read"}, Args: args, Action: a}
	}
	only := func(rules ...seccomp.Rule) *seccomp.Policy {
		return &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Rules: rules}
	}
	with := func(def seccomp.Action, rules ...seccomp.Rule) *seccomp.Policy {
		return &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Rules: rules, Default: def}
	}
	masked := seccomp.Arg{Op: seccomp.MaskedEQ, Mask: 0xf, Value: 0x6}
	for name, row := range map[string]struct {
		policy     *seccomp.Policy
		text, want string // of the document, or of the error
	}{
		"nothing":                       {policy: only()},
		"plain":                         {policy: only(rule(seccomp.Allow)), text: "read: 1\n"},
		"errno":                         {policy: only(rule(deny)), text: "read: return 1\n"},
		"or":                            {policy: only(rule(seccomp.Allow, arg(seccomp.EQ, 1)), rule(seccomp.Allow, arg(seccomp.GT, 5), arg(seccomp.NE, 9))), text: "read: arg1 == 0x1 || arg1 > 0x5 && arg1 != 0x9\n"},
		"errno behind":                  {policy: only(rule(seccomp.Allow, arg(seccomp.LE, 1)), rule(deny)), text: "read: arg1 <= 0x1; return 1\n"},
		"masked":                        {policy: only(rule(seccomp.Allow, masked)), text: "read: arg0 in 0xfffffffffffffff6 && arg0 & 0x2 && arg0 & 0x4\n"},
		"narrow":                        {policy: only(rule(seccomp.Allow, seccomp.Arg{Op: seccomp.EQ, Value: 1, Narrow: true})), text: "read: arg0 in 0xffffffff00000001 && arg0 & 0x1\n"},
		"an exception":                  {policy: only(rule(seccomp.KillThread, arg(seccomp.EQ, 1)), rule(seccomp.Allow)), text: "read: arg1 != 0x1\n"},
		"errno behind, compiler":        {policy: only(rule(seccomp.Allow, arg(seccomp.LE, 1)), rule(deny)), text: "read: { arg1 <= 0x1, return 1 }\n"},
		"compiler, several actions":     {policy: only(rule(seccomp.Log, arg(seccomp.EQ, 1)), rule(seccomp.Allow, arg(seccomp.EQ, 2)), rule(seccomp.Trap(0))), text: "read: { arg1 == 0x1; log, arg1 == 0x2, trap }\n"},
		"compiler, only another action": {policy: only(rule(deny, arg(seccomp.EQ, 1))), text: "read: { arg1 == 0x1; return 1 }\n"},
		"compiler, default":             {policy: with(seccomp.Trap(0), rule(seccomp.KillThread)), text: "@default trap\nread: kill-thread\n"},
		"denylist":                      {policy: with(seccomp.Allow, rule(deny)), text: "@denylist\nread: return 1\n"},
		"always":                        {policy: only(rule(seccomp.Allow, seccomp.Arg{Op: seccomp.MaskedEQ}), rule(deny)), text: "read: 1\n"},
		"default, minijail0":            {policy: with(seccomp.KillProcess, rule(seccomp.Allow)), want: "KILL_PROCESS as the default: minijail0's is KILL_THREAD, and it takes no @default"},
		"log, minijail0":                {policy: only(rule(seccomp.Log)), want: "action LOG, which minijail0 does not know"},
		"several, minijail0":            {policy: only(rule(deny, arg(seccomp.EQ, 1))), want: "read: several actions, or one but ALLOW on conditions, which minijail0 does not take"},
		"denylist, condition":           {policy: with(seccomp.Allow, rule(deny, arg(seccomp.EQ, 1))), want: "read: a deny list has only errnos without conditions"},
		"denylist, kill":                {policy: with(seccomp.Allow, rule(seccomp.KillProcess)), want: "read: a deny list has only errnos without conditions"},
		"default errno":                 {policy: with(deny), want: "ERRNO(1) as the default"},
		"narrow less":                   {policy: only(rule(seccomp.Allow, seccomp.Arg{Op: seccomp.LT, Value: 5, Narrow: true})), want: "read: argument 0 LT 0x5, of which the low 32 bits are compared"},
		"trap with a number":            {policy: only(rule(seccomp.Trap(3))), want: "action TRAP(3)"},
		"compiler, trace":               {policy: only(rule(seccomp.Trace(0))), text: "read: trace\n"},
		"trace with a number":           {policy: only(rule(seccomp.Trace(1))), want: "action TRACE(1)"},
		"two ABIs":                      {policy: &seccomp.Policy{Arches: []arch.Arch{arch.X86_64, arch.X86}}, want: "a policy for [x86_64 x86]: want one ABI"},
		"other foreign":                 {policy: &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, BadArch: seccomp.KillProcess}, want: "KILL_PROCESS for foreign ABIs, want KILL_THREAD"},
		"number, no name":               {policy: only(seccomp.Rule{Numbers: []seccomp.Range{{From: 5000, To: 5001}}, Action: deny}), want: "x86_64 calls 5000..5001: ERRNO(1), KILL_THREAD"},
	} {
		t.Run(name, func(t *testing.T) {
			if row.want == "" {
				r := reader{compiler: strings.Contains(name, "compiler")}
				roundTrip(t, r, row.policy)
				text, err := format(row.policy, document.Writing{Compiler: r.compiler})
				require.NoError(t, err)
				assert.Equal(t, row.text, string(text))
				return
			}
			_, err := format(row.policy, document.Writing{})
			if err == nil { // the proof refuses it
				_, err = dialect.Write(row.policy, document.Writing{})
			}
			var unsayable *profile.UnsayableError
			require.ErrorAs(t, err, &unsayable)
			assert.Contains(t, err.Error(), "minijail cannot say this: ")
			assert.Contains(t, err.Error(), row.want)
		})
	}
	_, err := dialect.Write(&seccomp.Policy{Default: 1}, document.Writing{})
	require.ErrorIs(t, err, seccomp.ErrPolicy)
	arm := &seccomp.Policy{Arches: []arch.Arch{arch.ARM}, Rules: []seccomp.Rule{
		{Syscalls: []string{"read"}, Args: []seccomp.Arg{masked, {Index: 2, Op: seccomp.EQ, Value: 7, Narrow: true}}, Action: seccomp.Allow},
	}}
	assert.Equal(t, "read: arg0 in 0xfffffff6 && arg0 & 0x2 && arg0 & 0x4 && arg2 == 0x7\n", roundTrip(t, reader{}, arm))
}

// FuzzParse: any bytes are read or refused with a place, and what is read resolves
// to a policy that means the same when it is written again, if it can be.
func FuzzParse(f *testing.F) {
	f.Add([]byte("read: arg0 == 1 || arg1 & (O_RDWR|~7) && arg2 in 0x3; return EPERM # c\n\\\nwrite: 1"))
	f.Add([]byte("@default trap\n{read, write[arch=x86_64]}: { arg0 != -1; log, kill }\n@include ./x"))
	f.Add([]byte("@denylist\nbpf: return EPERM\n5: return 017"))
	files, _ := filepath.Glob(filepath.Join(os.Getenv("SIEVE_SHARED"), "data/profiles/minijail/*.policy"))
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		p, err := Parse(doc, reader{include: func(string) ([]byte, error) { return []byte("close: 1"), nil }}, profile.File("f"))
		if err != nil {
			var e *profile.Error
			require.ErrorAs(t, err, &e)
			return
		}
		policy, _, err := p.Resolve(amd64)
		if err != nil {
			return
		}
		require.NoError(t, policy.Validate())
		if len(policy.Rules) > 100 {
			return
		}
		again, err := dialect.Write(policy, document.Writing{})
		var unsayable *profile.UnsayableError
		if errors.As(err, &unsayable) {
			return
		}
		require.NoError(t, err)
		assert.NotContains(t, string(again), "\x00")
	})
}
