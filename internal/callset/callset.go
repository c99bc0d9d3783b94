// SPDX-License-Identifier: Apache-2.0

// Package callset knows systemd's sets of system calls: @file-system, @network-io and the like, by
// the version of systemd that has them. The dialect of systemd's units resolves names of sets with
// it; the page of a report groups calls by it.
package callset

import (
	_ "embed" // the table of sets
	"slices"
	"strings"
	"sync"

	"github.com/gosieve/sieve/arch"
)

// table has a line for each member of a set: the set, the member, and the versions of
// systemd that have it, from src/shared/seccomp-util.c. Its head names the sources.
//
//	@aio	io_cancel	252.38,255.13,255-stable@2024-10-09,256-rc4
//
//go:embed data/groups.tsv
var table string

// versions are the versions of systemd whose sets the table has, each with its name there.
// Sets grow from one version to the next, so that the same unit allows more on a newer one.
var versions = sync.OnceValue(func() map[int]string {
	return map[int]string{252: "252.38", 255: "255.13", 256: "256-rc4"}
})

// Has says whether the table has a version of systemd.
func Has(version int) bool {
	_, ok := versions()[version]
	return ok
}

// Newest is the version that counts if none is given.
const Newest = 256

// sets are the members of each set, by version. A member may be a set: @system-service
// has @file-system among others. The table is read at the first use of a set: most programs
// that link this package ask for none.
var sets = sync.OnceValue(func() map[int]map[string][]string {
	all := map[int]map[string][]string{}
	for v, name := range versions() {
		all[v] = map[string][]string{}
		for line := range strings.Lines(table) {
			fields := strings.Split(strings.TrimSpace(line), "\t")
			if len(fields) == 3 && line[0] == '@' && slices.Contains(strings.Split(fields[2], ","), name) {
				all[v][fields[0]] = append(all[v][fields[0]], fields[1])
			}
		}
	}
	return all
})

// Members returns the names in a set, with those of the sets in it. It is false for a set
// that the version does not have. @known is every call that the tables of package arch
// have, in place of systemd's own list of all calls.
func Members(version int, set string) ([]string, bool) {
	if set == "@known" {
		return Known(), true
	}
	list, ok := sets()[version][set]
	if !ok {
		return nil, false
	}
	var names []string
	for _, m := range list {
		if m[0] != '@' {
			names = append(names, m)
			continue
		}
		inner, _ := Members(version, m) // the table has no set that contains itself
		names = append(names, inner...)
	}
	return names, true
}

// Names are the names of all sets of a version, in order. @known is among
// them, which the table has no line for: it is made of package arch's tables.
func Names(version int) []string {
	list := []string{"@known"}
	for name := range sets()[version] {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// Known are the names of all calls of all ABIs, in order and each once.
func Known() []string { return known() }

var known = sync.OnceValue(func() []string {
	var names []string
	for _, a := range arch.All() {
		for _, name := range a.Calls() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
})
