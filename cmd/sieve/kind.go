// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
)

// A file that is no profile, or no filter where one is wanted, is refused with what it seems to
// be. Nothing is read in another way than its command asks: a filter is never taken for a
// profile and a profile never for a filter, whatever the file is called.

// kind is what a file seems to be, and what would do, where something would: FILE in it stands
// for the file's name.
type kind struct{ what, remedy string }

// in is the error for a file of that kind in the place of something else.
func (k kind) in(name, wanted string) error {
	text := fmt.Sprintf("%s: %s, want %s", name, k.what, wanted)
	if k.remedy != "" {
		text += ": " + strings.ReplaceAll(k.remedy, "FILE", name)
	}
	return errors.New(text)
}

// magics are what files begin with that are no text.
var magics = [...]struct {
	begin string
	kind
}{
	{"\x7fELF", kind{"an ELF file, a program or library", ""}},
	{"\x1f\x8b", kind{"a gzip file", "\"gzip -dc\" unpacks it"}},
	{"\x28\xb5\x2f\xfd", kind{"a zstd file", "\"zstd -dc\" unpacks it"}},
	{"\xfd7zXZ\x00", kind{"an xz file", "\"xz -dc\" unpacks it"}},
	{"BZh", kind{"a bzip2 file", "\"bzip2 -dc\" unpacks it"}},
	{"PK\x03\x04", kind{"a zip file", ""}},
	{"\xff\xfe", wideKind},
	{"\xfe\xff", wideKind},
	{"MZ\x90\x00", kind{"a program for Windows", ""}},
	{"\x89PNG\r\n", kind{"a picture", ""}},
	{"%PDF-", kind{"a PDF file", ""}},
	{"SQLite format 3\x00", kind{"a database", ""}},
}

// binaryKind says what a file is that no dialect can be written in, by its first bytes.
func binaryKind(raw []byte) (kind, bool) {
	for _, m := range magics {
		if bytes.HasPrefix(raw, []byte(m.begin)) {
			return m.kind, true
		}
	}
	switch {
	case zeros(raw):
		return kind{"a file of zeros", ""}, true
	case len(raw) > 262 && string(raw[257:262]) == "ustar":
		return kind{"a tar archive", "\"tar -x\" unpacks it"}, true
	case wideText(raw):
		return wideKind, true
	case filterLike(raw):
		return filterKind(raw), true
	}
	return kind{}, false
}

// wideKind is text as some editors write it.
var wideKind = kind{"UTF-16 text", "\"iconv -f UTF-16 -t UTF-8\" converts it"}

// wideText says whether a file is UTF-16 without a byte order mark: of its first characters
// one byte is printable ASCII, and the other 0.
func wideText(raw []byte) bool {
	if len(raw) < 4 || len(raw)%2 != 0 {
		return false
	}
	for _, at := range [...]int{0, 1} {
		all := true
		for i := 0; i+1 < min(len(raw), 16); i += 2 {
			c, other := raw[i+at], raw[i+1-at]
			all = all && other == 0 && (c >= ' ' && c < 0x7f || c == '\n' || c == '\r' || c == '\t')
		}
		if all {
			return true
		}
	}
	return false
}

// zeros says whether a file is of the size of a filter and has nothing in it.
func zeros(raw []byte) bool { return len(raw) >= 8 && len(bytes.Trim(raw, "\x00")) == 0 }

// filterLike says whether a file begins as a raw filter does: its first instructions have
// opcodes that the kernel knows, in one byte order. No text does, in any encoding of it: an
// opcode takes two bytes, of which one is 0.
func filterLike(raw []byte) bool {
	whole := raw[:min(len(raw)/8, 8)*8]
	for _, order := range [...]binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		p, err := bpf.Decode(whole, order)
		if err == nil && !strings.Contains(p.String(), ".raw ") && !zeros(raw) {
			return true
		}
	}
	return false
}

// filterKind says what filter a file holds that is like one.
func filterKind(raw []byte) kind {
	for _, order := range [...]binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		if p, err := bpf.Decode(raw, order); err == nil && p.Check() == nil {
			return kind{"a raw filter of " + counted(len(p), "instruction"), "\"sieve disasm FILE\" shows it, \"sieve decompile FILE\" finds its profile"}
		}
	}
	return kind{"a raw filter that is cut off or broken", ""}
}

var assemblerKind = kind{"assembler text of a filter", "\"sieve asm FILE\" makes a filter of it"}

// textKinds are texts that are no profiles, by what a line of theirs holds. They are tried
// where no dialect was found.
var textKinds = [...]struct {
	pattern string
	kind
}{
	{`(?i)\A<(!doctype )?html`, kind{"an HTML page", "of a file on a web site take the raw text"}},
	{`\A<\?xml`, kind{"an XML document", ""}},
	{`\Aversion https://git-lfs`, kind{"a pointer of Git LFS", "\"git lfs pull\" fetches the file"}},
	{`\A-----BEGIN `, kind{"a key, certificate or signature", ""}},
	{`(?m)^# pseudo filter code start`, kind{"a dump of libseccomp's pseudo filter code", "its raw form is read by \"sieve decompile\""}},
	{`(?m)^(\[pid +\d+\] |\d+ +)?[a-z_0-9]+\(.*\) += `, kind{"output of strace", "\"sieve explain --audit FILE\" reads it"}},
	{`(?m)\b(type=SECCOMP |type=1326 )`, kind{"an audit log", "\"sieve explain --audit FILE\" reads it"}},
	{`(?m)^ *\d*: ?(l[0-9]+: )?ldh? +\[?[0-9]+\]?`, assemblerKind},
	{`(?m)^\s*(\w+:\s*)?ld\s+\[[0-9]+\]`, assemblerKind},
	{`\bstruct sock_filter\b`, kind{"a filter as C source", ""}},
	{`\A(strict )?(di)?graph\b`, kind{"a graph for Graphviz", ""}},
	{`\A\s*\[\s*\{\s*"code":`, kind{"instructions of a filter as JSON", "\"sieve compile --format raw\" writes what is read"}},
	{`\A#!`, kind{"a script", ""}},
	{`(?m)^\[(Unit|Service|Install)\]`, kind{"a unit of systemd without a filter of system calls", ""}},
}

// textKind says what a text is in which no dialect was found, if that is known.
func textKind(text []byte) (kind, bool) {
	head := bytes.TrimSpace(text[:min(len(text), 16<<10)])
	for _, k := range textKinds {
		if regexp.MustCompile(k.pattern).Match(head) {
			return k.kind, true
		}
	}
	raw, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(text)))
	switch {
	case err != nil || len(raw) == 0:
	case filterLike(raw):
		return kind{"a filter in base64", "\"base64 -d\" decodes it"}, true
	case raw[0] == '{':
		return kind{"a JSON document in base64", "\"base64 -d\" decodes it"}, true
	}
	if words := strings.Fields(string(text)); len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !arch.Known(w) }) {
		return kind{"names of system calls alone", "--dialect systemd reads them as SystemCallFilter= has them"}, true
	}
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return kind{"a binary file", ""}, true
	}
	return kind{}, false
}

// profileKeys are the keys of Docker's family at the top of a document.
var profileKeys = []string{"defaultAction", "defaultErrnoRet", "defaultErrno", "architectures", "archMap", "flags", "listenerPath", "listenerMetadata", "syscalls"}

// objectKind says what a JSON object is that has keys and none that is a profile's, or nearly
// one. The reader would miss the default action alone, which says too little.
func objectKind(text []byte) (kind, bool) {
	top := map[string]json.RawMessage{}
	if json.Unmarshal(text, &top) != nil || len(top) == 0 {
		return kind{}, false
	}
	var keys []string
	for key := range top {
		if wording.Nearest(key, profileKeys) != "" {
			return kind{}, false
		}
		keys = append(keys, strconv.Quote(key))
	}
	has := func(key string) bool { return top[key] != nil }
	switch {
	case has("schemaVersion") && (has("layers") || has("manifests")):
		return kind{"the manifest of an OCI image or artifact", "the profile is in a layer"}, true
	case has("seccomp-profile"):
		return kind{"a configuration of Docker's daemon", "its seccomp-profile names the file"}, true
	case has("findings") && has("summary"), has("runs") && has("$schema"):
		return kind{"findings of lint", ""}, true
	}
	slices.Sort(keys)
	if len(keys) > 3 {
		keys = append(keys[:3], "...")
	}
	return kind{"a JSON object with none of a profile's keys (but " + printable(strings.Join(keys, ", ")) + ")", ""}, true
}

// namedIn is what a configuration says of the profile that is wanted: a Kubernetes object, a file
// of compose, or what docker inspect prints.
func namedIn(text []byte) string {
	if m := regexp.MustCompile(`localhostProfile"?:\s*"?([^\s",}]+)`).FindSubmatch(text); m != nil {
		return "it names the profile " + printable(string(m[1])) + ", a file below the kubelet's folder seccomp"
	}
	if m := regexp.MustCompile(`\bseccomp[:=]([^\s"',\]}]+)`).FindSubmatch(text); m != nil && string(m[1]) != "unconfined" {
		return "it names the profile " + printable(string(m[1]))
	}
	return ""
}

// unfit is the error for a file that should be a raw filter and is not: what it seems to be, or
// the reader's own.
func unfit(name string, raw []byte, err error) error {
	name = shown(name)
	k, known := binaryKind(raw)
	if !known {
		k, known = textual(name, raw)
	}
	if filterLike(raw) || !known {
		return fmt.Errorf("%s: %w", name, err)
	}
	return k.in(name, "a raw filter")
}

// textual says what a file is that is no filter and none of the binary files that are known.
func textual(name string, raw []byte) (kind, bool) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return kind{"an empty file", ""}, true
	}
	d, _, err := dialect.Detect("", name, raw)
	if k, known := objectKind(raw); known && d == profile.Docker {
		return k, true
	}
	if err == nil {
		return kind{"a " + string(d) + " profile", "\"sieve compile\" makes a filter of it"}, true
	}
	k, known := textKind(raw)
	if !known {
		return kind{"text", ""}, true
	}
	return k, k.what != "a binary file"
}
