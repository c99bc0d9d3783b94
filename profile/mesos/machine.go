// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/picojson"
	"github.com/gosieve/sieve/profile"
)

// machine is a profile as an agent on one machine keeps it: conditions on the
// machine are decided, those on capabilities are not. The agent decides those when it
// launches a container, of which it then knows the bounding set.
type machine struct {
	native arch.Arch // the machine that it was read for
	// warnings are what surprises in the agent's reading, in the order of the
	// document.
	warnings []profile.Diagnostic

	text   *document.Text
	action int         // default action, in actionWords
	arches []archEntry // beside the machine's own, in the agent's order
	rules  []rule
}

// archEntry is an ABI that archMap adds, and the place of its word.
type archEntry struct {
	word  int // in archWords
	value *picojson.Value
}

// rule is a rule that is for the machine. What the document says of other machines is gone:
// the agent has not read it.
type rule struct {
	doc                int // index in syscalls
	at                 int
	includes, excludes []string // capabilities
	names              []string
	nameAt             []int
	action             int // in actionWords
	args               []condition
}

// condition is a condition on one argument, with numbers as the agent cast them. value is
// the mask of MASKED_EQ and valueTwo its datum, as in libseccomp; the other operators
// compare with value. The comments in Mesos' seccomp.proto have the two the wrong way round.
type condition struct {
	at, op          int // op in operatorWords
	index           uint32
	value, valueTwo uint64
}

// readFor reads a profile as an agent on a machine does, and tries to build it, as the
// agent does. The file's name is for messages and places.
//
// Every error is a *document.Refusal with the agent's message, "Failed to parse Seccomp profile
// 'FILE': ...", and wraps profile.ErrSyntax or profile.ErrProfile. Where the document
// is a profile for Docker, Fix says how to use it. Names of calls are those that Sieve
// knows; an agent knows those of its libseccomp, and refuses the profile for any other.
func readFor(native arch.Arch, file string, doc []byte) (*machine, error) {
	p := parser{machine: &machine{native: native, text: document.NewText(file, string(doc))}}
	err := p.parse()
	if err == nil {
		err = p.build()
	}
	if err != nil {
		err.Message = "Failed to parse Seccomp profile '" + file + "': " + err.Message
		docker := isDocker(doc)
		if err.Fix == "" {
			err.Fix = nearest(err.Message, docker)
		}
		if err.Fix == "" && docker {
			err.Fix = "this is a profile for Docker: --dialect docker reads it, which no agent does"
		}
		return nil, err
	}
	return p.machine, nil
}

// isDocker reports whether Docker takes a document that the agent refuses. Docker's own
// default profile is such a one: it lacks keys that the agent requires (includes, excludes,
// args and valueTwo), and has SCMP_ARCH_RISCV64.
func isDocker(doc []byte) bool {
	_, err := profile.Parse(doc)
	return err == nil
}

// parser reads a document's fields in the agent's order. The agent stops at its first error,
// so the order decides which message appears in its log.
type parser struct{ *machine }

// place is an offset in the document with the path of the value there.
func (p *machine) place(at int, path string) profile.Place { return p.text.Place(at, path) }

// fail is an error of the agent; message is without what readFor puts before it. The agent
// gives no places. Here a message has that of the value, or of the object that lacks one.
func (p *machine) fail(v *picojson.Value, path, message string) *document.Refusal {
	at := 0
	if v != nil {
		at = v.At
	}
	return document.Refused(profile.ErrProfile, p.place(at, path), message)
}

// maxWarnings is how many warnings are kept: nobody reads more, and a document of the largest
// size could ask for one in every few bytes.
const maxWarnings = 1000

// warn keeps a diagnostic about what the agent accepts and an author may not expect.
func (p *machine) warn(v *picojson.Value, path string, code profile.Code, severity profile.Severity, fix, format string, args ...any) {
	if len(p.warnings) >= maxWarnings {
		return
	}
	p.warnings = append(p.warnings, profile.Diagnostic{Severity: severity, Code: code,
		Message: fmt.Sprintf(format, args...), Place: p.place(v.At, path), Fix: fix})
}

// parse reads the whole document:
//
//	{"defaultAction": ..., "archMap": [...], "syscalls": [...]}
//
// Keys that the agent does not know are ignored; those that Docker reads and the agent does
// not are warned of. Of a key that is there twice the last counts (package picojson).
func (p *parser) parse() *document.Refusal {
	root, message, at := picojson.Read(p.text.Text)
	if message != "" {
		return document.Refused(profile.ErrSyntax, p.place(at, ""), message)
	}
	if root.Kind != picojson.Object {
		return p.fail(root, "", "Unexpected JSON type parsed")
	}
	if err := p.defaultAction(root); err != nil {
		return err
	}
	if err := p.archMap(root); err != nil {
		return err
	}
	p.aboutKeys(root, "", "defaultErrnoRet", "architectures", "flags", "listenerPath", "listenerMetadata")
	return p.syscalls(root)
}

// defaultAction reads the required default action. An agent knows five: KILL, TRAP, ERRNO,
// TRACE and ALLOW, each with SCMP_ACT_ before it.
func (p *parser) defaultAction(root *picojson.Value) *document.Refusal {
	v, why := root.Field("defaultAction", picojson.Text)
	if why != "" {
		return p.fail(cmpValue(v, root), "defaultAction", "Cannot determine 'defaultAction' for the Seccomp configuration: "+why)
	}
	n, wrong := word(actionWords, v.Text, "syscall action", "syscall action")
	if wrong != "" {
		return p.fail(v, "defaultAction", wrong)
	}
	p.action = n
	return nil
}

// cmpValue is the value that an error is about: the value itself if it is there, and else
// the object that lacks it.
func cmpValue(v, parent *picojson.Value) *picojson.Value {
	if v != nil {
		return v
	}
	return parent
}

// archMap reads the required list of machines:
//
//	[{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]}]
//
// All entries are validated; only those of this machine have an effect, and there may be
// several, whose ABIs add up. Docker takes the first alone. The machine's own ABI is always
// filtered, entry or not.
func (p *parser) archMap(root *picojson.Value) *document.Refusal {
	v, why := root.Field("archMap", picojson.List)
	if why != "" {
		return p.fail(cmpValue(v, root), "archMap", "Cannot determine 'archMap' for the Seccomp configuration: "+why)
	}
	for i, item := range v.Items {
		if err := p.archItem(item, fmt.Sprintf("archMap[%d]", i)); err != nil {
			return err
		}
	}
	if len(p.arches) == 0 {
		p.warn(v, "archMap", noEntry, profile.Info, "", "no entry for %v: only that ABI is filtered, and calls through any other kill the thread", p.native)
	}
	return nil
}

// archItem reads one entry. Its subArchitectures are looked at on its own machine alone, so
// that null there is an error on that machine and on no other. They come before the machine's
// own ABI, in the order in which the agent adds them to libseccomp's filter.
func (p *parser) archItem(item *picojson.Value, path string) *document.Refusal {
	if item.Kind != picojson.Object {
		return p.fail(item, path, "'archMap' contains a non-object item")
	}
	v, why := item.Field("architecture", picojson.Text)
	if why != "" {
		return p.fail(cmpValue(v, item), path+".architecture", "Cannot determine 'architecture' field for 'archMap' item: "+why)
	}
	n, wrong := word(archWords, v.Text, "architecture", "architecture")
	if wrong == "" && archABI[n] == 0 {
		wrong = fmt.Sprintf("Unknown architecture: %d", n)
	}
	if wrong != "" {
		return p.fail(v, path+".architecture", wrong)
	}
	if archABI[n] != p.native {
		return nil
	}
	subs, why := item.Field("subArchitectures", picojson.List)
	if why != "" {
		return p.fail(cmpValue(subs, item), path+".subArchitectures", "Cannot determine 'subArchitectures' field for 'archMap' item: "+why)
	}
	for i, sub := range subs.Items {
		path := fmt.Sprintf("%s.subArchitectures[%d]", path, i)
		if sub.Kind != picojson.Text {
			return p.fail(sub, path, "'subArchitectures' contains a non-string item")
		}
		m, wrong := word(archWords, sub.Text, "architecture", "architecture")
		if wrong != "" {
			return p.fail(sub, path, wrong)
		}
		p.arches = append(p.arches, archEntry{m, sub})
	}
	p.arches = append(p.arches, archEntry{n, v})
	return nil
}

// syscalls reads the required list of rules. An empty one is taken: then every call gets the
// default action.
func (p *parser) syscalls(root *picojson.Value) *document.Refusal {
	v, why := root.Field("syscalls", picojson.List)
	if why != "" {
		return p.fail(cmpValue(v, root), "syscalls", "Cannot determine 'syscalls' for the Seccomp configuration: "+why)
	}
	for i, item := range v.Items {
		if item.Kind != picojson.Object {
			return p.fail(item, fmt.Sprintf("syscalls[%d]", i), "'syscalls' contains a non-object item")
		}
		if err := p.rule(i, item); err != nil {
			return err
		}
	}
	return nil
}

// rule reads one rule. Includes and excludes come first, and a rule that is not for this
// machine is read no further: what is wrong in the rest of it is found on other machines.
func (p *parser) rule(i int, item *picojson.Value) *document.Refusal {
	r := rule{doc: i, at: item.At}
	path := fmt.Sprintf("syscalls[%d]", i)
	in, err := p.filter(item, path, "includes")
	if err != nil {
		return err
	}
	if in.arches && !in.match {
		if in.empty {
			p.warn(in.at, path+".includes.arches", emptyArches, profile.Warning, "remove arches",
				"an empty list of arches drops the rule on every machine; for Docker it is no condition")
		} else {
			p.warn(item, path, otherArch, profile.Info, "", "the rule is not for %v, and its rest is not read", p.native)
		}
		return nil
	}
	ex, err := p.filter(item, path, "excludes")
	if err != nil {
		return err
	}
	if ex.arches && ex.match {
		p.warn(item, path, otherArch, profile.Info, "", "the rule is not for %v, and its rest is not read", p.native)
		return nil
	}
	r.includes, r.excludes = in.caps, ex.caps
	if err := p.names(&r, item, path); err != nil {
		return err
	}
	action, why := item.Field("action", picojson.Text)
	if why != "" {
		return p.fail(cmpValue(action, item), path+".action", "Cannot determine 'action' for 'syscalls' item: "+why)
	}
	n, wrong := word(actionWords, action.Text, "syscall action", "syscall action")
	if wrong != "" {
		return p.fail(action, path+".action", wrong)
	}
	r.action = n
	if err := p.args(&r, item, path); err != nil {
		return err
	}
	p.aboutKeys(item, path+".", "name", "errnoRet", "errno")
	p.rules = append(p.rules, r)
	return nil
}

// aboutKeys warns of keys that Docker or Podman read and an agent does not. A value that says
// nothing is passed over: null, an empty list or text, or 1, which is the agent's errno too.
func (p *parser) aboutKeys(v *picojson.Value, path string, keys ...string) {
	for _, key := range keys {
		f := v.Fields[key]
		if f == nil || f.Kind == picojson.Null || f.Kind == picojson.List && len(f.Items) == 0 || f.Kind == picojson.Text && f.Text == "" || f.Kind == picojson.Number && f.Num == (picojson.Numeral{Whole: true, Int: 1}) {
			continue // says nothing
		}
		p.warn(f, path+key, ignoredKey, profile.Warning, "", "%s is not looked at; errno is always EPERM, and there are no flags", key)
	}
}

// names reads the calls of a rule. Docker's older key name, for one call, is not read. The
// names are looked up later, in the agent's trial (build), whose messages come after all of
// these.
func (p *parser) names(r *rule, item *picojson.Value, path string) *document.Refusal {
	v, why := item.Field("names", picojson.List)
	if why != "" {
		return p.fail(cmpValue(v, item), path+".names", "Cannot determine 'names' field for 'syscalls' item: "+why)
	}
	for i, name := range v.Items {
		if name.Kind != picojson.Text {
			return p.fail(name, fmt.Sprintf("%s.names[%d]", path, i), "'names' contains a non-string item")
		}
		r.names = append(r.names, name.Text)
		r.nameAt = append(r.nameAt, name.At)
	}
	if len(r.names) == 0 {
		return p.fail(v, path+".names", "Syscall 'names' list is empty")
	}
	return nil
}
