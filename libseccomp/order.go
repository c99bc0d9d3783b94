// SPDX-License-Identifier: Apache-2.0

package seccomp

import "github.com/gosieve/sieve/seccomp"

// This file says which rule of a call wins where several hold. libseccomp does not try
// them in the order in which they were added, but in that of a tree of tests, word by word
// of 32 bits: rules whose first test is the same share it. On each level the tests stand in
// an order of their own.
//
// The tree says here in which order rules are tried and nothing else: each is a whole rule
// of its own, and no test of one is skipped because of another. So the answers are the
// same as libseccomp's, but for those of its programs that are wrong.

// test is one word of an argument compared with a constant, as libseccomp has it: of each
// pair of opposite operators there is one, and the rule goes on where the test is false.
type test struct {
	word        int // of the arguments, two for each, the upper one above the lower
	op          seccomp.Op
	value, mask uint32
	goesOn      bool // the outcome for which the rule goes on
	rank        int  // of the operator of the rule, the first of them highest
}

// same says whether two rules share a test, before says which of two stands first.
func (a test) same(b test) bool {
	return a.word == b.word && a.op == b.op && a.value == b.value && a.mask == b.mask
}

func (a test) before(b test) bool {
	switch {
	case a.word != b.word:
		return a.word > b.word
	case a.rank != b.rank:
		return a.rank > b.rank
	case a.rank == upTo:
		return a.value < b.value
	}
	return a.value > b.value
}

// The ranks of operators.
const (
	from  = iota // GT and GE: the largest value first
	upTo         // LT and LE: the smallest first
	equal        // EQ, NE and MASKED_EQ: the largest value first
)

// forms are the operators as tests.
var forms = [...]struct {
	op     seccomp.Op
	goesOn bool
	rank   int
}{
	seccomp.EQ: {seccomp.EQ, true, equal}, seccomp.NE: {seccomp.EQ, false, equal}, seccomp.MaskedEQ: {seccomp.MaskedEQ, true, equal},
	seccomp.GT: {seccomp.GT, true, from}, seccomp.LE: {seccomp.GT, false, upTo},
	seccomp.GE: {seccomp.GE, true, from}, seccomp.LT: {seccomp.GE, false, upTo},
}

// tests are those of a condition, in order. bits are those of the ABI's arguments.
func tests(a seccomp.Arg, bits int) []test {
	mask := ^uint64(0)
	if a.Op == seccomp.MaskedEQ {
		mask = a.Mask
	}
	form := forms[a.Op]
	low := test{2 * a.Index, form.op, uint32(a.Value), uint32(mask), form.goesOn, form.rank}
	if bits == 32 {
		return []test{low}
	}
	high := test{2*a.Index + 1, form.op, uint32(a.Value >> 32), uint32(mask >> 32), true, form.rank}
	if form.rank == equal {
		return []test{high, low}
	}
	above := high // which decides, unless the upper words are equal
	above.op, above.goesOn, high.op = seccomp.GT, false, seccomp.EQ
	return []test{above, high, low}
}

// A level is tests in order. Below each are the levels of the rules that go on where it is
// false, and where it is true.
type level []*vertex

type vertex struct {
	test
	picks []pick // that end here
	below [2]level
}

// insert adds a rule, of which those tests are left.
func (l *level) insert(p pick, tests []test) {
	v := l.find(tests[0])
	if len(tests) == 1 {
		v.picks = append(v.picks, p)
		return
	}
	branch := 0
	if tests[0].goesOn {
		branch = 1
	}
	v.below[branch].insert(p, tests[1:])
}

// find is the vertex of a test, made in its place if there is none.
func (l *level) find(t test) *vertex {
	i := 0
	for ; i < len(*l); i++ {
		if (*l)[i].same(t) {
			return (*l)[i]
		}
		if t.before((*l)[i].test) {
			break
		}
	}
	v := &vertex{test: t}
	*l = append(*l, nil)
	copy((*l)[i+1:], (*l)[i:])
	(*l)[i] = v
	return v
}

// append appends the rules in the order of the tree, a shorter one before those that go on
// from it.
func (l level) append(picks []pick) []pick {
	for _, v := range l {
		picks = append(picks, v.picks...)
		picks = v.below[1].append(picks)
		picks = v.below[0].append(picks)
	}
	return picks
}

// ordered are rules with conditions in the order in which they are tried.
func ordered(picks []pick, bits int) []pick {
	if len(picks) < 2 {
		return picks
	}
	var root level
	for _, p := range picks {
		var all []test
		for _, a := range p.conds {
			all = append(all, tests(a, bits)...)
		}
		root.insert(p, all)
	}
	return root.append(nil)
}
