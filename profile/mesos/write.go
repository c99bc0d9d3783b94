// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// format writes a policy for the agents on one machine. It goes through a profile of Docker's
// family, since the two dialects have the same rules and differ in keys and words.
func format(p *seccomp.Policy, w document.Writing) ([]byte, error) {
	doc, err := document.Family(p, w)
	if err != nil {
		return nil, err
	}
	forMachine(doc, document.Machine(p))
	return keep(doc, p.Arches[:1], w)
}

// forMachine turns the list of architectures of a profile for one machine into an entry of
// archMap, which is all that an agent reads.
func forMachine(p *profile.Profile, host arch.Arch) {
	p.ArchMap = []profile.ArchMap{{Architecture: host.Token(), SubArchitectures: slices.DeleteFunc(slices.Clone(p.Architectures),
		func(token string) bool { return token == host.Token() })}}
	p.Architectures = nil
}

// The JSON of a Mesos profile: every key is required.
type (
	fileJSON struct {
		DefaultAction string     `json:"defaultAction"`
		ArchMap       []archJSON `json:"archMap"`
		Syscalls      []ruleJSON `json:"syscalls"`
	}
	archJSON struct {
		Architecture     string   `json:"architecture"`
		SubArchitectures []string `json:"subArchitectures"`
	}
	ruleJSON struct {
		Names    []string   `json:"names"`
		Action   string     `json:"action"`
		Args     []argJSON  `json:"args"`
		Comment  string     `json:"comment,omitempty"`
		Includes filterJSON `json:"includes"`
		Excludes filterJSON `json:"excludes"`
	}
	argJSON struct {
		Index    uint32 `json:"index"`
		Value    uint64 `json:"value"`
		ValueTwo uint64 `json:"valueTwo"`
		Op       string `json:"op"`
	}
	filterJSON struct {
		Caps   []string `json:"caps,omitempty"`
		Arches []string `json:"arches,omitempty"`
	}
)

// writer collects what an agent would not read as meant.
type writer struct{ reasons []string }

// cannot adds a reason.
func (w *writer) cannot(format string, args ...any) {
	w.reasons = append(w.reasons, fmt.Sprintf(format, args...))
}

// keep writes a profile of Docker's family for Mesos agents, rule by rule. Every key is
// written, if empty, since the agent refuses a rule without includes, excludes or args. What
// an agent would ignore (flags, a listener, minKernel) is a reason against writing: the
// document would look right and mean something else.
func keep(p *profile.Profile, _ []arch.Arch, _ document.Writing) ([]byte, error) {
	var w writer
	f := fileJSON{DefaultAction: w.action("defaultAction", p.DefaultAction, p.DefaultErrnoRet),
		ArchMap: []archJSON{}, Syscalls: []ruleJSON{}}
	if len(p.Architectures) > 0 {
		w.cannot("architectures: the same ABIs whatever the machine; archMap lists them by machine")
	}
	if len(p.Flags) > 0 || p.ListenerPath != "" || p.ListenerMetadata != "" {
		w.cannot("flags and a listener")
	}
	for i, m := range p.ArchMap {
		if !knowsToken(m.Architecture) {
			w.cannot("archMap[%d]: %s, which an agent does not know", i, m.Architecture)
		}
		for _, s := range m.SubArchitectures {
			if !knowsToken(s) {
				w.cannot("archMap[%d]: %s, which an agent does not know", i, s)
			}
		}
		f.ArchMap = append(f.ArchMap, archJSON{m.Architecture, append([]string{}, m.SubArchitectures...)})
	}
	for i := range p.Syscalls {
		f.Syscalls = append(f.Syscalls, w.rule(i, &p.Syscalls[i]))
	}
	if w.reasons != nil {
		return nil, &profile.UnsayableError{Dialect: profile.Mesos, Reasons: document.Shortened(w.reasons)}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(f); err != nil {
		return nil, err
	}
	return document.Indented(b.Bytes())
}

// knowsToken says whether an agent knows an architecture: it has the word for PPC64
// and cannot resolve it.
func knowsToken(token string) bool {
	a, err := arch.Parse(token)
	if err != nil {
		return false
	}
	switch a {
	case arch.X86, arch.X86_64, arch.X32, arch.ARM, arch.AArch64, arch.MIPS, arch.MIPSEL, arch.MIPS64, arch.MIPSEL64,
		arch.MIPS64N32, arch.MIPSEL64N32, arch.PPC, arch.PPC64LE, arch.S390, arch.S390X:
		return true
	}
	return false
}

// action returns an action's name in Mesos' vocabulary, which has SCMP_ACT_KILL for
// KILL_THREAD. The agent sets no errno: ERRNO and TRACE always carry EPERM, which is 1.
func (w *writer) action(path, name string, errno *uint32) string {
	switch name {
	case "SCMP_ACT_KILL_THREAD":
		return "SCMP_ACT_KILL"
	case "SCMP_ACT_ERRNO", "SCMP_ACT_TRACE":
		if errno != nil && *errno != 1 {
			w.cannot("%s: %s(%d): an agent always takes 1", path, strings.TrimPrefix(name, "SCMP_ACT_"), *errno)
		}
	case "SCMP_ACT_KILL", "SCMP_ACT_TRAP", "SCMP_ACT_ALLOW":
	default:
		w.cannot("%s: %s, which an agent does not know", path, name)
	}
	return name
}

// rule returns one rule for JSON. Conditions on one argument twice are refused: libseccomp
// answers EINVAL, and the agent, unlike runc, does not split them into alternatives. A value
// of 2^63 or more would be read as a double and lose digits.
func (w *writer) rule(i int, r *profile.Rule) ruleJSON {
	path := fmt.Sprintf("syscalls[%d]", i)
	out := ruleJSON{Names: r.Names, Action: w.action(path+".action", r.Action, r.ErrnoRet), Args: []argJSON{}, Comment: r.Comment,
		Includes: w.filter(path+".includes", r.Includes), Excludes: w.filter(path+".excludes", r.Excludes)}
	seen := map[uint32]bool{}
	for j, a := range r.Args {
		if a.Value > 1<<63-1 || a.ValueTwo > 1<<63-1 {
			w.cannot("%s.args[%d]: a number of 2^63 or more, which an agent reads as a double", path, j)
		}
		if seen[a.Index] {
			w.cannot("%s.args[%d]: a second condition on argument %d", path, j, a.Index)
		}
		seen[a.Index] = true
		out.Args = append(out.Args, argJSON{a.Index, a.Value, a.ValueTwo, a.Op})
	}
	return out
}

// filter returns includes or excludes; an object without keys is no condition. A list without
// items is left out: for an agent "arches": [] holds on no machine.
func (w *writer) filter(path string, f *profile.Selector) filterJSON {
	if f == nil {
		return filterJSON{}
	}
	if f.MinKernel != nil {
		w.cannot("%s.minKernel: an agent does not look at it", path)
	}
	return filterJSON{f.Caps, f.Arches}
}
