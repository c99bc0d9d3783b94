// SPDX-License-Identifier: Apache-2.0

package systemd

import (
	"strconv"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/callset"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/errnos"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// list is what the values of SystemCallFilter= or SystemCallLog= have come to, one after the
// other. For example
//
//	SystemCallFilter=@system-service      allows: @default and @system-service
//	SystemCallFilter=~@mount umount2:EIO  takes @mount away; umount2 gets EIO
//	SystemCallFilter=                     not given: the next value begins a new list
type list struct {
	given   bool // there is one
	allows  bool // names are those that the list lets through, or logs
	entries map[string]entry
}

// entry is a name in a list: what the list is for (allowed, denied or logged), or an action
// of its own, as in "umount2:EIO". at is the offset of the word that it comes from, which is
// a set's for all of its members.
type entry struct {
	action seccomp.Action // where own says so
	own    bool           // the name has an action of its own
	at     int
}

// maxTaken is how many names the sets of a document may have together, each as often as it
// is written. @known has some hundreds of names and takes six bytes, so that a short
// document can ask for very many: one of a megabyte for about a hundred million.
const maxTaken = 4 << 20

// put adds a name, in place of an earlier entry for it: the last word of a document counts.
func (l *list) put(name string, e entry) { l.entries[name] = e }

// read takes one value into a list (config_parse_syscall_filter and
// config_parse_syscall_log, load-fragment.c). An empty value without "~" forgets all before
// it. The first value decides what the list is, and SystemCallFilter= without "~" begins
// with @default.
func (r *resolver) read(l *list, s *setting) error {
	if len(s.words) == 0 && !s.tilde {
		*l = list{}
		return nil
	}
	if !l.given {
		*l = list{given: true, allows: !s.tilde, entries: map[string]entry{}}
		if l.allows && s.name == filterName {
			names, _ := callset.Members(r.version, "@default")
			for _, name := range names {
				l.put(name, entry{at: s.at})
			}
		}
	}
	for _, w := range s.words {
		if err := r.word(l, s, w); err != nil {
			return err
		}
	}
	return nil
}

// word takes one word into a list: a call or a set, and perhaps ":ERRNO" or ":kill"
// (parse_syscall_and_errno).
//
// systemd logs a word that it cannot read and goes on. Where that loses a denial, the word
// is an error here (adds): the unit would run, and its author would believe in the denial.
// Where it loses a permission, it is a warning.
func (r *resolver) word(l *list, s *setting, w word) error {
	name, suffix, has := strings.Cut(w.text, ":")
	e := entry{at: w.at}
	// adds says whether the word, if it were skipped, would let more through.
	adds := s.tilde && s.name == filterName
	if has {
		switch {
		case !s.tilde || s.name == logName:
			return r.skip(false, allowErrno, w, "", "%q: an errno is for what is denied; systemd skips the name", text.Clip(w.text))
		case suffix == "kill":
			e.action, e.own = seccomp.KillProcess, true
		default:
			n, ok := errnoOf(r.native, suffix)
			if !ok {
				return r.skip(adds, errnoCode, w, nearErrno(name+":", suffix), "%q is no errno from 0 to 4095 and not kill; systemd skips the name", text.Clip(suffix))
			}
			e.action, e.own = seccomp.Errno(n), true
		}
	}
	if strings.HasPrefix(name, "@") {
		names, ok := callset.Members(r.version, name)
		if !ok {
			fix := "want one of " + strings.Join(callset.Names(r.version), ", ")
			if near := wording.Nearest(name, callset.Names(r.version)); near != "" {
				fix = "write " + near
			}
			return r.skip(adds, groupCode, w, fix,
				"systemd %d has no set %q", r.version, text.Clip(name))
		}
		if r.taken += len(names); r.taken > maxTaken {
			return document.Fail(profile.ErrLimit, "too-large", r.place(w.at), "the sets have more than %d names together", maxTaken)
		}
		for _, n := range names {
			l.take(n, e, s.tilde)
		}
		return nil
	}
	if !arch.Known(name) {
		near := ""
		if adds || !r.notes.Full() {
			near = wording.NearestCall(name)
		}
		if _, ok := callset.Members(r.version, "@"+name); ok {
			near = "@" + name
		}
		if near != "" {
			return r.skip(adds, syscallCode, w, "write "+near, "unknown system call %q, nearest is %q", text.Clip(name), near)
		}
		return r.skip(adds, syscallCode, w, "", "unknown system call %q", text.Clip(name))
	}
	if _, there := l.entries[name]; !there && !l.allows && !s.tilde && s.name == filterName {
		if err := r.notes.Warn(removesCode, r.place(w.at), "begin with a list that allows", "the list denies, and does not have %s: this allows nothing else", name); err != nil {
			return err
		}
	}
	r.present(name, w)
	l.take(name, e, s.tilde)
	return nil
}

// take adds a name to a list, or takes it away (seccomp_parse_syscall_filter):
//
//	the list allows    name      adds          ~name      takes away
//	                                           ~name:EIO  puts a denial of its own in
//	the list denies    ~name     adds          name       takes away
//
// Taking away a name that is not there has no effect.
func (l *list) take(name string, e entry, tilde bool) {
	if tilde != l.allows || e.own {
		l.put(name, e)
		return
	}
	delete(l.entries, name)
}

// skip reports a word that systemd skips. It is an error if that lets more through, and a
// warning if it lets less through: the unit then works, or fails where its author sees it.
func (r *resolver) skip(weakens bool, code profile.Code, w word, fix, format string, args ...any) error {
	if !weakens {
		return r.notes.Warn(code, r.place(w.at), fix, format, args...)
	}
	err := document.Fail(profile.ErrProfile, code, r.place(w.at), format+": without it more would be let through", args...)
	err.Fix = fix
	return err
}

// present notes a name that none of the target's ABIs has, neither as a call of its own nor
// behind socketcall or ipc. Such a name has no effect. That is no warning: units are written
// for all machines, and name calls that some of them lack.
func (r *resolver) present(name string, w word) {
	for _, a := range r.arches {
		if _, ok := a.Number(name); ok {
			return
		}
		if _, _, ok := a.Multiplexer(name); ok {
			return
		}
	}
	r.notes.Info(absentCode, r.place(w.at), "", "none of %v has %s", r.arches, name)
}

// errnoOf reads an errno by its name or as a number from 0 to 4095, as parse_errno does
// (parse-util.c). The name's number is that of the native ABI, for which systemd was built.
// A "_" is refused, which strconv would take between digits.
func errnoOf(a arch.Arch, s string) (uint16, bool) {
	if n, ok := errnos.Number(s, a); ok {
		return uint16(n), true
	}
	if strings.Contains(s, "_") {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 0, 16)
	return uint16(n), err == nil && n <= seccomp.MaxErrno
}

// nearErrno says to write the errno that a word was probably meant to be, behind what stands
// before it; empty where none is near.
func nearErrno(before, word string) string {
	if near := wording.Nearest(word, errnos.Names()); near != "" {
		return "write " + before + near
	}
	return ""
}
