// SPDX-License-Identifier: Apache-2.0

// Package audit asks of a policy or a filter what security people ask of a profile: does it
// let a program make user namespaces, load eBPF, type into somebody else's terminal?
//
// A question is a line of data/questions.tsv: calls, the reason with its references, and
// nothing else. It is answered by proof: a baseline allows everything but the question's calls,
// and proof.AtMost says that the side allows no more than that, or with which call it does. All
// ABIs that the machine's kernel may run are asked about, calls through socketcall, and what
// the kernel reads of an argument, whatever the other bits of the register hold.
//
//	for _, a := range audit.Ask(audit.Of(policy), arch.X86_64, audit.Questions()) {
//		fmt.Println(a.Question.ID, a.Verdict)
//	}
//
// Answers are about the filter alone. A call that it lets through may still be refused by the
// kernel, for want of a capability for instance, or by another filter or security module.
package audit
