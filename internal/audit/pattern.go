// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// pattern is a set of calls as the table writes it: a name, the ABIs where it counts, and
// conditions that must all hold.
type pattern struct {
	name   string
	abis   []arch.Arch // none: all
	except bool        // on all ABIs but those
	conds  []condition
}

// condition is one of "0=AF_ALG/AF_RDS", "0!=0xffffffff", "0&A|B", "1&S_IFMT=S_IFCHR" and
// "1&~A|B=SOCK_RAW". Constants are kept as words, since their values differ by ABI.
type condition struct {
	index  int
	mask   string   // none: all bits
	values []string // of which one; none: any bit of the mask
	but    bool     // the mask is of the bits that do not count
	not    bool
}

// parsePattern reads a word of the table's calls. Names and constants must be known.
func parsePattern(word string) (pattern, error) {
	head, args, conditional := strings.Cut(word, "(")
	name, abis, limited := strings.Cut(head, "@")
	p := pattern{name: name}
	if !arch.Known(name) {
		return p, fmt.Errorf("%q: no ABI has the call %q", word, name)
	}
	if limited {
		abis, p.except = strings.CutPrefix(abis, "-")
		for _, token := range strings.Split(abis, ",") {
			abi, err := arch.Parse(token)
			if err != nil {
				return p, fmt.Errorf("%q: %w", word, err)
			}
			p.abis = append(p.abis, abi)
		}
	}
	if !conditional {
		return p, nil
	}
	args, closed := strings.CutSuffix(args, ")")
	if !closed {
		return p, fmt.Errorf("%q: no )", word)
	}
	for _, text := range strings.Split(args, ",") {
		c, err := parseCondition(text)
		if err != nil {
			return p, fmt.Errorf("%q: %w", word, err)
		}
		p.conds = append(p.conds, c)
	}
	return p, nil
}

func parseCondition(text string) (condition, error) {
	if text == "" || text[0] < '0' || text[0] > '5' {
		return condition{}, fmt.Errorf("condition %q, want one that begins with the argument, 0 to 5", text)
	}
	c := condition{index: int(text[0] - '0')}
	mask, value, equal := strings.Cut(text[1:], "=")
	mask, c.not = strings.CutSuffix(mask, "!")
	mask, masked := strings.CutPrefix(mask, "&")
	c.mask, c.but = strings.CutPrefix(mask, "~")
	if equal {
		c.values = strings.Split(value, "/")
	}
	if masked == (c.mask == "") || !masked && !equal || c.not && (masked || len(c.values) != 1) || c.but && !equal {
		return c, fmt.Errorf("condition %q, want 0=A, 0=A/B, 0!=A, 0&A, 0&A=B or 0&~A=B", text)
	}
	words := slices.Clone(c.values)
	if masked {
		words = append(words, c.mask)
	}
	for _, w := range words {
		if _, err := sum(w, arch.X86_64); err != nil {
			return c, err
		}
	}
	return c, nil
}

// on says whether the pattern counts on an ABI.
func (p *pattern) on(abi arch.Arch) bool {
	return len(p.abis) == 0 || slices.Contains(p.abis, abi) != p.except
}

// rules are the pattern's calls with a number of an ABI, one or more rules without an
// action. Of an argument that the kernel reads as int the low half counts alone.
func (p *pattern) rules(abi arch.Arch, nr uint32) []seccomp.Rule {
	alternatives := [][]seccomp.Arg{nil}
	for i := range p.conds {
		var next [][]seccomp.Arg
		for _, args := range alternatives {
			for _, arg := range p.conds[i].args(abi, p.name) {
				next = append(next, append(slices.Clip(args), arg))
			}
		}
		alternatives = next
	}
	list := make([]seccomp.Rule, len(alternatives))
	for i, args := range alternatives {
		list[i] = seccomp.Rule{Arches: []arch.Arch{abi}, Numbers: []seccomp.Range{{From: nr, To: nr}}, Args: args}
	}
	return list
}

// args are conditions of which one must hold: one for each bit of "any of these", and for each value.
func (c *condition) args(abi arch.Arch, name string) (list []seccomp.Arg) {
	most := c.read(name)
	mask := must(c.mask, abi)
	switch {
	case c.not:
		return []seccomp.Arg{{Index: c.index, Op: seccomp.NE, Value: must(c.values[0], abi), Narrow: most < 1<<32}}
	case c.values == nil:
		for bit := uint64(1); bit != 0; bit <<= 1 {
			if mask&bit != 0 {
				list = append(list, seccomp.Arg{Index: c.index, Op: seccomp.MaskedEQ, Mask: bit, Value: bit})
			}
		}
		return list
	case c.but:
		mask = most &^ mask
	case c.mask == "":
		mask = most
	}
	for _, words := range c.values {
		list = append(list, seccomp.Arg{Index: c.index, Op: seccomp.MaskedEQ, Mask: mask, Value: must(words, abi)})
	}
	return list
}

// read is the bits of the argument that the kernel reads.
func (c *condition) read(name string) uint64 {
	if bits, ok := arch.Width(name, c.index); ok && bits < 64 {
		return 1<<bits - 1
	}
	return 1<<64 - 1
}

// must is sum of words that the table has, which a test tries on every ABI. None are 0.
func must(words string, abi arch.Arch) uint64 {
	if words == "" {
		return 0
	}
	value, err := sum(words, abi)
	if err != nil {
		panic("audit: " + err.Error())
	}
	return value
}

// sum is constants and numbers joined by "|", on an ABI.
func sum(words string, abi arch.Arch) (value uint64, err error) {
	for _, word := range strings.Split(words, "|") {
		v, err := strconv.ParseUint(word, 0, 64)
		if known, ok := constantOf(word, abi); ok {
			v, err = known, nil
		}
		if err != nil {
			return 0, fmt.Errorf("constant %q is not known on %v", word, abi)
		}
		value |= v
	}
	return value, nil
}
