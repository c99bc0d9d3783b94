// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/seccomp"
)

// noteOrder says where libseccomp is known to decide wrongly: several rules with
// several conditions on one call, if one of these is no equality, and what wideOrder finds.
//
// It is a note: Sieve decides what the document says, and a user who moves from runc may
// see another answer.
func (r *resolver) noteOrder(c *resolution.Entry) {
	count, ordered := 0, false
	r.list = r.index.Conditional(r.list[:0], c)
	rules := r.list
	for _, i := range rules {
		args := r.rules[i].Args
		if len(args) < 2 {
			continue
		}
		count++
		ordered = ordered || slices.ContainsFunc(args, func(a seccomp.Arg) bool {
			return a.Op != seccomp.EQ && a.Op != seccomp.MaskedEQ
		})
	}
	why := "several rules with several conditions"
	if count < 2 || !ordered {
		if why = r.wideOrder(c.ABI, rules); why == "" {
			return
		}
	}
	doc := r.rules[rules[0]].Doc
	r.note(Info, "libseccomp-order", r.p.Syscalls[doc].at.rule, resolution.RulePath(doc), "", "libseccomp may decide %s otherwise: %s", r.name(c), why)
}

// wideOrder says which argument rules compare by order so that libseccomp errs; it is
// empty if none. LT or LE of one constant goes wrong beside an order by another with
// other upper 32 bits (2.5.4 and 2.6.0, measured: of LT 5 and LT 0x100000005, 5 meets
// neither).
func (r *resolver) wideOrder(abi uint32, rules []int) string {
	if r.arches[abi].Bits() != 64 {
		return ""
	}
	var below, seen, differ [6]bool
	var upper [6]uint64
	for _, i := range rules {
		for _, a := range r.rules[i].Args {
			switch a.Op {
			case seccomp.LT, seccomp.LE:
				below[a.Index] = true
			case seccomp.GE, seccomp.GT:
			default:
				continue
			}
			differ[a.Index] = differ[a.Index] || seen[a.Index] && upper[a.Index] != a.Value>>32
			seen[a.Index], upper[a.Index] = true, a.Value>>32
		}
	}
	for index := range below {
		if below[index] && differ[index] {
			return fmt.Sprintf("several rules compare argument %d by order, LT or LE among them, with constants whose upper 32 bits differ", index)
		}
	}
	return ""
}
