// SPDX-License-Identifier: Apache-2.0

package document

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// Machine is the ABI of the machine that a policy is for: the first of Arches, 0 if there
// is none. A dialect whose documents hold for one machine (Mesos, systemd, minijail,
// Firecracker) is written for this one.
func Machine(p *seccomp.Policy) arch.Arch {
	if p == nil || len(p.Arches) == 0 {
		return 0
	}
	return p.Arches[0]
}
