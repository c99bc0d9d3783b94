// SPDX-License-Identifier: Apache-2.0

package constants

import (
	_ "embed" // the table of constants
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/errnos"
)

// table is a line for each constant; its head says what they mean.
//
//go:generate go run ../generate/minijail
//go:embed data/constants.tsv
var table string

// tableABIs are the ABIs that a value without "@ABI" in the table is for. They are those of
// golang.org/x/sys/unix, from which the table is made. On other ABIs the value of a
// constant is not known, and a policy that names one is refused.
var tableABIs = []arch.Arch{
	arch.X86, arch.X86_64, arch.ARM, arch.AArch64, arch.LoongArch64, arch.MIPS, arch.MIPSEL, arch.MIPS64,
	arch.MIPSEL64, arch.PPC, arch.PPC64, arch.PPC64LE, arch.RISCV64, arch.S390X,
}

// lines are the lines of the table by name.
var lines = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(table) {
		if name, values, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && line[0] != '#' {
			m[name] = values
		}
	}
	return m
})

// Value returns the value of a C constant on an ABI, as an unsigned long. Known reports
// whether any ABI has the constant: an error can then say that the name is right. A line of
// the table is, for example,
//
//	O_DIRECTORY	0x10000 0x4000@arm,aarch64,ppc
//
// where a value with ABIs stands behind the common one, and wins. Numbers of errnos come
// from package errnos, which knows them for all ABIs.
func Value(name string, a arch.Arch) (value uint64, ok, known bool) {
	values, known := lines()[name]
	for _, v := range strings.Fields(values) {
		number, abis, own := strings.Cut(v, "@")
		if own && !slices.Contains(strings.Split(abis, ","), a.String()) || !own && !slices.Contains(tableABIs, a) {
			continue
		}
		n, err := strconv.ParseUint(number, 0, 64)
		if err != nil {
			panic("constants: " + name + ": " + err.Error())
		}
		value, ok = n, true // one of its own is behind the common one
	}
	if n, found := errnos.Number(name, a); !ok && found {
		return uint64(n), true, true
	}
	return value, ok, known
}

// Names returns the names of the table in alphabetical order, as candidates for a
// suggestion. Those of errnos that the table lacks are not among them.
func Names() []string { return slices.Clone(sorted()) }

var sorted = sync.OnceValue(func() []string { return slices.Sorted(maps.Keys(lines())) })
