// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/jsontext"
	"github.com/gosieve/sieve/internal/options"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/internal/wording"
)

// Parse reads a profile: by default a docker one, of at most 64 MiB and 256
// levels. In the oci dialect it may be a whole config.json, of which only
// linux.seccomp is looked at. Parse refuses what is not JSON (a byte order mark, trailing data, comments
// and invalid UTF-8 included), values of a wrong type or out of range, keys that
// are there twice, unknown actions, operators, architectures and flags, and a
// document without a default action, which Docker would take for no filter at
// all. Unknown keys and keys in another case are in Warnings; of the latter the
// value counts.
//
// Every error is an *Error with the place, and wraps ErrSyntax, ErrProfile or
// ErrLimit. The same document gives the same profile everywhere.
//
// After an error in one rule reading goes on with the next, and Error.Also has what else
// is wrong. doc is copied: the profile does not hold it.
func Parse(doc []byte, opts ...ParseOption) (*Profile, error) {
	o := options.Of(opts...)
	p := parser{profile: &Profile{Dialect: cmp.Or(Dialect(o.Dialect), Docker)}, notes: notes{file: o.File, strict: o.Strict}}
	if len(doc) > o.Size {
		return nil, p.failure(ErrLimit, "too-large", 0, "the document has %d bytes, more than %d", len(doc), o.Size)
	}
	if !p.profile.Dialect.family() {
		return nil, p.failure(ErrProfile, "dialect", 0, "%s", p.profile.Dialect.strange())
	}
	p.marks, p.names = &p.profile.source.marks, p.someNames[:0]
	p.strings.free = make([]string, 0, min(len(doc)/40, 4096))
	p.Init(string(doc), o.Depth)
	p.lines = text.NewLines(p.Text())
	p.profile.source = source{file: o.File, lines: p.lines, marks: make([]mark, 0, len(doc)/32+16)}
	if !p.Failed() {
		p.parseRoot()
		p.End()
	}
	if !p.Failed() {
		p.finish()
	}
	if err := p.refusal(); err != nil {
		return nil, err
	}
	return p.profile, nil
}

// parser makes a profile of what the reader reads.
//
// Lists are read into names and conds, which are used again for each, and then kept in
// slabs: so there are few allocations.
type parser struct {
	jsontext.Reader
	notes
	profile *Profile
	marks   *[]mark // the source's
	strings arena[string]
	args    arena[Arg]
	filters arena[Selector]
	numbers arena[uint32]
	names   []string // of the list being read
	conds   []Arg    // of the list being read

	someNames [128]string // room for most lists
}

// finish checks the words of a profile that has been read.
func (p *parser) finish() {
	p.more()
	p.profile.Warnings = p.warnings
	for _, e := range p.profile.checkHead() {
		p.keep(e)
	}
	for _, e := range p.kept {
		p.misspelt(e)
	}
}

// The keys that Docker and Podman read, by object. OCI's are among them.
var (
	profileKeys = []string{"defaultAction", "defaultErrnoRet", "defaultErrno", "architectures", "archMap", "flags",
		"listenerPath", "listenerMetadata", "syscalls"}
	archMapKeys = []string{"architecture", "subArchitectures"}
	ruleKeys    = []string{"names", "action", "args", "errnoRet", "errno", "includes", "excludes", "comment", "name"}
	argKeys     = []string{"index", "value", "op", "valueTwo"}
	filterKeys  = []string{"caps", "arches", "minKernel"}
)

// parseRoot reads the document. In the oci dialect it may be a whole config.json.
func (p *parser) parseRoot() {
	if p.profile.Dialect == OCI && p.isConfig() {
		p.config()
		return
	}
	p.document()
}

// document reads a profile, the top of a file or linux.seccomp of a config.json. Fields
// may come in any order.
func (p *parser) document() {
	at := &p.profile.at
	at.defaultAction = p.here() // where it would have to be, should there be none
	o := p.object(profileKeys)
	for p.next(&o) {
		switch profileKeys[o.field] {
		case "defaultAction":
			p.profile.DefaultAction, at.defaultAction = p.optionalString()
		case "defaultErrnoRet":
			p.profile.DefaultErrnoRet, at.defaultErrnoRet = p.errno()
		case "defaultErrno":
			p.profile.DefaultErrno, at.defaultErrno = p.errnoName(&o)
		case "architectures":
			at.architectures = p.here()
			p.profile.Architectures, at.architecture = p.texts()
		case "archMap":
			p.dockerKey(&o)
			at.archMap = p.here()
			p.archMap()
		case "flags":
			p.profile.Flags, at.flags = p.texts()
		case "listenerPath":
			p.profile.ListenerPath, at.listenerPath = p.optionalString()
		case "listenerMetadata":
			p.profile.ListenerMetadata, at.listenerMetadata = p.optionalString()
		case "syscalls":
			p.rules()
		}
	}
	if p.profile.Dialect == OCI {
		p.profile.ArchMap = nil
	}
}

// dockerKey warns of a key that only Docker and Podman read.
func (p *parser) dockerKey(o *fields) {
	if p.profile.Dialect == OCI {
		p.warn("unknown-key", o.KeyAt, "read the document in the docker dialect",
			"only the docker dialect has the key %q", o.names[o.field])
	}
}

// errnoName reads the name of an errno, which only Podman does: others skip it with
// a warning.
func (p *parser) errnoName(o *fields) (string, mark) {
	if p.profile.Dialect == Podman {
		return p.optionalString()
	}
	p.warn("unknown-key", o.KeyAt, "read the document in the podman dialect",
		"only the podman dialect has the key %q", o.names[o.field])
	p.Skip()
	return "", 0
}

// here is the mark of the value that comes next.
//
// It is one more than the offset, so that 0 can stand for a place that is not known.
func (p *parser) here() mark { return mark(p.At() + 1) }

// optionalString reads a string, or null as the empty one.
func (p *parser) optionalString() (string, mark) {
	at := p.here()
	if p.ReadNull() {
		return "", at
	}
	return p.ReadString(), at
}

// errno reads a number that an action carries, or null as none.
func (p *parser) errno() (*uint32, mark) {
	at := p.here()
	if p.ReadNull() {
		return nil, at
	}
	n := uint32(p.uint(math.MaxUint32))
	return &p.numbers.keep([]uint32{n})[0], at
}

// texts reads a list of strings: nil for null, not nil if it is there and empty.
func (p *parser) texts() ([]string, marks) {
	if p.ReadNull() {
		return nil, marks{}
	}
	p.names = p.names[:0]
	first := len(*p.marks)
	for p.List("a list"); p.Item(); {
		*p.marks = append(*p.marks, p.here())
		p.names = append(p.names, p.ReadString())
	}
	if p.Failed() {
		return nil, marks{}
	}
	return p.strings.keep(p.names), marks{uint32(first), uint32(len(p.names))}
}

// uint reads a whole number from 0 to most.
//
// 1.0, 1e3 and -1 are refused, as encoding/json refuses them for a uint64. No number goes
// through a float64, which would lose bits above 2^53.
func (p *parser) uint(most uint64) uint64 {
	at := p.At()
	number := p.ReadNumber()
	if p.Failed() {
		return 0
	}
	n, whole, fits := jsontext.Uint(number, most)
	switch {
	case !whole:
		p.badNumber(at, "%s: want a whole number from 0 to %d, without sign, fraction and exponent", text.Clip(number), most)
	case !fits:
		p.badNumber(at, "%s is too large, want 0 to %d", text.Clip(number), most)
	}
	return n
}

// archMap reads the list of ABIs to filter by host. null is an empty list, as for Docker.
func (p *parser) archMap() {
	if p.ReadNull() {
		return
	}
	p.profile.ArchMap = make([]ArchMap, 0, 16)
	for p.List("a list"); p.Item(); {
		m := ArchMap{at: p.here()}
		o := p.object(archMapKeys)
		for p.next(&o) {
			switch archMapKeys[o.field] {
			case "architecture":
				m.Architecture, m.at = p.optionalString()
			case "subArchitectures":
				m.SubArchitectures, m.subs = p.texts()
			}
		}
		p.profile.ArchMap = append(p.profile.ArchMap, m)
	}
}

// rules reads the list of rules. A rule whose numbers are bad is not checked further: its
// 0 would give a second error for one mistake.
func (p *parser) rules() {
	if p.ReadNull() {
		return
	}
	p.profile.Syscalls = make([]Rule, 0, min(len(p.Text())/256, 4096)+4)
	for p.List("a list"); p.Item(); {
		i := len(p.profile.Syscalls)
		p.profile.Syscalls = append(p.profile.Syscalls, Rule{})
		numbers := p.badNumbers
		p.rule(&p.profile.Syscalls[i])
		if !p.Failed() && p.badNumbers == numbers {
			// At once: a list of empty objects would need much room.
			p.keep(p.profile.checkRule(i))
		}
	}
}

// rule reads one rule. "name" is the key of Docker before 1.12, one call to a rule;
// beside a list of names it is an error in Docker, and in Podman one only where the rule
// applies.
func (p *parser) rule(r *Rule) {
	r.at.rule = p.here()
	var name string
	var nameAt mark
	var named bool
	o := p.object(ruleKeys)
	for p.next(&o) {
		switch ruleKeys[o.field] {
		case "names":
			r.Names, r.at.names = p.texts()
		case "action":
			r.Action, r.at.action = p.optionalString()
		case "args":
			r.Args = p.conditions()
		case "errnoRet":
			r.ErrnoRet, r.at.errnoRet = p.errno()
		case "errno":
			r.Errno, r.at.errno = p.errnoName(&o)
		case "includes":
			r.Includes = p.filter(&o)
		case "excludes":
			r.Excludes = p.filter(&o)
		case "comment":
			p.dockerKey(&o)
			r.Comment, _ = p.optionalString()
		case "name":
			p.dockerKey(&o)
			named = p.Peek() == '"'
			name, nameAt = p.optionalString()
		}
	}
	if !named || p.profile.Dialect == OCI || p.Failed() {
		return
	}
	if len(r.Names) > 0 {
		if name != "" && p.profile.Dialect == Podman {
			// Refused if the rule applies.
			p.profile.legacy = append(p.profile.legacy, legacyName{r.at.rule, name, nameAt})
		} else if name != "" {
			p.Enter("name")
			p.keepWrong("name-and-names", int(nameAt-1), "the rule has both name and names, want one of them")
			p.Leave()
		}
		return
	}
	r.at.legacy = true
	r.Names = p.strings.keep([]string{name})
	r.at.names = marks{uint32(len(*p.marks)), 1}
	*p.marks = append(*p.marks, nameAt)
}

// conditions reads the list of conditions; null and an absent list are none.
func (p *parser) conditions() []Arg {
	if p.ReadNull() {
		return nil
	}
	p.conds = p.conds[:0]
	for p.List("a list"); p.Item(); {
		p.conds = append(p.conds, p.condition())
	}
	return p.args.keep(p.conds)
}

// condition reads one condition. encoding/json reads a missing index and a missing value
// as 0, and so does this with a warning. A missing operator is an error in every tool.
func (p *parser) condition() Arg {
	c := Arg{at: p.here()}
	var index, value bool
	numbers := p.badNumbers
	o := p.object(argKeys)
	for p.next(&o) {
		at := p.here()
		switch argKeys[o.field] {
		case "index":
			if index = !p.ReadNull(); index {
				c.Index = uint32(p.uint(math.MaxUint32))
			}
			c.index = at
		case "value":
			if value = !p.ReadNull(); value {
				c.Value = p.uint(math.MaxUint64)
			}
			c.value = at
		case "valueTwo":
			if !p.ReadNull() {
				c.ValueTwo = p.uint(math.MaxUint64)
			}
			c.valueTwo = at
		case "op":
			c.Op, c.op = p.optionalString()
		}
	}
	if c.Op == "" && !p.Failed() && p.badNumbers == numbers {
		p.Enter("op") // at once: a list of empty objects would need much room
		p.wrong("unknown-op", int(max(c.at, c.op)-1), "no operator, want %s", wording.Join(scmp.Ops))
	}
	if !index {
		p.warnMended(Edit{Op: resolution.Field, Path: p.Path(), Value: `"index": 0`}, "no-value", int(c.at-1), "no index, which is read as 0")
	}
	if !value {
		p.warnMended(Edit{Op: resolution.Field, Path: p.Path(), Value: `"value": 0`}, "no-value", int(c.at-1), "no value, which is read as 0")
	}
	return c
}

// filter reads includes or excludes. In the oci dialect, where a runtime would
// not look at it, one that says something is an error: without its conditions the
// rule would apply everywhere.
func (p *parser) filter(o *fields) *Selector {
	at, key := p.here(), o.names[o.field]
	if p.ReadNull() {
		return nil
	}
	var f Selector
	in := p.object(filterKeys)
	for p.next(&in) {
		switch filterKeys[in.field] {
		case "caps":
			f.Caps, f.caps = p.texts()
		case "arches":
			f.Arches, f.arches = p.texts()
		case "minKernel":
			f.MinKernel = p.minKernel()
		}
	}
	if p.Failed() || len(f.Caps) == 0 && len(f.Arches) == 0 && f.MinKernel == nil {
		return nil
	}
	if p.profile.Dialect == OCI {
		p.keepWrong("docker-key", int(at-1), "only the docker dialect has the key %q: "+
			"without it the rule would apply everywhere", key)
		return nil
	}
	return &p.filters.keep([]Selector{f})[0]
}

// minKernel reads "4.8". The empty string is 0.0, which every kernel is, as for
// Docker. Podman does not read it, so that it may be anything there.
//
// Both parts are 8 bits in Docker: "4.8" and "04.08" are read, "4", "4.8.1", "4.256" and
// "0.0" are refused.
func (p *parser) minKernel() *arch.Kernel {
	if p.ReadNull() {
		return nil
	}
	at := int(p.here()) - 1
	if p.profile.Dialect == Podman && p.Peek() != '"' {
		p.warn("podman-min-kernel", at, "remove it", "Podman does not look at minKernel")
		p.Skip()
		return nil
	}
	version := p.ReadString()
	var k arch.Kernel
	if version == "" && p.profile.Dialect != Podman {
		p.warnMended(removing(p.Path()), "empty-kernel", at, `minKernel "" is read as 0.0, which every kernel is`)
		return &k
	}
	major, minor, _ := strings.Cut(version, ".")
	m, err1 := strconv.ParseUint(major, 10, 8)
	n, err2 := strconv.ParseUint(minor, 10, 8)
	if p.profile.Dialect == Podman && (err1 != nil || err2 != nil || m|n == 0) {
		p.warn("podman-min-kernel", at, "remove it", "Podman does not look at minKernel")
		return nil
	}
	if err1 != nil || err2 != nil || m|n == 0 {
		p.keepWrong("kernel", at, `invalid kernel version %q, want one like "4.8", both numbers up to 255%s`, text.Clip(version), nearKernel(version))
		return nil
	}
	k = arch.Kernel(m<<8 | n)
	return &k
}

// nearKernel is the end of an error about a version of a kernel; empty where none is near.
func nearKernel(version string) string {
	if near := wording.Kernel(version); near != "" {
		return "; did you mean " + strconv.Quote(near) + "?"
	}
	return ""
}
