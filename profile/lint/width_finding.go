// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/binary"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// widths compares the two readings of the rules for calls. Most names of a rule have the same
// rules and arguments of the same widths: the question is asked once for all of them.
type widths struct {
	*budget
	known map[string]*widthFindings
}

// widthFindings are the sets of calls that two readings decide differently, one for each
// condition. They are not whole where the comparison met a bound.
type widthFindings struct {
	list  []widthFinding
	whole bool
}

// widthFinding is a set of calls with one example.
type widthFinding struct {
	rule    int // of the readings
	differs int // its condition that the set's own example shows
	arg     int // and the one that the call shows
	call    seccomp.Call
	a, b    seccomp.Action // of the rules as they stand, and as the kernel reads them
}

// weaker says whether the rules as they stand restrict less.
func (f *widthFinding) weaker() bool { return f.a.Rank() > f.b.Rank() }

// findings are those of a call with a number.
func (w *widths) findings(r *readings, nr uint32) *widthFindings {
	if len(r.wide.Rules) > mostCompared {
		return &widthFindings{}
	}
	key := r.key()
	found := w.known[key]
	if found == nil {
		found = w.compare(r)
		w.known[key] = found
	}
	for i := range found.list {
		found.list[i].call.Nr = nr // the last that differs among those with the key
	}
	return found
}

// key is the same for calls of one ABI that have equal rules and, where those have conditions,
// arguments of equal widths. The number of a call is left out: it decides nothing here.
func (r *readings) key() string {
	key := binary.LittleEndian.AppendUint32(nil, r.abi.Audit())
	key = binary.LittleEndian.AppendUint32(key, r.abi.Base())
	key = binary.LittleEndian.AppendUint32(key, uint32(r.wide.Default))
	for i := range r.wide.Rules {
		rule := &r.wide.Rules[i]
		key = binary.LittleEndian.AppendUint32(key, uint32(rule.Action))
		key = binary.LittleEndian.AppendUint32(key, uint32(len(rule.Args)))
		for _, a := range rule.Args {
			narrow := byte(0)
			if a.Narrow {
				narrow = 1
			}
			bits, _ := arch.Width(r.name, a.Index)
			key = append(key, byte(a.Index), byte(a.Op), narrow, byte(bits))
			key = binary.LittleEndian.AppendUint64(key, a.Value)
			key = binary.LittleEndian.AppendUint64(key, a.Mask)
		}
	}
	return string(key)
}

// compare compares the two readings. proof.Diff gives the sets of calls that they decide
// differently, and each set has one call as an example. Of those that are weaker the first for
// each condition is kept, and one of the others.
func (w *widths) compare(r *readings) *widthFindings {
	found := &widthFindings{}
	seen := map[[2]int]bool{}
	rules := len(r.wide.Rules)
	for set, err := range w.differences(proof.Of(&r.wide), proof.Of(&r.read), 8*rules) {
		if err != nil {
			return found
		}
		f := widthFinding{a: set.A, b: set.B}
		key := [2]int{-1, 0}
		if !f.weaker() && seen[key] {
			continue
		}
		f.rule = r.blame(&set.Call)
		f.differs = r.condition(f.rule, &set.Call)
		if f.weaker() {
			key = [2]int{f.rule, f.differs}
		}
		if seen[key] {
			continue
		}
		seen[key] = true
		f.call = r.plain(&set)
		f.arg = r.condition(f.rule, &f.call)
		found.list = append(found.list, f)
		w.spend(48 * rules) // what plain evaluates
	}
	found.whole = true
	return found
}
