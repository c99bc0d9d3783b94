// SPDX-License-Identifier: Apache-2.0

package spo

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/gosieve/sieve/internal/flat"
	"github.com/gosieve/sieve/profile"
)

// mostErrno is the largest errnoRet that the API server takes (API v1,
// seccompprofile_types.go).
const mostErrno = 4095

// manifestOf writes a profile as an object of kind SeccompProfile of that name, of API v1.
// Parse reads the same profile from it, but for places, warnings and comments. The same
// profile gives the same bytes.
//
// The error is a *profile.UnsayableError that names what such an object cannot say: a
// default errno other than EPERM, errno 0 and tracers' numbers above 4095, values above
// 2^63-1, more than six conditions, architectures and listener paths that the schema
// does not have, an empty list of flags, and what profile.Flatten decides for a target
// (includes, excludes, archMap, errnos by name). A name that is none for an object is
// such an error too. What profile.Parse refuses is an error that wraps
// profile.ErrProfile.
func manifestOf(name string, p *profile.Profile) ([]byte, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	w := writer{}
	w.checkHead(name, p)
	for i := range p.Syscalls {
		w.checkRule(i, &p.Syscalls[i])
	}
	if len(w.reasons) > 0 {
		return nil, &profile.UnsayableError{Dialect: profile.SPO, Reasons: w.reasons}
	}
	w.write(name, p)
	return w.out.Bytes(), nil
}

// writer writes YAML by hand, so that the bytes do not depend on how a YAML library quotes
// strings.
type writer struct {
	out     bytes.Buffer
	reasons []string
}

// cannot adds a reason. Twenty are enough for a person to see what is wrong.
func (w *writer) cannot(format string, args ...any) {
	if len(w.reasons) < 20 {
		w.reasons = append(w.reasons, fmt.Sprintf(format, args...))
	}
}

// objectName is a name that an object can have (RFC 1123, as Kubernetes wants it).
var objectName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)
})

// checkHead finds what the object cannot say beside its rules.
func (w *writer) checkHead(name string, p *profile.Profile) {
	if !objectName().MatchString(name) || len(name) > 253 {
		w.cannot("the name %q, want lower-case letters, digits, - and .", clip(name))
	}
	for _, path := range flat.Not(p) {
		w.cannot("%s", path)
	}
	if n := p.DefaultErrnoRet; n != nil && *n != eperm && carries(p.DefaultAction) {
		w.cannot("defaultErrnoRet %d", *n)
	}
	for i, token := range p.Architectures {
		if !slices.Contains(archTokens, token) {
			w.cannot("architectures[%d] %s", i, token)
		}
	}
	if p.Flags != nil && len(p.Flags) == 0 {
		w.cannot("flags []")
	}
	if p.ListenerPath != "" && !listeners().MatchString(p.ListenerPath) {
		w.cannot("listenerPath %q", clip(p.ListenerPath))
	}
	if !utf8.ValidString(p.ListenerMetadata) {
		w.cannot("listenerMetadata that is no UTF-8")
	}
}

// checkRule finds what the object cannot say of a rule.
func (w *writer) checkRule(i int, r *profile.Rule) {
	if n := r.ErrnoRet; n != nil && carries(r.Action) && (*n == 0 || *n > mostErrno) {
		w.cannot("syscalls[%d].errnoRet %d", i, *n)
	}
	if len(r.Args) > mostArgs {
		w.cannot("syscalls[%d] with %d conditions", i, len(r.Args))
	}
	for j, name := range r.Names {
		if !utf8.ValidString(name) {
			w.cannot("syscalls[%d].names[%d] that is no UTF-8", i, j)
		}
	}
	for j, a := range r.Args {
		if a.Value > math.MaxInt64 {
			w.cannot("syscalls[%d].args[%d].value %d", i, j, a.Value)
		}
		if a.ValueTwo > math.MaxInt64 {
			w.cannot("syscalls[%d].args[%d].valueTwo %d", i, j, a.ValueTwo)
		}
	}
}

// line writes one line.
func (w *writer) line(format string, args ...any) { fmt.Fprintf(&w.out, format+"\n", args...) }

// write writes the object. All of its words are either checked or quoted by word. Keys of a
// level stand in a fixed order.
func (w *writer) write(name string, p *profile.Profile) {
	w.line("apiVersion: %s/v1", group)
	w.line("kind: %s", kind)
	w.line("metadata:")
	w.line("  name: %s", word(name))
	w.line("spec:")
	w.line("  defaultAction: %s", p.DefaultAction)
	w.words("  ", "architectures", unique(p.Architectures))
	w.words("  ", "flags", unique(p.Flags))
	if p.ListenerPath != "" {
		w.line("  listenerPath: %s", word(p.ListenerPath))
	}
	if p.ListenerMetadata != "" {
		w.line("  listenerMetadata: %s", word(p.ListenerMetadata))
	}
	first := true
	for i := range p.Syscalls {
		if len(p.Syscalls[i].Names) == 0 {
			continue // nothing reads it
		}
		if first {
			w.line("  syscalls:")
			first = false
		}
		w.rule(&p.Syscalls[i])
	}
}

// rule writes one item of syscalls. A number that the action does not carry is left out, as
// it decides nothing; so is a second value of 0, which is the schema's default.
func (w *writer) rule(r *profile.Rule) {
	w.line("  - action: %s", r.Action)
	if r.ErrnoRet != nil && carries(r.Action) {
		w.line("    errnoRet: %d", *r.ErrnoRet)
	}
	w.words("    ", "names", unique(r.Names))
	if len(r.Args) == 0 {
		return
	}
	w.line("    args:")
	for _, a := range r.Args {
		w.line("    - index: %d", a.Index)
		w.line("      op: %s", a.Op)
		w.line("      value: %d", a.Value)
		if a.ValueTwo != 0 {
			w.line("      valueTwo: %d", a.ValueTwo)
		}
	}
}

// words writes a list of strings, nothing if it is empty. An empty list of flags, which means
// something else than none, has been refused before (checkHead).
func (w *writer) words(indent, key string, list []string) {
	if len(list) == 0 {
		return
	}
	w.line("%s%s:", indent, key)
	for _, s := range list {
		w.line("%s- %s", indent, word(s))
	}
}

// unique is a list without what is there twice: the API server takes it for a set.
func unique(list []string) []string {
	seen := make(map[string]bool, len(list))
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool {
		was := seen[s]
		seen[s] = true
		return was
	})
}

// plain matches strings that every YAML reader takes for a string without quotes.
var plain = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z_/][A-Za-z0-9_./-]*$`) })

// word returns a string as YAML writes it: plain if it can, and else in double quotes with
// what is not printable escaped. YAML 1.1 takes some words for booleans (yes, off), so those
// are quoted too.
func word(s string) string {
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf": // some readers take these for other things
	default:
		if plain().MatchString(s) {
			return s
		}
	}
	b := []byte{'"'}
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', byte(c))
		case c == '\n':
			b = append(b, '\\', 'n')
		case c > 0xffff && !unicode.IsPrint(c):
			b = fmt.Appendf(b, `\U%08x`, c)
		case c != ' ' && !unicode.IsPrint(c):
			b = fmt.Appendf(b, `\u%04x`, c)
		default:
			b = utf8.AppendRune(b, c)
		}
	}
	return string(append(b, '"'))
}
