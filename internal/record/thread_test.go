// SPDX-License-Identifier: Apache-2.0

package record

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// TestThreads: a program that starts a thread may wait for it, on each ABI with the calls
// that the ABI has; one that only starts processes gets nothing unseen.
func TestThreads(t *testing.T) {
	for _, abi := range arch.All() {
		var want []string
		for _, name := range waiting {
			if _, ok := abi.Number(name); ok {
				want = append(want, name)
			}
		}
		assert.NotEmpty(t, want, "%v", abi)
		flags := []uint64{cloneThread}
		if abi == arch.S390 || abi == arch.S390X {
			flags = []uint64{0, cloneThread} // the stack comes first
		}
		for _, args := range []bool{false, true} {
			r := &Recording{Args: args}
			r.Add(call(t, abi, "clone", flags...))
			assert.Equal(t, want, commented(r.Profile(nil, NoRuntime), threadComment), "%v", abi)
		}
		r := &Recording{}
		r.Add(call(t, abi, "clone", 0x11, 0x11)) // SIGCHLD
		assert.Empty(t, commented(r.Profile(nil, NoRuntime), threadComment), "%v", abi)
	}
}

// TestThreadsSeen: a call that was seen is no longer marked as unseen, also in what the
// file held before. The flags of clone3 are in memory, so any may make a thread.
func TestThreadsSeen(t *testing.T) {
	first := &Recording{}
	first.Add(call(t, arch.X86_64, "clone3"))
	base := first.Profile(nil, NoRuntime)
	assert.Equal(t, []string{"futex"}, commented(base, threadComment))

	second := &Recording{}
	second.Add(call(t, arch.X86_64, "futex"))
	second.Add(call(t, arch.X86_64, "clone3"))
	doc := second.Profile(base, NoRuntime)
	assert.Empty(t, commented(doc, threadComment))
	assert.Equal(t, seccomp.Allow, policy(t, doc, arch.X86_64).Evaluate(call(t, arch.X86_64, "futex")))
}
