// SPDX-License-Identifier: Apache-2.0

// Package scmp gives the meaning of libseccomp's words, which profiles are written in:
// actions (SCMP_ACT_ALLOW), operators (SCMP_CMP_EQ), ABIs (SCMP_ARCH_X86_64) and flags.
package scmp
