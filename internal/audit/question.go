// SPDX-License-Identifier: Apache-2.0

package audit

import (
	_ "embed" // the table of questions
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/artifact"
)

// Question is what an audit asks: can one of these calls be made?
type Question struct {
	ID         string
	Title      string      // what can be done, as a noun: "new user namespaces"
	Reason     string      // why that matters
	References []Reference // public ones, at least one
	calls      []pattern
	special    string // "@foreign" and the like; then there are no calls
}

// Reference is where the reason is told.
type Reference struct {
	Name string // "CVE-2022-0185", "setns(2)"
	URL  string
}

//go:embed data/questions.tsv
var table string

// Questions are all, in the order of the table. The list belongs to the caller.
func Questions() []Question { return slices.Clone(questions()) }

// Find is the question of an ID.
func Find(id string) (q Question, ok bool) {
	i := slices.IndexFunc(questions(), func(q Question) bool { return q.ID == id })
	if i < 0 {
		return q, false
	}
	return questions()[i], true
}

var questions = sync.OnceValue(func() []Question {
	var list []Question
	for line := range strings.Lines(table) {
		if line[0] == '#' {
			continue
		}
		q, err := parseQuestion(strings.TrimSuffix(line, "\n"))
		if err != nil {
			panic("audit: questions.tsv: " + err.Error()) // which no released table has
		}
		list = append(list, q)
	}
	return list
})

// parseQuestion reads a line of the table, whose head explains it.
func parseQuestion(line string) (Question, error) {
	fields := strings.Split(line, "\t")
	if len(fields) != 5 {
		return Question{}, fmt.Errorf("%q has %d fields, want 5", line, len(fields))
	}
	q := Question{ID: fields[0], Title: fields[1], Reason: fields[4]}
	for _, word := range strings.Fields(fields[2]) {
		if special(word) != nil {
			q.special = word
			continue
		}
		p, err := parsePattern(word)
		if err != nil {
			return q, fmt.Errorf("%s: %w", q.ID, err)
		}
		q.calls = append(q.calls, p)
	}
	if (q.special == "") == (q.calls == nil) {
		return q, fmt.Errorf("%s: want calls, or one word with @", q.ID)
	}
	for _, word := range strings.Fields(fields[3]) {
		r, err := parseReference(word)
		if err != nil {
			return q, fmt.Errorf("%s: %w", q.ID, err)
		}
		q.References = append(q.References, r)
	}
	return q, nil
}

// parseReference reads "CVE-2022-0185" or "man:setns.2".
func parseReference(word string) (Reference, error) {
	page, isPage := strings.CutPrefix(word, "man:")
	name, section, ok := strings.Cut(page, ".")
	switch {
	case isPage && ok:
		return Reference{name + "(" + section + ")", "https://man7.org/linux/man-pages/man" + section + "/" + page + ".html"}, nil
	case strings.HasPrefix(word, "CVE-"):
		return Reference{word, "https://nvd.nist.gov/vuln/detail/" + word}, nil
	}
	return Reference{}, fmt.Errorf("reference %q, want CVE-YEAR-NUMBER or man:PAGE.SECTION", word)
}

// Machine lists the ABIs through which calls may come on a machine: its own, which is first, and
// those beside it. Which of them the kernel was built with is not known.
func Machine(native arch.Arch) []arch.Arch { return artifact.Runs(native) }
