// SPDX-License-Identifier: Apache-2.0

package artifact

import "github.com/gosieve/sieve/arch"

// Runs are the ABIs through which calls come on a machine: what a profile lists beyond
// them opens nothing there. Some kernels for ppc64le run programs of 32 bits, and give
// their calls the token of ppc (arch/beside.go).
func Runs(a arch.Arch) []arch.Arch {
	list := append([]arch.Arch{a}, a.Beside()...)
	if a == arch.PPC64LE {
		list = append(list, arch.PPC)
	}
	return list
}
