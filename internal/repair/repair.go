// SPDX-License-Identifier: Apache-2.0

package repair

import (
	"encoding/json"
	"strings"
)

// Repair is a part of a fix that names its place in the document, so that a program
// can take it as well as a person:
//
//	add RULE to syscalls
//	write VALUE for PATH
//	take NAME and NAME out of PATH
//
// Several are joined by ", and ".
type Repair struct {
	Verb  string // add, write, take
	Path  string
	Value string   // JSON, for add and write
	Names []string // for take
}

func (s Repair) String() string {
	switch s.Verb {
	case "add":
		return "add " + s.Value + " to " + s.Path
	case "write":
		return "write " + s.Value + " for " + s.Path
	}
	return "take " + strings.Join(s.Names, " and ") + " out of " + s.Path
}

// Text is a fix of several.
func Text(list []Repair) string {
	texts := make([]string, len(list))
	for i, s := range list {
		texts[i] = s.String()
	}
	return strings.Join(texts, ", and ")
}

// Parse reads a fix, false if it is none of these.
func Parse(fix string) ([]Repair, bool) {
	var list []Repair
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
func parseRepair(fix string) (s Repair, rest string, ok bool) {
	verb, rest, _ := strings.Cut(fix, " ")
	s.Verb = verb
	between := map[string]string{"add": " to ", "write": " for ", "take": " out of "}[verb]
	switch verb {
	case "add", "write":
		d := json.NewDecoder(strings.NewReader(rest))
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return s, "", false
		}
		s.Value, rest = string(value), rest[d.InputOffset():]
	case "take":
		names, after, found := strings.Cut(rest, between)
		if !found {
			return s, "", false
		}
		s.Names, rest = strings.Split(names, " and "), between+after
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
	s.Path = rest[:end]
	return s, rest[end:], s.Path != "" && !strings.Contains(s.Path, " ")
}
