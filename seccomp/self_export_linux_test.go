// SPDX-License-Identifier: Apache-2.0

package seccomp

// IsCgo says whether threads are started by the C library.
func IsCgo() bool { return isCgo }

// Interrupt stops a process that is attached to.
var Interrupt = interrupt
