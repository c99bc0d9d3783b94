// SPDX-License-Identifier: Apache-2.0

// Package lint finds what is wrong with a profile of Docker's family, says what other
// tools make of it, and mends what is mechanical.
//
// Lint resolves the document as package profile does, and continues from what Resolve found.
// Each file holds one question:
//
//   - lint.go: words that say less than they seem to (SCMP_ACT_KILL, names that stand
//     twice, rules that never apply).
//   - condition.go, width.go: conditions that always or never hold, and comparisons of
//     more bits than the kernel reads.
//   - width_finding.go and budget.go: equal questions are asked once, and the work on one
//     document is bounded.
//   - probe.go, base.go, runtime.go: calls that programs, C libraries and runtimes need.
//     What is known of these is in internal/userland, each fact with its source.
//   - sibling.go, alias.go, multiplexer.go, unfiltered.go, effect.go: rules that do not
//     keep what they promise.
//   - tools.go: what containerd, crun and Podman decide otherwise. Another reading of the
//     document is resolved too, and package proof compares the two over all calls.
//
// A finding is a profile.Diagnostic: a place, a message, often a call that shows it, and
// edits where a program can mend it. A Fixer applies edits to the text, and keeps those
// after which the policy is proved to be the same.
//
// Lint is bad at what depends on the program: it knows which calls most programs need,
// not which ones yours makes (sieve record finds those). It looks at one target at a
// time; a document that is for several machines needs one run for each. It looks at
// documents of Docker's family alone, and Policy at a policy of any.
//
// The stage before is profile.Parse; package grant says what would allow a call.
package lint
