// SPDX-License-Identifier: Apache-2.0

// Package errnos gives the numbers of errno names on each ABI.
//
//	n, ok := errnos.Number("ENOSYS", arch.MIPS) // 89, true
//
// A filter returns a number to the program that made the call, which compares it with the
// names of its own C library. Documents have names (Podman, systemd, minijail) or numbers; a
// name must be looked up for the ABI that is filtered, never for the machine that compiles.
package errnos
