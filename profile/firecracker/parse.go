// SPDX-License-Identifier: Apache-2.0

package firecracker

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/jsontext"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Profile is a document as it was written: nothing in it depends on a machine.
type Profile struct {
	// Thread is the filter that Resolve takes. It may stay empty if there is
	// only one.
	Thread string
	// filters are those of the document, in its order.
	filters []threadFilter

	text *document.Text
}

// threadFilter is one filter of a document: what threads of one kind (vmm, api, vcpu) may
// do. The older names of its keys are those that Firecracker's own files have.
type threadFilter struct {
	// Thread is the key of the filter. It is text of the author's, without a fixed set: one
	// of vmm, api and vcpu in files for Firecracker itself.
	Thread   string
	Mismatch seccomp.Action // where no rule matches: mismatch_action or default_action
	Match    seccomp.Action // where one does: match_action or filter_action
	// Rules are in the document's order, which changes no decision: all have one action.
	Rules []callRule
	// at is the offset of the key in the document, for messages; as in the types below.
	at int
}

// callRule is a call, and conditions that must all hold. Without any, all calls match.
// Rules of one call are alternatives (SeccompRule in seccompiler's backend).
type callRule struct {
	Syscall string
	Args    []argCondition
	at      int // of the name
}

// argCondition is a condition on one argument.
type argCondition struct {
	Index uint8 // 0 to 5
	Dword bool  // compare the low 32 bits, of the value too
	Op    seccomp.Op
	Value uint64
	Mask  uint64 // MaskedEQ only
	at    int
	// value is the offset of val, for a warning about its upper half.
	value int
}

// Parse reads a document. What seccompiler refuses is an error, an *profile.Error
// that wraps profile.ErrSyntax, ErrProfile or ErrLimit; names of calls are looked
// up when resolving.
func Parse(doc []byte, opts ...profile.ParseOption) (*Profile, error) {
	text, _, o, err := document.Open(doc, opts...)
	if err != nil {
		return nil, err
	}
	p := &parser{reader: newReader(text, o.Depth), profile: &Profile{text: text}}
	if err := p.document(); err != nil {
		return nil, err
	}
	return p.profile, nil
}

// Threads are the names of the filters, in the document's order.
func (p *Profile) Threads() []string {
	if p == nil {
		return nil
	}
	var list []string
	for i := range p.filters {
		list = append(list, p.filters[i].Thread)
	}
	return list
}

// parser reads one document. Each method reads one kind of value and leaves the reader
// behind it.
type parser struct {
	*reader
	profile *Profile
}

// document reads the outermost object, whose keys are the names of threads. seccompiler
// refuses a name that is there twice ("duplicate filter key", JsonFilterMap in json.rs), where
// many JSON readers take the last.
//
//	{"vmm": {...}, "api": {...}, "vcpu": {...}}
//
// An empty object is refused here: no thread could get a filter of it.
func (p *parser) document() error {
	err := p.fields("an object with a filter for each thread", duplicateThread, func(thread string, at int) error {
		f := threadFilter{Thread: thread, at: at}
		if err := p.filter(&f); err != nil {
			return err
		}
		p.profile.filters = append(p.profile.filters, f)
		return nil
	})
	if err != nil {
		return err
	}
	if len(p.profile.filters) == 0 {
		return p.wrong(threadCode, 0, "no filter: want an object with one for each thread")
	}
	return p.end()
}

// missing refuses an object without a field.
func (p *parser) missing(at int, field string) error {
	return p.wrong(missingField, at, "no field %q", field)
}

// unknown refuses a field that is not one of those.
func (p *parser) unknown(key string, at int, known ...string) error {
	return p.wrong(unknownField, at, "unknown field %q, want %s%s", text.Clip(key), strings.Join(known, ", "), near(key, known))
}

// filter reads the filter of one thread:
//
//	{"mismatch_action": "trap", "match_action": "allow", "filter": [...]}
//
// All three keys are required, and unknown ones are refused (deny_unknown_fields in json.rs).
// default_action and filter_action are older names for the first two (serde aliases there), so
// a filter with both names of one action has it twice. Two equal actions are refused: such a
// filter would decide nothing (IdenticalActions, SeccompFilter::validate in filter.rs).
func (p *parser) filter(f *threadFilter) error {
	var mismatch, match, rules bool
	err := p.fields("an object", "duplicate-key", func(key string, at int) (err error) {
		switch key {
		case "mismatch_action", "default_action":
			if mismatch {
				return p.wrong("duplicate-key", at, "mismatch_action is there twice: default_action is its other name")
			}
			mismatch = true
			f.Mismatch, err = p.action()
		case "match_action", "filter_action":
			if match {
				return p.wrong("duplicate-key", at, "match_action is there twice: filter_action is its other name")
			}
			match = true
			f.Match, err = p.action()
		case "filter":
			rules = true
			err = p.rules(f)
		default:
			err = p.unknown(key, at, "mismatch_action", "default_action", "match_action", "filter_action", "filter")
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case !mismatch:
		return p.missing(f.at, "mismatch_action")
	case !match:
		return p.missing(f.at, "match_action")
	case !rules:
		return p.missing(f.at, "filter")
	case f.Mismatch == f.Match:
		return p.wrong(identical, f.at, "mismatch_action and match_action are both %v", f.Match)
	}
	return nil
}

// actions are the actions without a number. There is no word for USER_NOTIF.
var actions = sync.OnceValue(func() map[string]seccomp.Action {
	return map[string]seccomp.Action{
		"allow": seccomp.Allow, "kill_thread": seccomp.KillThread, "kill_process": seccomp.KillProcess,
		"log": seccomp.Log, "trap": seccomp.Trap(0),
	}
})

const actionWords = `"allow", "kill_process", "kill_thread", "log", "trap", {"errno": n} or {"trace": n}`

// action reads a word, or an object with one key: {"errno": 1} or {"trace": 1}. The number
// is a u32 in the document and seccompiler cuts it to the 16 bits of SECCOMP_RET_DATA:
// {"errno": 65536} would return success. It is refused here.
func (p *parser) action() (seccomp.Action, error) {
	at := p.At()
	if p.Peek() == '"' {
		word, _, err := p.string()
		if err != nil {
			return 0, err
		}
		a, ok := actions()[word]
		if !ok {
			return 0, p.wrong(actionCode, at, "unknown action %q, want %s%s", text.Clip(word), actionWords, near(word, slices.Sorted(maps.Keys(actions()))))
		}
		return a, nil
	}
	word, n, numberAt, err := p.tagged(actionCode, "an action, "+actionWords, math.MaxUint32)
	switch {
	case err != nil:
		return 0, err
	case word == "errno" && n <= seccomp.MaxErrno:
		return seccomp.Errno(uint16(n)), nil
	case word == "trace" && n <= math.MaxUint16:
		return seccomp.Trace(uint16(n)), nil
	case word == "errno" || word == "trace":
		return 0, p.wrong(actionRange, numberAt, "%d is too large for %s, want 0 to %d", n, word,
			map[string]int{"errno": seccomp.MaxErrno, "trace": math.MaxUint16}[word])
	}
	return 0, p.wrong(actionCode, at, "unknown action %q, want %s", text.Clip(word), actionWords)
}

// tagged reads an object with exactly one key, whose value is a number from 0 to most. That
// is how serde writes a variant of a Rust enum that holds a value.
func (p *parser) tagged(code profile.Code, what string, most uint64) (word string, n uint64, numberAt int, err error) {
	at, count := p.At(), 0
	err = p.fields(what, "duplicate-key", func(key string, keyAt int) (err error) {
		if count++; count > 1 {
			return p.wrong(code, keyAt, "a second field, want one")
		}
		word = key
		n, numberAt, err = p.uint(most)
		return err
	})
	if err == nil && count == 0 {
		err = p.wrong(code, at, "an empty object, want %s", what)
	}
	return word, n, numberAt, err
}

// rules reads the list "filter". An empty one is allowed, as seccompiler has it: every call
// gets Mismatch. The order of the rules means nothing, since all have the same action; it
// is kept for the places of diagnostics.
func (p *parser) rules(f *threadFilter) error {
	return p.items(func(at int) error {
		r := callRule{at: at}
		if err := p.rule(&r); err != nil {
			return err
		}
		f.Rules = append(f.Rules, r)
		return nil
	})
}

// rule reads one rule: a call's name, which is required, conditions, and a comment.
//
//	{"syscall": "ioctl", "comment": "terminals", "args": [...]}
func (p *parser) rule(r *callRule) error {
	at, named := r.at, false
	err := p.fields("an object", "duplicate-key", func(key string, keyAt int) (err error) {
		switch key {
		case "syscall":
			named = true
			r.Syscall, r.at, err = p.string()
		case "args":
			err = p.args(r)
		case "comment":
			err = p.comment()
		default:
			err = p.unknown(key, keyAt, "syscall", "args", "comment")
		}
		return err
	})
	if err == nil && !named {
		err = p.missing(at, "syscall")
	}
	return err
}

// comment passes over a string, or null. A comment is an Option<JsonComment> in json.rs,
// which deserializes a string and drops it, so that a value of another type is an error
// there too.
func (p *parser) comment() error {
	if !p.ReadNull() {
		p.ReadString()
	}
	return p.broken()
}

// args reads the list of conditions, or null for none. An empty list is refused, as
// seccompiler does (EmptyRule): it would be a rule without conditions by mistake.
func (p *parser) args(r *callRule) error {
	if p.ReadNull() {
		return nil
	}
	at := p.At()
	err := p.items(func(at int) error {
		c := argCondition{at: at}
		if err := p.condition(&c); err != nil {
			return err
		}
		r.Args = append(r.Args, c)
		return nil
	})
	if err == nil && len(r.Args) == 0 {
		err = p.wrong(emptyRule, at, "an empty list of conditions: leave args out for a rule without any")
	}
	return err
}

// condition reads one condition:
//
//	{"index": 1, "type": "dword", "op": {"masked_eq": 255}, "val": 3, "comment": "low byte"}
//
// All keys but comment are required. They may come in any order, so that what one of them
// means for another (a dword with a value above 32 bits) is looked at when the document is
// resolved.
func (p *parser) condition(c *argCondition) error {
	var seen []string
	err := p.fields("an object", "duplicate-key", func(key string, keyAt int) (err error) {
		seen = append(seen, key)
		switch key {
		case "index":
			err = p.index(c)
		case "type":
			err = p.width(c)
		case "op":
			err = p.op(c)
		case "val":
			c.Value, c.value, err = p.uint(math.MaxUint64)
		case "comment":
			err = p.comment()
		default:
			err = p.unknown(key, keyAt, "index", "type", "op", "val", "comment")
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, field := range []string{"index", "type", "op", "val"} {
		if !slices.Contains(seen, field) {
			return p.missing(c.at, field)
		}
	}
	return nil
}

// index reads the index of an argument, a u8 in json.rs, from 0 to 5 (ARG_NUMBER_MAX).
func (p *parser) index(c *argCondition) error {
	n, at, err := p.uint(math.MaxUint8)
	if err == nil && n > 5 {
		err = p.wrong(argIndex, at, "a call has no argument %d, want 0 to 5", n)
	}
	c.Index = uint8(n)
	return err
}

// width reads the type: dword compares the low 32 bits, for every operator, and qword all
// 64. Firecracker's own compiler, which uses libseccomp, keeps to dword for eq alone; this
// dialect is what seccompiler makes of a document.
func (p *parser) width(c *argCondition) error {
	word, at, err := p.string()
	if err == nil && word != "dword" && word != "qword" {
		err = p.wrong(typeCode, at, "unknown type %q, want dword or qword%s", text.Clip(word), near(word, []string{"dword", "qword"}))
	}
	c.Dword = word == "dword"
	return err
}

// ops are the operators without a mask.
var ops = sync.OnceValue(func() map[string]seccomp.Op {
	return map[string]seccomp.Op{
		"eq": seccomp.EQ, "ne": seccomp.NE, "lt": seccomp.LT, "le": seccomp.LE, "gt": seccomp.GT, "ge": seccomp.GE,
	}
})

const opWords = `"eq", "ne", "lt", "le", "gt", "ge" or {"masked_eq": mask}`

// op reads an operator: a word, or {"masked_eq": MASK}. All comparisons are unsigned.
// masked_eq holds where argument & MASK equals val & MASK, so that bits of val outside MASK
// do not count.
func (p *parser) op(c *argCondition) error {
	at, ok := p.At(), false
	var word string
	var err error
	if p.Peek() == '"' {
		word, _, err = p.string()
		c.Op, ok = ops()[word]
	} else {
		word, c.Mask, _, err = p.tagged(opCode, "an operator, "+opWords, math.MaxUint64)
		c.Op, ok = seccomp.MaskedEQ, word == "masked_eq"
	}
	if err == nil && !ok {
		err = p.wrong(opCode, at, "unknown operator %q, want %s%s", text.Clip(word), opWords, near(word, slices.Sorted(maps.Keys(ops()))))
	}
	return err
}

// near is the end of an error about a word; empty where none of those known is near. All
// words of the dialect are lower case, and another case is as wrong as another word: "Allow"
// is an unknown action with "allow" as the nearest.
func near(word string, known []string) string {
	if found := wording.Meant(word, known); found != "" {
		return fmt.Sprintf("; did you mean %q?", found)
	}
	return ""
}

// rulePath is the path of a rule, "vmm.filter[3]", for messages.
func rulePath(f *threadFilter, i int) string {
	return fmt.Sprintf("%s.filter[%d]", jsontext.Key(f.Thread), i)
}
