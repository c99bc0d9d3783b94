// SPDX-License-Identifier: Apache-2.0

// Package rules works on lists of rules, without diagrams: it makes one policy of two, and
// writes calls that are decided alike as few rules.
//
// # The idea
//
// For each ABI the call numbers are divided into segments in which no policy changes
// its rules. A segment has a list of outcomes (conditions and an action), of which the
// first that matches decides. Two policies are combined segment by segment: all pairs
// of their outcomes, in order, are the product. Calls with equal outcomes are a group,
// and each group is written as rules that name its calls.
//
// # The way in
//
//   - Combine makes a policy of two. Package proof's Union, Intersect and Subtract differ
//     in the Choice alone.
//   - Group collects the calls that have the same outcomes, and writes their rules.
//   - NumbersOf, Common and NameRule are about the numbers of an ABI and their names.
//
// # Limits, and what it is bad at
//
// The product of two lists has as many outcomes as their lengths multiplied, less those that
// are seen to exclude each other or to change nothing. A policy of more than 65536 rules is
// an error. The result is exact and need not be the shortest: two conditions that
// exclude each other in a way that exclusion.go misses stay in it.
//
// # The stages before and after
//
// Package seccomp has the policies. The result is an ordinary policy, for
// Policy.Compile. proof/internal/decompile uses Group for the rules that it finds.
//
// # Where things are
//
// combiner.go combines, numbers.go divides, product.go multiplies, exclusion.go sees
// conditions that exclude each other, and group.go writes.
package rules
