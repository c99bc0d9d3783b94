// SPDX-License-Identifier: Apache-2.0

// Package formats is the table of the places where the readers of Docker's format
// disagree: for each what Docker with runc, Podman (containers/common) and a Mesos
// agent do, and what Sieve makes of the same document in the dialect of each. Tests
// hold Sieve to it, and those in bench the tools.
//
// All rows have one document for all three, but for what the row is about: a Mesos
// agent wants every key.
package formats

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Target is the machine that all rows are for.
func Target() profile.Target {
	return profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}
}

// Row is a document, and what becomes of it.
type Row struct {
	Number                int // of the place, from 1 to Places; a place may have several rows
	Input                 string
	Doc                   string
	Call                  seccomp.Call // which is asked
	Docker, Podman, Mesos Column
}

// Places is how many places there are.
const Places = 58

// String is "9: neither name nor names".
func (r *Row) String() string { return fmt.Sprintf("%d: %s", r.Number, r.Input) }

// Column is what becomes of a document in one dialect.
type Column struct {
	Tool  string  // what the tool does, in words
	Does  Outcome // and as a test sees it
	Sieve Outcome
}

// Outcome is a refusal, or what the call gets.
type Outcome struct {
	// Refused is the code of Sieve's error, or a part of the agent's message. Of a
	// tool it only matters that there is one.
	Refused string
	Panics  bool // of a tool
	Action  seccomp.Action
	Codes   []profile.Code // of Sieve's diagnostics
}

// eperm is the default action of most documents.
const eperm = seccomp.Action(0x00050001)

func refuses(why string) Outcome                            { return Outcome{Refused: why} }
func gives(a seccomp.Action, codes ...profile.Code) Outcome { return Outcome{Action: a, Codes: codes} }
func allows(codes ...profile.Code) Outcome                  { return gives(seccomp.Allow, codes...) }
func denies(codes ...profile.Code) Outcome                  { return gives(eperm, codes...) }

// An outcome of a tool alone.
var (
	refused = refuses("by the tool")
	panics  = Outcome{Panics: true}
)

// like is a column where Sieve does as the tool.
func like(tool string, o Outcome) Column { return Column{tool, o, o} }

// but is a column where Sieve does otherwise.
func but(tool string, does, sieve Outcome) Column { return Column{tool, does, sieve} }

// same is the column of Podman where it does as Docker.
var same = Column{Tool: "as Docker"}

// fields are the keys of an object and their JSON, in order.
type fields []string

// with is the object with some of its fields changed, added or, if empty, removed.
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

// The least that all three read.
var (
	wholeDoc  = fields{"defaultAction", `"SCMP_ACT_ERRNO"`, "archMap", `[{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": []}]`, "syscalls", "[]"}
	wholeRule = fields{"names", `["read"]`, "action", `"SCMP_ACT_ALLOW"`, "args", "[]", "includes", "{}", "excludes", "{}"}
	wholeArg  = fields{"index", "0", "value", "1", "valueTwo", "0", "op", `"SCMP_CMP_EQ"`}
)

// document is one with these rules.
func document(rules ...string) string {
	return wholeDoc.with("syscalls", "["+strings.Join(rules, ", ")+"]")
}

// blacklist is one that allows by default.
func blacklist(rules ...string) string {
	return wholeDoc.with("defaultAction", `"SCMP_ACT_ALLOW"`, "syscalls", "["+strings.Join(rules, ", ")+"]")
}

// compat is one that lets calls of x86 in too.
func compat(rules ...string) string {
	return wholeDoc.with("archMap", `[{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}]`, "syscalls", "["+strings.Join(rules, ", ")+"]")
}

// whole is one with other fields beside a rule for read.
func whole(changes ...string) string {
	return wholeDoc.with(append([]string{"syscalls", "[" + rule() + "]"}, changes...)...)
}

// rule allows read, but for the changes.
func rule(changes ...string) string { return wholeRule.with(changes...) }

// denied denies read with a number, but for the changes.
func denied(changes ...string) string {
	return wholeRule.with(append([]string{"action", `"SCMP_ACT_ERRNO"`}, changes...)...)
}

// where is a document that allows read under conditions.
func where(args ...string) string {
	return document(rule("args", "["+strings.Join(args, ", ")+"]"))
}

// arg is that argument 0 is 1, but for the changes.
func arg(changes ...string) string { return wholeArg.with(changes...) }

// read is a call of it.
func read(args ...uint64) seccomp.Call { return call(arch.X86_64, "read", args...) }

func call(a arch.Arch, name string, args ...uint64) seccomp.Call {
	nr, ok := a.Number(name)
	if !ok {
		panic("formats: " + a.String() + " has no call " + name)
	}
	c := seccomp.Call{Audit: a.Audit(), Nr: nr}
	copy(c.Args[:], args)
	return c
}

// Rows are all rows, in order.
func Rows() []Row {
	list := slices.Concat(objects(), names(), words(), conditions(), numbers(), errnos(), texts())
	for i := range list {
		if r := &list[i]; r.Podman.Tool == same.Tool {
			r.Podman = r.Docker
		}
	}
	return list
}
