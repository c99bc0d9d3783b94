// SPDX-License-Identifier: Apache-2.0

// Package constants gives the values of C constants of the kernel's headers on each ABI:
// those that a policy of minijail may name, and that a call may be asked about with.
//
//	v, ok, known := constants.Value("TIOCSTI", arch.X86_64) // 0x5412, true, true
//
// The values are a table, data/constants.tsv, that internal/generate/minijail writes. It is
// read at the first question. On an ABI for which golang.org/x/sys has no values, nothing but
// the numbers of errnos is known.
package constants
