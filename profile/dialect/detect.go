// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
)

// DetectError says that a document does not tell its dialect.
type DetectError struct {
	File       string
	Candidates []profile.Dialect // it may be any of these; none if it is nothing known
	Reason     string
}

// Error is the file and the reason.
func (e *DetectError) Error() string {
	if e == nil {
		return "<nil>"
	}
	text := e.Reason
	if e.File != "" {
		text = e.File + ": " + text
	}
	if e.Candidates != nil {
		text += ": it may be " + list(e.Candidates, "or") + ", say which"
	}
	return text
}

// Unwrap is ErrDialect.
func (e *DetectError) Unwrap() error { return ErrDialect }

// Detect finds the dialect of a document and the text that Parse reads. That is the
// document itself, or a profile that it holds: Docker's keys written as YAML, or one
// profile in a string or an object of a Kubernetes ConfigMap, of Helm's values or of
// any other plain YAML. The text of such a profile is JSON in which every value
// stands in the line that it has in the document.
//
// With a name the document is read in that dialect. Errors are *DetectError.
func Detect(name profile.Dialect, file string, doc []byte) (profile.Dialect, []byte, error) {
	if name != "" && name != profile.Docker && name != profile.Podman && name != profile.OCI {
		return name, doc, nil
	}
	found, err := name, error(nil)
	if name == "" {
		if found, err = detectText(file, doc); err == nil {
			return found, doc, nil
		}
	} else if text := bytes.TrimSpace(doc); len(text) == 0 || text[0] == '{' {
		return name, doc, nil
	}
	inner, held := embedded(file, doc)
	switch {
	case held != nil:
		return "", nil, held
	case inner == nil:
		return found, doc, err
	case name != "":
		return name, inner, nil
	}
	found, err = detectText(file, inner)
	return found, inner, err
}

// detectText finds the dialect of a document by its own keys and by the extension of its
// name, which may be empty. If several dialects fit, detectText returns a *DetectError that
// lists them. Exception: a document of Docker's family without distinctive keys is docker.
// An oci document means the same there, and a Mesos profile has no key that Docker's could
// not have.
func detectText(name string, doc []byte) (profile.Dialect, error) {
	text := bytes.TrimSpace(bytes.TrimPrefix(doc, []byte("\ufeff")))
	d := detector{file: name, text: text}
	switch {
	case len(text) == 0:
		return "", d.nothing("an empty document")
	case bytes.IndexByte(doc, 0) >= 0:
		return "", d.nothing("a binary file, no document")
	case bytes.HasPrefix(text, []byte("{{")):
		return "", d.nothing("a template, which must be filled in first")
	case text[0] == '{':
		return d.object()
	}
	return d.lines()
}

// detector looks at one document. It reads as little as it needs: the reader of the dialect
// says what is wrong with the rest.
type detector struct {
	file string
	text []byte
}

// nothing is the error for a document of no dialect.
func (d *detector) nothing(format string, args ...any) error {
	return &DetectError{File: d.file, Reason: fmt.Sprintf(format, args...)}
}

// found is a dialect if there is a package for it.
func (d *detector) found(n profile.Dialect) (profile.Dialect, error) {
	if _, err := find(n); err != nil {
		return "", d.nothing("a document of the dialect %s, which is not known here", n)
	}
	return n, nil
}

// object tells JSON documents apart by keys that one dialect alone has:
//
//	ociVersion, linux           oci: a whole config.json
//	apiVersion, kind            spo, or another Kubernetes object
//	filter, default_action      firecracker, in the object of a thread
//	defaultErrno, errno         podman
//
// All others are docker's, and so is text that is no JSON: its reader has the best message.
func (d *detector) object() (profile.Dialect, error) {
	top := fields(d.text)
	switch {
	case has(top, "ociversion") || has(top, "linux") && !has(top, "defaultaction"):
		return d.found(profile.OCI)
	case has(top, "apiversion") || has(top, "kind"):
		n, err := d.manifest(string(top["kind"]))
		if err != nil {
			return "", err
		}
		return d.found(n)
	case isFirecracker(top):
		return d.found("firecracker")
	case has(top, "defaulterrno") || ruleHas(top, "errno"):
		return d.found("podman")
	}
	return d.found(profile.Docker)
}

// fields returns the members of an object by their names in lower case, up to where it is no
// JSON. encoding/json, with which Docker reads, ignores the case of keys. So a half-written
// document is still told from others, and gets the error of its own dialect.
func fields(text []byte) map[string]json.RawMessage {
	top := map[string]json.RawMessage{}
	dec := json.NewDecoder(bytes.NewReader(text))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return top
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			break
		}
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			break
		}
		top[strings.ToLower(key.(string))] = value
	}
	return top
}

// has reports whether an object has a key, whatever its value. The key is in lower case, as
// fields has them.
func has(top map[string]json.RawMessage, key string) bool { _, ok := top[key]; return ok }

// ruleHas reports whether some rule of a document has a key.
func ruleHas(top map[string]json.RawMessage, key string) bool {
	if !bytes.Contains(bytes.ToLower(top["syscalls"]), []byte(`"`+key+`"`)) {
		return false // most documents, without looking at every rule
	}
	var rules []json.RawMessage
	if json.Unmarshal(top["syscalls"], &rules) != nil {
		return false
	}
	for _, r := range rules {
		if has(fields(r), key) {
			return true
		}
	}
	return false
}

// isFirecracker reports whether an object has filters by thread. Names of threads may be any,
// so their objects are looked into. defaultAction at the top is Docker's, and settles it.
func isFirecracker(top map[string]json.RawMessage) bool {
	if has(top, "defaultaction") {
		return false
	}
	for _, value := range top {
		f := fields(value)
		if has(f, "filter") && (has(f, "default_action") || has(f, "mismatch_action")) {
			return true
		}
	}
	return false
}

// manifest tells the dialect of Kubernetes objects of some kinds: spo, if one of them is a
// SeccompProfile or a List that holds one.
func (d *detector) manifest(kinds ...string) (profile.Dialect, error) {
	for i, kind := range kinds {
		kinds[i] = strings.Trim(kind, `"' `)
		if kinds[i] == "SeccompProfile" || kinds[i] == "List" && bytes.Contains(d.text, []byte("SeccompProfile")) {
			return "spo", nil
		}
	}
	return "", d.nothing("a Kubernetes object of kind %q, want SeccompProfile", kinds[0])
}

var (
	manifestLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^(?:kind|"kind"):[ \t]*(\S+)`) })
	apiLine      = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^apiVersion:`) })
	unitLine     = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^[ \t]*SystemCall(?:Filter|ErrorNumber|Architectures|Log)[ \t]*=`)
	})
	familyLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^defaultAction:`) })
	policyLine = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:@(?:include|default|frequency|denylist)\b|([a-z_][a-z0-9_]*)(?:\[[^\]]*\])?[ \t]*:)`)
	})
	policyValue = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[^:]*:[ \t]*(?:1|allow|log|trace|trap|user-notify|kill|kill-process|kill-thread|return[ \t]+\S+|arg[0-5][ \t]+\S.*)[ \t]*;?[ \t]*$`)
	})
)

// lines tells text that is no JSON object apart. A text that fits several dialects is
// refused with the list of them: "@default" is a set for systemd and a directive for
// minijail.
func (d *detector) lines() (profile.Dialect, error) {
	var names []profile.Dialect
	var kinds []string
	for _, m := range manifestLine().FindAllSubmatch(d.text, -1) {
		kinds = append(kinds, string(m[1]))
	}
	if kinds == nil && apiLine().Match(d.text) {
		kinds = []string{""}
	}
	if kinds != nil {
		n, err := d.manifest(kinds...)
		if err != nil {
			return "", err
		}
		names = append(names, n)
	}
	if unitLine().Match(d.text) || d.expression() {
		names = append(names, "systemd")
	}
	if d.policy() {
		names = append(names, "minijail")
	}
	switch {
	case len(names) == 1:
		return d.found(names[0])
	case len(names) > 1:
		return "", &DetectError{d.file, names, "the document does not tell its dialect"}
	}
	return "", d.nothing("no document of a known dialect: neither JSON nor YAML, nor lines of a policy or unit")
}

// content returns the lines that are neither empty nor comments, which begin with one of
// some characters.
func (d *detector) content(comments string) []string {
	var list []string
	for _, line := range strings.Split(string(d.text), "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.ContainsRune(comments, rune(line[0])) {
			list = append(list, line)
		}
	}
	return list
}

// expression says whether the text is one for SystemCallFilter= without the key: sets
// and names of calls, and nothing else. One set must be among them, since a list of names alone
// could be of any format:
//
//	@system-service
//	~@mount umount2:EPERM
func (d *detector) expression() bool {
	lines := d.content("#;")
	sets := false
	for _, line := range lines {
		for _, word := range strings.Fields(strings.TrimPrefix(line, "~")) {
			word, _, _ = strings.Cut(word, ":")
			switch {
			case strings.HasPrefix(word, "@") && setNames().MatchString(word):
				sets = true
			case !arch.Known(word):
				return false
			}
		}
	}
	return sets
}

// setNames matches systemd's sets (systemd.exec(5)).
var setNames = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^@(?:default|aio|basic-io|chown|clock|cpu-emulation|debug|file-system|io-event|ipc|keyring|memlock|module|mount|network-io|obsolete|pkey|privileged|process|raw-io|reboot|resources|sandbox|setuid|signal|swap|sync|system-service|timer|known)$`)
})

// policy reports whether every line is one of a minijail policy: a directive, or a call
// and what it may do. Other formats have lines "name: value" too: unless the file's name ends
// with ".policy", as minijail's do, the name of a call is known, or what the call may do is in
// minijail's words and most names are known. So a policy with a misspelt name gets its reader's
// error.
func (d *detector) policy() bool {
	named := path.Ext(strings.ReplaceAll(d.file, `\`, "/")) == ".policy"
	continued, some := false, false
	known, unknown := 0, 0
	for _, line := range d.content("#") {
		begins := !continued
		continued = strings.HasSuffix(line, `\`) || strings.HasSuffix(line, "||") || strings.HasSuffix(line, "&&")
		if !begins {
			continue
		}
		m := policyLine().FindStringSubmatch(line)
		switch {
		case m == nil:
			return false
		case m[1] == "":
		case named || arch.Known(m[1]):
			known++
		case !policyValue().MatchString(line):
			return false
		default:
			unknown++
		}
		some = true
	}
	return some && (unknown == 0 || unknown <= known)
}
