// SPDX-License-Identifier: Apache-2.0

package document

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/seccomp/proof"
)

const (
	mostBrief = 400 // bytes of a difference, as one reason among others
	mostNamed = 6   // calls, or ranges of numbers, of a longer one
)

// Brief returns a difference in a line that can be read. One about very many calls names the
// first of them and how many there are besides:
//
//	x86_64 read, write, open, close, stat, fstat, 297 more: ALLOW, ERRNO(1)
func Brief(d proof.Difference) string {
	if text := d.String(); len(text) <= mostBrief || d.ABI == 0 {
		return text
	}
	what, list := "", d.Names
	if len(list) == 0 {
		what = "calls "
		for _, r := range d.Numbers {
			list = append(list, fmt.Sprintf("%d..%d", r.From, r.To))
		}
	}
	if n := len(list); n > mostNamed {
		list = append(list[:mostNamed:mostNamed], fmt.Sprintf("%d more", n-mostNamed))
	}
	text := fmt.Sprintf("%v %s%s", d.ABI, what, strings.Join(list, ", "))
	for _, w := range d.Where {
		text += ", " + w.String()
	}
	return fmt.Sprintf("%s: %v, %v", text, d.A, d.B)
}
