// SPDX-License-Identifier: Apache-2.0

// Package decision holds decision diagrams over the 32-bit words of struct
// seccomp_data and lays them out as BPF programs.
//
// The idea: dispatch on the architecture, on the call number and on the values of
// an argument are all a switch on one word over sorted intervals. There is one kind
// of vertex for them. A diagram is built from its leaves upwards, and its vertices
// are unique (hash-consed): asking twice for the same decision yields the same
// [Node]. So common subtrees are shared and tests that decide nothing never come to
// be, without a pass that looks for them.
//
// # The way in
//
// [New] makes a [Graph]. [Graph.Leaf] is an answer, [Graph.Switch] and [Graph.In]
// look at a word, [Graph.Over] puts one list of rules before another, and
// [Graph.Split] divides what is too long for one program. [Graph.Weigh] says which
// values come up often. [Graph.Layout] writes the program. Package seccomp lowers
// policies to diagrams (its lower.go) and installs the programs; package
// seccomp/proof proves them.
//
// # How a vertex becomes instructions
//
// Layout writes from the last instruction to the first, so every target is known
// when a jump to it is written. A vertex is written in the first of these ways that
// fits:
//
//   - One equality, if one value is told from all others. Most vertices are such.
//   - One JSET, if a mask of the word is told to be zero or not; and one JSET before
//     the rest, if the sums of some bits have one target (flags.go). The set of bits
//     has at most 8, because 2^bits sums are looked up to find it.
//   - A list: single values and one target for all others, of which nothing is
//     known (list.go). The fewest tests are an equality for each value, and
//     thresholds between full chains.
//   - The search tree of thresholds and equalities with the least cost (search.go):
//     the weighted length of its paths plus a price for each instruction, found by
//     dynamic programming over runs of spans. Up to 32 spans are planned together.
//     The work grows with their square, and planning more of them together was
//     measured to gain one instruction in a hundred.
//
// Equalities stand in chains of at most 6 (chain.go), a bound that hardly matters: with
// 4 or 8 the filter of Docker's default profile is at most 2 instructions of 243 longer
// or shorter.
//
// # What it is bad at
//
//   - The order of words is the caller's: no reordering is tried. A bad order can
//     square the size of a diagram.
//   - A vertex knows its own search only. What a jump over more than 255 instructions
//     costs is seen when it is written, and not planned for.
//   - A return is copied where no return is near, but a test never is.
//   - Comparing two words with each other is not said in this form, since no filter
//     of a policy needs it.
package decision
