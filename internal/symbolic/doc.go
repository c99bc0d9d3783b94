// SPDX-License-Identifier: Apache-2.0

// Package symbolic runs programs on all inputs at once and compares what they
// answer. It is the prover's engine.
//
// The idea: a function of the 512 input bits is a decision diagram, and each function
// has one diagram only (a reduced ordered one, hash-consed). So two programs, or a
// program and a policy, agree if and only if their diagrams are the same node, and a
// difference of two nodes is a concrete input. Registers hold a function for each bit,
// so every operation of the machine is exact.
//
// # The way in
//
// [New] makes a [Graph] for an [Order] of the input's bits. [Graph.Explore] is what a
// program answers, as an [Answer]; policies build theirs from [Graph.Leaf],
// [Graph.Switch], [Graph.Equal], [Graph.AtLeast] and [Graph.Ite]. [Graph.Differ]
// compares two answers, [Graph.Witness] finds an input and [Graph.Regions] all of them.
// [Question] does that within [Limits], with the tricks that make hard questions easy.
// Package seccomp/proof asks the questions.
//
// # How a program is explored
//
//   - Forward: which instructions are reached in which state of the registers
//     (point.go). A register that nothing reads any more counts for no state
//     (liveness.go), so nearly every instruction has one.
//   - Backward: what the program answers from an instruction on, from the last
//     instruction to the first, once for each state (answer.go). The work is linear in
//     the program, whatever the number of paths.
//   - If the states become more than Limits.States for each instruction, states that
//     meet are merged into one whose registers are functions of the input (merge.go).
//     The work is then bounded by the sizes of diagrams, and not by paths.
//
// What an opcode means stands in semantics.go.
//
// # Limits, and what it is bad at
//
//   - Work and memory are counted, not timed (limits.go). A question that meets a limit
//     is [ErrUndecided], never a guess.
//   - The size of a diagram depends on the order of bits. Words that an operation brings
//     together are interleaved (meeting.go). The product of two words has no small
//     diagram in any order, nor has a quotient. Rounds of ADD X and XOR K over five or more
//     words are too large even so. A question about them is first asked with
//     such results left unspecified (sketch.go), which is nearly always enough.
//   - A shift by a register that holds 32 or more means different things to the kernel's
//     interpreter and compilers. Its result is 32 bits that no input knows
//     (unspecified.go): programs that differ only there are undecided ([ErrOpen]).
//   - Loops do not exist in classic BPF, and are not known here.
//
// # Independence
//
// The package is how compiled filters are checked. So it shares nothing with what makes
// them, not a line and not a data structure (internal/decision), and it has opcodes of
// its own (instruction.go). It knows the machine and no policies. It imports nothing of
// the house.
package symbolic
