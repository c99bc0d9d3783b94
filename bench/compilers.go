// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/bench/peer"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
)

// compilers are Sieve and the peers, or those of the given names.
func compilers(names []string) ([]*compiler, error) {
	list := []*compiler{{name: "Sieve", version: "this tree", prepare: func(w *workload) (func() (seccomp.Filter, error), error) {
		return func() (seccomp.Filter, error) { return w.policy.Compile() }, nil
	}}}
	for _, p := range peer.All() {
		list = append(list, fromPeer(p))
	}
	for _, name := range names {
		if !slices.ContainsFunc(list, func(c *compiler) bool { return c.is(name) }) {
			return nil, fmt.Errorf("unknown compiler %q", name)
		}
	}
	if len(names) == 0 {
		return list, nil
	}
	return slices.DeleteFunc(list, func(c *compiler) bool { return !slices.ContainsFunc(names, c.is) }), nil
}

// is says whether the name, with or without spaces and capitals, is the
// compiler's: "libseccompO2".
func (c *compiler) is(name string) bool {
	plain := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "")) }
	return plain(name) == plain(c.name)
}

func fromPeer(p peer.Peer) *compiler {
	c := &compiler{name: p.Name, version: p.Version, enosys: p.Enosys}
	c.prepare = func(w *workload) (func() (seccomp.Filter, error), error) {
		if p.Missing != "" {
			return nil, fmt.Errorf("%s: %s", c.name, p.Missing)
		}
		compile, err := p.Prepare(w.spec)
		if err != nil {
			return nil, err
		}
		return func() (seccomp.Filter, error) {
			program, err := compile()
			if err != nil {
				return nil, err
			}
			return seccomp.Filter{bpf.Program(program)}, nil
		}, nil
	}
	return c
}
