// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// formatMesos writes a policy for the agent on one machine.
func formatMesos(p *seccomp.Policy, o Options) ([]byte, error) {
	doc, err := familyProfile(p, o)
	if err != nil {
		return nil, err
	}
	forAgent(doc, p.Arches[0])
	return keepMesos(doc, p.Arches[:1], o)
}

// forAgent makes the ABIs of a profile for one machine an entry of archMap.
func forAgent(p *profile.Profile, host arch.Arch) {
	p.ArchMap = []profile.ArchMap{{Architecture: host.Token(), SubArchitectures: slices.DeleteFunc(slices.Clone(p.Architectures),
		func(token string) bool { return token == host.Token() })}}
	p.Architectures = nil
}

// The JSON of a Mesos profile: every key is required.
type (
	mesosFile struct {
		DefaultAction string       `json:"defaultAction"`
		ArchMap       []mesosArch  `json:"archMap"`
		Syscalls      []mesosRules `json:"syscalls"`
	}
	mesosArch struct {
		Architecture     string   `json:"architecture"`
		SubArchitectures []string `json:"subArchitectures"`
	}
	mesosRules struct {
		Names    []string    `json:"names"`
		Action   string      `json:"action"`
		Args     []mesosArg  `json:"args"`
		Comment  string      `json:"comment,omitempty"`
		Includes mesosFilter `json:"includes"`
		Excludes mesosFilter `json:"excludes"`
	}
	mesosArg struct {
		Index    uint32 `json:"index"`
		Value    uint64 `json:"value"`
		ValueTwo uint64 `json:"valueTwo"`
		Op       string `json:"op"`
	}
	mesosFilter struct {
		Caps   []string `json:"caps,omitempty"`
		Arches []string `json:"arches,omitempty"`
	}
)

// mesosWriter collects what cannot be said.
type mesosWriter struct{ reasons []string }

func (w *mesosWriter) cannot(format string, args ...any) {
	w.reasons = append(w.reasons, fmt.Sprintf(format, args...))
}

// keepMesos writes a profile of Docker's family for Mesos agents.
func keepMesos(p *profile.Profile, _ []arch.Arch, _ Options) ([]byte, error) {
	var w mesosWriter
	f := mesosFile{DefaultAction: w.action("defaultAction", p.DefaultAction, p.DefaultErrnoRet),
		ArchMap: []mesosArch{}, Syscalls: []mesosRules{}}
	if len(p.Architectures) > 0 {
		w.cannot("architectures: the same ABIs whatever the machine; archMap lists them by machine")
	}
	if len(p.Flags) > 0 || p.ListenerPath != "" || p.ListenerMetadata != "" {
		w.cannot("flags and a listener")
	}
	for i, m := range p.ArchMap {
		if !mesosToken(m.Architecture) {
			w.cannot("archMap[%d]: %s, which an agent does not know", i, m.Architecture)
		}
		for _, s := range m.SubArchitectures {
			if !mesosToken(s) {
				w.cannot("archMap[%d]: %s, which an agent does not know", i, s)
			}
		}
		f.ArchMap = append(f.ArchMap, mesosArch{m.Architecture, append([]string{}, m.SubArchitectures...)})
	}
	for i := range p.Syscalls {
		f.Syscalls = append(f.Syscalls, w.rule(i, &p.Syscalls[i]))
	}
	if w.reasons != nil {
		return nil, &UnsayableError{Mesos, shortened(w.reasons)}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(f); err != nil {
		return nil, err
	}
	return indented(b.Bytes())
}

// shortened is the first reasons.
func shortened(list []string) []string {
	if len(list) > most {
		return append(list[:most:most], fmt.Sprintf("and %d more", len(list)-most))
	}
	return list
}

// mesosToken says whether an agent knows an architecture: it has the word for PPC64
// and cannot resolve it.
func mesosToken(token string) bool {
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

// action is an action in Mesos' words.
func (w *mesosWriter) action(path, name string, errno *uint32) string {
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

func (w *mesosWriter) rule(i int, r *profile.Rule) mesosRules {
	path := fmt.Sprintf("syscalls[%d]", i)
	out := mesosRules{Names: r.Names, Action: w.action(path+".action", r.Action, r.ErrnoRet), Args: []mesosArg{}, Comment: r.Comment,
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
		out.Args = append(out.Args, mesosArg{a.Index, a.Value, a.ValueTwo, a.Op})
	}
	return out
}

func (w *mesosWriter) filter(path string, f *profile.Filter) mesosFilter {
	if f == nil {
		return mesosFilter{}
	}
	if f.MinKernel != nil {
		w.cannot("%s.minKernel: an agent does not look at it", path)
	}
	return mesosFilter{f.Caps, f.Arches}
}
