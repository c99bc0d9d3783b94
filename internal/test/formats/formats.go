// SPDX-License-Identifier: Apache-2.0

// Package formats is the table of the 58 places where the readers of Docker's format
// disagree: what Docker with runc, Podman (containers/common) and a Mesos agent do with
// the same document, and what Sieve makes of it in the dialect of each. The test of
// package dialect holds Sieve to the table, and bench holds the tools themselves to it
// (TestFormats in both), so that a new release of a tool that reads a place in another
// way shows as a failure.
//
// A row's document is the smallest that all three read, changed in the one respect that
// the row is about. The smallest has every key, as a Mesos agent wants them all.
//
// The table is for amd64 and names one call a row. It says nothing of places that nobody
// has found yet: the fuzz targets look for those.
package formats

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Target is the machine that all rows are for: amd64, the newest kernel that the tables
// know, and Docker's default capabilities.
func Target() profile.Target {
	return profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}
}

// Row is a document, and what each reader makes of it.
type Row struct {
	Number                int // of the place, from 1 to Places; a place may have several rows
	Input                 string
	Doc                   string
	Call                  seccomp.Call // whose action tells how the document was read
	Docker, Podman, Mesos Column
}

// Places is how many places there are.
const Places = 58

// String is "9: neither name nor names".
func (r *Row) String() string { return fmt.Sprintf("%d: %s", r.Number, r.Input) }

// Column is what becomes of a document in one dialect. Where Does and Sieve differ, Sieve
// deviates on purpose (docs/deviations.md).
type Column struct {
	Tool  string  // what the tool does, in words
	Does  Outcome // what the tool does, as a test sees it
	Sieve Outcome
}

// Outcome is a refusal of the document, or the action that the call gets.
type Outcome struct {
	// Refused is the code of Sieve's error, or a part of the agent's message. For Docker
	// and Podman any text means that the tool refuses the document.
	Refused string
	Panics  bool // the tool panics
	Action  seccomp.Action
	Codes   []profile.Code // of Sieve's warnings
}

// eperm is SECCOMP_RET_ERRNO with EPERM, the default action of most documents.
const eperm = seccomp.Action(0x00050001)

func refuses(why string) Outcome                            { return Outcome{Refused: why} }
func gives(a seccomp.Action, codes ...profile.Code) Outcome { return Outcome{Action: a, Codes: codes} }
func allows(codes ...profile.Code) Outcome                  { return gives(seccomp.Allow, codes...) }
func denies(codes ...profile.Code) Outcome                  { return gives(eperm, codes...) }

// Outcomes that only tools have.
var (
	refused = refuses("by the tool")
	panics  = Outcome{Panics: true}
)

// like is a column where Sieve does what the tool does.
func like(tool string, o Outcome) Column { return Column{tool, o, o} }

// but is a column where Sieve does something else.
func but(tool string, does, sieve Outcome) Column { return Column{tool, does, sieve} }

// same is the column of Podman where Podman does what Docker does.
var same = Column{Tool: "as Docker"}

// fields is an object as pairs of a key and its value in JSON, in order.
type fields []string

// with is the object with some fields changed or added. The changes are pairs as well; a
// field whose value is empty is removed.
func (f fields) with(changes ...string) string {
	f = slices.Clone(f)
	for i := 0; i < len(changes); i += 2 {
		at := 0
		for at < len(f) && f[at] != changes[i] {
			at += 2
		}
		if at == len(f) {
			f = append(f, changes[i], "")
		}
		f[at+1] = changes[i+1]
	}
	var list []string
	for i := 0; i < len(f); i += 2 {
		if f[i+1] != "" {
			list = append(list, fmt.Sprintf("%q: %s", f[i], f[i+1]))
		}
	}
	return "{" + strings.Join(list, ", ") + "}"
}

// The smallest document, rule and condition that all three read.
var (
	wholeDoc  = fields{"defaultAction", `"SCMP_ACT_ERRNO"`, "archMap", `[{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": []}]`, "syscalls", "[]"}
	wholeRule = fields{"names", `["read"]`, "action", `"SCMP_ACT_ALLOW"`, "args", "[]", "includes", "{}", "excludes", "{}"}
	wholeArg  = fields{"index", "0", "value", "1", "valueTwo", "0", "op", `"SCMP_CMP_EQ"`}
)

// document is the smallest document with these rules.
func document(rules ...string) string {
	return wholeDoc.with("syscalls", "["+strings.Join(rules, ", ")+"]")
}

// blacklist is a document that allows by default.
func blacklist(rules ...string) string {
	return wholeDoc.with("defaultAction", `"SCMP_ACT_ALLOW"`, "syscalls", "["+strings.Join(rules, ", ")+"]")
}

// compat is a document that is for x86 beside x86_64.
func compat(rules ...string) string {
	return wholeDoc.with("archMap", `[{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}]`, "syscalls", "["+strings.Join(rules, ", ")+"]")
}

// whole is a document with a rule that allows read, and with these changes.
func whole(changes ...string) string {
	return wholeDoc.with(append([]string{"syscalls", "[" + rule() + "]"}, changes...)...)
}

// rule is the rule that allows read, with these changes.
func rule(changes ...string) string { return wholeRule.with(changes...) }

// denied is a rule that denies read with ERRNO, with these changes.
func denied(changes ...string) string {
	return wholeRule.with(append([]string{"action", `"SCMP_ACT_ERRNO"`}, changes...)...)
}

// where is a document that allows read under conditions.
func where(args ...string) string {
	return document(rule("args", "["+strings.Join(args, ", ")+"]"))
}

// arg is the condition "argument 0 equals 1", with these changes.
func arg(changes ...string) string { return wholeArg.with(changes...) }

// read is a call of read on x86_64.
func read(args ...uint64) seccomp.Call { return call(arch.X86_64, "read", args...) }

// call is a call by its name. It panics for a name that the ABI lacks, which is a slip in
// the table.
func call(a arch.Arch, name string, args ...uint64) seccomp.Call {
	nr, ok := a.Number(name)
	if !ok {
		panic("formats: " + a.String() + " has no call " + name)
	}
	c := seccomp.Call{Audit: a.Audit(), Nr: nr}
	copy(c.Args[:], args)
	return c
}

// Rows are all rows, in the order of their numbers.
func Rows() []Row {
	list := slices.Concat(objects(), names(), words(), conditions(), numbers(), errnos(), texts())
	for i := range list {
		if r := &list[i]; r.Podman.Tool == same.Tool {
			r.Podman = r.Docker
		}
	}
	return list
}
