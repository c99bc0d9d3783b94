// SPDX-License-Identifier: Apache-2.0

// Package userland holds what is known of programs, and of the C libraries and container
// runtimes that they are run with: which calls they cannot do without, which they make
// first and what they make instead after ENOSYS, and which calls do what another does.
//
// The tables name their sources. Functions of this package ask a policy, never a
// document.
package userland
