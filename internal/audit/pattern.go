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

// condition is one of "0=AF_ALG", "0!=0xffffffff", "0&A|B", "1&S_IFMT=S_IFCHR" and
// "1&~A|B=SOCK_RAW". Constants are kept as words, since their values differ by ABI.
type condition struct {
	index       int
	mask, value []string // none: all bits; any of the mask's
	but         bool     // the mask is of the bits that do not count
	not         bool
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
	mask, value, hasValue := strings.Cut(text[1:], "=")
	mask, c.not = strings.CutSuffix(mask, "!")
	mask, masked := strings.CutPrefix(mask, "&")
	mask, c.but = strings.CutPrefix(mask, "~")
	if masked == (mask == "") || !masked && !hasValue || c.not && masked || c.but && !hasValue {
		return c, fmt.Errorf("condition %q, want 0=A, 0!=A, 0&A, 0&A=B or 0&~A=B", text)
	}
	if masked {
		c.mask = strings.Split(mask, "|")
	}
	if hasValue {
		c.value = strings.Split(value, "|")
	}
	for _, word := range slices.Concat(c.mask, c.value) {
		if _, err := constant(word, arch.X86_64); err != nil {
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

// args are conditions of which one must hold: one for each bit of "any of these".
func (c *condition) args(abi arch.Arch, name string) []seccomp.Arg {
	most := ^uint64(0)
	bits, known := arch.Width(name, c.index)
	if known && bits < 64 {
		most = 1<<bits - 1
	}
	mask, value := sum(c.mask, abi), sum(c.value, abi)
	switch {
	case c.not:
		return []seccomp.Arg{{Index: c.index, Op: seccomp.NE, Value: value, Narrow: most < 1<<32}}
	case c.value == nil:
		var list []seccomp.Arg
		for bit := uint64(1); bit != 0; bit <<= 1 {
			if mask&bit != 0 {
				list = append(list, seccomp.Arg{Index: c.index, Op: seccomp.MaskedEQ, Mask: bit, Value: bit})
			}
		}
		return list
	case c.but:
		mask = most &^ mask
	case c.mask == nil:
		mask = most
	}
	return []seccomp.Arg{{Index: c.index, Op: seccomp.MaskedEQ, Mask: mask, Value: value}}
}

// sum is constants joined by "|". Those of the table are known on every ABI, which a test holds.
func sum(words []string, abi arch.Arch) (value uint64) {
	for _, word := range words {
		v, err := constant(word, abi)
		if err != nil {
			panic("audit: " + err.Error())
		}
		value |= v
	}
	return value
}

// constant is a number, or the value of a C constant on an ABI.
func constant(word string, abi arch.Arch) (uint64, error) {
	if v, err := strconv.ParseUint(word, 0, 64); err == nil {
		return v, nil
	}
	if v, ok := constantOf(word, abi); ok {
		return v, nil
	}
	return 0, fmt.Errorf("constant %q is not known on %v", word, abi)
}
