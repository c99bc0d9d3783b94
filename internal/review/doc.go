// SPDX-License-Identifier: Apache-2.0

// Package review makes of the prover's answer what a person reviews: the sets of calls on
// which two sides differ (proof.Diff, proof.Looser) become changes, in an order, with names.
//
//	r, err := review.New(proof.Diff(a.Of(), b.Of()), a, b, 0)
//	for _, c := range r.Changes {
//		fmt.Println(c.ABI, c.Direction, c.Sets(c.Calls[0]), c.A.Action, c.A.Place(), c.B.Action, c.B.Place())
//	}
//
// # The way in
//
//   - New groups sets: by ABI, then opened, closed and changed otherwise, then by name. A
//     Change is the calls that changed in the same way by the same rules, with both answers,
//     the rules that give them, and a witness (review.go, change.go, decider.go).
//   - Calls writes a set of calls with its arguments in words: socket(AF_VSOCK, *).
//     Conditions makes such a set of a rule's conditions (words.go, names.go).
//   - Numbers writes numbers that have no name (numbers.go).
//
// Sets in words are those of the prover, joined where they touch (values.go, region.go); they
// are as exact, and a test holds them to Policy.Evaluate.
//
// # What it is bad at
//
// Everything is held in memory: Most bounds it. Conditions on several arguments that the
// prover has cut into many pieces stay in pieces that differ in more than one argument.
// A policy does not say which rules decide a set, so it is asked about calls of the set:
// the rule of the witness is certain, and of the others some may be missed.
package review
