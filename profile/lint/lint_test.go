// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/codes"
	"github.com/gosieve/sieve/internal/test/documents"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/internal/userland"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// finding is a document that a code is about, and one that nearly is.
type finding struct {
	doc, near string
	target    profile.Target // linux if there is none
	opts      []profile.Option
	parse     []profile.ParseOption
}

// head is a document with some fields and all calls that programs need.
func head(fields string) string { return top("SCMP_ACT_ERRNO", fields, everyday) }

// withRules is one with some rules.
func withRules(rules ...string) string {
	return top("SCMP_ACT_ERRNO", "", append([]string{everyday}, rules...)...)
}

// denying allows all but what some rules say.
func denying(rules ...string) string { return top("SCMP_ACT_ALLOW", "", rules...) }

func top(action, fields string, rules ...string) string {
	return fmt.Sprintf(`{"defaultAction": %q%s, "syscalls": [%s]}`, action, fields, "\n"+strings.Join(rules, ",\n"))
}

// everyday is a rule for the calls that every program makes.
const everyday = `{"names": ["execve", "mmap", "munmap", "mprotect", "brk", "openat", "read", "fstat", "close", "set_tid_address", "futex",
	"rt_sigreturn", "exit_group", "arch_prctl", "getrandom", "prlimit64", "rseq", "set_robust_list",
	"access", "pread64", "rt_sigaction", "rt_sigprocmask", "sigaltstack", "clone", "fcntl", "execveat",
	"clone3", "close_range", "faccessat2", "fchmodat2", "openat2", "statx"], "action": "SCMP_ACT_ALLOW"}`

// lacking is everyday without a call.
func lacking(name string) string { return strings.Replace(everyday, `"`+name+`", `, "", 1) }

// allowing is a rule that allows calls.
func allowing(names []string) string {
	return `{"names": ["` + strings.Join(names, `", "`) + `"], "action": "SCMP_ACT_ALLOW"}`
}

// r is a rule with more fields.
func r(name, action string, fields ...string) string { return documents.Rule(name, action, fields...) }

var on32 = on(arch.X86)

// findings has a row for every code that Parse, Resolve and Lint give. A near miss
// differs from its document in the point of the code.
var findings = map[profile.Code]finding{
	"absent-syscall":            {doc: withRules(r("riscv_hwprobe", "ALLOW")), near: withRules(r("getpid", "ALLOW"))},
	"always-true":               {doc: withRules(r("socket", "ALLOW", documents.Args("0 GE 0"))), near: withRules(r("socket", "ALLOW", documents.Args("0 GE 1")))},
	"arch-map":                  {doc: head(`, "archMap": [{"architecture": "SCMP_ARCH_MIPSEL", "subArchitectures": ["SCMP_ARCH_MIPSEL64"]}]`), near: head(`, "architectures": ["SCMP_ARCH_MIPSEL64"]`), target: on(arch.MIPSEL)},
	"arch-not-in-runc":          {doc: head(`, "architectures": ["SCMP_ARCH_PARISC"]`), near: head(`, "architectures": ["SCMP_ARCH_RISCV64"]`)},
	"architectures-and-archmap": {doc: head(`, "architectures": ["SCMP_ARCH_X86"], "archMap": [{"architecture": "SCMP_ARCH_X86_64"}]`), near: head(`, "architectures": [], "archMap": [{"architecture": "SCMP_ARCH_X86_64"}]`)},
	"arg-index":                 {doc: withRules(r("mmap2", "ALLOW", documents.Args("6 EQ 0"))), near: withRules(r("mmap2", "ALLOW", documents.Args("5 EQ 0")))},
	"byte-order":                {doc: head(`, "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_S390X"]`), near: head(`, "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"]`)},
	"constant-too-wide":         {doc: withRules(r("read", "ALLOW", documents.Args("2 LT 0x100000000"))), near: withRules(r("read", "ALLOW", documents.Args("2 LT 0xffffffff"))), target: on32},
	"datum-outside-mask":        {doc: withRules(r("clone", "ALLOW", documents.Args("0 MASKED_EQ 6 9"))), near: withRules(r("clone", "ALLOW", documents.Args("0 MASKED_EQ 6 2")))},
	"differs-containerd":        {doc: withRules(r("bpf", "ALLOW", `"includes": {"caps": ["CAP_SYS_ADMIN"]}`)), near: withRules(r("bpf", "ALLOW", `"includes": {"caps": ["CAP_KILL"]}`))},
	"differs-crun":              {doc: withRules(), near: top("SCMP_ACT_ERRNO", `, "defaultErrnoRet": 38`, everyday)},
	"differs-podman":            {doc: withRules(r("ptrace", "ALLOW", `"includes": {"minKernel": "9.0"}`)), near: withRules(r("ptrace", "ALLOW", `"includes": {"minKernel": "4.8"}`))},
	"docker-key":                {doc: withRules(r("bpf", "ALLOW", `"includes": {"caps": ["CAP_BPF"]}`)), near: withRules(r("bpf", "ALLOW", `"includes": {}`)), parse: []profile.ParseOption{profile.In(profile.OCI)}},
	"duplicate-key":             {doc: head(`, "flags": [], "flags": []`), near: head(`, "flags": []`)},
	"duplicate-name":            {doc: withRules(`{"names": ["getpid", "getpid"], "action": "SCMP_ACT_ALLOW"}`), near: withRules(`{"names": ["getpid", "getppid"], "action": "SCMP_ACT_ALLOW"}`)},
	"empty-flags":               {doc: head(`, "flags": []`), near: head(`, "flags": null`)},
	"empty-kernel":              {doc: withRules(r("bpf", "ALLOW", `"includes": {"minKernel": ""}`)), near: withRules(r("bpf", "ALLOW", `"includes": {"minKernel": "0.1"}`))},
	"empty-name":                {doc: withRules(r("", "ALLOW")), near: withRules(r("bpf", "ALLOW"))},
	"equals-default":            {doc: withRules(r("bpf", "ERRNO")), near: withRules(r("bpf", "ERRNO", `"errnoRet": 2`))},
	"errno-4095":                {doc: withRules(r("bpf", "ERRNO", `"errnoRet": 4095`)), near: withRules(r("bpf", "ERRNO", `"errnoRet": 4094`))},
	"errno-range":               {doc: withRules(r("bpf", "ERRNO", `"errnoRet": 4096`)), near: withRules(r("bpf", "TRACE", `"errnoRet": 4096`))},
	"errno-zero":                {doc: withRules(r("bpf", "ERRNO", `"errnoRet": 0`)), near: withRules(r("bpf", "TRACE", `"errnoRet": 0`))},
	"fallback-denied":           {doc: top("SCMP_ACT_ERRNO", "", lacking("clone3"), r("clone3", "ERRNO", `"errnoRet": 13`)), near: top("SCMP_ACT_ERRNO", "", lacking("clone3"), r("clone3", "ERRNO", `"errnoRet": 38`))},
	"filters-nothing":           {doc: denying(r("bpf", "ALLOW")), near: denying(r("bpf", "ERRNO"))},
	"foreign-arch":              {doc: head(`, "architectures": ["SCMP_ARCH_AARCH64"]`), near: head(`, "architectures": ["SCMP_ARCH_X86"]`)},
	"kernel":                    {doc: withRules(r("bpf", "ALLOW", `"includes": {"minKernel": "4"}`)), near: withRules(r("bpf", "ALLOW", `"includes": {"minKernel": "4.0"}`))},
	"key-case":                  {doc: head(`, "Flags": ["SECCOMP_FILTER_FLAG_LOG"]`), near: head(`, "flags": ["SECCOMP_FILTER_FLAG_LOG"]`)},
	"kill-thread":               {doc: withRules(r("bpf", "KILL")), near: withRules(r("bpf", "KILL_PROCESS"))},
	"libseccomp-order":          {doc: withRules(r("socket", "ALLOW", documents.Args("0 EQ 1", "1 NE 1")), r("socket", "ALLOW", documents.Args("0 EQ 2", "1 EQ 2"))), near: withRules(r("socket", "ALLOW", documents.Args("0 EQ 1", "1 EQ 1")), r("socket", "ALLOW", documents.Args("0 EQ 2", "1 EQ 2")))},
	"mask-zero":                 {doc: withRules(r("clone", "ALLOW", documents.Args("0 MASKED_EQ 0 6"))), near: withRules(r("clone", "ALLOW", documents.Args("0 MASKED_EQ 6 0")))},
	"missing-calls":             {doc: top("SCMP_ACT_ERRNO", "", lacking("mmap")), near: head("")},
	"more-warnings":             {doc: head(manyKeys(1001)), near: head(manyKeys(1000))},
	"multiplexer-bypass":        {doc: withRules(r("socketcall", "ALLOW"), r("socket", "ERRNO", `"errnoRet": 2`)), near: withRules(r("socketcall", "ALLOW"), r("socket", "ALLOW")), target: on32},
	"multiplexer-conditions":    {doc: withRules(r("socket", "ALLOW", documents.Args("0 EQ 1"))), near: withRules(r("socket", "ALLOW")), target: on32},
	"multiplexer-denied":        {doc: withRules(r("socket", "ALLOW", documents.Args("0 EQ 1"))), near: withRules(r("socket", "ALLOW")), target: on32},
	"multiplexer-default":       {doc: withRules(r("socketcall", "ERRNO"), r("socket", "ALLOW")), near: withRules(r("socket", "ALLOW")), target: on32},
	"name-and-names":            {doc: withRules(r("bpf", "ALLOW", `"name": "mount"`)), near: withRules(r("bpf", "ALLOW", `"name": ""`))},
	"never-applies":             {doc: withRules(r("bpf", "ALLOW", `"includes": {"caps": ["CAP_BPF"]}, "excludes": {"caps": ["CAP_BPF"]}`)), near: withRules(r("bpf", "ALLOW", `"includes": {"caps": ["CAP_BPF"]}, "excludes": {"caps": ["CAP_SYS_ADMIN"]}`))},
	"never-true":                {doc: withRules(r("read", "ALLOW", documents.Args("2 LT 0"))), near: withRules(r("read", "ALLOW", documents.Args("2 LT 1")))},
	"new-call-denied":           {doc: top("SCMP_ACT_ERRNO", "", lacking("openat2")), near: head("")},
	"no-default":                {doc: `{"syscalls": []}`, near: head("")},
	"no-listener":               {doc: withRules(r("bpf", "NOTIFY")), near: top("SCMP_ACT_ERRNO", `, "listenerPath": "/run/x"`, everyday, r("bpf", "NOTIFY"))},
	"no-names":                  {doc: withRules(`{"names": [], "action": "SCMP_ACT_ALLOW"}`), near: withRules(`{"names": ["bpf"], "action": "SCMP_ACT_ALLOW"}`)},
	"no-seccomp":                {doc: `{"ociVersion": "1.0", "linux": {}}`, near: `{"ociVersion": "1.0", "linux": {"seccomp": ` + head("") + `}}`, parse: []profile.ParseOption{profile.In(profile.OCI)}},
	"no-value":                  {doc: withRules(r("socket", "ALLOW", `"args": [{"index": 0, "op": "SCMP_CMP_EQ"}]`)), near: withRules(r("socket", "ALLOW", `"args": [{"index": 0, "value": 0, "op": "SCMP_CMP_EQ"}]`))},
	"notify-default":            {doc: top("SCMP_ACT_NOTIFY", ""), near: top("SCMP_ACT_TRACE", "")},
	"notify-write":              {doc: withRules(r("write", "NOTIFY")), near: withRules(r("writev", "NOTIFY"))},
	"number":                    {doc: withRules(r("bpf", "ERRNO", `"errnoRet": -1`)), near: withRules(r("bpf", "ERRNO", `"errnoRet": 2`))},
	"other-name":                {doc: withRules(r("fadvise64_64", "ALLOW")), near: withRules(r("fadvise64", "ALLOW"))},
	"overlap":                   {doc: withRules(r("socket", "ALLOW", documents.Args("0 EQ 1")), r("socket", "LOG", documents.Args("1 EQ 1"))), near: withRules(r("socket", "ALLOW", documents.Args("0 EQ 1")), r("socket", "LOG", documents.Args("0 EQ 2")))},
	"podman-arch-map":           {doc: head(`, "archMap": [{"architecture": "SCMP_ARCH_PPC64", "subArchitectures": ["SCMP_ARCH_PPC"]}]`), near: head(`, "architectures": ["SCMP_ARCH_PPC"]`), target: on(arch.PPC64), parse: []profile.ParseOption{profile.In(profile.Podman)}},
	"podman-errno":              {doc: withRules(r("bpf", "ERRNO", `"errno": "ENOENT"`)), near: withRules(r("bpf", "ERRNO", `"errno": "ENOENT", "errnoRet": 2`)), parse: []profile.ParseOption{profile.In(profile.Podman)}},
	"podman-machine":            {doc: withRules(r("bpf", "ALLOW", `"includes": {"arches": ["loongarch64"]}`)), near: withRules(r("bpf", "ALLOW", `"includes": {"arches": ["amd64"]}`)), target: on(arch.LoongArch64), parse: []profile.ParseOption{profile.In(profile.Podman)}},
	"podman-min-kernel":         {doc: withRules(r("bpf", "ALLOW", `"includes": {"minKernel": "4.8"}`)), near: withRules(r("bpf", "ALLOW", `"includes": {"minKernel": null}`)), parse: []profile.ParseOption{profile.In(profile.Podman)}},
	"podman-name":               {doc: withRules(r("bpf", "ALLOW", `"name": "mount", "includes": {"caps": ["CAP_BPF"]}`)), near: withRules(r("bpf", "ALLOW", `"name": "", "includes": {"caps": ["CAP_BPF"]}`)), parse: []profile.ParseOption{profile.In(profile.Podman)}},
	"unknown-errno":             {doc: withRules(r("bpf", "ERRNO", `"errno": "EINTR"`)), near: withRules(r("bpf", "ERRNO", `"errno": "EIO"`)), parse: []profile.ParseOption{profile.In(profile.Podman)}},
	"repeated-arg":              {doc: withRules(r("socket", "ALLOW", documents.Args("0 EQ 1", "0 EQ 2"))), near: withRules(r("socket", "ALLOW", documents.Args("0 EQ 1", "1 EQ 2")))},
	"runtime-calls":             {doc: head(""), near: withRules(allowing(userland.RuntimeCalls("runc")), allowing(userland.RuntimeCalls("crun")))},
	"shadowed-rule":             {doc: withRules(r("socket", "ALLOW", documents.Args("0 EQ 1")), r("socket", "ALLOW", documents.Args("0 LT 2"))), near: withRules(r("socket", "ALLOW", documents.Args("0 EQ 2")), r("socket", "ALLOW", documents.Args("0 LT 2")))},
	"sibling-open":              {doc: denying(r("chmod", "ERRNO")), near: denying(`{"names": ["chmod", "fchmod", "fchmodat", "fchmodat2"], "action": "SCMP_ACT_ERRNO"}`)},
	"sibling-unseen":            {doc: denying(r("clone", "ERRNO", documents.Args("0 MASKED_EQ 268435456 268435456"))), near: denying(r("clone", "ERRNO", documents.Args("0 MASKED_EQ 268435456 268435456")), r("clone3", "ERRNO", `"errnoRet": 38`))},
	"syntax":                    {doc: `{"defaultAction": "SCMP_ACT_ALLOW",}`, near: `{"defaultAction": "SCMP_ACT_ALLOW"}`},
	"target":                    {doc: withRules(r("bpf", "ALLOW", `"includes": {"minKernel": "4.8"}`)), near: withRules(r("bpf", "ALLOW")), target: profile.Target{Arch: arch.X86_64}},
	"too-deep":                  {doc: head(`, "x": ` + strings.Repeat("[", 256) + strings.Repeat("]", 256)), near: head(`, "x": ` + strings.Repeat("[", 250) + strings.Repeat("]", 250))},
	"too-large":                 {doc: head("   "), near: head(""), parse: []profile.ParseOption{profile.Limits(len(head("")), 0)}},
	"too-many-overlaps":         {doc: string(manyOverlaps(6000)), near: string(manyOverlaps(30))},
	"unfiltered-call":           {doc: withRules(r("uretprobe", "ERRNO", `"errnoRet": 13`)), near: withRules(r("uretprobe", "ALLOW"))},
	"unknown-action":            {doc: withRules(r("bpf", "DENY")), near: withRules(r("bpf", "LOG"))},
	"unknown-arch":              {doc: head(`, "architectures": ["SCMP_ARCH_AMD64"]`), near: head(`, "architectures": ["SCMP_ARCH_X86_64"]`)},
	"unknown-capability":        {doc: withRules(r("bpf", "ALLOW", `"includes": {"caps": ["CAP_SYSADMIN"]}`)), near: withRules(r("bpf", "ALLOW", `"includes": {"caps": ["CAP_SYS_ADMIN"]}`))},
	"unknown-filter-arch":       {doc: withRules(r("bpf", "ALLOW", `"includes": {"arches": ["x86_64"]}`)), near: withRules(r("bpf", "ALLOW", `"includes": {"arches": ["amd64"]}`))},
	"unknown-flag":              {doc: head(`, "flags": ["LOG"]`), near: head(`, "flags": ["SECCOMP_FILTER_FLAG_LOG"]`)},
	"unknown-key":               {doc: head(`, "comment": "x"`), near: withRules(r("bpf", "ALLOW", `"comment": "x"`))},
	"unknown-op":                {doc: withRules(r("socket", "ALLOW", documents.Args("0 EQUAL 0"))), near: withRules(r("socket", "ALLOW", documents.Args("0 EQ 0")))},
	"unknown-syscall":           {doc: withRules(r("mkdirr", "ALLOW")), near: withRules(r("mkdir", "ALLOW"))},
	"unused-errno":              {doc: withRules(r("bpf", "ALLOW", `"errnoRet": 1`)), near: withRules(r("bpf", "ERRNO", `"errnoRet": 3`))},
	"wait-killable":             {doc: head(`, "flags": ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]`), near: top("SCMP_ACT_ERRNO", `, "flags": ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"], "listenerPath": "/run/x"`, everyday, r("bpf", "NOTIFY"))},
	"wide-bypass":               {doc: withRules(r("socket", "ALLOW", documents.Args("0 GT 40"))), near: withRules(r("socket", "ALLOW", documents.Args("0 EQ 41")))},
	"wide-comparison":           {doc: withRules(r("socket", "ALLOW", documents.Args("0 EQ 41"))), near: withRules(r("socket", "ALLOW", documents.Args("0 MASKED_EQ 0xffffffff 41")))},
	"wrong-type":                {doc: head(`, "flags": "x"`), near: head(`, "flags": ["SECCOMP_FILTER_FLAG_LOG"]`)},
}

const artifacts = "package artifact holds documents to more rules: TestCheck"

// elsewhere are the codes that have no row, with the reason.
var elsewhere = map[profile.Code]string{
	"artifact-duplicate": artifacts,
	"artifact-entries":   artifacts,
	"artifact-listener":  artifacts,
	"artifact-names":     artifacts,
	"artifact-notify":    artifacts,
	"artifact-rules":     artifacts,
	"artifact-size":      artifacts,
	"dialect":            "only a hand-made profile can have it: TestResolveHandMade",
	"not-examined":       "a document that takes long: TestBudget",
	"differs-mesos":      "package mesos reads the document: TestLintMesos of cmd/sieve",
	"ipc-version":        "not reported: TestMultiplexers",
	"skipped-number":     "not reported: TestENOSYS",
	"socketcall-width":   "not reported: TestMultiplexers",
	"x32-alone":          "not reported: TestX32Alone",
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `, "key%d": 0`, i)
	}
	return b.String()
}

// manyOverlaps has rules of two actions that meet nowhere, although their values of
// every argument do.
func manyOverlaps(n int) []byte {
	var rules []string
	for i := range n {
		rules = append(rules, documents.Rule("socket", []string{"ALLOW", "LOG"}[i%2], documents.Args("0 NE 0", fmt.Sprintf("1 MASKED_EQ 8191 %d", i))))
	}
	return documents.Docker("ERRNO", rules...)
}

// look is the codes of all that is said of a document, and the diagnostics.
func (f *finding) look(t *testing.T, text string) map[profile.Code]profile.Diagnostic {
	t.Helper()
	found := map[profile.Code]profile.Diagnostic{}
	p, err := profile.Parse([]byte(decimal(text)), f.parse...)
	if err != nil {
		var e *profile.Error
		require.True(t, errors.As(err, &e), "%v", err)
		found[e.Code] = e.Diagnostic
		return found
	}
	target := f.target
	if target.Arch == 0 {
		target = linux
	}
	for _, d := range Lint(p, target, f.opts...) {
		if _, ok := found[d.Code]; !ok {
			found[d.Code] = d
		}
	}
	return found
}

// decimal writes the hexadecimal numbers of a table as JSON has them.
func decimal(text string) string {
	for _, n := range []uint64{0x100000000, 0xffffffff} {
		text = strings.ReplaceAll(text, fmt.Sprintf("%#x", n), fmt.Sprint(n))
	}
	return text
}

// TestCodesHaveRows: a code that nothing shows is a code that nothing gives.
func TestCodesHaveRows(t *testing.T) {
	for _, r := range codes.All() {
		c := profile.Code(r.Code)
		_, ok := findings[c]
		assert.True(t, ok != (elsewhere[c] != ""), "%s has no row, or two", c)
	}
	assert.Len(t, codes.All(), len(findings)+len(elsewhere), "a row for a code that does not exist")
}

func TestFindings(t *testing.T) {
	for code, f := range findings {
		t.Run(string(code), func(t *testing.T) {
			found := f.look(t, f.doc)
			d, ok := found[code]
			require.True(t, ok, "%s", text.Clip(f.doc))
			assert.NotEmpty(t, d.Message)
			near := f.look(t, f.near)
			assert.NotContains(t, near, code, text.Clip(f.near))
		})
	}
}

// TestCrunConditions: what is said of crun's conditions says of which crun: it was
// changed in September 2026 (containers/crun 2220).
func TestCrunConditions(t *testing.T) {
	f := finding{}
	d, ok := f.look(t, top("SCMP_ACT_ERRNO", `, "defaultErrnoRet": 38`, everyday, r("socket", "ALLOW", documents.Args("0 EQ 1", "0 EQ 2", "0 EQ 3", "0 EQ 4", "0 EQ 5", "0 EQ 6", "0 EQ 7"))))["differs-crun"]
	require.True(t, ok)
	assert.Equal(t, "crun of before September 2026 looks at the first 6 conditions of a rule and at none after", d.Message)
}

// TestWitnesses puts the witnesses to the policy.
func TestWitnesses(t *testing.T) {
	for code, want := range map[profile.Code][2]seccomp.Action{ // on the call, and with its high halves cleared
		"wide-bypass":     {seccomp.Allow, seccomp.Errno(1)},
		"wide-comparison": {seccomp.Errno(1), seccomp.Allow},
		"missing-calls":   {seccomp.Errno(1), seccomp.Errno(1)},
		"new-call-denied": {seccomp.Errno(1), seccomp.Errno(1)},
		"differs-crun":    {seccomp.Errno(38), seccomp.Errno(38)},
	} {
		f := findings[code]
		d := f.look(t, f.doc)[code]
		require.NotNil(t, d.Witness, "%s", code)
		p, err := profile.Parse([]byte(f.doc))
		require.NoError(t, err)
		policy, _, err := p.Resolve(linux)
		require.NoError(t, err)
		call := *d.Witness
		assert.Equal(t, want[0], policy.Evaluate(&call), "%s: %v", code, d)
		for i := range call.Args {
			call.Args[i] &= 1<<32 - 1
		}
		assert.Equal(t, want[1], policy.Evaluate(&call), "%s: %v", code, d)
	}
	f := findings["overlap"]
	d := f.look(t, f.doc)["overlap"]
	require.NotNil(t, d.Witness)
	assert.Equal(t, [6]uint64{1, 1}, d.Witness.Args)
}

// defaults are profiles that tools ship, now and before.
var defaults = []string{
	"docker/moby-profiles-default.json",
	"docker/moby-profiles-default-socketcall-block-2026-05-01.json",
	"docker/moby-default-2024-02-06-8826f402f9.json",
	"docker/moby-default-2022-05-02-4c2f18f6cc.json",
	"docker/moby-default-2021-06-17-d92739713c.json",
	"docker/moby-default-2020-03-25-89fabf0f24.json",
	"docker/moby-default-2019-02-05-e76380b67b.json",
	"docker/moby-default-2016-05-23-a83cedddc6.json",
	"containers-common/seccomp.json",
	"containers-common/seccomp-2021-06-16-689e5b07.json",
	"containers-common/seccomp-2021-06-01-619da3b9.json",
	"containers-common/containers-golang-seccomp.json",
	"mesos/mesos-docs-seccomp_default.json",
	"mesos/marathon-integration-default.json",
}

// TestLintDefaults lints the profiles that tools ship. What is said of them as a
// warning or worse was looked into one by one: it is so.
func TestLintDefaults(t *testing.T) {
	var b strings.Builder
	for _, name := range defaults {
		dialect := profile.Docker
		if strings.HasPrefix(name, "containers-common") {
			dialect = profile.Podman
		}
		p, err := profile.Parse(shared.Read(t, "data/profiles/"+name), profile.In(dialect))
		require.NoError(t, err, name)
		for _, a := range []arch.Arch{arch.X86_64, arch.AArch64, arch.RISCV64} {
			said := map[string]string{} // by finding, for which capabilities
			var order []string
			for _, set := range []string{"all", "docker", "none"} {
				all, err := profile.ParseCaps("ALL")
				require.NoError(t, err)
				caps := map[string][]string{"all": all, "docker": profile.DockerCaps(), "none": nil}[set]
				for _, s := range seriously(Lint(p, profile.Target{Arch: a, Kernel: arch.Newest, Caps: caps})) {
					if said[s] == "" {
						order = append(order, s)
					}
					said[s] += " " + set
				}
			}
			for _, s := range order {
				fmt.Fprintf(&b, "%s, %v, capabilities%s: %s\n", name, a, said[s], s)
			}
		}
	}
	const file = "testdata/defaults.txt"
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o666))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, strings.ReplaceAll(string(want), "\r\n", "\n"), b.String(), "run: go test ./profile -run TestLintDefaults -update")
}

var update = flag.Bool("update", false, "write the files in testdata")

// seriously are the warnings and errors, in few words.
func seriously(diags []profile.Diagnostic) []string {
	var list []string
	for _, d := range diags {
		if d.Severity < profile.Warning {
			continue
		}
		words := strings.Fields(d.Message)
		switch words[0] {
		case "for":
			words[0] += " " + words[1]
		case "on":
			words[0] += " " + words[1] + " " + words[2]
		}
		list = append(list, string(d.Code)+": "+words[0])
	}
	return list
}

// TestLintPolicy finds in a resolved policy what Lint finds in the document.
func TestLintPolicy(t *testing.T) {
	p, err := profile.Parse(documents.Docker("ERRNO", documents.Rule("socket", "ALLOW", documents.Args("0 GT 40")), documents.Rule("socket", "ALLOW", documents.Args("0 EQ 3")), documents.Rule("dup3", "ALLOW", documents.Args("2 MASKED_EQ 4294967295 5"))), profile.File("p.json"))
	require.NoError(t, err)
	policy, _, err := p.Resolve(linux)
	require.NoError(t, err)
	list := Policy(policy)
	require.Len(t, list, 1)
	assert.Equal(t, "p.json:2:1: error: socket(0x100000000) on x86_64 gets ALLOW, but the kernel reads only 32 bits of argument 0: that is socket(0x0), which gets ERRNO(1) (wide-bypass)", list[0].String())
	assert.Equal(t, seccomp.Allow, policy.Evaluate(list[0].Witness))
	policy, _, err = p.Resolve(linux, profile.Narrow)
	require.NoError(t, err)
	assert.Empty(t, Policy(policy))

	p, err = profile.Parse(documents.Docker("ALLOW", documents.Rule("uprobe", "LOG"), documents.Rule("uretprobe", "ALLOW"), documents.Rule("mkdir", "ERRNO")), profile.File("p.json"))
	require.NoError(t, err)
	policy, _, err = p.Resolve(linux)
	require.NoError(t, err)
	list = Policy(policy)
	require.Len(t, list, 1)
	assert.Equal(t, "p.json:2:1: warning: LOG for uprobe does not count on x86_64: Linux 6.18 and later ask no filter about it (unfiltered-call)", list[0].String())

	for want, origin := range map[profile.Place]seccomp.Origin{
		{File: "a.json", Line: 3, Column: 4}:            {File: "a.json", Line: 3, Column: 4},
		{File: "a.json", Line: 3, Column: 4, Path: "x"}: {File: "a.json", Line: 3, Column: 4, Path: "x"},
		{File: "a.json", Line: 3, Column: 5}:            {File: "a.json", Line: 3, Column: 5, Reason: seccomp.Multiplexed, Note: "ipc"},
		{Path: "syscalls[3]"}:                           {Path: "syscalls[3]"},
		{Path: "ENOSYS"}:                                {Reason: seccomp.UnknownCall},
		{}:                                              {},
	} {
		assert.Equal(t, want, placeOf(&origin), origin)
	}
}

var linux = on(arch.X86_64)

// on is a target with Docker's capabilities.
func on(a arch.Arch) profile.Target {
	return profile.Target{Arch: a, Kernel: arch.Newest, Caps: profile.DockerCaps()}
}
