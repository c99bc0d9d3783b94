// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// TestConvertOthers converts the documents of all other dialects to Docker's, for
// runtimes that add no ENOSYS, and compares what both mean.
func TestConvertOthers(t *testing.T) {
	for _, folder := range []struct {
		pattern string
		from    profile.Dialect
		said    int // at least
	}{
		{"containers-common/*.json", profile.Podman, 6},
		{"mesos/*.json", profile.Mesos, 3},
		{"firecracker/*x86_64*.json", profile.Firecracker, 2},
		{"minijail/*.policy", profile.Minijail, 4},
		{"spo/seccompprofile*.yaml", profile.SPO, 1},
	} {
		said, not := 0, 0
		for _, file := range shared.Glob(t, "data/profiles/"+folder.pattern) {
			doc, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, thread := range threads(folder.from, doc) {
				d, err := Parse(doc, profile.In(folder.from), profile.File(filepath.Base(file)))
				if err != nil {
					continue // the dialect's own tests say which and why
				}
				if thread != "" {
					d, err = d.Thread(thread)
					require.NoError(t, err)
				}
				if _, _, err := d.Resolve(amd64(), d.dialect.ENOSYS, profile.ENOSYSOff); err != nil {
					continue
				}
				c := Conversion{To: profile.Docker, Target: amd64(), Resolve: true, Options: Options{ForeignKills: true, ENOSYS: profile.ENOSYSOff}}
				out, _, err := c.Convert(d, profile.ENOSYSOff)
				var unsayable *profile.UnsayableError
				if errors.As(err, &unsayable) {
					t.Logf("%s %s: %.200v", filepath.Base(file), thread, err)
					not++
					continue
				}
				require.NoError(t, err, file)
				said++
				equal(t, c, d, out, profile.ENOSYSOff)
			}
		}
		t.Logf("%s: %d said, %d not", folder.from, said, not)
		assert.GreaterOrEqual(t, said, folder.said, folder.from)
	}
}

// threads are the filters of a document that has several.
func threads(from profile.Dialect, doc []byte) []string {
	list := []string{""}
	if from != profile.Firecracker {
		return list
	}
	list = nil
	for name := range fields(doc) {
		list = append(list, name)
	}
	return list
}

// TestMergeCorpus intersects neighbours of the corpus, proves the result equal to the
// stack of both filters, and holds the union to what Evaluate says of a sample.
func TestMergeCorpus(t *testing.T) {
	// Two profiles of other times get runc's ENOSYS above other calls on each ABI,
	// and their union is often none that one document has words for.
	assert.GreaterOrEqual(t, mergeCorpus(t, profile.ENOSYSRunc), 10)
	assert.GreaterOrEqual(t, mergeCorpus(t, profile.ENOSYSOff), 17)
}

// mergeCorpus is how many unions are documents.
func mergeCorpus(t *testing.T, mode profile.Option) int {
	var names []string
	var policies []*seccomp.Policy
	for _, file := range shared.Glob(t, "data/profiles/docker/*.json") {
		doc, err := os.ReadFile(file)
		require.NoError(t, err)
		d, err := Parse(doc, profile.In(profile.Docker))
		if err != nil {
			continue
		}
		p, _, err := d.Resolve(amd64(), mode)
		require.NoError(t, err, file)
		names, policies = append(names, filepath.Base(file)), append(policies, p)
	}
	said := 0
	for i := 1; i < len(policies); i++ {
		a, b := policies[i-1], policies[i]
		both, err := proof.Intersect(a, b)
		require.NoError(t, err)
		first, err := a.Compile()
		require.NoError(t, err)
		second, err := b.Compile()
		require.NoError(t, err)
		require.NoError(t, proof.Prove(append(second, first...), both), "%s, %s", names[i-1], names[i])
		assert.LessOrEqual(t, len(both.Rules), 2*(len(a.Rules)+len(b.Rules)), "%s, %s", names[i-1], names[i])

		union, err := proof.Union(a, b)
		require.NoError(t, err)
		again, err := proof.Union(union, both)
		require.NoError(t, err)
		requireAlike(t, union, again)
		none, err := proof.Subtract(both, union, seccomp.KillProcess)
		require.NoError(t, err)
		for call := range sample(none) {
			require.Less(t, none.Evaluate(&call).Rank(), seccomp.Notify.Rank(), "%s, %s: %+v", names[i-1], names[i], call)
		}
		if _, err := Write(profile.Docker, union, Options{ENOSYS: mode}); err == nil {
			said++
		} else {
			t.Logf("%.300v", err)
			require.ErrorContains(t, err, "docker cannot say this", fmt.Sprint(names[i-1], names[i]))
		}
	}
	t.Logf("%d unions of %d are documents", said, len(policies)-1)
	return said
}

func requireAlike(t *testing.T, p, q *seccomp.Policy) {
	for d, err := range proof.Diff(proof.Of(p), proof.Of(q)) {
		require.NoError(t, err)
		if d.A.Kind() != d.B.Kind() { // the errno is the first policy's
			t.Fatal(d)
		}
	}
}

// sample is a call of every number up to 600, of each ABI of a policy.
func sample(p *seccomp.Policy) func(func(seccomp.Call) bool) {
	return func(yield func(seccomp.Call) bool) {
		for _, a := range p.Arches {
			for nr := a.Base(); nr < a.Base()+600; nr++ {
				if !yield(seccomp.Call{Audit: a.Audit(), Nr: nr}) {
					return
				}
			}
		}
	}
}

// TestConvertTooManyTargets: a document that tells very many targets apart is refused
// before the proof would take minutes.
func TestConvertTooManyTargets(t *testing.T) {
	var rules []string
	for i := range 80 {
		rules = append(rules, fmt.Sprintf(`{"names": ["read"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_X%d"], "minKernel": "5.%d"}}`, i, i))
	}
	doc := `{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [` + strings.Join(rules, ",") + `]}`
	_, err := converted(t, profile.Docker, Conversion{To: profile.Docker}, doc)
	assert.ErrorContains(t, err, "the document tells more than 4096 targets apart")
	_, err = converted(t, profile.Docker, Conversion{To: profile.Docker, Resolve: true, Target: profile.Target{Arch: arch.X86_64}}, doc)
	assert.NoError(t, err)
}
