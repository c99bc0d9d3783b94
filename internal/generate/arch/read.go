// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// tables are the ABIs that have a table of their own, with the base of their numbers: the
// number of call 0. The other ABIs of package arch share one of these, as ppc64le shares
// ppc64's.
var tables = []struct {
	name string
	base uint32
}{
	{"x86_64", 0}, {"x86", 0}, {"x32", 0x40000000}, {"aarch64", 0}, {"arm", 0}, {"loongarch64", 0},
	{"m68k", 0}, {"mips", 4000}, {"mips64", 5000}, {"mips64n32", 6000}, {"parisc", 0}, {"parisc64", 0},
	{"ppc", 0}, {"ppc64", 0}, {"riscv64", 0}, {"s390", 0}, {"s390x", 0}, {"sh", 0}, {"riscv32", 0},
}

// call is a row of a table.
type call struct {
	name   string
	number uint16 // without the ABI's base, packed
	since  uint16 // first kernel: major<<8 | minor, 0 if not known
}

// sources is what all files say.
type sources struct {
	names  []string // of every table, in order
	tables map[string][]call
	widths map[string]uint16 // of a name: two bits for each argument, argument 0 lowest
}

// read reads every file of a folder.
func read(dir string) (*sources, error) {
	s := &sources{tables: map[string][]call{}, widths: map[string]uint16{}}
	for _, t := range tables {
		if err := s.readTable(filepath.Join(dir, t.name+".tsv"), t.name, t.base); err != nil {
			return nil, err
		}
	}
	slices.Sort(s.names)
	s.names = slices.Compact(s.names)
	if len(s.names) >= 1<<14 { // nameSlots and the tables hold index + 1 in 16 bits
		return nil, fmt.Errorf("%d names do not fit", len(s.names))
	}
	return s, rows(filepath.Join(dir, "args.tsv"), s.readWidth)
}

// readTable reads the table of an ABI.
func (s *sources) readTable(file, abi string, base uint32) error {
	seen := map[string]bool{}
	err := rows(file, func(f []string) error {
		c, err := parseCall(f, base)
		if err != nil {
			return err
		}
		if seen[c.name] {
			return fmt.Errorf("%s stands twice", c.name)
		}
		seen[c.name] = true
		s.names = append(s.names, c.name)
		s.tables[abi] = append(s.tables[abi], c)
		return nil
	})
	// Rows of one number keep their order: the first is the preferred name.
	slices.SortStableFunc(s.tables[abi], func(a, b call) int { return cmp.Compare(a.number, b.number) })
	return err
}

var nameForm = regexp.MustCompile(`^[a-z0-9_]+$`)

// parseCall reads a row: name, number, first kernel, and how that kernel is known.
func parseCall(f []string, base uint32) (call, error) {
	if len(f) != 4 || !nameForm.MatchString(f[0]) {
		return call{}, fmt.Errorf("want name, number, first kernel, basis; got %q", f)
	}
	n, err := strconv.ParseUint(f[1], 0, 32)
	if err != nil {
		return call{}, err
	}
	number, err := pack(uint32(n) - base)
	if err != nil {
		return call{}, err
	}
	since, err := parseKernel(f[2])
	return call{f[0], number, since}, err
}

// pack is a number as the table holds it, in 16 bits. ARM's private calls (__ARM_NR_BASE
// 0xf0000, arch/arm/include/uapi/asm/unistd.h) are held from 0xf000. The function pack of
// package arch must do the same.
func pack(n uint32) (uint16, error) {
	switch {
	case n < 0xf000:
		return uint16(n), nil
	case n>>12 == 0xf0:
		return uint16(0xf000 | n&0xfff), nil
	}
	return 0, fmt.Errorf("number %#x does not fit", n)
}

// parseKernel packs the first two parts of a version; "" is 0.
func parseKernel(s string) (uint16, error) {
	if s == "" {
		return 0, nil
	}
	parts := strings.Split(s, ".")
	if len(parts) < 2 || len(parts) > 3 {
		return 0, fmt.Errorf("kernel %q", s)
	}
	major, err := strconv.ParseUint(parts[0], 10, 8)
	if err != nil {
		return 0, err
	}
	minor, err := strconv.ParseUint(parts[1], 10, 8)
	return uint16(major<<8 | minor), err
}

// readWidth reads a row of args.tsv: name, index of the argument, width, C type.
func (s *sources) readWidth(f []string) error {
	if len(f) != 4 {
		return fmt.Errorf("want name, index, width, type; got %q", f)
	}
	if _, known := slices.BinarySearch(s.names, f[0]); !known {
		return fmt.Errorf("no table has %s", f[0])
	}
	index, err := strconv.Atoi(f[1])
	if err != nil || index < 0 || index > 5 {
		return fmt.Errorf("%s: index %q, want 0 to 5", f[0], f[1])
	}
	code, ok := map[string]uint16{"16": 1, "32": 2, "64": 3, "ptr": 3}[f[2]]
	if !ok {
		return fmt.Errorf("%s: width %q, want 16, 32, 64 or ptr", f[0], f[2])
	}
	if s.widths[f[0]]>>(2*index)&3 != 0 {
		return fmt.Errorf("%s: argument %d stands twice", f[0], index)
	}
	s.widths[f[0]] |= code << (2 * index)
	return nil
}

// rows calls f with the fields of each line of a file, but for comments. An error gets the
// file and the line.
func rows(file string, f func([]string) error) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		if err := f(strings.Split(line, "\t")); err != nil {
			return fmt.Errorf("%s:%d: %w", file, i+1, err)
		}
	}
	return nil
}
