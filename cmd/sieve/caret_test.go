// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/profile"
)

// TestQuoted shows lines of documents as messages do.
func TestQuoted(t *testing.T) {
	long := strings.Repeat("x", 300)
	for name, row := range map[string]struct {
		text         string
		line, column int
		want         string
	}{
		"in the middle":            {"a\nb cd\n", 2, 3, "    2 | b cd\n      |   ^\n"},
		"the first byte":           {"abc", 1, 1, "    1 | abc\n      | ^\n"},
		"behind the end":           {"abc\nd", 1, 4, "    1 | abc\n      |    ^\n"},
		"far behind the end":       {"abc", 1, 99, "    1 | abc\n      |    ^\n"},
		"no column":                {"abc", 1, 0, "    1 | abc\n"},
		"no line":                  {"abc", 0, 0, ""},
		"a line that is not there": {"abc\n", 3, 1, ""},
		"the end of the text":      {"abc\n", 2, 1, "    2 | \n      | ^\n"},
		"no text":                  {"", 1, 1, ""},
		"a bracket":                {"[\n  {\n    \"names\": [\n      \"read\"\n    ]\n  }]", 2, 3, "    2 |   {\n      |   ^\n    3 |     \"names\": [\n    4 |       \"read\"\n"},
		"a bracket and its end":    {"[\n]", 1, 1, "    1 | [\n      | ^\n"},
		"a bracket not pointed at": {"a {\nb", 1, 1, "    1 | a {\n      | ^\n"},
		"a tab":                    {"\ta\tb", 1, 4, "    1 |     a   b\n      |         ^\n"},
		"a line of Windows":        {"ab\r\ncd\r\n", 1, 2, "    1 | ab\n      |  ^\n"},
		"a character of two bytes": {"é b", 1, 4, "    1 | é b\n      |   ^\n"},
		"inside a character":       {"é b", 1, 2, "    1 | é b\n      | ^\n"},
		"two columns wide":         {"漢字 x", 1, 8, "    1 | 漢字 x\n      |      ^\n"},
		"no column of its own":     {"e\u0301 x", 1, 5, "    1 | e\u0301 x\n      |   ^\n"},
		"an escape sequence":       {"\x1b[31m x", 1, 7, `    1 | \u001b[31m x` + "\n      |            ^\n"},
		"text that turns":          {"a\u202eb x", 1, 6, `    1 | a\u202eb x` + "\n      |         ^\n"},
		"what shows nothing":       {"a\u200b\u00a0b", 1, 7, "    1 | a\\u200b\\u00a0b\n      |              ^\n"[:len("    1 | a\\u200b\\u00a0b\n")] + "      |              ^\n"},
		"no UTF-8":                 {"a\xffb", 1, 3, `    1 | a\xffb` + "\n      |      ^\n"},
		"line 12345":               {strings.Repeat("\n", 12344) + "ab", 12345, 2, "12345 | ab\n      |  ^\n"},
		"line 123456":              {strings.Repeat("\n", 123455) + "ab", 123456, 2, "123456 | ab\n       |  ^\n"},
		"a long line, begin":       {"{" + long, 1, 1, "    1 | {" + long[:89] + "...\n      | ^\n"},
		"a long line, end":         {long + "}", 1, 301, "    1 | ..." + long[:89] + "}\n      | " + strings.Repeat(" ", 92) + "^\n"},
		"a long line, middle":      {long + "!" + long, 1, 301, "    1 | ..." + long[:60] + "!" + long[:29] + "...\n      | " + strings.Repeat(" ", 63) + "^\n"},
	} {
		t.Run(name, func(t *testing.T) {
			in := &inputs{texts: map[string]*inputText{}}
			in.keep("f", []byte(row.text))
			assert.Equal(t, row.want, in.quoted(profile.Place{File: "f", Line: row.line, Column: row.column}, plain))
			assert.Empty(t, in.quoted(profile.Place{File: "g", Line: row.line, Column: row.column}, plain))
		})
	}
}

// TestQuotedTwice: of two texts with one name no line is shown.
func TestQuotedTwice(t *testing.T) {
	in := &inputs{texts: map[string]*inputText{}}
	at := profile.Place{File: "f", Line: 1, Column: 1}
	in.keep("f", []byte("one"))
	in.keep("f", []byte("one"))
	assert.NotEmpty(t, in.quoted(at, plain))
	in.keep("f", []byte("two"))
	assert.Empty(t, in.quoted(at, plain))
	in.replace("f", []byte("three"))
	assert.Contains(t, in.quoted(at, plain), "three")
}

// FuzzQuoted: whatever stands in a document, two lines come of it that fit a terminal, steer
// nothing, and have the caret in them.
func FuzzQuoted(f *testing.F) {
	f.Add("a\tb\n", 1, 2)
	f.Add("漢\x1b\u202e\xff"+strings.Repeat("字", 60), 1, 100)
	f.Add(strings.Repeat("\t", 90), 1, 45)
	f.Add("a {\n  \"b\"\n}", 1, 3)
	f.Fuzz(func(t *testing.T, text string, line, column int) {
		in := &inputs{texts: map[string]*inputText{}}
		in.keep("f", []byte(text))
		got := in.quoted(profile.Place{File: "f", Line: line, Column: column}, plain)
		long := strings.Repeat(text, 1+2*nearColumn/max(len(text), 1)) // longer than what is looked at
		in.replace("f", []byte(strings.ReplaceAll(long, "\n", " ")))
		in.quoted(profile.Place{File: "f", Line: 1, Column: column}, plain)
		if got == "" {
			return
		}
		require.True(t, utf8.ValidString(got))
		lines := strings.Split(got, "\n")
		wide := widestLine + len(cutMark)
		for i, l := range lines[:len(lines)-1] {
			require.Equal(t, printable(l), l)
			require.LessOrEqual(t, columnsOf(l), wide+len("    1 | ")+20, "%q", l)
			if i == 1 && column >= 1 {
				require.Regexp(t, `^ +\|  *\^$`, l)
			}
		}
		require.LessOrEqual(t, len(lines), 3+inside)
		require.Equal(t, column >= 1, len(lines) > 2 && strings.HasPrefix(lines[1], "  ") && strings.HasSuffix(lines[1], "^"))
	})
}

// columnsOf is how many columns of a terminal a text takes.
func columnsOf(text string) int {
	cells, _ := cellsOf(text, 0)
	n := 0
	for _, c := range cells {
		n += c.width
	}
	return n
}

// pointed is the word that a caret stands under in what a command says, for each caret.
func pointed(text string) []string {
	var list []string
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if m := regexp.MustCompile(`^( +\| *)\^$`).FindStringSubmatch(line); m != nil && i > 0 {
			rest := lines[i-1]
			for n := len(m[1]); n > 0; {
				c, size := utf8.DecodeRuneInString(rest)
				n -= shownAs(c, rest[:size], 0).width
				rest = rest[size:]
			}
			word := regexp.MustCompile(`^["'\\]*[\pL\w~@-]*`).FindString(rest)
			list = append(list, strings.TrimLeft(word, `"'\`))
		}
	}
	return list
}

// TestCaret has a mistake in a document of every dialect, and in what surrounds a profile: the
// caret stands under the word, in errors, in warnings and in lint's text.
func TestCaret(t *testing.T) {
	spo := "apiVersion: security-profiles-operator.x-k8s.io/v1\nkind: SeccompProfile\nmetadata:\n  name: p\nspec:\n"
	for name, row := range map[string]struct{ file, text, word string }{
		"docker, an action":       {"x.json", "{\n\t\"defaultAction\": \"ALOW\"\n}", "ALOW"},
		"docker, a call":          {"x.json", "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [\n\t{\"names\": [\"read\", \"wirte\"], \"action\": \"SCMP_ACT_ALLOW\"}]}", "wirte"},
		"docker, no JSON":         {"x.json", "{\"defaultAction\": \"SCMP_ACT_ERRNO\",\n \"syscalls\": [,]}", ""},
		"docker, one line":        {"x.json", `{"comment": "` + strings.Repeat("漢", 500) + `", "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["raed"], "action": "SCMP_ACT_ALLOW"}]}`, "raed"},
		"podman, an errno":        {"x.json", `{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrno": "EPREM"}`, "EPREM"},
		"oci":                     {"config.json", "{\"ociVersion\": \"1.2.0\",\n \"linux\": {\"seccomp\": {\"defaultAction\": \"ALOW\"}}}", "ALOW"},
		"spo":                     {"x.yaml", spo + "  defaultAction: ALOW\n", "ALOW"},
		"spo, behind characters":  {"x.yaml", spo + "  syscalls: [{names: [漢字, raed], action: SCMP_ACT_ALLOW}]\n  defaultAction: SCMP_ACT_ERRNO\n", "漢字"},
		"systemd, a set":          {"x.service", "[Service]\nSystemCallFilter=read @sytem-service\n", "@sytem-service"},
		"systemd, a call":         {"x.service", "[Service]\nSystemCallFilter=read \\\n\twirte\n", "wirte"},
		"minijail, an action":     {"x.policy", "read: 1\nwrite: alow\n", "alow"},
		"minijail, a call":        {"x.policy", "read: 1\nwirte: 1\n", "wirte"},
		"firecracker, an action":  {"x.json", "{\"vmm\": {\"default_action\": \"alow\",\n\"filter_action\": \"allow\", \"filter\": []}}", "alow"},
		"firecracker, a call":     {"x.json", "{\"vmm\": {\"default_action\": \"trap\", \"filter_action\": \"allow\", \"filter\": [\n{\"syscall\": \"raed\"}]}}", "raed"},
		"YAML":                    {"x.yaml", "defaultAction: SCMP_ACT_ERRNO\nsyscalls:\n- names:\n  - raed\n  action: SCMP_ACT_ALLOW\n", "raed"},
		"YAML in one line":        {"x.yaml", "defaultAction: SCMP_ACT_ERRNO\nsyscalls: [{names: [read, wirte], action: SCMP_ACT_ALLOW}]\n", "wirte"},
		"a ConfigMap":             {"x.yaml", "kind: ConfigMap\ndata:\n  web.json: |\n    {\"defaultAction\": \"SCMP_ACT_ERRNO\",\n     \"syscalls\": [{\"names\": [\"raed\"], \"action\": \"SCMP_ACT_ALLOW\"}]}\n", "raed"},
		"a ConfigMap, in quotes":  {"x.yaml", "kind: ConfigMap\ndata:\n  web.json: \"{\\\"defaultAction\\\": \\\"SCMP_ACT_ERRNO\\\", \\\"syscalls\\\": [{\\\"names\\\": [\\\"raed\\\"], \\\"action\\\": \\\"SCMP_ACT_ALLOW\\\"}]}\"\n", "raed"},
		"a ConfigMap, characters": {"x.yaml", "kind: ConfigMap\ndata:\n  漢字.json: '{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [{\"names\": [\"raed\"], \"action\": \"SCMP_ACT_ALLOW\"}]}'\n", "raed"},
	} {
		t.Run(name, func(t *testing.T) {
			file := write(t, row.file, row.text)
			for _, got := range []result{
				call(t, "", "compile", "--arch", "amd64", "--format", "asm", file), call(t, row.text, "compile", "--arch", "amd64", "--format", "asm", "-"),
				call(t, "", "lint", "--arch", "amd64", "--severity", "warning", file), call(t, row.text, "lint", "--arch", "amd64", "--severity", "warning", "-"),
			} {
				if row.word == "" {
					assert.Regexp(t, `(?m)^    2 |  "syscalls": \[,\]\}\n      |              \^$`, got.stdout+got.stderr)
					continue
				}
				carets := pointed(got.stderr)
				if got.stderr == "" || strings.Contains(got.stdout, " file: ") {
					carets = pointed(got.stdout)
				}
				assert.Contains(t, carets, row.word, "%+v", got)
			}
		})
	}
}

// TestCaretIncluded: the line is that of the file that is included.
func TestCaretIncluded(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "more.policy"), []byte("write: 1\n# the mistake\nexit: alow\n"), 0o666))
	file := filepath.Join(dir, "x.policy")
	require.NoError(t, os.WriteFile(file, []byte("read: 1\n@include ./more.policy\n"), 0o666))
	got := call(t, "", "compile", "--arch", "amd64", "--include-root", dir, file)
	assert.Equal(t, statusTrouble, got.status)
	assert.Contains(t, got.stderr, "    3 | exit: alow\n      |       ^\n")
	// A stranger's policy does not make us show a file that it has no business with.
	secret := write(t, "secret", "hunter2 is: the password\n")
	for _, name := range []string{secret, "./../" + filepath.Base(filepath.Dir(secret)) + "/secret"} {
		t.Chdir(dir)
		got = call(t, "@include "+name+"\n", "compile", "--arch", "amd64", "--dialect", "minijail", "-")
		assert.Equal(t, statusTrouble, got.status)
		assert.NotContains(t, got.stderr, "password", name)
	}
}

// TestManyWarnings: of warnings as of errors the first are written.
func TestManyWarnings(t *testing.T) {
	for n, want := range map[int][2]int{3: {3, 0}, 11: {11, 0}, 12: {10, 1}, 300: {10, 1}} {
		doc := `{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": [` + strings.Repeat(`"raed", `, n-1) + `"raed"], "action": "SCMP_ACT_ALLOW"}]}`
		got := call(t, doc, "compile", "--arch", "amd64", "--format", "asm", "-")
		assert.Zero(t, got.status)
		assert.Equal(t, want[0], strings.Count(got.stderr, ": warning: "), "%d", n)
		assert.Equal(t, want[1], strings.Count(got.stderr, ` more warnings: "sieve lint" writes all`), "%d: %s", n, got.stderr)
	}
}

// TestCaretYAML: what is wrong with YAML itself has a line and no column.
func TestCaretYAML(t *testing.T) {
	got := call(t, "defaultAction: SCMP_ACT_ERRNO\n  syscalls:\n- x\n", "compile", "--arch", "amd64", "-")
	assert.Equal(t, statusTrouble, got.status)
	assert.Contains(t, got.stderr, "as YAML it is refused: line 2: mapping values are not allowed in this context\n    2 |   syscalls:\n")
	got = call(t, "x: &x {names: [read]}\ndefaultAction: SCMP_ACT_ALLOW\nsyscalls: [{<<: *x}]\n", "compile", "--arch", "amd64", "-")
	assert.Contains(t, got.stderr, "line 3: merge keys are not read: write the keys out\n    3 | syscalls: [{<<: *x}]\n")
}

// TestCaretMended: after --fix the lines are those of the mended text.
func TestCaretMended(t *testing.T) {
	file := write(t, "x.json", "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [\n{\"names\": [\"read\", \"read\", \"wirte\"], \"action\": \"SCMP_ACT_ALLOW\"}]}")
	got := call(t, "", "lint", "--arch", "amd64", "--fix", "--severity", "warning", file)
	assert.Contains(t, got.stdout, "    2 | {\"names\": [\"read\", \"wirte\"], \"action\": \"SCMP_ACT_ALLOW\"}]}\n      |                    ^\n")
}

// TestJoined takes apart what errors.Join has made and nothing else.
func TestJoined(t *testing.T) {
	got := call(t, "", "lint", "nowhere.json", "nowhere.yaml")
	assert.Equal(t, 2, strings.Count(got.stderr, "sieve: open nowhere"), got.stderr)
	got = call(t, "", "compile", "--arch", "amd64", "--thread", "vmm", "docker")
	assert.Equal(t, 1, strings.Count(got.stderr, "sieve: "), got.stderr)
}
