// SPDX-License-Identifier: Apache-2.0

package systemd

import (
	"cmp"
	"errors"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/callset"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/test/dialects"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

var amd64 = profile.Target{Arch: arch.X86_64}

const (
	allow  = seccomp.Allow
	kill   = seccomp.KillProcess
	thread = seccomp.KillThread
)

var eperm = seccomp.Errno(1)

func TestParseErrors(t *testing.T) {
	for name, row := range map[string]struct {
		doc  string
		kind error
		code profile.Code
		want string
	}{
		"empty":             {"", profile.ErrProfile, nothingCode, "f:1:1: no SystemCallFilter=, SystemCallArchitectures= or SystemCallLog="},
		"only comments":     {"# a\n; b\n", profile.ErrProfile, nothingCode, "f:1:1: no SystemCallFilter="},
		"other settings":    {"[Service]\nExecStart=/bin/true", profile.ErrProfile, nothingCode, "systemd would run the unit without a filter"},
		"another section":   {"[Unit]\nSystemCallFilter=read", profile.ErrProfile, nothingCode, "no SystemCallFilter="},
		"an open section":   {"[Service\nSystemCallFilter=read", profile.ErrSyntax, "syntax", `f:1:1: section "[Service" without its end`},
		"outside":           {"SystemCallFilter=read\n[Service]", profile.ErrProfile, sectionCode, `f:1:1: "SystemCallFilter=read" is not looked at: want a setting in [Service]`},
		"no equals sign":    {"[Service]\nSystemCallFilter ~read", profile.ErrProfile, sectionCode, `f:2:1: "SystemCallFilter ~read" is not looked at`},
		"a line":            {"[Service]\nfoo\nSystemCallFilter=read", profile.ErrProfile, lineCode, `f:2:1: "foo" is no setting, and not looked at`},
		"a setting outside": {"Foo=1\n[Service]\nSystemCallFilter=read", profile.ErrProfile, sectionCode, "f:1:1: Foo= stands in no section"},
		"unknown setting":   {"[Service]\nSystemCallFilters=read\n", profile.ErrProfile, settingCode, "f:2:1: unknown setting SystemCallFilters="},
		"too large":         {strings.Repeat("#", 200), profile.ErrLimit, "too-large", "the document has 200 bytes, more than 150"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(row.doc), profile.File("f"), profile.Limits(150, 0), profile.Strict)
			require.ErrorIs(t, err, row.kind)
			var e *profile.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, row.code, e.Code)
			assert.Contains(t, err.Error(), row.want)
		})
	}
}

// answer is what is decided on a name, on one of the ABIs.
type answer struct {
	abi  arch.Arch
	name string
	want seccomp.Action
}

func on(name string, want seccomp.Action) answer { return answer{arch.X86_64, name, want} }

func evaluate(t *testing.T, policy *seccomp.Policy, a answer) seccomp.Action {
	nr, ok := a.abi.Number(a.name)
	require.True(t, ok, "%v %s", a.abi, a.name)
	return policy.Evaluate(&seccomp.Call{Audit: a.abi.Audit(), Nr: nr})
}

// TestMeaning is a table of settings and what each decides (systemd.exec(5)).
func TestMeaning(t *testing.T) {
	for name, row := range map[string]struct {
		doc    string
		native arch.Arch
		change func(*Profile)
		want   []answer
		codes  []profile.Code
	}{
		"a bare list":           {doc: "read write", want: []answer{on("read", allow), on("write", allow), on("close", kill), on("execve", allow)}},
		"a bare denial":         {doc: "~read", want: []answer{on("read", kill), on("write", allow)}},
		"a bare list, in lines": {doc: "read\nwrite \\\n close", want: []answer{on("read", allow), on("write", allow), on("close", allow), on("dup", kill)}},
		"a unit":                {doc: "[Unit]\nDescription=x\n\n[Service]\nExecStart=/bin/x\nSystemCallFilter=read write\n[Install]\nWantedBy=y", want: []answer{on("read", allow), on("close", kill)}},
		"a socket":              {doc: "[Socket]\nSystemCallFilter=~read", want: []answer{on("read", kill)}},
		"no section":            {doc: "SystemCallFilter=~read\nFoo=bar", want: []answer{on("read", kill), on("write", allow)}},
		"spaces":                {doc: "  [Service]\n\t SystemCallFilter = \t~ read  \n", want: []answer{on("read", kill), on("write", allow)}},
		"comments":              {doc: "[Service]\n# SystemCallFilter=~write\n ; SystemCallFilter=~write\nSystemCallFilter=~read \\\n# in between\n  close\n", want: []answer{on("read", kill), on("close", kill), on("write", allow)}},
		"continued before =":    {doc: "[Service]\nSystemCallFilter \\\n= ~read", want: []answer{on("read", kill), on("write", allow)}},
		"carriage returns":      {doc: "[Service]\r\nSystemCallFilter=~read\r\n", want: []answer{on("read", kill), on("write", allow)}},
		"a set":                 {doc: "@basic-io", want: []answer{on("read", allow), on("close_range", allow), on("socket", kill)}},
		"a set of sets":         {doc: "@privileged write", want: []answer{on("chown", allow), on("reboot", allow), on("socket", kill)}},
		"@default":              {doc: "write", want: []answer{on("exit_group", allow), on("rt_sigreturn", allow), on("mmap", allow), on("getrandom", allow), on("openat", kill)}},
		"@default, since 256":   {doc: "write", want: []answer{on("seccomp", kill)}},
		"@default, in 255":      {doc: "write", change: func(p *Profile) { p.Version = 255 }, want: []answer{on("seccomp", allow), on("landlock_restrict_self", allow)}},
		"@default, in 252":      {doc: "write", change: func(p *Profile) { p.Version = 252 }, want: []answer{on("seccomp", kill), on("write", allow)}},
		"not in a denial":       {doc: "~@default", want: []answer{on("execve", kill), on("openat", allow)}},
		"@known":                {doc: "~@known", want: []answer{on("read", kill)}, codes: []profile.Code{writeCode}},
		"added to":              {doc: "[Service]\nSystemCallFilter=read\nSystemCallFilter=write", want: []answer{on("read", allow), on("write", allow), on("close", kill)}},
		"taken from":            {doc: "[Service]\nSystemCallFilter=@system-service\nSystemCallFilter=~@privileged close", want: []answer{on("read", allow), on("close", kill), on("chown", kill)}},
		"taken from a denial":   {doc: "[Service]\nSystemCallFilter=~@basic-io\nSystemCallFilter=read write", want: []answer{on("read", allow), on("close", kill), on("openat", allow)}},
		"order counts":          {doc: "[Service]\nSystemCallFilter=~close\nSystemCallFilter=close\nSystemCallFilter=~close", want: []answer{on("close", kill)}},
		"emptied":               {doc: "[Service]\nSystemCallFilter=read\nSystemCallFilter=\nSystemCallFilter=~write", want: []answer{on("write", kill), on("close", allow)}, codes: []profile.Code{writeCode}},
		"only a tilde":          {doc: "[Service]\nSystemCallFilter=~\nSystemCallFilter=~close", want: []answer{on("close", kill), on("read", allow)}},
		"removes nothing":       {doc: "[Service]\nSystemCallFilter=~close\nSystemCallFilter=read", want: []answer{on("close", kill), on("openat", allow)}, codes: []profile.Code{removesCode}},
		"errno":                 {doc: "[Service]\nSystemCallFilter=write\nSystemCallErrorNumber=EPERM", want: []answer{on("write", allow), on("read", eperm)}},
		"errno of a denial":     {doc: "[Service]\nSystemCallErrorNumber=13\nSystemCallFilter=~read", want: []answer{on("read", seccomp.Errno(13)), on("write", allow)}},
		"errno emptied":         {doc: "[Service]\nSystemCallErrorNumber=13\nSystemCallErrorNumber=\nSystemCallFilter=~read", want: []answer{on("read", kill)}},
		"errno kill":            {doc: "[Service]\nSystemCallErrorNumber=13\nSystemCallErrorNumber=kill\nSystemCallFilter=~read", want: []answer{on("read", kill)}},
		"errno wrong":           {doc: "[Service]\nSystemCallErrorNumber=13\nSystemCallErrorNumber=EFOO\nSystemCallFilter=~read", want: []answer{on("read", seccomp.Errno(13))}, codes: []profile.Code{numberCode}},
		"errno 0":               {doc: "[Service]\nSystemCallErrorNumber=0\nSystemCallFilter=~read", want: []answer{on("read", kill)}, codes: []profile.Code{numberCode}},
		"errno of a name":       {doc: "~read:EACCES close:kill dup:0 openat", want: []answer{on("read", seccomp.Errno(13)), on("close", kill), on("dup", seccomp.Errno(0)), on("openat", kill)}},
		"errno of a set":        {doc: "~@basic-io:0x10", want: []answer{on("read", seccomp.Errno(16)), on("openat", allow)}, codes: []profile.Code{writeCode}},
		"errno in an allowance": {doc: "[Service]\nSystemCallFilter=@basic-io\nSystemCallFilter=~close:ENOSYS openat:kill", want: []answer{on("read", allow), on("close", seccomp.Errno(38)), on("openat", kill), on("open", kill)}},
		"allowed again":         {doc: "[Service]\nSystemCallFilter=write\nSystemCallFilter=~read:EPERM\nSystemCallFilter=read", want: []answer{on("read", allow)}},
		"errno where allowed":   {doc: "read:EPERM write", want: []answer{on("read", kill), on("write", allow)}, codes: []profile.Code{allowErrno}},
		"errno on PA-RISC":      {doc: "~read:ENOSYS", native: arch.PARISC, want: []answer{{arch.PARISC, "read", seccomp.Errno(251)}}},
		"errno on MIPS":         {doc: "~read:ENOSYS", native: arch.MIPS, want: []answer{{arch.MIPS, "read", seccomp.Errno(89)}}},
		"unknown, allowed":      {doc: "write raed", want: []answer{on("write", allow)}, codes: []profile.Code{syscallCode}},
		"unknown set, allowed":  {doc: "write @basicio", want: []answer{on("write", allow)}, codes: []profile.Code{groupCode}},
		"unknown, taken away":   {doc: "[Service]\nSystemCallFilter=~close\nSystemCallFilter=raed", want: []answer{on("close", kill)}, codes: []profile.Code{syscallCode}},
		"of another ABI":        {doc: "[Service]\nSystemCallFilter=write spu_run", want: []answer{on("write", allow)}, codes: []profile.Code{absentCode}},
		"the other ABIs":        {doc: "~read", want: []answer{on("read", kill), {arch.X86, "read", kill}, {arch.X32, "read", kill}, {arch.X32, "write", allow}}},
		"native alone":          {doc: "[Service]\nSystemCallArchitectures=native\nSystemCallFilter=~read", want: []answer{on("read", kill), on("write", allow), {arch.X86, "write", thread}, {arch.X32, "write", thread}}},
		"one other":             {doc: "[Service]\nSystemCallArchitectures=x86\nSystemCallFilter=~read", want: []answer{on("write", allow), {arch.X86, "write", allow}, {arch.X32, "write", thread}}},
		"added and emptied":     {doc: "[Service]\nSystemCallArchitectures=native\nSystemCallArchitectures=\nSystemCallFilter=~read", want: []answer{{arch.X32, "write", allow}}},
		"only architectures":    {doc: "[Service]\nSystemCallArchitectures=native", want: []answer{on("read", allow), {arch.X86, "read", thread}}},
		"unknown architecture":  {doc: "[Service]\nSystemCallArchitectures=native vax\nSystemCallFilter=~read", want: []answer{{arch.X86, "write", thread}}, codes: []profile.Code{archCode}},
		"foreign architecture":  {doc: "[Service]\nSystemCallArchitectures=arm64\nSystemCallFilter=~read", want: []answer{{arch.X86, "write", thread}}, codes: []profile.Code{foreignArch}},
		"x32 has x86_64":        {doc: "[Service]\nSystemCallArchitectures=x32\nSystemCallFilter=~read", native: arch.X32, want: []answer{on("write", allow), {arch.X86, "write", thread}}},
		"arm64":                 {doc: "~read", native: arch.AArch64, want: []answer{{arch.AArch64, "read", kill}, {arch.ARM, "read", kill}, {arch.ARM, "write", allow}}},
		"an ABI without a word": {doc: "~read", native: arch.M68K, want: []answer{{arch.M68K, "read", kill}, {arch.M68K, "write", allow}}, codes: []profile.Code{noArch}},
		"LoongArch":             {doc: "~read", native: arch.LoongArch64, want: []answer{{arch.LoongArch64, "read", kill}, {arch.LoongArch64, "write", allow}}},
		"log":                   {doc: "[Service]\nSystemCallLog=read", want: []answer{on("read", seccomp.Log), on("write", allow)}},
		"log all but":           {doc: "[Service]\nSystemCallLog=~read", want: []answer{on("read", allow), on("write", seccomp.Log), on("execve", seccomp.Log)}},
		"log all":               {doc: "[Service]\nSystemCallLog=~", want: []answer{on("read", seccomp.Log)}},
		"log and filter":        {doc: "[Service]\nSystemCallFilter=@basic-io\nSystemCallLog=read socket execve", want: []answer{on("read", seccomp.Log), on("write", allow), on("socket", kill), on("execve", seccomp.Log)}},
		"log all and filter":    {doc: "[Service]\nSystemCallFilter=~read:EPERM\nSystemCallLog=~close", want: []answer{on("read", eperm), on("close", allow), on("write", seccomp.Log)}},
		"log emptied":           {doc: "[Service]\nSystemCallLog=read\nSystemCallLog=\nSystemCallFilter=~close", want: []answer{on("read", allow)}},
		"log unknown":           {doc: "[Service]\nSystemCallLog=~raed read:1", want: []answer{on("read", seccomp.Log)}, codes: []profile.Code{syscallCode, allowErrno}},
		"another setting":       {doc: "[Service]\nLockPersonality=yes\nSystemCallFilter=~read", want: []answer{on("read", kill)}, codes: []profile.Code{otherCode}},
		"the newest, not known": {doc: "write", change: func(p *Profile) { p.Known = 0x0600 }, want: []answer{on("mseal", seccomp.Errno(38)), on("read", kill)}},
		"that, but named":       {doc: "write mseal", change: func(p *Profile) { p.Known = 0x0600 }, want: []answer{on("mseal", allow)}},
		"that, denied by name":  {doc: "[Service]\nSystemCallFilter=write\nSystemCallFilter=~mseal:kill", change: func(p *Profile) { p.Known = 0x0600 }, want: []answer{on("mseal", kill)}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(row.doc), profile.File("f"))
			require.NoError(t, err)
			if row.change != nil {
				row.change(p)
			}
			if row.native == 0 {
				row.native = arch.X86_64
			}
			policy, diags, err := p.Resolve(profile.Target{Arch: row.native})
			require.NoError(t, err)
			var codes []profile.Code
			warned := false
			for _, d := range diags {
				if d.Code != writeCode || slices.Contains(row.codes, writeCode) {
					codes = append(codes, d.Code)
				}
				warned = warned || d.Severity == profile.Warning
				assert.NotEmpty(t, dialect.Meaning(d.Code), d)
			}
			assert.Equal(t, row.codes, codes, "%v", diags)
			for _, a := range row.want {
				assert.Equal(t, a.want, evaluate(t, policy, a), "%v %s", a.abi, a.name)
			}
			_, err = proof.Compile(policy)
			require.NoError(t, err)
			_, _, err = p.Resolve(profile.Target{Arch: row.native}, profile.Strict)
			assert.Equal(t, warned, err != nil, "%v", err)
		})
	}
}

func TestResolveErrors(t *testing.T) {
	for name, row := range map[string]struct {
		doc  string
		abi  arch.Arch
		code profile.Code
		want string
	}{
		"unknown, denied":       {"~raed", 0, syscallCode, `f:1:2: unknown system call "raed", nearest is "read": without it more would be let through`},
		"no call at all":        {"~ xyzzyxyzzy", 0, syscallCode, `f:1:3: unknown system call "xyzzyxyzzy": without it more would be let through`},
		"unknown, taken away":   {"[Service]\nSystemCallFilter=@system-service\nSystemCallFilter=~raed", 0, syscallCode, "f:3:19: unknown system call"},
		"unknown set, denied":   {"~@privileg", 0, groupCode, `f:1:2: systemd 256 has no set "@privileg": without it more`},
		"no errno, denied":      {"~read:EFOO", 0, errnoCode, `f:1:2: "EFOO" is no errno from 0 to 4095 and not kill; systemd skips the name: without it more`},
		"errno too large":       {"~read:4096", 0, errnoCode, `"4096" is no errno`},
		"errno negative":        {"~read:-1", 0, errnoCode, `"-1" is no errno`},
		"no errno behind colon": {"~read:", 0, errnoCode, `"" is no errno`},
		"everything emptied":    {"[Service]\nSystemCallFilter=read\nSystemCallFilter=", 0, nothingCode, "f: the settings are empty: systemd would run the unit without a filter"},
		"only an errno":         {"[Service]\nSystemCallErrorNumber=EPERM", 0, nothingCode, "f: the settings are empty"},
		"no ABI":                {"read", 0xff, targetCode, "f: the target is no ABI"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(row.doc), profile.File("f"))
			require.NoError(t, err)
			if row.abi == 0 {
				row.abi = arch.X86_64
			}
			policy, diags, err := p.Resolve(profile.Target{Arch: row.abi})
			require.Nil(t, policy)
			var e *profile.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, row.code, e.Code)
			assert.Contains(t, err.Error(), row.want)
			assert.Equal(t, e.Diagnostic, diags[len(diags)-1])
		})
	}
	p, err := Parse([]byte("read"))
	require.NoError(t, err)
	p.Version = 254
	_, _, err = p.Resolve(amd64)
	require.ErrorContains(t, err, "the sets of systemd 254 are not known, want 252, 255 or 256")
}

// TestLarge: a document that says the same again and again takes its time, but not
// for ever.
func TestLarge(t *testing.T) {
	p, err := Parse([]byte("~" + strings.Repeat("@known ", 100000)))
	require.NoError(t, err)
	_, _, err = p.Resolve(amd64)
	require.ErrorIs(t, err, profile.ErrLimit)
	p, err = Parse([]byte("[Service]\nSystemCallFilter=" + strings.Repeat("raed ", 200000)))
	require.NoError(t, err)
	_, diags, err := p.Resolve(amd64)
	require.NoError(t, err)
	assert.Equal(t, "199001 more diagnostics", diags[len(diags)-1].Message)
}

// TestMultiplexers: what a call gets through socketcall and ipc.
func TestMultiplexers(t *testing.T) {
	through := func(a arch.Arch, mux string, n uint64) *seccomp.Call {
		nr, _ := a.Number(mux)
		return &seccomp.Call{Audit: a.Audit(), Nr: nr, Args: [6]uint64{n}}
	}
	const bind, semop = 2, 1
	for name, row := range map[string]struct {
		doc    string
		native arch.Arch
		call   *seccomp.Call
		want   seccomp.Action
		codes  []profile.Code
	}{
		"denied":                {"~bind", arch.X86_64, through(arch.X86, "socketcall", bind), kill, nil},
		"denied, native":        {"~bind", arch.S390X, through(arch.S390X, "socketcall", bind), kill, nil},
		"upper half":            {"~bind", arch.S390X, through(arch.S390X, "socketcall", 1<<32|bind), kill, nil},
		"ipc, upper bits":       {"~semop", arch.S390X, through(arch.S390X, "ipc", 1<<16|semop), kill, nil},
		"another":               {"~bind", arch.X86, through(arch.X86, "socketcall", 3), allow, nil},
		"its own rule":          {"~bind socketcall:ENOSYS", arch.X86, through(arch.X86, "socketcall", bind), seccomp.Errno(38), nil},
		"allowed":               {"bind write", arch.X86_64, through(arch.X86, "socketcall", bind), allow, nil},
		"allowed, not":          {"bind write", arch.X86_64, through(arch.X86, "socketcall", 3), seccomp.Errno(38), nil},
		"allowed, on PowerPC":   {"bind write", arch.PPC64LE, through(arch.PPC64LE, "socketcall", bind), kill, nil},
		"allowed, native, 256":  {"bind write", arch.X86, through(arch.X86, "socketcall", bind), kill, nil},
		"a bypass":              {"[Service]\nSystemCallFilter=@network-io write\nSystemCallFilter=~bind", arch.X86_64, through(arch.X86, "socketcall", bind), allow, []profile.Code{multiplexing}},
		"no bypass":             {"@network-io write", arch.X86_64, through(arch.X86, "socketcall", bind), allow, nil},
		"no bypass with native": {"[Service]\nSystemCallArchitectures=native\nSystemCallFilter=@network-io write\nSystemCallFilter=~bind", arch.X86_64, through(arch.X86, "socketcall", bind), thread, nil},
		"logged":                {"[Service]\nSystemCallLog=bind", arch.X86, through(arch.X86, "socketcall", bind), seccomp.Log, nil},
		"logged and denied":     {"[Service]\nSystemCallFilter=~bind:EPERM\nSystemCallLog=socketcall", arch.X86, through(arch.X86, "socketcall", bind), eperm, nil},
		"logged, not denied":    {"[Service]\nSystemCallFilter=~bind:EPERM\nSystemCallLog=socketcall", arch.X86, through(arch.X86, "socketcall", 3), seccomp.Log, nil},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(row.doc))
			require.NoError(t, err)
			policy, diags, err := p.Resolve(profile.Target{Arch: row.native})
			require.NoError(t, err)
			assert.Equal(t, row.want, policy.Evaluate(row.call))
			var codes []profile.Code
			for _, d := range diags {
				if d.Code != writeCode {
					codes = append(codes, d.Code)
				}
			}
			assert.Equal(t, row.codes, codes)
		})
	}
	p, err := Parse([]byte("bind write"))
	require.NoError(t, err)
	p.Version = 252 // gives no rule to the calls that it knows
	policy, _, err := p.Resolve(profile.Target{Arch: arch.X86})
	require.NoError(t, err)
	assert.Equal(t, allow, policy.Evaluate(through(arch.X86, "socketcall", bind)))
}

// TestENOSYS: numbers that systemd does not know.
func TestENOSYS(t *testing.T) {
	call := func(a arch.Arch, nr uint32) *seccomp.Call { return &seccomp.Call{Audit: a.Audit(), Nr: nr} }
	for name, row := range map[string]struct {
		doc     string
		version int
		native  arch.Arch
		call    *seccomp.Call
		want    seccomp.Action
	}{
		"allows":           {"write", 0, arch.X86_64, call(arch.X86_64, 5000), seccomp.Errno(38)},
		"the last number":  {"write", 0, arch.X86_64, call(arch.X86_64, 1<<32-1), seccomp.Errno(38)},
		"x32":              {"write", 0, arch.X86_64, call(arch.X32, 1<<30+5000), seccomp.Errno(38)},
		"known":            {"write", 0, arch.X86_64, call(arch.X86_64, 0), kill},
		"in 255":           {"write", 255, arch.X86_64, call(arch.X86_64, 5000), seccomp.Errno(38)},
		"in 252":           {"write", 252, arch.X86_64, call(arch.X86_64, 5000), kill},
		"denies":           {"~read", 0, arch.X86_64, call(arch.X86_64, 5000), allow},
		"logs":             {"[Service]\nSystemCallLog=~read", 0, arch.X86_64, call(arch.X86_64, 5000), seccomp.Log},
		"on MIPS":          {"write", 0, arch.MIPS64, call(arch.MIPS, 1), seccomp.Errno(89)},
		"on PA-RISC":       {"write", 0, arch.PARISC, call(arch.PARISC, 5000), seccomp.Errno(251)},
		"with its number":  {"[Service]\nSystemCallFilter=write\nSystemCallErrorNumber=ENOSYS", 0, arch.X86_64, call(arch.X86_64, 0), seccomp.Errno(38)},
		"not on native":    {"write", 0, arch.X86_64, call(arch.X86, 195), seccomp.Errno(38)}, // stat64
		"that, in 252":     {"write", 252, arch.X86_64, call(arch.X86, 195), kill},
		"that, named":      {"[Service]\nSystemCallFilter=write\nSystemCallFilter=~stat64:kill", 0, arch.X86_64, call(arch.X86, 195), kill},
		"that, allowed":    {"write stat64", 0, arch.X86_64, call(arch.X86, 195), allow},
		"that, denied":     {"~stat64", 0, arch.X86_64, call(arch.X86, 195), kill},
		"below the first":  {"write", 0, arch.MIPS, call(arch.MIPS, 3999), seccomp.Errno(89)},
		"the other errors": {"[Service]\nSystemCallFilter=write\nSystemCallErrorNumber=EPERM", 0, arch.X86_64, call(arch.X86_64, 5000), seccomp.Errno(38)},
	} {
		p, err := Parse([]byte(row.doc))
		require.NoError(t, err)
		p.Version = row.version
		policy, _, err := p.Resolve(profile.Target{Arch: row.native})
		require.NoError(t, err)
		assert.Equal(t, row.want, policy.Evaluate(row.call), name)
	}
}

// TestGroups: every set makes a filter of its calls.
func TestGroups(t *testing.T) {
	for _, set := range callset.Names(callset.Newest) {
		names, ok := callset.Members(callset.Newest, set)
		require.True(t, ok)
		require.NotEmpty(t, names, set)
		for _, name := range names {
			require.True(t, arch.Known(name), name)
		}
		p, err := Parse([]byte("~" + set))
		require.NoError(t, err)
		policy, _, err := p.Resolve(amd64)
		require.NoError(t, err)
		for _, name := range names {
			if nr, ok := arch.X86_64.Number(name); ok {
				require.Equal(t, kill, policy.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr}), "%s %s", set, name)
			}
		}
	}
}

// judge decides a name from settings, by the words of systemd.exec(5): it goes through the
// values from the last to the first and takes the first that speaks of the name. It is 0
// where a list that allows does not have it.
func judge(t *testing.T, r read, values []string, errno seccomp.Action, version, name string) seccomp.Action {
	allows := !strings.HasPrefix(values[0], "~")
	for _, value := range slices.Backward(values) {
		words, denied := strings.CutPrefix(value, "~")
		for _, w := range slices.Backward(strings.Fields(words)) {
			what, suffix, own := strings.Cut(w, ":")
			if what != name && !r.within(what, version, name) {
				continue
			}
			switch {
			case denied && own && suffix == "kill":
				return kill
			case denied && own:
				require.Equal(t, "EPERM", suffix)
				return eperm
			case denied && allows:
				return 0
			case denied:
				return errno
			}
			return allow
		}
	}
	if allows && !r.within("@default", version, name) {
		return 0
	}
	return allow
}

// sets that within has read, by version.
type read map[string]map[string]bool

// table is the text of the sets that package callset has.
var table = sync.OnceValue(func() string {
	text, err := os.ReadFile("../../internal/callset/data/groups.tsv")
	if err != nil {
		panic(err)
	}
	return string(text)
})

// within reads the table in its own way.
func (r read) within(set, version, name string) bool {
	if set[0] != '@' {
		return false
	}
	if r[set] == nil {
		r[set] = map[string]bool{}
		for _, m := range regexp.MustCompile(`(?m)^`+set+`\t(\S+)\t\S*`+regexp.QuoteMeta(version)).FindAllStringSubmatch(table(), -1) {
			r[set][m[1]] = true
		}
	}
	if r[set][name] {
		return true
	}
	for m := range r[set] {
		if m[0] == '@' && r.within(m, version, name) {
			return true
		}
	}
	return false
}

// TestJudge compares every name of three ABIs with the plainest reading.
func TestJudge(t *testing.T) {
	cases := [][]string{
		{"@system-service"},
		{"@system-service", "~@privileged @resources", "chown"},
		{"@basic-io @file-system", "~open:EPERM unlink:kill", "~close"},
		{"~@mount @swap:EPERM", "~@reboot", "umount2"},
		{"~@debug:kill", "ptrace"},
		{"write", "@network-io", "~socketcall ipc"},
	}
	for version, column := range map[int]string{252: "252.38", 255: "255.13", 256: "256-rc4"} {
		r := read{}
		for _, errno := range []seccomp.Action{kill, seccomp.Errno(13)} {
			for _, values := range cases {
				doc := "[Service]\n"
				if errno != kill {
					doc += "SystemCallErrorNumber=EACCES\n"
				}
				for _, v := range values {
					doc += "SystemCallFilter=" + v + "\n"
				}
				p, err := Parse([]byte(doc))
				require.NoError(t, err)
				p.Version = version
				policy, _, err := p.Resolve(amd64)
				require.NoError(t, err)
				filter, err := proof.Compile(policy)
				require.NoError(t, err)
				want := map[string]seccomp.Action{}
				for _, a := range policy.Arches {
					for nr, name := range a.Calls() {
						if _, ok := want[name]; !ok {
							want[name] = judge(t, r, values, errno, column, name)
							if _, ok := arch.X86_64.Number(name); !ok && version >= 255 && want[name] == 0 {
								want[name] = seccomp.Errno(38)
							}
							want[name] = cmp.Or(want[name], errno)
						}
						c := &seccomp.Call{Audit: a.Audit(), Nr: nr}
						require.Equal(t, want[name], policy.Evaluate(c), "%d %v %s\n%s", version, a, name, doc)
						require.Equal(t, want[name], filter.Run(c))
					}
				}
				if version == callset.Newest || errno == kill {
					roundTrip(t, policy, version)
				}
			}
		}
	}
}

// roundTrip writes a policy, reads it and finds no difference.
func roundTrip(t *testing.T, policy *seccomp.Policy, of int) string {
	t.Helper()
	return dialects.RoundTrip(t, dialect, policy, document.Writing{Version: of}, version(of))
}

func TestWrite(t *testing.T) {
	native := []arch.Arch{arch.X86_64}
	read := func(a seccomp.Action) []seccomp.Rule {
		return []seccomp.Rule{{Syscalls: []string{"read"}, Action: a}}
	}
	for name, row := range map[string]struct {
		policy     *seccomp.Policy
		version    int
		text, want string // of the document, or of the error
	}{
		"a denial":           {policy: &seccomp.Policy{Arches: native, Default: allow, Rules: read(kill)}, text: "[Service]\nSystemCallArchitectures=native\nSystemCallFilter=~read\n"},
		"errnos":             {policy: &seccomp.Policy{Arches: []arch.Arch{arch.X86_64, arch.X32, arch.X86}, Default: allow, Rules: append(read(eperm), seccomp.Rule{Syscalls: []string{"dup"}, Action: seccomp.Errno(0)}, seccomp.Rule{Syscalls: []string{"close"}, Action: seccomp.Errno(600)})}, text: "[Service]\nSystemCallFilter=~close:600 dup:0 read:EPERM\n"},
		"nothing":            {policy: &seccomp.Policy{Arches: native, Default: allow}, text: "[Service]\nSystemCallArchitectures=native\n"},
		"nothing, all":       {policy: &seccomp.Policy{Arches: []arch.Arch{arch.AArch64, arch.ARM}, Default: allow}, text: "[Service]\nSystemCallArchitectures=native arm\n"},
		"nothing, no other":  {policy: &seccomp.Policy{Arches: []arch.Arch{arch.RISCV64}, Default: allow}, text: "[Service]\nSystemCallArchitectures=native\n"},
		"a log":              {policy: &seccomp.Policy{Arches: native, Default: allow, Rules: read(seccomp.Log)}, text: "[Service]\nSystemCallArchitectures=native\nSystemCallLog=read\n"},
		"log all":            {policy: &seccomp.Policy{Arches: native, Default: seccomp.Log}, text: "[Service]\nSystemCallArchitectures=native\nSystemCallLog=~\n"},
		"log all but":        {policy: &seccomp.Policy{Arches: native, Default: seccomp.Log, Rules: read(allow)}, text: "[Service]\nSystemCallArchitectures=native\nSystemCallLog=~read\n"},
		"conditions":         {policy: &seccomp.Policy{Arches: native, Default: allow, Rules: []seccomp.Rule{{Syscalls: []string{"read"}, Args: []seccomp.Arg{{Op: seccomp.EQ}}, Action: kill}}}, want: "read: conditions on arguments"},
		"trap":               {policy: &seccomp.Policy{Arches: native, Default: allow, Rules: read(seccomp.Trap(0))}, want: "TRAP(0) for read"},
		"default trap":       {policy: &seccomp.Policy{Arches: native, Default: seccomp.Trap(0)}, want: "TRAP(0) as the default"},
		"default errno 0":    {policy: &seccomp.Policy{Arches: native, Default: seccomp.Errno(0)}, want: "ERRNO(0) as the default"},
		"foreign":            {policy: &seccomp.Policy{Arches: native, BadArch: kill, Default: allow}, want: "KILL_PROCESS for foreign ABIs, want KILL_THREAD"},
		"a strange pair":     {policy: &seccomp.Policy{Arches: []arch.Arch{arch.X86_64, arch.ARM}, Default: allow}, want: "arm beside x86_64, whose kernel does not run it"},
		"no word":            {policy: &seccomp.Policy{Arches: []arch.Arch{arch.M68K}, Default: allow}, want: "m68k, for which systemd has no word"},
		"no ABI":             {policy: &seccomp.Policy{}, want: "a policy for no ABI"},
		"otherwise":          {policy: &seccomp.Policy{Arches: []arch.Arch{arch.X86_64, arch.X86}, Default: allow, Rules: []seccomp.Rule{{Arches: native, Syscalls: []string{"read"}, Action: kill}}}, want: "read is decided otherwise on x86 than on another ABI"},
		"unknown numbers":    {policy: &seccomp.Policy{Arches: native, Default: eperm, Rules: read(allow)}, want: "x86_64 calls"},
		"that in 252":        {policy: &seccomp.Policy{Arches: native, Default: eperm, Rules: read(allow)}, version: 252},
		"an unknown version": {policy: &seccomp.Policy{Arches: native, Default: allow}, version: 1, want: "the sets of systemd 1 are not known"},
	} {
		t.Run(name, func(t *testing.T) {
			if row.want == "" {
				if doc := roundTrip(t, row.policy, row.version); row.text != "" {
					assert.Equal(t, row.text, doc)
				}
				return
			}
			_, err := dialect.Write(row.policy, document.Writing{Version: row.version})
			var unsayable *profile.UnsayableError
			require.ErrorAs(t, err, &unsayable)
			assert.Contains(t, err.Error(), "systemd cannot say this: ")
			assert.Contains(t, err.Error(), row.want)
		})
	}
	_, err := dialect.Write(&seccomp.Policy{Default: 1}, document.Writing{})
	require.ErrorIs(t, err, seccomp.ErrPolicy)
}

// TestTargets resolves a unit as people write them for every ABI, and writes it again.
func TestTargets(t *testing.T) {
	const unit = `[Unit]
Description=a unit as people write them

[Service]
ExecStart=/usr/bin/example
# what a service needs
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources \
                 @mount:EACCES
SystemCallErrorNumber=EPERM
SystemCallLog=ptrace process_vm_readv
`
	p, err := Parse([]byte(unit))
	require.NoError(t, err)
	for _, native := range slices.Sorted(maps.Keys(others())) {
		policy, diags, err := p.Resolve(profile.Target{Arch: native})
		require.NoError(t, err, native)
		for _, d := range diags {
			assert.NotEqual(t, profile.Warning, d.Severity, d)
		}
		_, err = proof.Compile(policy)
		require.NoError(t, err, native)
		assert.Equal(t, eperm, evaluate(t, policy, answer{native, "reboot", 0}), native)
		assert.Equal(t, seccomp.Errno(13), evaluate(t, policy, answer{native, "mount", 0}), native)
		assert.Equal(t, allow, evaluate(t, policy, answer{native, "read", 0}), native)
		roundTrip(t, policy, 0)
	}
}

// FuzzParse: any bytes are read or refused, and what is read resolves to a policy that
// means the same when it is written again.
func FuzzParse(f *testing.F) {
	f.Add([]byte("[Service]\nSystemCallFilter=@system-service \\\n# c\n read\nSystemCallFilter=~@mount:EPERM bind:kill\nSystemCallErrorNumber=13\nSystemCallArchitectures=native x86\nSystemCallLog=~write"))
	f.Add([]byte("~read write:0 @clock"))
	f.Add([]byte("SystemCallFilter=\nSystemCallLog=read"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		p, err := Parse(doc, profile.File("f"))
		if err != nil {
			var e *profile.Error
			require.ErrorAs(t, err, &e)
			return
		}
		policy, _, err := p.Resolve(profile.Target{Arch: arch.AArch64})
		if err != nil {
			return
		}
		require.NoError(t, policy.Validate())
		if len(doc)%16 != 0 {
			return // the proof takes most of the time
		}
		again, err := dialect.Write(policy, document.Writing{})
		require.NoError(t, err)
		if _, err = Parse(again); err != nil {
			t.Fatal(errors.Join(err, errors.New(string(again))))
		}
	})
}

// TestLoongArchWord: systemd has a word for loongarch64 since 255.
func TestLoongArchWord(t *testing.T) {
	for version, known := range map[int]bool{252: false, 255: true, 256: true} {
		for _, native := range []arch.Arch{arch.LoongArch64, arch.X86_64} {
			p, err := Parse([]byte("[Service]\nSystemCallArchitectures=native loongarch64\nSystemCallFilter=~read"))
			require.NoError(t, err)
			p.Version = version
			_, diags, err := p.Resolve(profile.Target{Arch: native, Kernel: arch.Newest})
			require.NoError(t, err)
			unknown := slices.ContainsFunc(diags, func(d profile.Diagnostic) bool { return d.Code == archCode })
			assert.Equal(t, !known, unknown, "%d %v", version, native)
			silent := slices.ContainsFunc(diags, func(d profile.Diagnostic) bool { return d.Code == noArch })
			assert.Equal(t, !known && native == arch.LoongArch64, silent, "%d %v", version, native)
		}
	}
}
