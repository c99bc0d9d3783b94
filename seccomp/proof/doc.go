// SPDX-License-Identifier: Apache-2.0

// Package proof decides whether filters and policies are equal, for every one of the
// 2^512 inputs that a filter can see (struct seccomp_data has 512 bits). It samples
// nothing: an answer is a proof, one concrete call that differs, or ErrUndecided.
//
// # The idea
//
// The answer to a system call is a function of the bits of struct seccomp_data. A
// reduced ordered decision diagram is a canonical form of such a function: each
// function has one diagram, and with hash-consing one node of a graph.
//
//   - One diagram is made of the finished program: it is executed symbolically, on
//     all inputs at once (internal/symbolic).
//   - The other is made of the policy's rules as they stand, in the order in which
//     Policy.Evaluate tries them (proof/internal/diagram).
//   - Filter and policy are equal if and only if both diagrams are the same node.
//     If they are not, a path on which the two differ is a call (Counterexample).
//
// # Independence from the compiler
//
// The checker must not repeat a mistake of what it checks. So it shares no code with
// the compiler, and this is an import that is absent: neither this package, nor those in
// proof/internal, nor internal/symbolic may import internal/decision, and a test of the
// module's imports (internal/house) fails if one does. The prover also has its own copy of what an
// opcode means (internal/symbolic/instruction.go, semantics.go) on purpose. What both
// sides share is package seccomp's description of a policy, the tables of package arch,
// and package bpf's check of a program's form. Every counterexample is run through
// Filter.Run and Policy.Evaluate before it is returned.
//
// # The way in
//
//   - Prove compares a filter, whoever made it, with a policy.
//   - Compile compiles a policy and proves the filter before it returns it.
//   - Diff lists all calls that two policies or filters decide differently.
//   - AtMost decides whether one is at most as permissive as another, and Looser lists
//     the calls for which it is not.
//   - Decompile makes a policy of a filter and proves that they are equal.
//   - Union, Intersect and Subtract make a policy of several. They work on rules and
//     need no diagram.
//   - EqualPrograms compares the values that two programs return, without regard to what
//     the kernel makes of them.
//
// # Limits, and what it is bad at
//
// Work and memory are counted, not timed, so equal questions get equal answers on
// every machine (seccomp.Within; the default is 1<<25 steps, which take 1 to 10 seconds,
// and 256 MB). A question that meets a limit is ErrUndecided. These are hard:
//
//   - Products and quotients of two input words have no small diagram in any order
//     of the bits. A sum of words has one, if their bits are interleaved; rounds of ADD X
//     and XOR K over five or more words have none that fits. Filters made of policies have
//     nothing of the kind.
//   - Hundreds of conditions with masks on one argument, or on several arguments of
//     one call, can make a diagram that is exponential in their number although the
//     program is linear. Such a filter is proved piece by piece between cut points
//     (cutpoint.go). If no cut point fits, it is undecided.
//   - Filters of several programs (stacks) are never divided at cut points: the whole
//     stack must fit into one diagram.
//   - Decompile finds no rules for a parity of bits or for dozens of random masks.
//   - A shift by a register that holds 32 or more is left open by the kernel. If an
//     answer depends on one, the question is undecided whatever the limits.
//
// docs/proof.md has what is known about costs, in numbers.
//
// # The stages before and after
//
// Package seccomp is before: it defines what a policy means (Policy.Evaluate) and
// compiles it (Policy.Compile). After a proof comes Filter.Install, or package
// seccomp/launch for a child process. internal/symbolic is the engine below.
//
// # Where things are
//
//   - question.go asks the engine; prove.go, compile.go, diff.go, most.go and decompile.go
//     are the questions that callers have; side.go is what is compared.
//     program.go compares programs.
//   - Policies and filters as diagrams: proof/internal/diagram.
//   - Large policies: cutpoint.go, chain.go, removal.go.
//   - Answers: counterexample.go of Prove; difference.go and constraint.go of Diff
//     and AtMost.
//   - Rules read off a diagram: proof/internal/decompile.
//   - Rules of two policies: combine.go, proof/internal/rules.
//
// # Terms
//
// The terms are those of symbolic execution and of equivalence checking: path
// condition, witness, cut point. An interval is a maximal range of call numbers that the
// same rules name.
package proof
