// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/documents"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
)

func lintText(t *testing.T, text string) []profile.Diagnostic {
	p, err := profile.Parse([]byte(text))
	require.NoError(t, err, text)
	return Lint(p, linux)
}

func TestFix(t *testing.T) {
	const head, tail = "{\n\t\"defaultAction\" : \"SCMP_ACT_ERRNO\",\n\t\"syscalls\":[\n", "\n\t]\n}\n"
	wrap := func(rules string) string { return head + rules + tail }
	tests := map[string]struct {
		doc, want string
		unsafe    bool
		mended    string
	}{
		"nothing": {doc: wrap(`{"names": ["read"], "action": "SCMP_ACT_ALLOW"}`), want: wrap(`{"names": ["read"], "action": "SCMP_ACT_ALLOW"}`)},
		"a key in another case": {
			doc:  wrap(`{"Names" : ["read"], "action": "SCMP_ACT_ALLOW"}`),
			want: wrap(`{"names" : ["read"], "action": "SCMP_ACT_ALLOW"}`), mended: "key-case"},
		"the head's too": {
			doc:  strings.Replace(wrap(`{"names": ["read"], "action": "SCMP_ACT_ALLOW"}`), "defaultAction", "DefaultAction", 1),
			want: wrap(`{"names": ["read"], "action": "SCMP_ACT_ALLOW"}`), mended: "key-case"},
		"names twice, with all around them": {
			doc:  wrap("{\"names\": [\n  \"read\",\n  \"write\",\n  \"read\",\n  \"write\"\n ], \"action\": \"SCMP_ACT_ALLOW\"}"),
			want: wrap("{\"names\": [\n  \"read\",\n  \"write\"\n ], \"action\": \"SCMP_ACT_ALLOW\"}"), mended: "duplicate-name duplicate-name"},
		"a name twice, at the start": {
			doc:  wrap(`{"names": ["read", "read", "write"], "action": "SCMP_ACT_ALLOW"}`),
			want: wrap(`{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"}`), mended: "duplicate-name"},
		"a rule equal to the default": {
			doc:  wrap("\t\t{\"names\": [\"bpf\"], \"action\": \"SCMP_ACT_ERRNO\"},\n\t\t{\"names\": [\"mseal\"], \"action\": \"SCMP_ACT_ALLOW\"}"),
			want: wrap("\t\t{\"names\": [\"mseal\"], \"action\": \"SCMP_ACT_ALLOW\"}"), mended: "equals-default"},
		"one that keeps ENOSYS away stays": {
			doc:  wrap(`{"names": ["read"], "action": "SCMP_ACT_ALLOW"}, {"names": ["bpf"], "action": "SCMP_ACT_ERRNO"}`),
			want: wrap(`{"names": ["read"], "action": "SCMP_ACT_ALLOW"}, {"names": ["bpf"], "action": "SCMP_ACT_ERRNO"}`)},
		"what can go, goes without what cannot": {
			doc:    wrap(`{"names": ["read", "read"], "action": "SCMP_ACT_ALLOW"}, {"names": ["bpf"], "action": "SCMP_ACT_ERRNO"}`),
			want:   wrap(`{"names": ["read"], "action": "SCMP_ACT_ALLOW"}, {"names": ["bpf"], "action": "SCMP_ACT_ERRNO"}`),
			mended: "duplicate-name"},
		"a rule without names, the last": {
			doc:  wrap("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\"},\n{\"names\": [], \"action\": \"SCMP_ACT_ALLOW\"}"),
			want: wrap("{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\"}"), mended: "no-names"},
		"all rules": {
			doc: wrap(`{"action": "SCMP_ACT_ALLOW"}, {"action": "SCMP_ACT_ALLOW"}`), want: strings.Replace(wrap(""), "[\n\n\t]", "[]", 1), mended: "no-names no-names"},
		"an errno that nothing uses": {
			doc:  wrap(`{"names": ["read"], "action": "SCMP_ACT_ALLOW", "errnoRet": 1}`),
			want: wrap(`{"names": ["read"], "action": "SCMP_ACT_ALLOW"}`), mended: "unused-errno"},
		"an empty kernel": {
			doc:  wrap(`{"names": ["read"], "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "", "caps": ["CAP_KILL"]}}`),
			want: wrap(`{"names": ["read"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_KILL"]}}`), mended: "empty-kernel"},
		"a value left out": {
			doc:    wrap(`{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{ "index": 0, "op": "SCMP_CMP_EQ"}]}`),
			want:   wrap(`{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"value": 0,  "index": 0, "op": "SCMP_CMP_EQ"}]}`),
			mended: "no-value"},
		"bits outside the mask": {
			doc:    wrap(`{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 6, "valueTwo": 3, "op": "SCMP_CMP_MASKED_EQ"}]}`),
			want:   wrap(`{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 6, "valueTwo": 2, "op": "SCMP_CMP_MASKED_EQ"}]}`),
			mended: "datum-outside-mask"},
		"a mask of 0": {
			doc:    wrap(`{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 0, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]}`),
			want:   wrap(`{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": []}`),
			mended: "mask-zero"},
		"a condition that always holds": {
			doc:    wrap(`{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 0, "op": "SCMP_CMP_GE"}, {"index": 1, "value": 0, "op": "SCMP_CMP_EQ"}]}`),
			want:   wrap(`{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 1, "value": 0, "op": "SCMP_CMP_EQ"}]}`),
			mended: "always-true"},
		"swapped operands are not touched": {
			doc:  wrap(`{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 0, "valueTwo": 2080505856, "op": "SCMP_CMP_MASKED_EQ"}]}`),
			want: wrap(`{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 0, "valueTwo": 2080505856, "op": "SCMP_CMP_MASKED_EQ"}]}`)},
		"unless that is asked for": {unsafe: true,
			doc:    wrap(`{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 0, "valueTwo": 2080505856, "op": "SCMP_CMP_MASKED_EQ"}]}`),
			want:   wrap(`{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 2080505856, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]}`),
			mended: "mask-zero"},
		"a misspelt name": {unsafe: true,
			doc:    wrap(`{"names": ["raed", "read", "read"], "action": "SCMP_ACT_ALLOW"}`),
			want:   wrap(`{"names": ["read", "read"], "action": "SCMP_ACT_ALLOW"}`),
			mended: "unknown-syscall duplicate-name"},
		"a thread killed": {unsafe: true,
			doc:    wrap(`{"names": ["read"], "action": "SCMP_ACT_KILL"}`),
			want:   wrap(`{"names": ["read"], "action": "SCMP_ACT_KILL_PROCESS"}`),
			mended: "kill-thread"},
		"a comparison that a program gets around": {unsafe: true,
			doc:    `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["prctl"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 38, "op": "SCMP_CMP_EQ"}]}]}`,
			want:   `{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["prctl"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 4294967295, "valueTwo": 38, "op": "SCMP_CMP_MASKED_EQ"}]}]}`,
			mended: "wide-bypass"},
		"a rule and what is in it": {
			doc:  wrap(`{"names": [], "action": "SCMP_ACT_ALLOW", "errnoRet": 1}, {"names": ["read"], "action": "SCMP_ACT_ALLOW"}`),
			want: wrap(`{"names": ["read"], "action": "SCMP_ACT_ALLOW"}`), mended: "no-names"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := Fixer{Target: linux, Unsafe: tt.unsafe}
			got, mended, err := f.Fix([]byte(tt.doc), lintText(t, tt.doc))
			require.NoError(t, err)
			assert.Equal(t, tt.want, string(got))
			var list []string
			for _, d := range mended {
				list = append(list, string(d.Code))
			}
			assert.Equal(t, tt.mended, strings.Join(list, " "))
			again, mended, err := f.Fix(got, lintText(t, string(got)))
			require.NoError(t, err)
			if name != "a misspelt name" { // one of the two that are alike now
				assert.Empty(t, mended)
				assert.Equal(t, string(got), string(again))
			}
		})
	}
}

func TestFixRefuses(t *testing.T) {
	f := Fixer{Target: linux}
	_, _, err := f.Fix([]byte("names: [read]"), nil)
	assert.ErrorIs(t, err, ErrFix)
	_, _, err = f.Fix([]byte(`{}`), nil)
	assert.ErrorIs(t, err, profile.ErrProfile)
	_, _, err = f.Fix(documents.Docker("ALLOW", documents.Rule("opennat", "ERRNO")), nil)
	assert.ErrorContains(t, err, "without it ERRNO(1) would become ALLOW")
	f.Unsafe = true
	p, err := profile.Parse(documents.Docker("ALLOW", documents.Rule("opennat", "ERRNO")))
	require.NoError(t, err)
	got, _, err := f.Fix(documents.Docker("ALLOW", documents.Rule("opennat", "ERRNO")), Lint(p, linux))
	require.NoError(t, err)
	assert.Equal(t, string(documents.Docker("ALLOW", documents.Rule("openat", "ERRNO"))), string(got))
}

// TestFixConfig mends a profile that is inside of a config.json.
func TestFixConfig(t *testing.T) {
	const before = `{"ociVersion": "1.0", "linux": {"seccomp": {"DefaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["bpf", "bpf"], "action": "SCMP_ACT_ERRNO", "args": []}]}}}`
	const after = `{"ociVersion": "1.0", "linux": {"seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["bpf"], "action": "SCMP_ACT_ERRNO", "args": []}]}}}`
	p, err := profile.Parse([]byte(before), profile.In(profile.OCI))
	require.NoError(t, err)
	f := Fixer{Target: linux, Parse: []profile.ParseOption{profile.In(profile.OCI)}}
	got, mended, err := f.Fix([]byte(before), Lint(p, linux))
	require.NoError(t, err)
	assert.Equal(t, after, string(got))
	assert.Len(t, mended, 2)
}

// TestFixCorpus mends every profile of the corpus: what comes out is JSON, means
// the same, and has nothing left to mend.
func TestFixCorpus(t *testing.T) {
	files, mendings := 0, 0
	for _, pattern := range []string{"docker", "containers-common", "oci", "mesos"} {
		for _, file := range shared.Glob(t, "data/profiles/"+pattern+"/*.json") {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			p, err := profile.Parse(text)
			if err != nil {
				continue
			}
			f := Fixer{Target: linux}
			got, mended, err := f.Fix(text, Lint(p, linux))
			require.NoError(t, err, file)
			require.True(t, json.Valid(got), file)
			q, err := profile.Parse(got)
			require.NoError(t, err, file)
			_, again, err := f.Fix(got, Lint(q, linux))
			require.NoError(t, err, file)
			assert.Empty(t, again, file)
			files++
			mendings += len(mended)
			if len(mended) == 0 {
				assert.Equal(t, string(text), string(got), file)
			}
		}
	}
	assert.Greater(t, files, 35)
	assert.Positive(t, mendings)
}

// FuzzFix: whatever is mended is a profile that means the same.
func FuzzFix(f *testing.F) {
	for _, row := range findings {
		if len(row.doc) < 4096 {
			f.Add(row.doc)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := profile.Parse([]byte(text), profile.Limits(1<<14, 32))
		if err != nil {
			return
		}
		fixer := Fixer{Target: linux}
		got, mended, err := fixer.Fix([]byte(text), Lint(p, linux))
		if err != nil {
			return
		}
		if len(mended) == 0 && string(got) != text {
			t.Fatalf("%q became %q with nothing mended", text, got)
		}
		if _, err := profile.Parse(got); err != nil {
			t.Fatalf("%q became %q: %v", text, got, err)
		}
	})
}
