// SPDX-License-Identifier: Apache-2.0

// Package rare makes a call that nothing else in these programs makes. It fails and
// changes nothing: there is no file of that name.
package rare

import "syscall"

// Call makes acct(2).
func Call() { _ = syscall.Acct("") }

// Number is acct's, as a constant.
const Number = syscall.SYS_ACCT

// Raw makes a call by its number, with an address that is no file's name.
func Raw(number uintptr) { _, _, _ = syscall.Syscall(number, 1, 0, 0) }
