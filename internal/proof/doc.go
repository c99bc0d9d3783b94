// SPDX-License-Identifier: Apache-2.0

// Package proof holds tests that prove filters of real profiles. It has no code:
// package seccomp knows no documents, so its own tests cannot read them.
package proof
