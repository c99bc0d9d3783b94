// SPDX-License-Identifier: Apache-2.0

package systemd

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
)

// Profile is the settings of a document as they were written: nothing in it depends on a
// machine. The zero Profile has no settings, and Resolve refuses it.
type Profile struct {
	// Version is the systemd that reads the document: 252, 255 or 256, whose sets are
	// known, or 0 for the newest of them.
	Version int
	// Known is the last kernel whose calls systemd knows; those of later ones get ENOSYS
	// where they are not named and the list allows. 0 is the newest.
	Known arch.Kernel
	// Warnings are what is surprising in the text. Those of resolving come with
	// the policy, behind these.
	Warnings []profile.Diagnostic

	text     *document.Text
	settings []setting
	bareList bool // the document is values of SystemCallFilter= without the name
}

// setting is one line "NAME=VALUE" of a document. Several of one name are kept in order:
// what they mean together is computed when resolving.
//
//	SystemCallFilter=~@mount umount2:EIO    tilde, and the words "@mount" and "umount2:EIO"
//	SystemCallFilter=                       no words: what came before is forgotten
type setting struct {
	name string
	at   int
	end  int // where the next line begins
	// tilde says that the value begins with "~". It is for all words of the value.
	tilde bool
	words []word
}

// word is a word of a value and its offset in the document, for messages.
type word struct {
	text string
	at   int
}

// The settings.
const (
	// Names are compared exactly, as systemd does: systemcallfilter= is another setting.
	filterName = "SystemCallFilter"
	errorName  = "SystemCallErrorNumber"
	archName   = "SystemCallArchitectures"
	logName    = "SystemCallLog"
)

// names are the settings that are read.
var names = []string{filterName, errorName, archName, logName}

// sections are those of units that run processes, where systemd reads the settings
// (load-fragment-gperf.gperf.in).
var sections = []string{"Service", "Socket", "Mount", "Swap"}

// filtering are other settings of which systemd makes filters of its own (systemd.exec(5)).
// The kernel runs those beside the one for SystemCallFilter=, and the strictest answer
// counts. Here they are only noted: a policy of this document alone may allow more.
var filtering = []string{
	"RestrictAddressFamilies", "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID", "MemoryDenyWriteExecute",
	"LockPersonality", "ProtectKernelTunables", "ProtectKernelModules", "ProtectKernelLogs", "ProtectClock", "ProtectHostname",
	"PrivateDevices",
}

// Parse reads a document. Errors are *profile.Error and wrap profile.ErrProfile,
// ErrSyntax or ErrLimit; names are looked up when resolving.
func Parse(doc []byte, opts ...profile.ParseOption) (*Profile, error) {
	text, notes, o, err := document.Open(doc, opts...)
	if err != nil {
		return nil, err
	}
	v, _ := o.Reader.(version)
	p := parser{profile: &Profile{Version: int(v), text: text}, notes: notes, lines: lines(text.Text)}
	if err := p.document(); err != nil {
		return nil, err
	}
	p.profile.Warnings = notes.List()
	return p.profile, nil
}

// line is a line of the document with the lines that continue it. The parts keep their
// offsets, so that a word in the third part has its own place.
type line struct {
	parts []word
	end   int // where the next begins
}

// lines splits a text and joins lines that end with a backslash (config_parse,
// conf-parser.c). Comments begin with "#" or ";", have a line of their own, and may stand
// between such lines: a backslash at a comment's end continues nothing.
//
//	SystemCallFilter=read \
//	# and
//	  write
//
// is one line of two parts, "SystemCallFilter=read " and "  write".
func lines(text string) []line {
	var list []line
	open := false
	at := 0
	for raw := range strings.Lines(text) {
		from := at
		at += len(raw)
		trimmed := strings.TrimLeft(raw, " \t\r\n")
		if trimmed == "" && !open || trimmed != "" && strings.IndexByte("#;", trimmed[0]) >= 0 {
			continue
		}
		content := strings.TrimRight(raw, "\r\n")
		more := strings.HasSuffix(content, `\`)
		part := word{strings.TrimSuffix(content, `\`), from}
		if open {
			last := &list[len(list)-1]
			last.parts, last.end = append(last.parts, part), at
		} else {
			list = append(list, line{[]word{part}, at})
		}
		open = more
	}
	return list
}

// whole returns the text of all parts, joined by blanks as systemd joins them. It is for
// telling what kind of line this is and for messages; words are taken from the parts, where
// they have their places.
func (l line) whole() string {
	var b strings.Builder
	for i, p := range l.parts {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(p.text)
	}
	return strings.TrimSpace(b.String())
}

// at is the offset of the line's first word.
func (l line) at() int {
	p := l.parts[0]
	return p.at + len(p.text) - len(strings.TrimLeft(p.text, " \t"))
}

// fields are the words of a line: of its value, which begins behind the first "=", or of all
// of it. They are split at blanks and tabs; quotes have no meaning here, since no name of a
// call has one.
func (l line) fields(value bool) []word {
	var list []word
	for _, p := range l.parts {
		text, at := p.text, p.at
		if value {
			i := strings.IndexByte(text, '=')
			if i < 0 {
				continue
			}
			text, at, value = text[i+1:], at+i+1, false
		}
		for {
			trimmed := strings.TrimLeft(text, " \t\r")
			at += len(text) - len(trimmed)
			if trimmed == "" {
				break
			}
			n := strings.IndexAny(trimmed, " \t\r")
			if n < 0 {
				n = len(trimmed)
			}
			list = append(list, word{trimmed[:n], at})
			text, at = trimmed[n:], at+n
		}
	}
	return list
}

// parser reads one document.
type parser struct {
	profile *Profile
	notes   *document.Notes
	lines   []line
}

func (p *parser) place(at int) profile.Place { return p.profile.text.Place(at, "") }

// assignment matches the beginning of a setting. A document without any, and without a
// section, is the value of SystemCallFilter= alone.
var assignment = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\s*[A-Za-z][A-Za-z0-9]*\s*=`) })

// document reads the lines of all sections that count. A document without any section is
// taken for the lines of [Service], as people quote them:
//
//	SystemCallFilter=@system-service
//	SystemCallErrorNumber=EPERM
//
// JSON is refused by its first character. Each of its lines would otherwise be a line that is
// no setting, and a reader of the diagnostics would not see what is wrong.
func (p *parser) document() error {
	if at := strings.IndexFunc(p.profile.text.Text, func(c rune) bool { return !unicode.IsSpace(c) }); at >= 0 && p.profile.text.Text[at] == '{' {
		like := "a JSON document, and no unit"
		if strings.Contains(p.profile.text.Text, `"defaultAction"`) {
			like = "a docker, podman or oci document"
		}
		return document.Fail(profile.ErrSyntax, "syntax", p.place(at), "this looks like %s", like)
	}
	headed := slices.ContainsFunc(p.lines, func(l line) bool { return strings.HasPrefix(l.whole(), "[") })
	if !headed && !slices.ContainsFunc(p.lines, func(l line) bool { return assignment().MatchString(l.whole()) }) {
		return p.bare()
	}
	section := "" // of a document without any
	for _, l := range p.lines {
		whole := l.whole()
		if strings.HasPrefix(whole, "[") {
			name, ok := strings.CutSuffix(whole[1:], "]")
			if !ok {
				return document.Fail(profile.ErrSyntax, "syntax", p.place(l.at()), "section %q without its end", text.Clip(whole))
			}
			section = name
			continue
		}
		if section != "" && !slices.Contains(sections, section) {
			continue
		}
		if err := p.line(l, whole, headed && section == ""); err != nil {
			return err
		}
	}
	return p.finish()
}

// bare reads values of SystemCallFilter= alone, each line one:
//
//	@system-service
//	~@privileged
//
// "~" counts in front of the first word of a line only, as in a unit.
func (p *parser) bare() error {
	p.profile.bareList = true
	for _, l := range p.lines {
		p.add(filterName, l, l.fields(false))
	}
	return p.finish()
}

// finish refuses a document without settings, which systemd runs unconfined.
func (p *parser) finish() error {
	if len(p.profile.settings) == 0 {
		return document.Fail(profile.ErrProfile, nothingCode, p.place(0), "no SystemCallFilter=, SystemCallArchitectures= or SystemCallLog=: "+
			"systemd would run the unit without a filter")
	}
	return nil
}

// line reads a line of a section that counts. A setting about system calls that is lost (by
// a missing "=", or outside of a section) is an error: the unit would run with less of a
// filter than its author wrote. Other lines are systemd's to judge.
func (p *parser) line(l line, whole string, outside bool) error {
	name, _, ok := strings.Cut(whole, "=")
	name = strings.TrimSpace(name)
	ours := strings.HasPrefix(strings.ToLower(name), "systemcall") // in another case it is lost as well
	at := p.place(l.at())
	switch {
	case ours && (!ok || outside):
		return document.Fail(profile.ErrProfile, sectionCode, at, "%q is not looked at: want a setting in [Service]", text.Clip(whole))
	case !ok:
		return p.notes.Warn(lineCode, at, "remove it", "%q is no setting, and not looked at", text.Clip(whole))
	case outside:
		return p.notes.Warn(sectionCode, at, "write it into a section", "%s= stands in no section, and is not looked at", text.Clip(name))
	case slices.Contains(names, name):
		p.add(name, l, l.fields(true))
		return nil
	case ours:
		fix := "want one of " + strings.Join(names, ", ")
		if near := wording.Nearest(name, names); near != "" {
			fix = "write " + near
		}
		return p.notes.Warn(settingCode, at, fix, "unknown setting %s=", text.Clip(name))
	case slices.Contains(filtering, name):
		p.notes.Info(otherCode, at, "", "%s= filters system calls too, and is not looked at", name)
	}
	return nil
}

// add adds a setting, and takes "~" from the value's first word. A "~" that stands alone is
// no word, but the value is not empty either: it denies nothing more. The settings
// SystemCallErrorNumber= and SystemCallArchitectures= have no "~".
func (p *parser) add(name string, l line, words []word) {
	s := setting{name: name, at: l.at(), end: l.end, words: words}
	if (name == filterName || name == logName) && len(words) > 0 && words[0].text[0] == '~' {
		s.tilde = true
		if words[0] = (word{words[0].text[1:], words[0].at + 1}); words[0].text == "" {
			s.words = words[1:]
		}
	}
	p.profile.settings = append(p.profile.settings, s)
}
