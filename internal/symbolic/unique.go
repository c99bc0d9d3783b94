// SPDX-License-Identifier: Apache-2.0

package symbolic

// unique returns the one copy of a value that is kept, so that equal values have one
// address. Known is where the copies are, nil before the first. A new one takes that many
// bytes of the graph's limit.
func unique[K comparable](g *Graph, known *map[K]*K, value K, bytes int) *K {
	if *known == nil {
		*known = map[K]*K{}
	}
	p, ok := (*known)[value]
	if !ok {
		g.hold(bytes)
		p = &value
		(*known)[value] = p
	}
	return p
}
