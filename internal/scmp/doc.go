// SPDX-License-Identifier: Apache-2.0

// Package scmp gives the meaning of libseccomp's words, which profiles are written in:
// actions (SCMP_ACT_ALLOW), operators (SCMP_CMP_EQ), ABIs (SCMP_ARCH_X86_64) and flags.
//
// The words are compared exactly, as runc does (libcontainer/seccomp/config.go). A tool that
// takes fewer of them, as Mesos and Podman's validator do, has a table of its own.
package scmp
