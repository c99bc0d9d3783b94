// SPDX-License-Identifier: Apache-2.0

// Package decompile finds a policy that means what a filter does.
//
// # The idea
//
// The filter's diagram is asked in turn: by the AUDIT_ARCH token (which ABIs get another
// answer than unknown ones), by the number (classes of numbers that get the same
// function of the arguments), and by the arguments. For the last there are three
// strategies, from the one whose rules read best to the most general: a rule for each
// path of the diagram, a cover for each action, and a cover whose rules are tried in order
// (callRules.find). Covers are found by two-level logic minimization, as Espresso does.
// Up to three defaults are tried, and the policy with the fewest rules is kept.
//
// # The way in
//
// Policy is all that there is. Package proof's Decompile calls it, and proves the result:
// a mistake here gives an error and never a wrong policy.
//
// # Limits, and what it is bad at
//
// No rules are found for a parity of bits or for dozens of random masks, nor within the
// limits for some other filters: the number of rules that a function needs can be
// exponential in the size of the program. Finding the fewest rules is NP-hard, and
// the search is greedy. Filters that look at the instruction pointer, or at part of an
// unknown token, are like no policy.
//
// # The stages before and after
//
// proof/internal/diagram makes the diagram. proof/internal/rules writes calls that have equal
// rules as one, and has the type of a rule without its calls.
//
// # Where things are
//
//   - decompiler.go: the diagram of the filter. budget.go: the limits, divided.
//   - domain.go: ABIs and classes of numbers. default.go: candidates for the default.
//   - clause.go: the strategies for one call. region.go and box.go: few values.
//     cover.go, expansion.go and pattern.go: logic minimization.
//   - grouper.go: calls with equal rules.
//
// # Terms
//
// The terms are those of two-level logic minimization: cube, cover, expand,
// irredundant. A class is the numbers of one ABI that get the same function of the
// arguments. A box is a product of ranges, one or two for each argument.
package decompile
