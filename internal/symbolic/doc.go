// SPDX-License-Identifier: Apache-2.0

// Package symbolic runs programs on all inputs at once and compares what they
// answer.
//
// A function of the 512 input bits is a decision diagram, and each function has
// one diagram only: whether two programs, or a program and a policy, agree is
// one comparison of two numbers once their diagrams are made. Registers hold a
// function for each bit, so that every operation of the machine is exact. What a
// program answers from an instruction on is found from the last instruction to
// the first, once for every state of the registers in which the instruction can
// be reached, whatever the number of paths to it; should the states be many, they
// are merged.
//
// The package is how compiled filters are checked, and so it shares nothing with
// what makes them, not a line and not a data structure (internal/decision). It
// knows the machine and no policies, and imports nothing of the house.
package symbolic
