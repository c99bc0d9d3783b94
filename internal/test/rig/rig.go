// SPDX-License-Identifier: Apache-2.0

package rig

import (
	"slices"

	"github.com/gosieve/sieve/arch"
)

// GoABIs are the ABIs that Go builds for.
func GoABIs() []arch.Arch {
	ports := []string{"386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le", "riscv64", "s390x"}
	return slices.DeleteFunc(arch.All(), func(a arch.Arch) bool { return !slices.Contains(ports, a.GOARCH()) })
}
