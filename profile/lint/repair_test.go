// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/jsontext"
	"github.com/gosieve/sieve/internal/options"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/test/documents"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// reading is a document and how it is read.
type reading struct {
	text   string
	target profile.Target
	parse  []profile.ParseOption
	opts   []profile.Option
}

// lint is what is said of it and what it means, nil if it is refused.
func (r *reading) lint(t *testing.T) ([]profile.Diagnostic, *seccomp.Policy) {
	t.Helper()
	p, err := profile.Parse([]byte(r.text), r.parse...)
	require.NoError(t, err, r.text)
	policy, _, _ := p.Resolve(r.target, r.opts...)
	return Lint(p, r.target, r.opts...), policy
}

// replaced is a reading with other words.
func (r reading) replaced(old, by string) (reading, bool) {
	text := strings.Replace(r.text, old, by, 1)
	changed := text != r.text
	r.text = text
	return r, changed
}

// byHand does what a fix says that names no place a program could find, in the documents of
// findings.
var byHand = map[profile.Code]func(reading) (reading, bool){
	"differs-containerd": func(r reading) (reading, bool) {
		p, err := profile.Parse([]byte(r.text), r.parse...)
		if err != nil {
			return r, false
		}
		if p, err = p.Flatten(r.target); err != nil {
			return r, false
		}
		text, err := json.Marshal(p)
		r.text, r.parse = string(text), []profile.ParseOption{profile.In(profile.OCI)}
		return r, err == nil
	},
	"wide-bypass": func(r reading) (reading, bool) { r.opts = append(slices.Clip(r.opts), profile.Narrow); return r, true },
	"repeated-arg": func(r reading) (reading, bool) {
		r.opts = append(slices.Clip(r.opts), profile.AndRepeated)
		return r, true
	},
	"never-true": func(r reading) (reading, bool) {
		return r.replaced(`"SCMP_CMP_LT", "value": 0`, `"SCMP_CMP_LT", "value": 9`)
	},
	"overlap": func(r reading) (reading, bool) {
		const condition, other = `{"index": 1, "op": "SCMP_CMP_EQ", "value": 1, "valueTwo": 0}`, `{"index": 0, "op": "SCMP_CMP_NE", "value": 1, "valueTwo": 0}`
		return r.replaced(condition, condition+", "+other)
	},
	"unknown-errno": func(r reading) (reading, bool) { return r.replaced(`"EINTR"`, `"4"`) },
	"multiplexer-conditions": func(r reading) (reading, bool) {
		return r.replaced("]}]}", "]}, "+documents.Rule("socketcall", "ERRNO", `"errnoRet": 38`)+"]}")
	},
	"podman-arch-map": func(r reading) (reading, bool) {
		return r.replaced(`"archMap": [{"architecture": "SCMP_ARCH_PPC64", "subArchitectures": ["SCMP_ARCH_PPC"]}]`, `"architectures": ["SCMP_ARCH_PPC"]`)
	},
	"podman-errno": func(r reading) (reading, bool) {
		return r.replaced(`"errno": "ENOENT"`, `"errno": "ENOENT", "errnoRet": 2`)
	},
	"unknown-key": func(r reading) (reading, bool) {
		if options.Of(r.parse...).Dialect == string(profile.Podman) {
			return r, false
		}
		r.parse = append(slices.Clip(r.parse), profile.In(profile.Podman))
		return r, true
	},
}

// opening are codes whose fix says that it opens calls, if not by name.
var opening = map[profile.Code]string{
	"unknown-filter-arch": "a rule that never applied does",
	"unknown-capability":  "a rule that never applied does",
	"podman-arch-map":     "it filters by rules what Podman kills: all calls of an ABI",
}

// mended is a reading after the fix of a diagnostic, and which calls the fix says that
// it allows.
func (r reading) mended(t *testing.T, d profile.Diagnostic) (after reading, allowed []string, ok bool) {
	t.Helper()
	root, err := new(Fixer).tree(r.text)
	require.NoError(t, err)
	m, ok := mending{diag: d}, false
	if answers(d.Edits) { // whatever its severity is
		m, ok = m.take(r.text, root, d.Edits)
	} else {
		m, ok = changeFor(r.text, root, d)
	}
	for _, e := range d.Edits {
		var rule struct {
			Names  []string
			Action string
		}
		if e.Op == resolution.Add && json.Unmarshal([]byte(e.Value), &rule) == nil && rule.Action == "SCMP_ACT_ALLOW" {
			allowed = append(allowed, rule.Names...)
		}
		if e.Op == resolution.Replace && d.Code == "unknown-syscall" {
			written, err := strconv.Unquote(e.Value)
			require.NoError(t, err)
			allowed = append(allowed, written)
		}
	}
	if !ok && d.Fix == "remove it" {
		if at, found := find(root, d.Place.Path); found {
			m, ok = mending{diag: d, gone: []jsontext.Position{at}}, at.Around != nil
		}
	}
	if ok {
		r.text = apply(r.text, []mending{m})
		return r, allowed, true
	}
	if hand := byHand[d.Code]; hand != nil {
		r, ok = hand(r)
	}
	return r, allowed, ok
}

// check applies the fix of a diagnostic: the diagnostic goes, and nothing is allowed
// that was not, but what the fix names.
func (r reading) check(t *testing.T, d profile.Diagnostic, diags []profile.Diagnostic, before *seccomp.Policy) (done bool) {
	t.Helper()
	after, allowed, ok := r.mended(t, d)
	if !ok {
		return false
	}
	list, policy := after.lint(t)
	same := func(o profile.Diagnostic) bool { return o.Code == d.Code && o.Message == d.Message }
	count := func(list []profile.Diagnostic) (n int) {
		for _, o := range list {
			if same(o) {
				n++
			}
		}
		return n
	}
	assert.Less(t, count(list), count(diags), "%s\nfix: %s\n%s", d, d.Fix, text.Clip(after.text))
	if before == nil || policy == nil {
		return true
	}
	for set, err := range proof.Diff(proof.Of(before), proof.Of(policy)) {
		require.NoError(t, err)
		if !set.B.Denies() && set.A.Denies() && !covers(allowed, &set) && opening[d.Code] == "" {
			assert.Fail(t, "allows more", "%s\nfix: %s\n%v", d, d.Fix, set)
			break
		}
	}
	return true
}

// covers says whether calls of a difference are all among some names, also those that a
// multiplexer makes.
func covers(allowed []string, set *proof.Difference) bool {
	abi, _ := arch.Of(set.Call.Audit, set.Call.Nr)
	within := func(name string) bool {
		return slices.Contains(allowed, name) || slices.ContainsFunc(allowed, func(inner string) bool {
			mux, n, ok := abi.Multiplexer(inner)
			return ok && mux == name && set.Call.Args[0]&0xffff == uint64(n)
		})
	}
	return len(set.Names) > 0 && !slices.ContainsFunc(set.Names, func(name string) bool { return !within(name) })
}

// TestFixesOfFindings applies every fix that is printed of the documents of findings.
func TestFixesOfFindings(t *testing.T) {
	for code, f := range findings {
		r := reading{text: decimal(f.doc), target: f.target, parse: f.parse, opts: f.opts}
		if r.target.Arch == 0 {
			r.target = linux
		}
		if _, err := profile.Parse([]byte(r.text), r.parse...); err != nil || len(r.text) > 1<<16 {
			continue // errors of Parse have no fix: TestParseErrorsHaveNoFix
		}
		t.Run(string(code), func(t *testing.T) {
			diags, policy := r.lint(t)
			for _, d := range diags {
				if d.Fix != "" && (d.Code == code || byHand[d.Code] == nil) {
					assert.True(t, r.check(t, d, diags, policy), "nothing applies the fix %q of %s", d.Fix, d.Code)
				}
			}
		})
	}
}

// TestFixesOfCorpus applies those of the corpus that name their place, on machines of
// different errnos and ABIs.
func TestFixesOfCorpus(t *testing.T) {
	done := map[profile.Code]int{}
	for _, pattern := range []string{"data/profiles/docker", "data/profiles/containers-common", "data/profiles/oci", "data/profiles/mesos", "cases"} {
		for _, file := range shared.Glob(t, pattern+"/*.json") {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			r := reading{text: string(text)}
			if _, err := profile.Parse(text); err != nil {
				continue
			}
			for _, a := range []arch.Arch{arch.X86_64, arch.AArch64, arch.MIPS64} {
				r.target = on(a)
				diags, policy := r.lint(t)
				for _, d := range diags {
					if answers(d.Edits) || d.Code == "wait-killable" {
						require.True(t, r.check(t, d, diags, policy), "%s: %s", file, d)
						done[d.Code]++
					}
				}
			}
		}
	}
	for _, code := range []profile.Code{"fallback-denied", "sibling-unseen", "sibling-open", "new-call-denied", "missing-calls", "runtime-calls", "wait-killable"} {
		assert.Positive(t, done[code], code)
	}
	t.Log(done)
}
