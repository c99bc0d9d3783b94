// SPDX-License-Identifier: Apache-2.0

// Package diagram makes decision diagrams of policies and of filters, as package
// seccomp/proof compares them: equal answers are the same node of one graph.
//
// # The idea
//
// A policy is encoded rule by rule, as it stands. The calls of one AUDIT_ARCH token
// are divided into intervals of numbers that the same rules name. Each interval starts
// with the default, and the rules are put in front of it from the last to the first, so
// that the first rule is asked first, as Policy.Evaluate does. A filter's programs are
// run on all inputs at once by internal/symbolic. Of several answers the most
// restrictive one counts. Both sides end as what the kernel does with the answer
// (Effective).
//
// # The way in
//
//   - Policy and Filter make the answer of either side.
//   - Dispatch is a policy's answer by architecture and number alone, with labels for
//     lists of rules that have conditions. The proof between cut points needs it.
//   - Matches is the set of inputs for which conditions hold.
//   - CallOf reads an input as a call. Describe writes the call for people.
//   - Join makes numbers of 64 bits of the two halves that a diagram asks about.
//
// # Limits, and what it is bad at
//
// The graph has the limits. A policy with hundreds of masks on one call can have a diagram
// that is exponential in their number, and nothing here avoids that: package
// proof proves such filters piece by piece. A filter that computes its answer has no
// list of leaves, so its answer is rewritten bit by bit.
//
// # The stages before and after
//
// Package seccomp says what policies mean; internal/symbolic has the graphs. Package proof
// compares the answers, and proof/internal/decompile reads rules off them.
//
// # Where things are
//
// policy.go divides by the architecture, encoder.go and partition.go by the number,
// and condition.go by the arguments. filter.go and action.go are for filters. data.go has the
// words of the input, call.go its calls, and masked.go arguments of 64 bits.
package diagram
