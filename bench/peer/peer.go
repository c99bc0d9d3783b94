// SPDX-License-Identifier: Apache-2.0

// Package peer compiles OCI seccomp documents with the compilers that Sieve is
// measured against. Each peer is driven as its own users drive it, from the
// same document, and yields the program that it would load.
//
// What a peer cannot express is an error, never a weaker program: a row that is
// missing from a table is honest, a program for another policy is not.
package peer

import (
	"errors"
	"fmt"
	"slices"

	"github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/net/bpf"
)

// ErrUnsupported is what errors about a document that a peer cannot express wrap.
var ErrUnsupported = errors.New("not expressible")

// Compile makes a program. It is the part whose time is measured: from the
// peer's own policy object to instructions.
type Compile func() ([]bpf.RawInstruction, error)

// Peer is a compiler.
type Peer struct {
	Name    string
	Version string // module or library version
	// Prepare reads the document into the peer's own policy object.
	Prepare func(doc *specs.LinuxSeccomp) (Compile, error)
	// Enosys says that the peer answers ENOSYS for calls that are newer than
	// the document, as runc does.
	Enosys bool
	// Missing says why Prepare cannot work in this build; empty if it can.
	Missing string
}

// All returns the peers in the order of the tables.
func All() []Peer {
	return []Peer{libseccomp(1), libseccomp(2), runc(), elastic(), gvisor()}
}

// group is one entry of a document in the form that all adapters start from:
// names that share an action and the alternatives of which one must hold.
type group struct {
	names []string
	// any holds the alternatives, each a list of conditions that must all
	// hold; none means that the entry is unconditional.
	any    [][]specs.LinuxSeccompArg
	action specs.LinuxSeccompAction
	errno  uint
}

// groups reads the entries as runc does: an entry that equals the default is
// dropped, and one that repeats an argument index means any of its conditions.
func groups(doc *specs.LinuxSeccomp) []group {
	var list []group
	for _, s := range doc.Syscalls {
		g := group{names: s.Names, action: s.Action, errno: errnoOf(s.Action, s.ErrnoRet)}
		if g.action == doc.DefaultAction && g.errno == errnoOf(doc.DefaultAction, doc.DefaultErrnoRet) {
			continue
		}
		switch {
		case len(s.Args) == 0:
		case repeatsIndex(s.Args):
			for _, a := range s.Args {
				g.any = append(g.any, []specs.LinuxSeccompArg{a})
			}
		default:
			g.any = [][]specs.LinuxSeccompArg{s.Args}
		}
		list = append(list, g)
	}
	return list
}

// settled is the groups without the entries that another one makes void: the
// first unconditional entry of a name is its only one. For peers that refuse a
// name twice.
func settled(list []group) []group {
	owner := map[string]int{} // the group with the name's first unconditional entry
	for i, g := range list {
		for _, name := range g.names {
			if _, ok := owner[name]; !ok && len(g.any) == 0 {
				owner[name] = i
			}
		}
	}
	kept := make([]group, 0, len(list))
	for i, g := range list {
		names := make([]string, 0, len(g.names))
		for _, name := range g.names {
			if by, ok := owner[name]; (!ok || by == i) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		g.names = names
		kept = append(kept, g)
	}
	return kept
}

// errnoOf is the data of an action: EPERM for ERRNO and TRACE without a number.
func errnoOf(a specs.LinuxSeccompAction, n *uint) uint {
	switch {
	case a != specs.ActErrno && a != specs.ActTrace:
		return 0
	case n == nil:
		return 1
	}
	return *n
}

func repeatsIndex(args []specs.LinuxSeccompArg) bool {
	for i, a := range args {
		if slices.ContainsFunc(args[:i], func(b specs.LinuxSeccompArg) bool { return a.Index == b.Index }) {
			return true
		}
	}
	return false
}

// native is an error unless the document is for x86_64 alone.
func native(doc *specs.LinuxSeccomp) error {
	if !slices.Equal(doc.Architectures, []specs.Arch{specs.ArchX86_64}) {
		return fmt.Errorf("%w: architectures %v, one program is for x86_64 alone", ErrUnsupported, doc.Architectures)
	}
	return nil
}
