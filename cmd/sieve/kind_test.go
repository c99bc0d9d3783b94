// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// wideOf is a text in UTF-16, of either byte order.
func wideOf(text string, big bool) string {
	var b []byte
	for _, c := range utf16.Encode([]rune(text)) {
		if big {
			b = append(b, byte(c>>8), byte(c))
		} else {
			b = append(b, byte(c), byte(c>>8))
		}
	}
	return string(b)
}

// TestMistaken gives a command a file of another kind than it reads, under every name that
// might mislead it: the error says what the file seems to be, and nothing is made of it.
func TestMistaken(t *testing.T) {
	out := func(args ...string) string {
		got := call(t, "", append([]string{args[0], "--arch", "amd64"}, args[1:]...)...)
		require.Zero(t, got.status, got.stderr)
		return got.stdout
	}
	raw, big := out("compile", "--format", "raw", "docker"), call(t, "", "compile", "--arch", "s390x", "--format", "raw", "docker").stdout
	const profile = `{"defaultAction": "SCMP_ACT_ALLOW"}`
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, err := z.Write([]byte(profile))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	for name, row := range map[string]struct{ text, asProfile, asFilter string }{
		"a raw filter":             {raw, `a raw filter of 243 instructions, want a profile: "sieve disasm FILE" shows it`, ""},
		"a filter for s390x":       {big, `a raw filter of `, ""},
		"a filter, cut off":        {raw[:1001], "a raw filter that is cut off or broken, want a profile", "1001 bytes, want a multiple of 8"},
		"a filter, cut at 8":       {raw[:1000], "a raw filter that is cut off or broken, want a profile", "jump beyond the last instruction"},
		"instructions as JSON":     {out("compile", "--format", "json", "docker"), "instructions of a filter as JSON, want a profile", "instructions of a filter as JSON, want a raw filter"},
		"assembler text":           {out("compile", "--format", "asm", "docker"), "assembler text of a filter, want a profile", "assembler text of a filter, want a raw filter"},
		"C source":                 {out("compile", "--format", "c", "docker"), "a filter as C source, want a profile", "a filter as C source, want a raw filter"},
		"a graph":                  {out("compile", "--format", "dot", "docker"), "a graph for Graphviz, want a profile", "a graph for Graphviz, want a raw filter"},
		"base64":                   {base64.StdEncoding.EncodeToString([]byte(raw)), "a filter in base64, want a profile", "a filter in base64, want a raw filter"},
		"a program":                {"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00", "an ELF file, a program or library, want a profile", "want a raw filter"},
		"gzip":                     {zipped.String(), `a gzip file, want a profile: "gzip -dc" unpacks it`, "a gzip file, want a raw filter"},
		"UTF-16":                   {"\xff\xfe" + wideOf(profile, false), "UTF-16 text, want a profile", "UTF-16 text, want a raw filter"},
		"UTF-16, the other order":  {"\xfe\xff" + wideOf(profile, true), "UTF-16 text, want a profile", "UTF-16 text"},
		"UTF-16 without a mark":    {wideOf(profile, false), "UTF-16 text, want a profile", "UTF-16 text"},
		"and in the other order":   {wideOf("read: 1\n", true), "UTF-16 text, want a profile", "UTF-16 text"},
		"PFC":                      {"#\n# pseudo filter code start\n#\nif ($arch == 3221225534)\n", "a dump of libseccomp's pseudo filter code, want a profile", "want a raw filter"},
		"strace":                   {"execve(\"/bin/true\", [\"true\"], 0x7ffd /* 3 vars */) = 0\nbrk(NULL) = 0x55\n", `output of strace, want a profile: "sieve explain --audit FILE" reads it`, "output of strace, want a raw filter"},
		"strace of several":        {"[pid  12] openat(AT_FDCWD, \"x\") = -1 ENOENT (No such file or directory)\n", "output of strace", "output of strace"},
		"an audit log":             {"type=SECCOMP msg=audit(1.2:3): pid=1 sig=31\n", "an audit log, want a profile", "an audit log"},
		"a Pod":                    {"apiVersion: v1\nkind: Pod\nspec:\n  securityContext:\n    seccompProfile:\n      type: Localhost\n      localhostProfile: profiles/x.json\n", `a Kubernetes object of kind "Pod", want SeccompProfile; it names the profile profiles/x.json, a file`, "text, want a raw filter"},
		"a Pod without one":        {"apiVersion: v1\nkind: Pod\n", `a Kubernetes object of kind "Pod", want SeccompProfile`, "text, want a raw filter"},
		"an HTML page":             {"\n<!DOCTYPE html>\n<html>", "an HTML page, want a profile", "an HTML page, want a raw filter"},
		"a pointer of LFS":         {"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 3\n", "a pointer of Git LFS, want a profile", "a pointer of Git LFS"},
		"zeros":                    {strings.Repeat("\x00", 64), "a file of zeros, want a profile", "a file of zeros, want a raw filter"},
		"a unit without a filter":  {"[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n", "a unit of systemd without a filter of system calls, want a profile", "want a raw filter"},
		"names of calls":           {"read\nwrite open\n", "names of system calls alone, want a profile: --dialect systemd reads them", "names of system calls alone, want a raw filter"},
		"a profile in base64":      {base64.StdEncoding.EncodeToString([]byte(profile)) + "\n", "a JSON document in base64, want a profile", "want a raw filter"},
		"a file of compose":        {"services:\n  web:\n    security_opt:\n      - seccomp:x.json\n", "it names the profile x.json", "text, want a raw filter"},
		"what docker inspect says": {"[{\"Id\": \"x\", \"HostConfig\": {\"SecurityOpt\": [\"seccomp=x.json\"]}}]", "it names the profile x.json", "text, want a raw filter"},
		"a script":                 {"#!/bin/sh\nexec true\n", "a script, want a profile", "a script, want a raw filter"},
		"a manifest":               {`{"schemaVersion": 2, "layers": []}`, "the manifest of an OCI image or artifact, want a profile", "the manifest of an OCI image or artifact, want a raw filter"},
		"the daemon's settings":    {`{"seccomp-profile": "x.json"}`, "a configuration of Docker's daemon, want a profile: its seccomp-profile names the file", "want a raw filter"},
		"another object":           {`{"name": "x", "version": "1"}`, `a JSON object with none of a profile's keys (but "name", "version"), want a profile`, "a JSON object with none"},
		"a profile":                {profile, "", `a docker profile, want a raw filter: "sieve compile" makes a filter of it`},
		"a policy":                 {"read: 1\n", "", "a minijail profile, want a raw filter"},
		"an object with a mistake": {`{"defaultActoin": "SCMP_ACT_ALLOW"}`, `did you mean "defaultAction"?`, "a docker profile, want a raw filter"},
		"a list":                   {`[]`, "got a list, want an object", "text, want a raw filter"},
		"nothing":                  {"", "an empty document", "an empty file, want a raw filter"},
		"white space":              {" \n\t\n", "an empty document", "an empty file, want a raw filter"},
		"a mark and no text":       {"\xff\xfe", "UTF-16 text", "UTF-16 text"},
		"noise":                    {"\x00\x01\x02\x03\xfe\xff\x80", "a binary file, want a profile", "invalid program"},
		"words":                    {"hello\n", "no document of a known dialect", "text, want a raw filter"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, ext := range []string{"", ".json", ".bpf", ".policy", ".yaml"} {
				file := filepath.Join(t.TempDir(), "x"+ext)
				require.NoError(t, os.WriteFile(file, []byte(row.text), 0o666))
				for _, in := range []string{file, "-"} {
					if row.asProfile != "" && !(name == "words" && ext == ".json") {
						got := call(t, row.text, "compile", "--arch", "amd64", in)
						mistaken(t, got, in, row.asProfile)
					}
					if row.asFilter != "" {
						mistaken(t, call(t, row.text, "disasm", in), in, row.asFilter)
						mistaken(t, call(t, row.text, "prove", "--profile", "docker", "--filter", in), in, row.asFilter)
					}
					if row.asFilter != "" && row.asProfile != "" && ext == "" {
						got := call(t, row.text, "diff", "--arch", "amd64", "docker", in)
						assert.Equal(t, statusTrouble, got.status)
						assert.Empty(t, got.stdout)
					}
				}
			}
		})
	}
	dir := t.TempDir()
	assert.Equal(t, result{2, "", "sieve: " + dir + ": is a directory, want a file\n"}, call(t, "", "compile", dir))
	assert.Equal(t, result{2, "", "sieve: " + dir + ": is a directory, want a file\n"}, call(t, "", "disasm", dir))
}

// mistaken expects trouble that names the file and says what it seems to be.
func mistaken(t *testing.T, got result, name, want string) {
	t.Helper()
	assert.Equal(t, statusTrouble, got.status, "%+v", got)
	assert.Empty(t, got.stdout)
	assert.Contains(t, got.stderr, "sieve: "+shown(name)+":")
	assert.Contains(t, got.stderr, strings.ReplaceAll(want, "FILE", shown(name)))
}

// TestFilterLike: what every compiler makes is like a filter, in either byte order and cut
// anywhere behind the first instruction, and no text is, in any encoding.
func TestFilterLike(t *testing.T) {
	for _, abi := range []string{"amd64", "arm64", "s390x", "mips"} {
		raw := []byte(call(t, "", "compile", "--arch", abi, "--format", "raw", "docker").stdout)
		for n := 8; n <= len(raw); n++ {
			require.True(t, filterLike(raw[:n]), "%s, %d bytes", abi, n)
		}
	}
	for _, f := range foundDocuments() {
		for _, text := range []string{f.doc, wideOf(f.doc, false), wideOf(f.doc, true)} {
			for n := range len(text) {
				require.False(t, filterLike([]byte(text[:n])), "%q", text[:n])
			}
		}
	}
}
