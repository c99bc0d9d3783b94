// SPDX-License-Identifier: Apache-2.0

package document

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/grant"
	"github.com/gosieve/sieve/seccomp"
)

// Contract is all that package profile/dialect knows of a dialect. The dialect's package
// registers one. It is data, so that a package which imports one dialect links no other.
//
// Every dialect fills the first part. What a dialect does not have is nil in the
// second.
type Contract struct {
	Name profile.Dialect
	// Codes are the dialect's own diagnostics, in alphabetical order of the codes. All
	// others are those of package profile.
	Codes []Code
	// ENOSYS is the mode in which the dialect's own tool answers calls that are newer
	// than the document. It is the default for documents of this dialect.
	ENOSYS profile.Option
	// BadArch is what the tool answers to calls of foreign ABIs, whatever the document
	// says. The zero value is KILL_THREAD.
	BadArch seccomp.Action
	// Parse reads a document. Hostile input is an error, never a panic. An error is a
	// *profile.Error with the place; errors.As finds it in a Refusal too.
	Parse func(doc []byte, opts ...profile.ParseOption) (Document, error)
	// Changes are what would allow a call: see grant.Changes.
	Changes func(Document, profile.Target, seccomp.Call, ...profile.Option) ([]grant.Change, error)
	// Format writes a valid policy with at least one ABI, the machine's own first. Write
	// first calls Format with an equivalent policy whose rules do not overlap, then with
	// the policy itself. If the dialect cannot express it, Format returns a
	// *profile.UnsayableError. Format need not prove anything: Write does.
	Format func(*seccomp.Policy, Writing) ([]byte, error)

	// Reader is the option with which a document is read that was written so.
	Reader func(Writing) profile.ParseOption
	// Unnamed is what the tool answers by default to numbers that have no name, and
	// always says that no document can choose another answer.
	Unnamed func(arch.Arch) (a seccomp.Action, always bool)
	// Flags are a document's flags for installing its filter on a kernel.
	Flags func(d Document, kernel seccomp.Flags) seccomp.Flags
	// Threads are the names of the filters of a document that has several, and Thread is
	// the document of one of them.
	Threads func(Document) []string
	Thread  func(Document, string) Document
	// Like makes a profile of Docker's family of a document, and Keep writes one without
	// resolving it, to be read on any of the machines. Dialects that have both can be
	// converted rule by rule.
	Like func(Document) (*profile.Profile, error)
	Keep func(p *profile.Profile, machines []arch.Arch, w Writing) ([]byte, error)
	// ForMachine changes a profile that was resolved for one machine, so that Keep takes it.
	ForMachine func(*profile.Profile, arch.Arch)
}

// Document is a document that was read, in any dialect. It must not change after Parse:
// callers resolve one document for several targets, at the same time too.
type Document interface {
	// Resolve is what the document means for a target: see profile.Profile.Resolve.
	Resolve(profile.Target, ...profile.Option) (*seccomp.Policy, []profile.Diagnostic, error)
}

// registered are the dialects of the packages that a program links.
var registered []*Contract

// Register makes a dialect known. A package calls it when it is initialized, so that its
// contract is no name that other programs see. Initialization is the only time: the list has
// no lock.
func Register(d *Contract) { registered = append(registered, d) }

// Registered is the dialect of a name, nil if no package of it is linked.
func Registered(name profile.Dialect) *Contract {
	i := slices.IndexFunc(registered, func(d *Contract) bool { return d.Name == name })
	if i < 0 {
		return nil
	}
	return registered[i]
}

// Code is the code of a diagnostic and what it stands for. A dialect's own begin with its
// name, so that no two share one. Programs compare codes: one that was published stays.
type Code struct {
	Code    profile.Code
	Meaning string
}

// Writing says how a document is written. A dialect looks at what concerns it.
type Writing struct {
	ENOSYS   profile.Option   // how the document will be read; nil as the dialect's own tool does
	Like     *profile.Profile // whose flags and listener are written; nil for none
	Thread   string           // the filter's name, in dialects that have several
	Name     string           // the object's name, in dialects of objects
	Compiler bool             // for minijail's compiler, not for minijail0
	Version  int              // of the tool that reads it; 0 for the newest
}

// Checked makes a Parse of the contract from one that has a type of its own. Where that one
// fails, its nil *Profile would become a Document that is not nil.
func Checked[D Document](parse func([]byte, ...profile.ParseOption) (D, error)) func([]byte, ...profile.ParseOption) (Document, error) {
	return func(doc []byte, opts ...profile.ParseOption) (Document, error) {
		d, err := parse(doc, opts...)
		if err != nil {
			return nil, err
		}
		return d, nil
	}
}

// Changing makes a Changes of the contract from one of a document's own type. It panics for
// a document of another dialect, which package profile/dialect never gives it.
func Changing[D Document](changes func(D, profile.Target, seccomp.Call, ...profile.Option) ([]grant.Change, error)) func(Document, profile.Target, seccomp.Call, ...profile.Option) ([]grant.Change, error) {
	return func(d Document, t profile.Target, c seccomp.Call, opts ...profile.Option) ([]grant.Change, error) {
		return changes(d.(D), t, c, opts...)
	}
}

// Meaning is what a code of the dialect's own stands for; empty for any other.
func (d *Contract) Meaning(c profile.Code) string {
	for _, own := range d.Codes {
		if own.Code == c {
			return own.Meaning
		}
	}
	return ""
}
