// SPDX-License-Identifier: Apache-2.0

package page

import (
	"slices"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Subject is what a page is about.
type Subject struct {
	Name     string          // of the file, as places have it
	Dialect  profile.Dialect // empty for a filter
	Text     []byte          // the document; nil for a filter
	Machines []Machine
	Findings []profile.Diagnostic
	Against  *Against         // nil for a page about one thing
	Options  []seccomp.Option // bounds of what is proved
}

// Machine is a subject on one machine. A filter is its own policy, found by decompiling.
type Machine struct {
	Target profile.Target
	Thread string // whose filter it is, where a document has several
	Policy *seccomp.Policy
	Filter seccomp.Filter
}

// Page is the model: what the script shows. Its JSON is read by assets/page.js alone.
type Page struct {
	Name     Text        `json:"name"`
	Dialect  string      `json:"dialect,omitempty"` // empty for a filter
	Machines []*machine  `json:"machines"`
	ABIs     []*abi      `json:"abis"`
	Sets     []string    `json:"sets"`    // by which calls are grouped
	Answers  []answer    `json:"answers"` // shared by the calls that get them
	Rules    []rule      `json:"rules"`   // shared by the answers
	Findings []finding   `json:"findings"`
	Against  *comparison `json:"against,omitempty"`
	Lines    []Text      `json:"lines,omitempty"`
	Omitted  int         `json:"omitted,omitempty"` // lines that are not shown
}

// machine is what the subject was resolved for, and the filter there.
type machine struct {
	Thread   string     `json:"thread,omitempty"`
	Arch     string     `json:"arch"`
	Kernel   string     `json:"kernel,omitempty"`
	Caps     []string   `json:"caps,omitempty"`
	Programs []int      `json:"programs"` // how many instructions each has
	Longest  int        `json:"longest"`  // instructions on the longest way through all programs
	Bitmap   bool       `json:"bitmap"`   // the kernel remembers what is always allowed
	Other    label      `json:"other"`    // the answer for ABIs that are not listed
	Trees    []*tree    `json:"trees"`    // one for each program
	Audit    []question `json:"audit"`
}

// abi is the calls of one ABI on one machine.
type abi struct {
	Name    string  `json:"name"`
	Machine int     `json:"machine"`
	Calls   []*call `json:"calls"`
	Rest    []span  `json:"rest,omitempty"` // numbers without a name
	Figures figures `json:"figures"`
}

// call is a cell of the grid.
type call struct {
	Name   string `json:"name"`
	Nr     uint32 `json:"nr"`
	Answer int    `json:"answer"`
	Sets   []int  `json:"sets"`            // the first is the one that it stands in
	Since  string `json:"since,omitempty"` // the first kernel, where that is later than the oldest known
	Never  string `json:"never,omitempty"` // the kernel from which on no filter is asked
	Steps  int    `json:"steps"`           // instructions that are executed, arguments all 0
	Share  uint32 `json:"share,omitempty"` // how often usual programs make the call, in thousandths
	Bitmap bool   `json:"bitmap,omitempty"`
}

// span is a range of numbers that get one answer.
type span struct {
	From   uint32 `json:"from"`
	To     uint32 `json:"to"`
	Answer int    `json:"answer"`
}

// answer is what a call gets: the kind that colours its cell, and the rules in the order in
// which they are tried.
type answer struct {
	Kind  string `json:"kind"`
	Steps []step `json:"steps"`
	More  int    `json:"more,omitempty"` // steps that are not shown
}

// step is a rule, and for which arguments of the call: "socket(AF_VSOCK, *)". Without it, for all.
type step struct {
	Rule int  `json:"rule"`
	When Text `json:"when,omitempty"`
}

// rule is an action and its place in the document.
type rule struct {
	Action label `json:"action"`
	File   Text  `json:"file,omitempty"` // where it is not the subject's own
	Line   int   `json:"line,omitempty"`
	Column int   `json:"column,omitempty"`
	Path   Text  `json:"path,omitempty"`
	Note   Text  `json:"note,omitempty"`
	Other  bool  `json:"other,omitempty"` // no rule: the default action
	Away   bool  `json:"away,omitempty"`  // in the document that the subject is compared with
}

// label is an action for people, and its kind.
type label struct {
	Text string `json:"text"`
	Kind string `json:"kind"`
}

// finding is a diagnostic.
type finding struct {
	Severity string `json:"severity"`
	Code     string `json:"code"`
	Message  Text   `json:"message"`
	Fix      Text   `json:"fix,omitempty"`
	File     Text   `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
	Path     Text   `json:"path,omitempty"`
}

// New makes the model of a page. The same subject gives the same page. The error is that of a
// comparison that the bounds do not allow.
func New(s *Subject) (*Page, error) {
	b := &builder{page: &Page{Name: Text(s.Name), Dialect: string(s.Dialect)}, subject: s, rules: map[string]int{}, answers: map[string]int{}, paths: pathsOf(s.Text)}
	b.page.Sets = append(slices.Clone(setNames()), "others")
	for i := range s.Machines {
		b.machine(i, &s.Machines[i])
	}
	b.page.Findings = []finding{}
	for i := range s.Findings {
		b.page.Findings = append(b.page.Findings, b.finding(&s.Findings[i]))
	}
	b.source(s.Text)
	if s.Against != nil {
		if err := b.compare(s.Against); err != nil {
			return nil, err
		}
	}
	return b.page, nil
}
