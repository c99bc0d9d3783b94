// SPDX-License-Identifier: Apache-2.0

// Package flow is what a program decides, for people: a graph of questions and answers
// in which runs of instructions that ask one thing are one node.
//
// A compiled filter looks a number up in a search tree of some hundred comparisons. Nobody
// reads that as a tree. Here it is one node, the call number, from which an edge leads to each
// answer and to each call whose arguments are asked about:
//
//	architecture --x86_64--> call number --> read..lseek (0-8), 290 calls more: ALLOW
//	                                     --> socket: domain = AF_VSOCK --yes--> ERRNO(1)
//
// # The way in
//
// [Of] makes the [Graph] of a program, and [Comments] says what each of its instructions does.
// Both take any program that the kernel would, whoever made it.
//
// # How it works
//
//   - explorer.go goes through the program by ABI: what is known is the token of
//     the call, the numbers that come to an instruction, and which word the accumulator holds.
//     All jumps lead forward, so one pass in the order of instructions is enough.
//   - fold.go takes consecutive tests of one field together. It keeps for every
//     instruction the values of the field that lead there (region.go), not the paths,
//     whose number may be exponential.
//   - builder.go joins what is equal, from the answers up.
//   - label.go, value.go and comment.go have the words.
//
// What is not a comparison of a field with constants (arithmetic, the index register, scratch
// memory) becomes a node with its instructions as text.
//
// # Limits
//
// The work is bounded. A program that would exceed the bound is shown as its basic blocks
// (block.go), of which there are no more than instructions.
//
// A graph is for looking at: nothing decides or proves by it. It leaves out edges of which it
// knows that no call takes them; an edge that is there need not be taken by any.
package flow
