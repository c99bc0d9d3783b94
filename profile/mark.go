// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/seccomp"
)

// resolution is what the resolver found, for package lint.
//
// It shares the resolver's lists: an observer may read them and must not change them.
func (r *resolver) resolution(policy *seccomp.Policy) *resolution.Resolution {
	return &resolution.Resolution{
		Options: r.Options,
		Policy:  policy, Parts: r.rules, Index: &r.index, Missing: r.missing, Ranked: r.rank, Dropped: r.dropped,
		Place: func(of, path string) resolution.Place {
			return resolution.Place(r.p.source.place(r.p.mark(of), path))
		},
		Legacy: func(rule int) bool { return r.p.Syscalls[rule].at.legacy },
	}
}

// mark is where the part stands that a path names: "syscalls[3].args[0].op". It
// is that of what is around the part where the part was not written.
//
// A path of a part that cannot be there gives the mark of the nearest part around it, or
// 0, which is a place without a line.
func (p *Profile) mark(path string) mark {
	switch path {
	case "defaultAction":
		return p.at.defaultAction
	case "defaultErrnoRet":
		return p.at.defaultErrnoRet
	case "defaultErrno":
		return p.at.defaultErrno
	case "architectures":
		return p.at.architectures
	case "archMap":
		return p.at.archMap
	case "listenerPath":
		return p.at.listenerPath
	case "listenerMetadata":
		return p.at.listenerMetadata
	}
	key, i, rest := cutIndex(path)
	switch {
	case key == "architectures":
		return cmp.Or(p.source.item(p.at.architecture, i), p.at.architectures)
	case key == "flags":
		return p.source.item(p.at.flags, i)
	case key == "archMap" && i < len(p.ArchMap):
		m := &p.ArchMap[i]
		_, j, _ := cutIndex(rest) // subArchitectures is the only list
		return cmp.Or(p.source.item(m.subs, j), m.at, p.at.archMap)
	case key == "syscalls" && i < len(p.Syscalls):
		r := &p.Syscalls[i]
		return cmp.Or(p.source.inRule(r, rest), r.at.rule)
	}
	return 0
}

// inRule is where a part of a rule stands, 0 if it was not written.
func (s *source) inRule(r *Rule, path string) mark {
	switch path {
	case "action":
		return r.at.action
	case "errnoRet":
		return r.at.errnoRet
	case "errno":
		return r.at.errno
	}
	key, i, rest := cutIndex(path)
	switch {
	case key == "names":
		return s.item(r.at.names, i)
	case key == "args" && i < len(r.Args):
		return cmp.Or(r.Args[i].mark(rest), r.Args[i].at)
	case strings.HasPrefix(key, "includes.") && r.Includes != nil:
		return s.inFilter(r.Includes, key, i)
	case strings.HasPrefix(key, "excludes.") && r.Excludes != nil:
		return s.inFilter(r.Excludes, key, i)
	}
	return 0
}

// inFilter is where an item of a filter's list stands.
func (s *source) inFilter(f *Selector, key string, i int) mark {
	if strings.HasSuffix(key, ".caps") {
		return s.item(f.caps, i)
	}
	return s.item(f.arches, i)
}

// mark is where a part of a condition stands, 0 if it was not written.
func (a *Arg) mark(key string) mark {
	switch key {
	case "index":
		return a.index
	case "value":
		return a.value
	case "valueTwo":
		return a.valueTwo
	case "op":
		return a.op
	}
	return 0
}

// cutIndex cuts a path behind its first index: "args[2].op" is args, 2 and op. The
// index is -1 if there is none.
//
// Of "includes.caps[2]" the key is "includes.caps", and of "action" all of it.
func cutIndex(path string) (key string, i int, rest string) {
	key, rest, found := strings.Cut(path, "[")
	digits, rest, closed := strings.Cut(rest, "]")
	i, err := strconv.Atoi(digits)
	if !found || !closed || err != nil || i < 0 {
		return path, -1, ""
	}
	return key, i, strings.TrimPrefix(rest, ".")
}
