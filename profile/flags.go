// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"strings"

	"github.com/gosieve/sieve/seccomp"
)

// InstallFlags are the document's flags for seccomp.Filter.Install, as runc reads them, on
// a kernel that takes those given (features.Flags).
//
// A document without flags asks for SPEC_ALLOW where the kernel takes it; one with an empty
// list asks for none. What is listed is asked for in any case: Install names the flag that
// the kernel lacks. TSYNC is never among them, as which threads to filter is
// the launcher's affair: InstallSelf filters all.
func (p *Profile) InstallFlags(kernel seccomp.Flags) seccomp.Flags {
	if p == nil {
		return 0
	}
	if p.Flags == nil {
		return kernel & seccomp.SpecAllow
	}
	var flags seccomp.Flags
	for _, name := range p.Flags {
		switch strings.TrimPrefix(name, "SECCOMP_FILTER_FLAG_") {
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
