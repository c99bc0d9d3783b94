// SPDX-License-Identifier: Apache-2.0

package kerneltest

// int80 makes a call of i386. The result is an errno, negated, in case of an error.
//
//go:noescape
func int80(nr uint32, args *[6]uint32) uint32
