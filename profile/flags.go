// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// InstallFlags are the document's flags for seccomp.Filter.Install on a kernel of
// that version. A document without flags asks for SPEC_ALLOW where the kernel
// has it (4.17), as runc reads it since 1.2.
func (p *Profile) InstallFlags(k arch.Kernel) seccomp.Flags {
	if p == nil {
		return 0
	}
	if p.Flags == nil && k >= 4<<8|17 {
		return seccomp.SpecAllow
	}
	var flags seccomp.Flags
	for _, name := range p.Flags {
		switch strings.TrimPrefix(name, "SECCOMP_FILTER_FLAG_") {
		case "TSYNC":
			flags |= seccomp.TSync
		case "LOG":
			flags |= seccomp.LogAll
		case "SPEC_ALLOW":
			flags |= seccomp.SpecAllow
		case "WAIT_KILLABLE_RECV":
			flags |= seccomp.WaitKillable
		}
	}
	return flags
}
