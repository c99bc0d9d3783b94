// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/argument"
)

// Text is the call in words: "ioctl(0, TIOCSTI, ...)". What "..." stands for is 0, and no part of
// the question. A number in front of a name is a register of which the kernel reads the name alone:
// "socket(0x100000028 (AF_VSOCK), ...)".
func (f *Found) Text() string {
	if f.Name == "" {
		return fmt.Sprintf("number %d", f.Call.Nr)
	}
	return f.Name + "(" + strings.Join(f.arguments(f.Call.Args), ", ") + ")"
}

// DeniedText is Denied in words, empty if there is none.
func (f *Found) DeniedText() string {
	if f.Denied == nil {
		return ""
	}
	denied := Found{ABI: f.ABI, Call: *f.Denied, asked: f.asked}
	denied.Name, _ = f.ABI.Name(f.Denied.Nr)
	return denied.Text()
}

func (f *Found) arguments(args [6]uint64) []string {
	texts := argument.Text(f.ABI, f.Name, args, nil)
	shown := 0
	for i := range texts {
		if args[i] != 0 || f.asked[i].asked {
			shown = i + 1
		}
		if s := f.asked[i].symbol; s != "" {
			texts[i] = s
		}
		if bits, ok := arch.Width(f.Name, i); ok && bits < 64 && f.ABI.Bits() == 64 && args[i]>>bits != 0 {
			texts[i] = fmt.Sprintf("%#x (%s)", args[i], texts[i])
		}
	}
	if shown < len(texts) {
		texts = append(texts[:shown], "...")
	}
	return texts
}

// asked is what a question asks of an argument.
type asked struct {
	asked  bool
	symbol string // the table's word for the value that it has; empty if package argument has it
}

// askedOf is what the question asks of the arguments of a call.
func (q *Question) askedOf(f *Found) (list [6]asked) {
	for i := range q.calls {
		p := &q.calls[i]
		if p.name != f.Name || !p.on(f.ABI) {
			continue
		}
		for j := range p.conds {
			c := &p.conds[j]
			list[c.index].asked = true
			for _, words := range c.values {
				if !c.not && f.Call.Args[c.index]&c.read(p.name) == must(words, f.ABI) {
					list[c.index].symbol = words
				}
			}
		}
	}
	return list
}
