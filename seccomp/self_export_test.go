// SPDX-License-Identifier: Apache-2.0

package seccomp

import "github.com/gosieve/sieve/arch"

// What tests from outside the package need of its inside.

// DeniedCall is a call of the Go runtime, and the filter's answer.
type DeniedCall = deniedCall

// DeniedCalls is what InstallSelf asks of a filter before it begins.
func (f Filter) DeniedCalls(abi arch.Arch, kernel arch.Kernel, cgo bool) []DeniedCall {
	return f.deniedCalls(abi, kernel, cgo)
}

// CheckRuntime is the error that InstallSelf makes of it.
func (f Filter) CheckRuntime(abi arch.Arch, kernel arch.Kernel, cgo bool) error {
	return f.checkRuntime(abi, kernel, cgo)
}
