// SPDX-License-Identifier: Apache-2.0

package seccomp

import "github.com/gosieve/sieve/arch"

// What tests from outside the package need of its inside.

// CheckRuntime is what InstallSelf asks of a filter before it begins.
func (f Filter) CheckRuntime(abi arch.Arch, kernel arch.Kernel, cgo bool) error {
	return f.checkRuntime(abi, kernel, cgo)
}

// RuntimeENOSYS is ENOSYS on an ABI.
func RuntimeENOSYS(abi arch.Arch, kernel arch.Kernel) uint16 {
	return newRuntimeValues(abi, kernel).enosys
}

// MapsByAddress says whether the arguments of mmap are in memory.
func MapsByAddress(abi arch.Arch, kernel arch.Kernel) bool {
	return newRuntimeValues(abi, kernel).byAddress
}
