// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/decision"
)

// piece is rules for one call that are asked one after the other.
type piece struct {
	abi       arch.Arch
	order     decision.Order
	links     []link
	otherwise Action // the answer if none matches
}

// link is the conditions of a rule, and what is answered where they hold.
type link struct {
	rule   int32
	action Action
}

// linkBytes is the size of a link.
const linkBytes = 8

func (c *compiler) links(list []int32) []link {
	c.Take(linkBytes * len(list))
	links := make([]link, 0, len(list))
	for _, r := range list {
		links = append(links, link{r, c.policy.Rules[r].Action})
	}
	return links
}

// sequence is the decision of a piece. Where rules with several conditions, or on
// several arguments, have little in common, this is much smaller than the diagram
// of all. The size is linear in the rules.
func (c *compiler) sequence(p piece) decision.Node {
	c.Spend(len(p.links))
	otherwise := c.Leaf(uint32(p.otherwise))
	n := c.chain(p.links, otherwise)
	if g, ok := c.groups(p.links, otherwise); ok && c.Size(g) < c.Size(n) {
		n = g
	}
	if c.conditions(p.links) >= fewest {
		if c.pieces == nil {
			c.pieces = map[decision.Node]piece{}
		}
		c.pieces[n] = p
	}
	return n
}

// fewest is how many conditions a piece must have to be divided among programs rule by
// rule (halves). A smaller piece is a few hundred instructions at most, so dividing it saves
// next to nothing.
const fewest = 100

func (c *compiler) conditions(links []link) int {
	n := 0
	for _, l := range links {
		n += len(c.policy.Rules[l.rule].Args)
	}
	return n
}

// chain asks rule after rule, as they stand.
func (c *compiler) chain(links []link, rest decision.Node) decision.Node {
	for _, l := range slices.Backward(links) {
		n := c.Leaf(uint32(l.action))
		for _, a := range c.descending(c.policy.Rules[l.rule].Args) {
			n = c.arg(a, n, rest)
		}
		rest = n
	}
	return rest
}

// halves divides a piece for two programs. The first has the first half of the rules and
// allows all else; the other has the rest. Where rules of both halves match, the
// first half's must count. The kernel takes the more restrictive answer, and of
// equals the one of the program that runs first. So a rule that is less restrictive
// than something in the second half stands there too, and allows.
//
// The answer is false if that saves nothing, as in a list of what is allowed.
func (c *compiler) halves(n decision.Node) (a, b decision.Node, ok bool) {
	p, ok := c.pieces[n]
	if !ok {
		return a, b, false
	}
	half := len(p.links) / 2
	strictest := p.otherwise.Rank()
	for _, l := range p.links[half:] {
		strictest = min(strictest, l.action.Rank())
	}
	var links []link
	for _, l := range p.links[:half] {
		if l.action.Rank() > strictest {
			links = append(links, link{l.rule, Allow})
		}
	}
	if len(links) > half/2 {
		return a, b, false
	}
	links = append(links, p.links[half:]...)
	c.Take(linkBytes * len(links))
	c.begin(p.abi)
	c.SetOrder(p.order)
	a = c.sequence(piece{p.abi, p.order, p.links[:half], Allow})
	b = c.sequence(piece{p.abi, p.order, links, p.otherwise})
	return a, b, true
}
