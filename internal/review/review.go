// SPDX-License-Identifier: Apache-2.0

package review

import (
	"iter"
	"slices"

	"github.com/gosieve/sieve/seccomp/proof"
)

// Review is what changed between two sides.
type Review struct {
	// Changes are in the order of ABIs, of directions and of names.
	Changes []Change
	// Sets is how many of the prover's sets are in them. More says that there are others,
	// which were left out.
	Sets int
	More bool
}

// Most is how many sets a Review holds whatever the limit: some programs differ in more sets
// than there is memory for.
const Most = 1 << 16

// New reads sets of calls up to a limit (0 for Most) and puts them in order: from Diff,
// or from Looser with the baseline as A. Each set's A must be the answer of side a, and B that
// of side b.
//
// If the sequence ends with an error, that is returned with the changes up to there: those
// are certain, and there may be more.
func New(sets iter.Seq2[proof.Difference, error], a, b Side, limit int) (*Review, error) {
	if limit <= 0 || limit > Most {
		limit = Most
	}
	r := &Review{}
	var list []proof.Difference
	var failed error
	for d, err := range sets {
		if err != nil {
			failed = err
			break
		}
		if len(list) == limit {
			r.More = true
			break
		}
		d.Names = nil // they are in Numbers, and take most of the memory
		list = append(list, d)
	}
	r.Sets = len(list)
	g := grouper{a: a, b: b, computed: a.computes() || b.computes(), budget: 1 << 20, asking: 1 << 26}
	for len(list) > 0 {
		abi := list[0].ABI
		n := slices.IndexFunc(list, func(d proof.Difference) bool { return d.ABI != abi })
		if n < 0 {
			n = len(list)
		}
		r.Changes = append(r.Changes, g.changes(abi, list[:n])...)
		list = list[n:]
	}
	return r, failed
}
