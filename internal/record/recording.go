// SPDX-License-Identifier: Apache-2.0

// Package record makes profiles of the calls that a command was seen to make.
//
// A Recording collects calls, from whoever watches them, and writes the smallest
// docker document that allows them all. With arguments it learns which values
// a scalar argument had and which flags were ever set; what a pointer points to is
// no part of a filter, so pointers are never learnt.
//
// The way in: [Everything] is a policy that asks about every call, and [Recording.Watch]
// answers its listener and notes the calls (watch.go). [Recording.Profile] writes the
// document (document.go), [Recording.Complete] mends what the linter finds wrong with it
// (completion.go), and [Recording.Check] holds the resolved policy to every call that was seen
// (check.go). `sieve record` goes this way.
//
// Limits: a run shows what one run did. Calls that a program makes in an error, on another
// kernel or under load are not in it. Three cases of that kind are known and added: what the
// runtime of a container needs before it executes the command (runtime.go), what Go's
// runtime calls when it has to (goruntime.go), and what threads wait with (thread.go). What a program fell back to because a call was
// missing on this kernel looks as if it were what the program wanted.
package record

import (
	"cmp"
	"slices"
	"time"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// Recording is the calls that were seen. The zero value has none and learns no arguments.
// It is not safe for use by several goroutines at once. Its size grows with the number of
// different calls and combinations of arguments, not with the length of the run.
type Recording struct {
	// Args makes it learn arguments.
	Args bool

	seen  map[key]*sight
	count uint64
	busy  time.Duration      // of Watch
	goes  map[arch.Arch]bool // ABIs of programs that were built with Go; true: with cgo
	// threads are the ABIs on which a thread was made, or may have been.
	threads map[arch.Arch]bool
}

// key is what the calls of one sight have in common: the ABI and the number.
type key struct {
	abi arch.Arch
	nr  uint32
}

// sight is what was seen of one call.
type sight struct {
	name     string // empty if no table has the number
	count    uint64
	args     arguments
	examples []seccomp.Call // of all that was learnt
}

// Add notes a call. A call is kept as an example if it is the first of its number or if
// something was learnt from it.
func (r *Recording) Add(c *seccomp.Call) {
	abi, ok := arch.Of(c.Audit, c.Nr)
	if !ok {
		abi = 0
	}
	r.count++
	k := key{abi, c.Nr}
	s := r.seen[k]
	if s == nil {
		s = &sight{}
		s.name, _ = abi.Name(c.Nr)
		s.args.learn(abi, s.name)
		if r.seen == nil {
			r.seen = map[key]*sight{}
		}
		r.seen[k] = s
	}
	if startsThread(abi, s.name, c) {
		if r.threads == nil {
			r.threads = map[arch.Arch]bool{}
		}
		r.threads[abi] = true
	}
	s.count++
	news := r.Args && s.args.add(c)
	if s.count == 1 || news {
		s.examples = append(s.examples, *c)
	}
}

// Count is how many calls were seen, and Distinct how many different ones.
func (r *Recording) Count() uint64 { return r.count }

// Distinct is the number of different calls, by ABI and number.
func (r *Recording) Distinct() int { return len(r.seen) }

// Call is a call that was seen, and how often.
type Call struct {
	Arch  arch.Arch // 0 for an ABI that has no table
	Nr    uint32
	Name  string // empty if no table has the number
	Count uint64
}

// Calls are those that were seen, the most frequent first.
func (r *Recording) Calls() []Call {
	list := make([]Call, 0, len(r.seen))
	for k, s := range r.seen {
		list = append(list, Call{k.abi, k.nr, s.name, s.count})
	}
	slices.SortFunc(list, func(a, b Call) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Arch, b.Arch), cmp.Compare(a.Nr, b.Nr))
	})
	return list
}

// arches are the ABIs through which calls with a name were made, in order.
func (r *Recording) arches() []arch.Arch {
	var list []arch.Arch
	for k, s := range r.seen {
		if s.name != "" && !slices.Contains(list, k.abi) {
			list = append(list, k.abi)
		}
	}
	slices.Sort(list)
	return list
}
