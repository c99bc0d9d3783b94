// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"encoding/json"
	"slices"
	"strings"
)

// repair is a part of a fix that names its place in the document, so that a program
// can take it as well as a person:
//
//	add RULE to syscalls
//	write VALUE for PATH
//	take NAME and NAME out of PATH
//
// Several are joined by ", and ".
type repair struct {
	verb  string // add, write, take
	path  string
	value string   // JSON, for add and write
	names []string // for take
}

func (s repair) String() string {
	switch s.verb {
	case "add":
		return "add " + s.value + " to " + s.path
	case "write":
		return "write " + s.value + " for " + s.path
	}
	return "take " + strings.Join(s.names, " and ") + " out of " + s.path
}

// repairsText is a fix of several.
func repairsText(list []repair) string {
	texts := make([]string, len(list))
	for i, s := range list {
		texts[i] = s.String()
	}
	return strings.Join(texts, ", and ")
}

// parseRepairs reads a fix, false if it is none of these.
func parseRepairs(fix string) ([]repair, bool) {
	var list []repair
	for {
		s, rest, ok := parseRepair(fix)
		if !ok {
			return nil, false
		}
		list = append(list, s)
		if rest == "" {
			return list, true
		}
		if fix, ok = strings.CutPrefix(rest, ", and "); !ok {
			return nil, false
		}
	}
}

// parseRepair reads the first of a fix.
func parseRepair(fix string) (s repair, rest string, ok bool) {
	verb, rest, _ := strings.Cut(fix, " ")
	s.verb = verb
	between := map[string]string{"add": " to ", "write": " for ", "take": " out of "}[verb]
	switch verb {
	case "add", "write":
		d := json.NewDecoder(strings.NewReader(rest))
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return s, "", false
		}
		s.value, rest = string(value), rest[d.InputOffset():]
	case "take":
		names, after, found := strings.Cut(rest, between)
		if !found {
			return s, "", false
		}
		s.names, rest = strings.Split(names, " and "), between+after
	default:
		return s, "", false
	}
	if rest, ok = strings.CutPrefix(rest, between); !ok {
		return s, "", false
	}
	end := strings.Index(rest, ", and ")
	if end < 0 {
		end = len(rest)
	}
	s.path = rest[:end]
	return s, rest[end:], s.path != "" && !strings.Contains(s.path, " ")
}

// answered are the repairs after which calls get another action, whatever the rules that
// deny them now say of them: they leave those and get a rule of their own.
func (p *Profile) answered(denies func(doc int) bool, names []string, action string, errno *uint32) []repair {
	var list []repair
	for i := range p.Syscalls {
		var taken []string
		for _, name := range p.Syscalls[i].Names {
			if slices.Contains(names, name) && !slices.Contains(taken, name) {
				taken = append(taken, name)
			}
		}
		if len(taken) > 0 && denies(i) {
			list = append(list, repair{verb: "take", path: rulePath(i) + ".names", names: taken})
		}
	}
	return append(list, repair{verb: "add", path: "syscalls", value: ruleJSON(&Rule{Names: names, Action: action, ErrnoRet: errno})})
}
