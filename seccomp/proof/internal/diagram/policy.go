// SPDX-License-Identifier: Apache-2.0

package diagram

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// Policy is Policy.Evaluate as a function of the input. Evaluate's steps are
// taken in reverse, since a diagram is built from its leaves: default, rules from the
// last to the first, number, architecture.
func Policy(g *symbolic.Graph, p *seccomp.Policy) (symbolic.Answer, error) {
	n, err := switched(g, p, func(c *encoder, badArch symbolic.Node) (symbolic.Node, error) { return c.encode(badArch) })
	return g.Answer(n), err
}

// Dispatch is the answer by the architecture and the number. A number whose rules have
// conditions gets the leaf that label returns for those rules.
func Dispatch(g *symbolic.Graph, p *seccomp.Policy, label func(abi arch.Arch, rules []int, otherwise seccomp.Action) uint32) (symbolic.Node, error) {
	return switched(g, p, func(c *encoder, badArch symbolic.Node) (symbolic.Node, error) {
		return c.encodeLabels(badArch, label), c.Undecided()
	})
}

// switched is the function that goes by the AUDIT_ARCH token, and then by what encode makes
// of the calls with that token. Tokens that no listed ABI has get BadArch.
func switched(g *symbolic.Graph, p *seccomp.Policy, paint func(c *encoder, badArch symbolic.Node) (symbolic.Node, error)) (symbolic.Node, error) {
	badArch := g.Leaf(uint32(Effective(p.BadArch)))
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
	return g.Switch(ArchWord, cases), nil
}
