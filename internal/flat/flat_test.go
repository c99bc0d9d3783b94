// SPDX-License-Identifier: Apache-2.0

package flat

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
)

// TestNot: every part that depends on the target has its path, and nothing else has one.
func TestNot(t *testing.T) {
	kernel := arch.Newest
	p := &profile.Profile{
		ArchMap: []profile.ArchMap{{}}, DefaultErrno: "EPERM",
		Syscalls: []profile.Rule{
			{Includes: &profile.Selector{}, Excludes: &profile.Selector{}},
			{Includes: &profile.Selector{Caps: []string{"CAP_BPF"}}, Excludes: &profile.Selector{MinKernel: &kernel}},
			{Excludes: &profile.Selector{Arches: []string{"amd64"}}, Errno: "ENOSYS"},
		},
	}
	assert.Equal(t, []string{"archMap", "defaultErrno", "syscalls[1].includes", "syscalls[1].excludes", "syscalls[2].excludes", "syscalls[2].errno"}, Not(p))
	assert.Empty(t, Not(&profile.Profile{Syscalls: []profile.Rule{{Names: []string{"read"}, Action: "SCMP_ACT_ALLOW"}}}))
	p.Syscalls = make([]profile.Rule, 50)
	for i := range p.Syscalls {
		p.Syscalls[i].Errno = "EPERM"
	}
	assert.Len(t, Not(p), mostPaths)
}
