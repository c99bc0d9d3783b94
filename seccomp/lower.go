// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/decision"
)

// Lowering turns a policy into a decision diagram, word by word: the architecture
// (arches), the number (numbers, calls.go), and the arguments (rules.go, arg.go). Laying
// the diagram out is internal/decision's work, and a program that is too long is divided
// into a stack (stack.go).
//
// The rules that speak of a number are decided in the first of these ways that fits:
//
//   - Rules behind one without conditions never count, and are left out.
//   - One rule with conditions on different arguments: test its conditions in sequence;
//     conditions that other rules also have are tested last, so that the tails are shared
//     (all).
//   - Rules that compare the same argument with one value each: the values are sorted
//     (values.go). Joining their decisions one by one comes to the same, in the square of
//     the time.
//   - The same rules as for the number before: the same decision (latest).
//   - One diagram of all rules (several, join). It asks each word once on every path, in
//     the order that order.go chooses, but can grow with the product of the rules. So it
//     may make at most 64 vertices for each condition, which bounds the time, and is taken
//     if the rules have fewer than 8 conditions or the diagram has at most 4 spans for
//     each condition. Four spans is the cost of one condition tested on its own: two words,
//     two spans each. A larger diagram is longer than the rules one after the other.
//   - Rule after rule (sequence.go): linear in the rules. Or, if that is smaller, rules
//     with one action and one condition put together by what they look at (groups.go).
//
// What it is bad at: the order of arguments is chosen by a count, not tried. Rules with
// conditions on several arguments are either all in one diagram or all in a sequence, and
// never some of them. ABIs with different byte orders or word sizes share no decisions on
// arguments.

// compiler holds what lowering a policy needs to know. The methods of the graph (Leaf, Switch,
// In, Over, Try, Layout) are in internal/decision: graph.go, overlay.go, layout.go.
type compiler struct {
	*decision.Graph
	policy    *Policy
	histogram map[string]uint64 // how often calls are made, by name; nil for the usual mix
	yes       decision.Node     // what a condition answers until a rule's action takes its place
	abi       arch.Arch         // the ABI whose calls are being decided
	narrow    bool              // the ABI has 32-bit arguments
	big       bool              // the ABI is big-endian
	calls     calls
	decisions []decided      // the rules' decisions there
	list      []int32        // rules for the number that is being decided
	common    map[uint64]int // how many rules have a condition, once that is asked
	args      []Arg          // conditions in their words' order
	sorted    []value        // values of an argument in order
	latest    latest
	pieces    map[decision.Node]piece // decisions that may be divided rule by rule
	ties      []tie                   // programs that must stay in order
	length    int                     // of all programs, as the kernel counts
	at        place                   // what is being decided
	largest   place                   // where most conditions are
}

// The words that come before the arguments' (arg.go).
var (
	nrWord   = decision.Word{Index: 0, Mask: decision.Whole}
	archWord = decision.Word{Index: 1, Mask: decision.Whole}
)

// arches is the decision on the architecture.
func (c *compiler) arches() decision.Node {
	badArch := c.Leaf(uint32(c.policy.BadArch))
	numbers := map[uint32][]decision.Span{} // by AUDIT_ARCH
	var tokens []uint32
	for _, abi := range c.policy.Arches {
		if _, ok := numbers[abi.Audit()]; !ok {
			tokens = append(tokens, abi.Audit())
		}
		numbers[abi.Audit()] = nil
	}
	slices.Sort(tokens)
	var spans []decision.Span
	for _, token := range tokens {
		if token > 0 {
			spans = append(spans, decision.Span{Last: token - 1, To: badArch})
		}
		spans = append(spans, decision.Span{Last: token, To: c.numbers(token)})
	}
	spans = append(spans, decision.Span{Last: decision.Whole, To: badArch})
	return c.Switch(archWord, spans)
}

// numbers is the decision on the call's number where the architecture is token.
func (c *compiler) numbers(token uint32) decision.Node {
	spans := make([]decision.Span, 0, 256)
	for _, d := range domains(token) {
		if slices.Contains(c.policy.Arches, d.abi) {
			spans = c.decide(spans, d)
		} else {
			spans = append(spans, decision.Span{Last: d.last, To: c.Leaf(uint32(c.policy.BadArch))})
		}
	}
	n := c.Switch(nrWord, spans)
	c.Weigh(n, newWeights(token, c.histogram).weigh)
	return n
}

// domain is the numbers from first to last of an architecture, which belong to
// one ABI.
type domain struct {
	abi         arch.Arch
	first, last uint32
}

// domains are all numbers of an architecture, in order (see arch.Of).
func domains(token uint32) []domain {
	if token == arch.X86_64.Audit() {
		base := arch.X32.Base()
		return []domain{
			{arch.X86_64, 0, base - 1},
			{arch.X32, base, decision.Whole - 1},
			{arch.X86_64, decision.Whole, decision.Whole},
		}
	}
	abi, _ := arch.Of(token, 0)
	return []domain{{abi, 0, decision.Whole}}
}
