// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// policyAnswers is Evaluate as a function of all calls: its three steps, the last
// first. Every number starts with the default, and then each rule, from the last
// to the first, paints over the numbers that it names what it decides there.
func policyAnswers(g *symbolic.Graph, p *seccomp.Policy) (symbolic.Answer, error) {
	n, err := switched(g, p, func(c *encoder, badArch symbolic.Node) (symbolic.Node, error) { return c.encode(badArch) })
	return g.Answer(n), err
}

// dispatched is the answer by the architecture and the number, where the rules for a number
// have no conditions, and the value of label where they do.
func dispatched(g *symbolic.Graph, p *seccomp.Policy, label func(abi arch.Arch, rules []int, otherwise seccomp.Action) uint32) (symbolic.Node, error) {
	return switched(g, p, func(c *encoder, badArch symbolic.Node) (symbolic.Node, error) {
		return c.encodeLabels(badArch, label), c.Undecided()
	})
}

// switched is the function that goes by the architecture and then by what numbers makes of
// a token's.
func switched(g *symbolic.Graph, p *seccomp.Policy, paint func(c *encoder, badArch symbolic.Node) (symbolic.Node, error)) (symbolic.Node, error) {
	badArch := g.Leaf(uint32(effective(p.BadArch)))
	var tokens []uint32
	for _, a := range p.Arches {
		tokens = append(tokens, a.Audit())
	}
	slices.Sort(tokens)
	tokens = slices.Compact(tokens)
	cases := []symbolic.Case{{First: 0, To: badArch}}
	for i, token := range tokens { // no ABI has the token 0 or 1<<32-1
		c := encoder{Graph: g, policy: p, token: token}
		numbers, err := paint(&c, badArch)
		if err != nil {
			return badArch, err
		}
		cases = append(cases, symbolic.Case{First: token, To: numbers})
		if i+1 == len(tokens) || tokens[i+1] != token+1 {
			cases = append(cases, symbolic.Case{First: token + 1, To: badArch})
		}
	}
	return g.Switch(archWord, cases), nil
}
