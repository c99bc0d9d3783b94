// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp/proof"
)

// TestFormatCorpus writes what every document of the corpus means on a big-endian
// machine in every dialect, and proves that what is read of it means the same. Where
// a dialect cannot say it, the error says why. TestConvertCorpus and
// TestConvertOthers have x86_64.
func TestFormatCorpus(t *testing.T) {
	said, not := map[profile.Dialect]int{}, map[profile.Dialect]int{}
	for _, f := range corpus(t) {
		if f.folder() == "" || f.folder() == profile.Firecracker && len(f.targets()) == 1 {
			continue // no document, or one for another machine
		}
		r := f.read(t, f.folder())
		if found, err := detectText(f.name, f.text); r.err != nil && err == nil {
			r = f.read(t, found)
		}
		if r.err != nil {
			continue // TestCorpus says why
		}
		for _, p := range r.parts {
			if _, _, err := p.document.Resolve(s390x()); err != nil {
				continue // TestCorpus says why
			}
			for _, to := range Names() {
				if written(t, f.name, p.document, to) {
					said[to]++
				} else {
					not[to]++
				}
			}
		}
	}
	for _, to := range Names() {
		t.Logf("%s: %d said, %d not", to, said[to], not[to])
	}
	for to, least := range map[profile.Dialect]int{profile.Docker: 55, profile.Podman: 55, profile.OCI: 55, profile.Firecracker: 50, profile.SPO: 40, profile.Mesos: 20, profile.Minijail: 15, profile.Systemd: 5} {
		assert.GreaterOrEqual(t, said[to], least, to)
	}
}

func s390x() profile.Target { return corpusTarget(arch.S390X) }

// written writes what a document means on s390x, as the tool that it is for would have
// it answer new calls, and compares what is read of that.
func written(t *testing.T, name string, d *Document, to profile.Dialect) bool {
	tool, err := find(to)
	require.NoError(t, err)
	policy, _, err := d.Resolve(s390x(), tool.ENOSYS)
	require.NoError(t, err)
	o := Options{ForeignKills: true, NativeOnly: to == profile.Firecracker || to == profile.Minijail}
	doc, err := Write(to, policy, o)
	var unsayable *profile.UnsayableError
	if errors.As(err, &unsayable) {
		require.NotEmpty(t, unsayable.Reasons)
		if to == profile.Docker {
			t.Logf("%s: %.300v", name, err)
		}
		return false
	}
	require.NoError(t, err, "%s as %s", name, to)
	again, err := Parse(doc, profile.In(to))
	require.NoError(t, err, "%s as %s: %s", name, to, doc)
	read, _, err := again.Resolve(s390x())
	require.NoError(t, err, "%s as %s: %s", name, to, doc)
	if o.NativeOnly {
		policy.Arches = policy.Arches[:1]
	}
	if kills(policy.BadArch) && kills(read.BadArch) {
		policy.BadArch = read.BadArch
	}
	for d, err := range proof.Diff(proof.Of(policy), proof.Of(read)) {
		require.NoError(t, err)
		t.Fatalf("%s as %s: %v\n%s", name, to, d, doc)
	}
	return true
}
