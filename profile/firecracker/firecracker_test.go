// SPDX-License-Identifier: Apache-2.0

package firecracker

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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

// one is a document with one filter.
func one(mismatch, match, rules string) string {
	return fmt.Sprintf(`{"vmm": {"default_action": %s, "filter_action": %s, "filter": [%s]}}`, mismatch, match, rules)
}

// allowing is a document that traps what the rules do not match.
func allowing(rules string) string { return one(`"trap"`, `"allow"`, rules) }

// with is a rule for read with conditions.
func with(args string) string { return allowing(`{"syscall": "read", "args": [` + args + `]}`) }

func TestParseErrors(t *testing.T) {
	for name, row := range map[string]struct {
		doc  string
		kind error
		code profile.Code
		want string
	}{
		"empty":               {``, profile.ErrSyntax, "syntax", "f:1:1: unexpected end of the document, want an object with a filter for each thread"},
		"cut off":             {`{"a": {`, profile.ErrSyntax, "syntax", "f:1:8: a: unexpected end of the document, want a key in quotes"},
		"an odd thread":       {`{"a b": {"x": 1}}`, profile.ErrProfile, unknownField, `f:1:10: "a b".x: unknown field "x"`},
		"a list":              {`[]`, profile.ErrProfile, "wrong-type", "f:1:1: got a list, want an object with a filter for each thread"},
		"no filter":           {`{}`, profile.ErrProfile, threadCode, "f:1:1: no filter: want an object with one for each thread"},
		"trailing data":       {allowing(``) + ` 1`, profile.ErrSyntax, "syntax", "f:1:77: unexpected '1', want the end: the document is one object"},
		"two documents":       {allowing(``) + allowing(``), profile.ErrSyntax, "syntax", "f:1:76: unexpected '{', want the end: the document is one object"},
		"a trailing comma":    {allowing(`{"syscall": "read"},`), profile.ErrSyntax, "syntax", "f:1:93: vmm.filter[0]: unexpected ']', want a value after the comma"},
		"a missing comma":     {allowing(`{"syscall": "read"} {"syscall": "write"}`), profile.ErrSyntax, "syntax", "f:1:93: vmm.filter[0]: unexpected '{', want a comma or the end of the list"},
		"a comment":           {"// x\n" + allowing(``), profile.ErrSyntax, "syntax", "f:1:1: unexpected '/', want an object with a filter for each thread: JSON has no comments"},
		"half a pair":         {allowing(`{"syscall": "\ud800"}`), profile.ErrSyntax, "syntax", `f:1:86: vmm.filter[0].syscall: half of a surrogate pair: \ud800`},
		"duplicate thread":    {`{"a": {"default_action":"trap","filter_action":"allow","filter":[]}, "a": {}}`, profile.ErrProfile, duplicateThread, `f:1:70: a: key "a" is there twice`},
		"duplicate field":     {allowing(`{"syscall": "read", "syscall": "read"}`), profile.ErrProfile, "duplicate-key", `key "syscall" is there twice`},
		"both names":          {`{"a": {"default_action":"trap","mismatch_action":"trap","filter_action":"allow","filter":[]}}`, profile.ErrProfile, "duplicate-key", "f:1:32: a.mismatch_action: mismatch_action is there twice: default_action is its other name"},
		"both names of match": {`{"a": {"filter_action":"trap","match_action":"trap"}}`, profile.ErrProfile, "duplicate-key", "match_action is there twice"},
		"unknown field":       {`{"a": {"default":"trap"}}`, profile.ErrProfile, unknownField, `f:1:8: a.default: unknown field "default", want mismatch_action, default_action, match_action, filter_action, filter`},
		"another case":        {`{"a": {"Filter":[]}}`, profile.ErrProfile, unknownField, `unknown field "Filter"`},
		"field of a rule":     {allowing(`{"syscall": "read", "action": "allow"}`), profile.ErrProfile, unknownField, `vmm.filter[0].action: unknown field "action", want syscall, args, comment`},
		"field of an arg":     {with(`{"value": 1}`), profile.ErrProfile, unknownField, `vmm.filter[0].args[0].value: unknown field "value", want index, type, op, val, comment`},
		"no mismatch":         {`{"a": {"filter_action":"trap","filter":[]}}`, profile.ErrProfile, missingField, `a: no field "mismatch_action"`},
		"no match":            {`{"a": {"default_action":"trap","filter":[]}}`, profile.ErrProfile, missingField, `a: no field "match_action"`},
		"no rules":            {`{"a": {"default_action":"trap","filter_action":"allow"}}`, profile.ErrProfile, missingField, `a: no field "filter"`},
		"no syscall":          {allowing(`{"args": null}`), profile.ErrProfile, missingField, `vmm.filter[0]: no field "syscall"`},
		"no index":            {with(`{"type": "dword", "op": "eq", "val": 1}`), profile.ErrProfile, missingField, `no field "index"`},
		"no type":             {with(`{"index": 0, "op": "eq", "val": 1}`), profile.ErrProfile, missingField, `no field "type"`},
		"no op":               {with(`{"index": 0, "type": "dword", "val": 1}`), profile.ErrProfile, missingField, `no field "op"`},
		"no val":              {with(`{"index": 0, "type": "dword", "op": "eq"}`), profile.ErrProfile, missingField, `no field "val"`},
		"identical actions":   {one(`"allow"`, `"allow"`, ``), profile.ErrProfile, identical, "vmm: mismatch_action and match_action are both ALLOW"},
		"empty args":          {allowing(`{"syscall": "read", "args": []}`), profile.ErrProfile, emptyRule, "vmm.filter[0].args: an empty list of conditions"},
		"args no list":        {allowing(`{"syscall": "read", "args": {}}`), profile.ErrProfile, "wrong-type", "got an object, want a list"},
		"comment no string":   {allowing(`{"syscall": "read", "comment": 1}`), profile.ErrProfile, "wrong-type", "got a number, want a string"},
		"unknown action":      {one(`"SCMP_ACT_ALLOW"`, `"allow"`, ``), profile.ErrProfile, actionCode, `vmm.default_action: unknown action "SCMP_ACT_ALLOW", want "allow", "kill_process"`},
		"action in capitals":  {one(`"Trap"`, `"allow"`, ``), profile.ErrProfile, actionCode, `unknown action "Trap"`},
		"a number for trap":   {one(`{"trap": 1}`, `"allow"`, ``), profile.ErrProfile, actionCode, `unknown action "trap"`},
		"errno without one":   {one(`"errno"`, `"allow"`, ``), profile.ErrProfile, actionCode, `unknown action "errno"`},
		"empty action":        {one(`{}`, `"allow"`, ``), profile.ErrProfile, actionCode, "an empty object, want an action"},
		"two actions":         {one(`{"errno": 1, "trace": 1}`, `"allow"`, ``), profile.ErrProfile, actionCode, "a second field, want one"},
		"errno too large":     {one(`{"errno": 4096}`, `"allow"`, ``), profile.ErrProfile, actionRange, "4096 is too large for errno, want 0 to 4095"},
		"errno wraps to 0":    {one(`{"errno": 65536}`, `"allow"`, ``), profile.ErrProfile, actionRange, "65536 is too large for errno"},
		"trace too large":     {one(`{"trace": 65536}`, `"allow"`, ``), profile.ErrProfile, actionRange, "65536 is too large for trace, want 0 to 65535"},
		"errno negative":      {one(`{"errno": -1}`, `"allow"`, ``), profile.ErrProfile, "number", "-1: want a whole number from 0 to 4294967295"},
		"index 6":             {with(`{"index": 6, "type": "dword", "op": "eq", "val": 1}`), profile.ErrProfile, argIndex, "vmm.filter[0].args[0].index: a call has no argument 6, want 0 to 5"},
		"index 256":           {with(`{"index": 256, "type": "dword", "op": "eq", "val": 1}`), profile.ErrProfile, "number", "256: want a whole number from 0 to 255"},
		"type":                {with(`{"index": 0, "type": "word", "op": "eq", "val": 1}`), profile.ErrProfile, typeCode, `unknown type "word", want dword or qword`},
		"op":                  {with(`{"index": 0, "type": "dword", "op": "==", "val": 1}`), profile.ErrProfile, opCode, `unknown operator "==", want "eq"`},
		"masked_eq no mask":   {with(`{"index": 0, "type": "dword", "op": "masked_eq", "val": 1}`), profile.ErrProfile, opCode, `unknown operator "masked_eq"`},
		"a mask for eq":       {with(`{"index": 0, "type": "dword", "op": {"eq": 1}, "val": 1}`), profile.ErrProfile, opCode, `unknown operator "eq"`},
		"op a number":         {with(`{"index": 0, "type": "dword", "op": 1, "val": 1}`), profile.ErrProfile, "wrong-type", "got a number, want an operator"},
		"a fraction":          {with(`{"index": 0, "type": "dword", "op": "eq", "val": 1.0}`), profile.ErrProfile, "number", "1.0: want a whole number from 0 to 18446744073709551615"},
		"2^64":                {with(`{"index": 0, "type": "dword", "op": "eq", "val": 18446744073709551616}`), profile.ErrProfile, "number", "18446744073709551616: want"},
		"too deep":            {allowing(`{"syscall": "read", "args": [{"op": {"masked_eq": 1}}]}`), profile.ErrLimit, "too-deep", "nested deeper than 5"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(row.doc), profile.File("f"), profile.Limits(0, 5))
			if name != "too deep" {
				_, err = Parse([]byte(row.doc), profile.File("f"))
			}
			require.ErrorIs(t, err, row.kind)
			var e *profile.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, row.code, e.Code)
			assert.Contains(t, err.Error(), row.want)
			assert.Equal(t, "f", e.Place.File)
			assert.Positive(t, e.Place.Line)
		})
	}
}

func TestResolve(t *testing.T) {
	for name, row := range map[string]struct {
		doc    string
		target arch.Arch
		thread string
		err    string
		codes  []profile.Code
	}{
		"allow list":          {doc: allowing(`{"syscall": "read"}`), codes: []profile.Code{x32Code}},
		"mismatch kills":      {doc: one(`"kill_process"`, `"allow"`, `{"syscall": "read"}`)},
		"other ABI":           {doc: allowing(`{"syscall": "read"}`), target: arch.AArch64},
		"no rules":            {doc: one(`"allow"`, `"trap"`, ``), target: arch.RISCV64, codes: []profile.Code{noRules}},
		"no table":            {doc: allowing(``), target: arch.ARM, err: "f: seccompiler has no table for arm, want one of [x86_64 aarch64 riscv64 s390x loongarch64]"},
		"no target":           {doc: allowing(``), target: 0xff, err: "seccompiler has no table for"},
		"a name of others":    {doc: allowing(`{"syscall": "open"}`), target: arch.AArch64, err: `f:1:85: vmm.filter[0].syscall: aarch64 has no system call "open", which other ABIs have`},
		"a wrong name":        {doc: allowing(`{"syscall": "raed"}`), err: `unknown system call "raed", nearest is "read"`},
		"no name at all":      {doc: allowing(`{"syscall": "xyzzyxyzzy"}`), err: `unknown system call "xyzzyxyzzy"`},
		"no such thread":      {doc: allowing(``), thread: "api", err: `f: no filter for thread "api", there are: vmm`},
		"which thread":        {doc: `{"b": {"default_action":"trap","filter_action":"allow","filter":[]}, "a": {"default_action":"trap","filter_action":"allow","filter":[]}}`, err: "f: the document has 2 filters, want the name of a thread: b, a"},
		"this thread":         {doc: `{"b": {"default_action":"trap","filter_action":"allow","filter":[]}, "a": {"default_action":"kill_process","filter_action":"allow","filter":[]}}`, thread: "a", codes: []profile.Code{noRules}},
		"dword gt":            {doc: with(`{"index": 0, "type": "dword", "op": "gt", "val": 1}`), target: arch.AArch64, codes: []profile.Code{dwordCode}},
		"dword eq":            {doc: with(`{"index": 0, "type": "dword", "op": "eq", "val": 1}`), target: arch.AArch64},
		"dword masked":        {doc: with(`{"index": 0, "type": "dword", "op": {"masked_eq": 4294967295}, "val": 1}`), target: arch.AArch64},
		"dword wide mask":     {doc: with(`{"index": 0, "type": "dword", "op": {"masked_eq": 4294967296}, "val": 1}`), target: arch.AArch64, codes: []profile.Code{dwordCode}},
		"dword wide value":    {doc: with(`{"index": 0, "type": "dword", "op": "eq", "val": 4294967296}`), target: arch.AArch64, codes: []profile.Code{wideValue}},
		"qword gt":            {doc: with(`{"index": 0, "type": "qword", "op": "gt", "val": 4294967296}`), target: arch.AArch64},
		"plain beside others": {doc: allowing(`{"syscall": "read"}, {"syscall": "read", "args": [{"index": 0, "type": "qword", "op": "eq", "val": 1}]}`), target: arch.AArch64, codes: []profile.Code{shadowed}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(row.doc), profile.File("f"))
			require.NoError(t, err)
			if p.Thread = row.thread; row.target == 0 {
				row.target = arch.X86_64
			}
			policy, diags, err := p.Resolve(profile.Target{Arch: row.target})
			if row.err != "" {
				require.ErrorContains(t, err, row.err)
				require.Nil(t, policy)
				assert.Equal(t, profile.Failure, diags[len(diags)-1].Severity)
				return
			}
			require.NoError(t, err)
			var codes []profile.Code
			warned := false
			for _, d := range diags {
				codes = append(codes, d.Code)
				warned = warned || d.Severity == profile.Warning
			}
			assert.Equal(t, row.codes, codes)
			_, err = proof.Compile(policy)
			require.NoError(t, err)
			_, _, err = p.Resolve(profile.Target{Arch: row.target}, profile.Strict)
			assert.Equal(t, warned, err != nil, "strict: %v", err)
		})
	}
}

// judge decides a call from the bytes of a document, in the plainest way: as
// seccompiler's chains of comparisons do.
func judge(t testing.TB, doc []byte, thread string, abi arch.Arch, c *seccomp.Call) string {
	var filters map[string]map[string]any
	d := json.NewDecoder(strings.NewReader(string(doc)))
	d.UseNumber()
	require.NoError(t, d.Decode(&filters))
	f := filters[thread]
	action := func(names ...string) string {
		for _, n := range names {
			if v, ok := f[n]; ok {
				b, err := json.Marshal(v)
				require.NoError(t, err)
				return string(b)
			}
		}
		t.Fatal("no action")
		return ""
	}
	if c.Audit != abi.Audit() || abi == arch.X86_64 && c.Nr >= 1<<30 && c.Nr != 1<<32-1 {
		return `"kill_process"`
	}
	conditional := false
	plain := false
	for _, r := range f["filter"].([]any) {
		rule := r.(map[string]any)
		if nr, ok := abi.Number(rule["syscall"].(string)); !ok || nr != c.Nr {
			continue
		}
		args, _ := rule["args"].([]any)
		if len(args) == 0 {
			plain = true
			continue
		}
		conditional = true
		if !slices.ContainsFunc(args, func(a any) bool { return !holds(t, a.(map[string]any), c) }) {
			return action("match_action", "filter_action")
		}
	}
	if plain && !conditional {
		return action("match_action", "filter_action")
	}
	return action("mismatch_action", "default_action")
}

func number(t testing.TB, v any) uint64 {
	var n uint64
	_, err := fmt.Sscan(string(v.(json.Number)), &n)
	require.NoError(t, err)
	return n
}

func holds(t testing.TB, a map[string]any, c *seccomp.Call) bool {
	x, v := c.Args[number(t, a["index"])], number(t, a["val"])
	cut := func(n uint64) uint64 { return n }
	if a["type"] == "dword" {
		cut = func(n uint64) uint64 { return n % (1 << 32) }
	}
	if m, ok := a["op"].(map[string]any); ok {
		mask := number(t, m["masked_eq"])
		return cut(x)&cut(mask) == cut(v)&cut(mask)
	}
	x, v = cut(x), cut(v)
	return map[any]bool{"eq": x == v, "ne": x != v, "lt": x < v, "le": x <= v, "gt": x > v, "ge": x >= v}[a["op"]]
}

// TestMeaning holds policies to the documents they came from, at all calls where
// an answer may change.
func TestMeaning(t *testing.T) {
	var conditions []string
	for _, typ := range []string{"dword", "qword"} {
		for _, op := range []string{`"eq"`, `"ne"`, `"lt"`, `"le"`, `"gt"`, `"ge"`, `{"masked_eq": 6}`, `{"masked_eq": 18446744069414584326}`} {
			for _, val := range []uint64{0, 1, 5, 1<<32 - 1, 1 << 32, 1<<32 + 5, 1<<64 - 1} {
				conditions = append(conditions, fmt.Sprintf(`{"index": %d, "type": %q, "op": %s, "val": %d}`, len(conditions)%6, typ, op, val))
			}
		}
	}
	docs := []string{
		allowing(`{"syscall": "read"}, {"syscall": "write"}, {"syscall": "read"}`),
		one(`"allow"`, `{"errno": 1}`, `{"syscall": "read"}, {"syscall": "read", "args": [`+conditions[0]+`]}, {"syscall": "close"}`),
		one(`{"trace": 7}`, `"log"`, `{"syscall": "mmap", "args": [`+conditions[3]+`,`+conditions[40]+`]}, {"syscall": "mmap", "args": [`+conditions[20]+`]}`),
	}
	for _, c := range conditions {
		docs = append(docs, with(c))
	}
	calls := 0
	for _, doc := range docs {
		p, err := Parse([]byte(doc))
		require.NoError(t, err)
		for _, a := range []arch.Arch{arch.X86_64, arch.S390X} {
			policy, _, err := p.Resolve(profile.Target{Arch: a})
			require.NoError(t, err)
			for c := range boundary.Calls(policy) {
				calls++
				require.Equal(t, judge(t, []byte(doc), "vmm", a, c), written(policy.Evaluate(c)), "%s\n%+v", doc, *c)
			}
		}
	}
	assert.Greater(t, calls, 50000)
}

// written is an action as JSON.
func written(a seccomp.Action) string {
	b, err := json.Marshal(word(a))
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// TestCorpus reads Firecracker's own filters, proves them, and writes them again.
func TestCorpus(t *testing.T) {
	filters := 0
	for _, file := range shared.Glob(t, "data/profiles/firecracker/*.json") {
		doc, err := os.ReadFile(file)
		require.NoError(t, err)
		abi := arch.X86_64
		if strings.Contains(file, "aarch64") {
			abi = arch.AArch64
		}
		p, err := Parse(doc, profile.File(filepath.Base(file)))
		require.NoError(t, err)
		require.Equal(t, []string{"vmm", "api", "vcpu"}, p.Threads())
		for _, p.Thread = range p.Threads() {
			policy, diags, err := p.Resolve(profile.Target{Arch: abi})
			require.NoError(t, err, "%s: %s", file, p.Thread)
			for _, d := range diags {
				assert.NotEmpty(t, dialect.Meaning(d.Code), d)
				assert.Equal(t, profile.Info, d.Severity, d)
			}
			filter, err := proof.Compile(policy)
			require.NoError(t, err)
			i := 0
			for c := range boundary.Calls(policy) {
				if i++; i%50 == 0 {
					require.Equal(t, judge(t, doc, p.Thread, abi, c), written(filter.Run(c)), "%s: %s: %+v", file, p.Thread, *c)
				}
			}
			roundTrip(t, policy)
			filters++
		}
	}
	assert.Equal(t, 6*3, filters)
}

// roundTrip writes a policy, reads it and finds no difference.
func roundTrip(t *testing.T, policy *seccomp.Policy) {
	t.Helper()
	dialects.RoundTrip(t, dialect, policy, document.Writing{})
}

func TestWrite(t *testing.T) {
	trap, deny := seccomp.Trap(0), seccomp.Errno(1)
	only := func(rules ...seccomp.Rule) *seccomp.Policy {
		return &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, BadArch: seccomp.KillProcess, Default: trap, Rules: rules}
	}
	read := func(a seccomp.Action, args ...seccomp.Arg) seccomp.Rule {
		return seccomp.Rule{Syscalls: []string{"read"}, Args: args, Action: a}
	}
	for name, row := range map[string]struct {
		policy *seccomp.Policy
		want   string // of the error; empty if it can be said
	}{
		"nothing":             {only(), ""},
		"a name":              {only(read(seccomp.Allow)), ""},
		"a number":            {only(seccomp.Rule{Numbers: []seccomp.Range{{From: 0, To: 3}}, Action: deny}), ""},
		"alternatives":        {only(read(seccomp.Log, seccomp.Arg{Index: 1, Op: seccomp.NE, Value: 1 << 40}), read(seccomp.Log, seccomp.Arg{Op: seccomp.MaskedEQ, Mask: 6, Value: 255})), ""},
		"narrow":              {only(read(seccomp.Allow, seccomp.Arg{Op: seccomp.LT, Value: 5, Narrow: true})), ""},
		"conditions, plain":   {only(read(seccomp.Allow, seccomp.Arg{Op: seccomp.LT, Value: 5}), read(seccomp.Allow)), ""},
		"an exception":        {only(read(trap, seccomp.Arg{Op: seccomp.MaskedEQ, Mask: 6, Value: 2}), read(seccomp.Allow)), ""},
		"a full range":        {only(seccomp.Rule{Numbers: []seccomp.Range{{From: 0, To: 1<<32 - 1}}, Action: deny}), ""},
		"a number, no name":   {only(seccomp.Rule{Numbers: []seccomp.Range{{From: 5000, To: 5000}}, Action: deny}), "x86_64 calls 5000: ERRNO(1), TRAP(0)"},
		"three actions":       {only(read(seccomp.Allow), seccomp.Rule{Syscalls: []string{"write"}, Action: deny}), "ERRNO(1) for write beside ALLOW and TRAP(0): a filter has two actions"},
		"two ABIs":            {&seccomp.Policy{Arches: []arch.Arch{arch.X86_64, arch.X86}, BadArch: seccomp.KillProcess}, "a filter for [x86_64 x86]: want one ABI of"},
		"no ABI":              {&seccomp.Policy{}, "a policy for no ABI"},
		"an ABI without":      {&seccomp.Policy{Arches: []arch.Arch{arch.ARM}, BadArch: seccomp.KillProcess}, "a filter for [arm]"},
		"other foreign":       {&seccomp.Policy{Arches: []arch.Arch{arch.X86_64}}, "KILL_THREAD for foreign ABIs, want KILL_PROCESS"},
		"notify":              {only(read(seccomp.Notify)), "action USER_NOTIF"},
		"trap with a number":  {only(read(seccomp.Trap(3))), "action TRAP(3)"},
		"too wide for narrow": {only(read(seccomp.Allow, seccomp.Arg{Op: seccomp.EQ, Value: 1 << 40, Narrow: true})), ""},
	} {
		t.Run(name, func(t *testing.T) {
			if row.want == "" {
				roundTrip(t, row.policy)
				return
			}
			_, err := dialect.Write(row.policy, document.Writing{})
			var unsayable *profile.UnsayableError
			require.ErrorAs(t, err, &unsayable)
			assert.Contains(t, err.Error(), "firecracker cannot say this: ")
			assert.Contains(t, err.Error(), row.want)
		})
	}
	_, err := dialect.Write(&seccomp.Policy{Default: 1}, document.Writing{})
	require.ErrorIs(t, err, seccomp.ErrPolicy)

	doc, err := format(only(read(seccomp.Errno(9), seccomp.Arg{Op: seccomp.MaskedEQ, Mask: 6, Value: 2, Narrow: true})), document.Writing{Thread: "api"})
	require.NoError(t, err)
	assert.Equal(t, `{
    "api": {
        "default_action": "trap",
        "filter_action": {
            "errno": 9
        },
        "filter": [
            {
                "syscall": "read",
                "args": [
                    {
                        "index": 0,
                        "type": "dword",
                        "op": {
                            "masked_eq": 6
                        },
                        "val": 2
                    }
                ]
            }
        ]
    }
}
`, string(doc))
}

// TestMade resolves a profile that a program made.
func TestMade(t *testing.T) {
	p := &Profile{filters: []threadFilter{{Thread: "a", Mismatch: seccomp.Trap(0), Match: seccomp.Allow, Rules: []callRule{{Syscall: "read"}}}}}
	policy, _, err := p.Resolve(amd64)
	require.NoError(t, err)
	assert.Equal(t, seccomp.Allow, policy.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit()}))
	for want, change := range map[string]func(*threadFilter){
		"mismatch_action and match_action are both ALLOW":     func(f *threadFilter) { f.Mismatch = seccomp.Allow },
		"a.filter[0]: a call has no argument 6, want 0 to 5":  func(f *threadFilter) { f.Rules[0].Args = []argCondition{{Index: 6, Op: seccomp.EQ}} },
		"a.filter[0]: unknown operator Op(0)":                 func(f *threadFilter) { f.Rules[0].Args = []argCondition{{}} },
		`a.filter[0].syscall: unknown system call "noexist1"`: func(f *threadFilter) { f.Rules[0].Syscall = "noexist1" },
	} {
		f := threadFilter{Thread: "a", Mismatch: seccomp.Trap(0), Match: seccomp.Allow, Rules: []callRule{{Syscall: "read"}}}
		change(&f)
		_, _, err := (&Profile{filters: []threadFilter{f}}).Resolve(amd64)
		require.ErrorContains(t, err, want)
	}
}

func TestNarrow(t *testing.T) {
	p, err := Parse([]byte(allowing(`{"syscall": "socket", "args": [{"index": 0, "type": "qword", "op": "eq", "val": 1}]}`)))
	require.NoError(t, err)
	nr, _ := arch.X86_64.Number("socket")
	high := &seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr, Args: [6]uint64{1<<32 | 1}}
	policy, _, err := p.Resolve(amd64)
	require.NoError(t, err)
	assert.Equal(t, seccomp.Trap(0), policy.Evaluate(high))
	policy, _, err = p.Resolve(amd64, profile.Narrow)
	require.NoError(t, err)
	assert.Equal(t, seccomp.Allow, policy.Evaluate(high))
}

// FuzzParse: any bytes are read or refused with a place, and what is read resolves
// to a policy that means the same when it is written again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(allowing(`{"syscall": "read", "args": [{"index": 1, "type": "dword", "op": {"masked_eq": 6}, "val": 2, "comment": "x"}]}`)))
	f.Add([]byte(one(`{"errno": 1}`, `{"trace": 2}`, `{"syscall": "read"}`)))
	f.Add([]byte(`{"a": {"mismatch_action": "allow", "match_action": "trap", "filter": []}, "a": 1}`))
	files, _ := filepath.Glob(filepath.Join(os.Getenv("SIEVE_SHARED"), "data/profiles/firecracker/*.json"))
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		p, err := Parse(doc, profile.File("f"))
		if err != nil {
			var e *profile.Error
			require.ErrorAs(t, err, &e)
			return
		}
		for _, p.Thread = range p.Threads() {
			policy, _, err := p.Resolve(amd64)
			if err != nil {
				continue
			}
			require.NoError(t, policy.Validate())
			if len(policy.Rules) < 20 {
				roundTrip(t, policy)
			}
		}
	})
}
