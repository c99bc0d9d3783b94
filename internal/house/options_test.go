// SPDX-License-Identifier: Apache-2.0

package house

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/profile/lint"
	"github.com/gosieve/sieve/profile/mesos"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// optionDocuments are a document of each dialect that options are read for.
var optionDocuments = map[profile.Dialect]string{
	profile.Docker:      `{"defaultAction": "SCMP_ACT_ALLOW", "archMap": []}`,
	profile.OCI:         `{"linux": {"seccomp": {"defaultAction": "SCMP_ACT_ALLOW"}}}`,
	profile.Podman:      `{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrno": "EPERM"}`,
	profile.Firecracker: `{"vmm": {"default_action": "kill_thread", "filter_action": "allow", "filter": [{"syscall": "read"}]}}`,
	profile.Minijail:    "read: 1",
	profile.Systemd:     "~@clock",
	profile.SPO:         "apiVersion: security-profiles-operator.x-k8s.io/v1beta1\nkind: SeccompProfile\nmetadata: {name: a}\nspec: {defaultAction: SCMP_ACT_ALLOW}\n",
}

// spare is a slice of one option with room for more. A function that appends to its
// caller's options writes to that room.
func spare[O any](o O) []O { return append(make([]O, 0, 4), o) }

// unwritten checks that the room of a slice is as it was made.
func unwritten[O any](t *testing.T, options []O) {
	t.Helper()
	for _, o := range options[len(options):cap(options)] {
		assert.Zero(t, o, "a function wrote to its caller's options")
	}
}

// TestOptionsAreOnlyRead calls what takes options from goroutines that share them: none
// may write to the slice, or another would read its documents by them. The race
// detector sees what the last lines do not.
func TestOptionsAreOnlyRead(t *testing.T) {
	parse, resolve := spare(profile.ParseOption(profile.File("shared"))), spare(profile.Option(profile.Narrow))
	compile := spare(seccomp.Within(context.Background(), seccomp.Limits{}))
	target := profile.Target{Arch: arch.X86_64, Kernel: arch.Newest}
	use := func(name profile.Dialect, doc string) {
		_, _ = mesos.Parse([]byte(doc), parse...) // which is never detected
		d, err := dialect.Parse([]byte(doc), parse...)
		if !assert.NoError(t, err, name) || !assert.Equal(t, name, d.Dialect()) {
			return
		}
		policy, _, err := d.Resolve(target, resolve...)
		if !assert.NoError(t, err, name) {
			return
		}
		_, err = d.Changes(target, seccomp.Call{Audit: arch.X86_64.Audit()}, resolve...)
		assert.NoError(t, err, name)
		_, _, _ = dialect.Conversion{To: profile.OCI, Target: target}.Convert(d, resolve...)
		if p := d.Profile(); p != nil {
			lint.Lint(p, target, resolve...)
		}
		filter, err := policy.Compile(compile...)
		assert.NoError(t, err, name)
		_, err = proof.Compile(policy, compile...)
		assert.NoError(t, err, name)
		assert.NoError(t, proof.Prove(filter, policy, compile...), name)
		_, err = proof.Decompile(filter, compile...)
		assert.NoError(t, err, name)
		for range proof.Diff(proof.Of(filter), proof.Of(policy), compile...) {
			t.Errorf("%s: the filter is not the policy's", name)
		}
		for _, p := range filter {
			_, _, err = proof.EqualPrograms(p, p, compile...)
			assert.NoError(t, err, name)
		}
	}
	var all sync.WaitGroup
	for name, doc := range optionDocuments {
		for range 4 {
			all.Go(func() { use(name, doc) })
		}
	}
	all.Wait()
	unwritten(t, parse)
	unwritten(t, resolve)
	unwritten(t, compile)
}
