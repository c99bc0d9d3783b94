// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/codes"
	"github.com/gosieve/sieve/internal/scmp"
)

// rule is a docker document with a rule that has these fields more.
func withRule(fields string) string {
	return `{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"` + fields + `}]}`
}

// withArg is one with a condition.
func withArg(arg string) string { return withRule(`, "args": [` + arg + `]`) }

// withTop is one with these fields more and no rule.
func withTop(fields string) string { return `{"defaultAction": "SCMP_ACT_ERRNO"` + fields + `}` }

func TestParseRefuses(t *testing.T) {
	const actions = "SCMP_ACT_ALLOW, SCMP_ACT_ERRNO, SCMP_ACT_KILL, SCMP_ACT_KILL_PROCESS, SCMP_ACT_KILL_THREAD, " +
		"SCMP_ACT_LOG, SCMP_ACT_NOTIFY, SCMP_ACT_TRACE, SCMP_ACT_TRAP"
	const ops = "SCMP_CMP_EQ, SCMP_CMP_NE, SCMP_CMP_LT, SCMP_CMP_LE, SCMP_CMP_GT, SCMP_CMP_GE, SCMP_CMP_MASKED_EQ"
	const flags = "SECCOMP_FILTER_FLAG_TSYNC, SECCOMP_FILTER_FLAG_LOG, SECCOMP_FILTER_FLAG_SPEC_ALLOW, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"
	const noDefault = "defaultAction: no default action, want " + actions + "; Docker would run the container without a filter"
	tests := map[string]struct {
		doc  string
		code Code
		is   error
		want string
	}{
		"nothing":                {"", "syntax", ErrSyntax, "1:1: unexpected end of the document, want an object"},
		"white space":            {" \n\t", "syntax", ErrSyntax, "2:2: unexpected end of the document, want an object"},
		"truncated":              {`{"defaultAction": "SCMP_ACT_§`, "syntax", ErrSyntax, "defaultAction: unexpected end of the document, want the end of a string"},
		"truncated after a key":  {`{"defaultAction"§`, "syntax", ErrSyntax, "unexpected end of the document, want a colon after the key"},
		"truncated in a list":    {"{\"syscalls\": [\n", "syntax", ErrSyntax, "2:1: syscalls[0]: unexpected end of the document, want an object"},
		"truncated in an escape": {`{"defaultAction": "\§`, "syntax", ErrSyntax, "defaultAction: unexpected end of the document, want the end of a string"},
		"a byte order mark":      {"\ufeff{}", "syntax", ErrSyntax, "1:1: byte order mark: want UTF-8 without one"},
		"a stray letter":         {`§G{}`, "syntax", ErrSyntax, "unexpected 'G', want an object"},
		"trailing data":          {withTop("") + "\n {}", "syntax", ErrSyntax, "2:2: unexpected '{', want the end: the document is one object"},
		"a comment":              {"{\n// no\n}", "syntax", ErrSyntax, "2:1: unexpected '/', want a key in quotes: JSON has no comments"},
		"a hash comment":         {withTop("") + "# no", "syntax", ErrSyntax, "1:36: unexpected '#', want the end: the document is one object: JSON has no comments"},
		"a comma at the end":     {withTop(","), "syntax", ErrSyntax, "1:36: unexpected '}', want a key after the comma"},
		"a comma in a list":      {withTop(`, "flags": ["SECCOMP_FILTER_FLAG_LOG",§]`), "syntax", ErrSyntax, "flags[0]: unexpected ']', want a value after the comma"},
		"no comma":               {`{"defaultAction": "SCMP_ACT_ERRNO" §"syscalls": []}`, "syntax", ErrSyntax, `unexpected '"', want a comma or the end of the object`},
		"a key without quotes":   {`{§defaultAction: 1}`, "syntax", ErrSyntax, "unexpected 'd', want a key in quotes"},
		"single quotes":          {`{§'a': 1}`, "syntax", ErrSyntax, `unexpected '\'', want a key in quotes`},
		"a bad literal":          {withTop(`, "x": nul§}`), "syntax", ErrSyntax, "x: unexpected '}', want null"},
		"a bare word":            {withTop(`, "x": §NaN`), "syntax", ErrSyntax, "x: unexpected 'N', want a value"},
		"a leading zero":         {withArg(`{"index": §00}`), "syntax", ErrSyntax, "syscalls[0].args[0].index: number with a leading zero"},
		"a plus":                 {withArg(`{"index": §+1}`), "syntax", ErrSyntax, "syscalls[0].args[0].index: unexpected '+', want a number"},
		"a lone minus":           {withArg(`{"index": -§}`), "syntax", ErrSyntax, "syscalls[0].args[0].index: unexpected '}', want a digit"},
		"no digit after a dot":   {withTop(`, "x": 1.§`), "syntax", ErrSyntax, "x: unexpected '}', want a digit"},
		"hexadecimal":            {withArg(`{"index": 0§x1}`), "syntax", ErrSyntax, "syscalls[0].args[0]: unexpected 'x', want a comma or the end of the object"},
		"a control character":    {"{\"a\nb\": 1}", "syntax", ErrSyntax, "1:4: control character 0x0a in a string, want it escaped"},
		"an unknown escape":      {`{"a§\x": 1}`, "syntax", ErrSyntax, "unknown escape in a string: a backslash before 'x'"},
		"a short escape":         {`{"§\u12": 1}`, "syntax", ErrSyntax, `incomplete escape in a string, want \u and four hexadecimal digits`},
		"a signed escape":        {`{"§\u+123": 1}`, "syntax", ErrSyntax, `incomplete escape in a string, want \u and four hexadecimal digits`},
		"invalid UTF-8":          {"{\"a\":\n\"\xff\"}", "syntax", ErrSyntax, "2:2: invalid UTF-8: byte 0xff"},
		"a lone high surrogate":  {`{"§\ud800": 1}`, "syntax", ErrSyntax, `half of a surrogate pair: \ud800`},
		"two high surrogates":    {`{"§\ud800\ud800": 1}`, "syntax", ErrSyntax, `half of a surrogate pair: \ud800`},
		"a lone low surrogate":   {`{"§\udc00": 1}`, "syntax", ErrSyntax, `half of a surrogate pair: \udc00`},

		"null":               {"null", "wrong-type", ErrProfile, "1:1: got null, want an object"},
		"a list":             {"[]", "wrong-type", ErrProfile, "1:1: got a list, want an object"},
		"a string":           {`§"x"`, "wrong-type", ErrProfile, "got a string, want an object"},
		"nothing in it":      {"{}", "no-default", ErrProfile, "1:1: " + noDefault},
		"unknown keys alone": {`{"default_action": "SCMP_ACT_ALLOW"}`, "no-default", ErrProfile, "1:2: " + noDefault + `; "default_action" is no key, did you mean "defaultAction"?`},
		"a misspelt action":  {`{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["read"], §"acton": "SCMP_ACT_LOG"}]}`, "unknown-action", ErrProfile, `syscalls[0].action: no action, want ` + strings.Join(scmp.Actions, ", ") + `; "acton" is no key, did you mean "action"?`},
		"rules alone":        {"\n{\"syscalls\": []}", "no-default", ErrProfile, "2:1: " + noDefault},
		"a null default":     {`{"defaultAction": §null}`, "no-default", ErrProfile, "" + noDefault},
		"an empty default":   {`{"defaultAction": §""}`, "no-default", ErrProfile, "" + noDefault},

		"a key twice":              {withTop(`, §"defaultAction": "SCMP_ACT_ALLOW"`), "duplicate-key", ErrProfile, `defaultAction: key "defaultAction" is there twice`},
		"a key twice, other case":  {withTop(`, §"DefaultAction": "SCMP_ACT_ALLOW"`), "duplicate-key", ErrProfile, `DefaultAction: key "defaultAction" is there twice`},
		"an unknown key twice":     {withTop(`, "x": 1, §"x": 1`), "duplicate-key", ErrProfile, `x: key "x" is there twice`},
		"a key twice far below":    {withTop(`, "x": [{"y": {"z": 1, §"z": 1}}]`), "duplicate-key", ErrProfile, `x[0].y.z: key "z" is there twice`},
		"syscalls twice":           {`{"syscalls": [], §"syscalls": []}`, "duplicate-key", ErrProfile, `syscalls: key "syscalls" is there twice`},
		"an escaped key twice":     {withTop(`, "x": 1, §"\u0078": 1`), "duplicate-key", ErrProfile, `x: key "x" is there twice`},
		"a syntax error in a junk": {withTop(`, "x": {"y": [1, 2§}}`), "syntax", ErrSyntax, "x.y[1]: unexpected '}', want a comma or the end of the list"},

		"a default of wrong type":   {`{"defaultAction": §1}`, "wrong-type", ErrProfile, "defaultAction: got a number, want a string"},
		"an unknown default":        {`{"defaultAction": §"SCMP_ACT_DENY"}`, "unknown-action", ErrProfile, `defaultAction: unknown action "SCMP_ACT_DENY", want ` + actions + `; did you mean "SCMP_ACT_ERRNO"?`},
		"a default in lower case":   {`{"defaultAction": §"scmp_act_errno"}`, "unknown-action", ErrProfile, `defaultAction: unknown action "scmp_act_errno", want ` + actions + `; did you mean "SCMP_ACT_ERRNO"?`},
		"notify as default":         {`{"defaultAction": §"SCMP_ACT_NOTIFY"}`, "notify-default", ErrProfile, "defaultAction: SCMP_ACT_NOTIFY cannot be the default: the supervisor would never be told"},
		"default errno 4096":        {withTop(`, "defaultErrnoRet": §4096`), "errno-range", ErrProfile, "defaultErrnoRet: 4096 is too large for SCMP_ACT_ERRNO, want 0 to 4095"},
		"default errno, wrong type": {withTop(`, "defaultErrnoRet": §"EPERM"`), "wrong-type", ErrProfile, "defaultErrnoRet: got a string, want a number"},
		"both kinds of arches":      {withTop(`, "architectures": ["SCMP_ARCH_X86"], "archMap": §[{"architecture": "SCMP_ARCH_X86"}]`), "architectures-and-archmap", ErrProfile, "the document has both architectures and archMap, want one of them"},
		"an unknown flag":           {withTop(`, "flags": [§"SECCOMP_FILTER_FLAG_LOGS"]`), "unknown-flag", ErrProfile, `flags[0]: unknown flag "SECCOMP_FILTER_FLAG_LOGS", want ` + flags + `; did you mean "SECCOMP_FILTER_FLAG_LOG"?`},
		"the listener's flag":       {withTop(`, "flags": [§"SECCOMP_FILTER_FLAG_NEW_LISTENER"]`), "unknown-flag", ErrProfile, `flags[0]: unknown flag "SECCOMP_FILTER_FLAG_NEW_LISTENER", want ` + flags},
		"flags as a string":         {withTop(`, "flags": §"x"`), "wrong-type", ErrProfile, "flags: got a string, want a list"},
		"a null flag":               {withTop(`, "flags": [§null]`), "wrong-type", ErrProfile, "flags[0]: got null, want a string"},
		"a path of wrong type":      {withTop(`, "listenerPath": §1`), "wrong-type", ErrProfile, "listenerPath: got a number, want a string"},
		"a null in archMap":         {withTop(`, "archMap": [§null]`), "wrong-type", ErrProfile, "archMap[0]: got null, want an object"},
		"archMap as an object":      {withTop(`, "archMap": §{}`), "wrong-type", ErrProfile, "archMap: got an object, want a list"},
		"syscalls as an object":     {withTop(`, "syscalls": §{}`), "wrong-type", ErrProfile, "syscalls: got an object, want a list"},
		"a null rule":               {withTop(`, "syscalls": [§null]`), "wrong-type", ErrProfile, "syscalls[0]: got null, want an object"},

		"names as a string":         {withTop(`, "syscalls": [{"names": §"read"}]`), "wrong-type", ErrProfile, "syscalls[0].names: got a string, want a list"},
		"a null name":               {withTop(`, "syscalls": [{"names": ["read", §null]}]`), "wrong-type", ErrProfile, "syscalls[0].names[1]: got null, want a string"},
		"an empty name":             {withTop(`, "syscalls": [{"names": ["read", §""], "action": "SCMP_ACT_ALLOW"}]`), "empty-name", ErrProfile, "syscalls[0].names[1]: an empty name, want a system call"},
		"an empty legacy name":      {withTop(`, "syscalls": [{"name": §"", "action": "SCMP_ACT_ALLOW"}]`), "empty-name", ErrProfile, "syscalls[0].names[0]: an empty name, want a system call"},
		"name and names":            {withRule(`, "name": §"write"`), "name-and-names", ErrProfile, "syscalls[0].name: the rule has both name and names, want one of them"},
		"no action":                 {withTop(`, "syscalls": [§{"names": ["read"]}]`), "unknown-action", ErrProfile, "syscalls[0].action: no action, want " + actions},
		"a null action":             {withTop(`, "syscalls": [{"names": ["read"], "action": §null}]`), "unknown-action", ErrProfile, "syscalls[0].action: no action, want " + actions},
		"an unknown action":         {withTop(`, "syscalls": [{"names": ["read"], "action": §"ALLOW"}]`), "unknown-action", ErrProfile, `syscalls[0].action: unknown action "ALLOW", want ` + actions + `; did you mean "SCMP_ACT_ALLOW"?`},
		"a comment of wrong type":   {withRule(`, "comment": §1`), "wrong-type", ErrProfile, "syscalls[0].comment: got a number, want a string"},
		"errno 65536":               {withTop(`, "syscalls": [{"names": ["read"], "errnoRet": §65536, "action": "SCMP_ACT_ERRNO"}]`), "errno-range", ErrProfile, "syscalls[0].errnoRet: 65536 is too large for SCMP_ACT_ERRNO, want 0 to 4095"},
		"a trace number of 65536":   {withTop(`, "syscalls": [{"names": ["read"], "errnoRet": §65536, "action": "SCMP_ACT_TRACE"}]`), "errno-range", ErrProfile, "syscalls[0].errnoRet: 65536 is too large for SCMP_ACT_TRACE, want 0 to 65535"},
		"a negative errno":          {withRule(`, "errnoRet": §-1`), "number", ErrProfile, "syscalls[0].errnoRet: -1: want a whole number from 0 to 4294967295, without sign, fraction and exponent"},
		"an errno with a fraction":  {withRule(`, "errnoRet": §1.0`), "number", ErrProfile, "syscalls[0].errnoRet: 1.0: want a whole number from 0 to 4294967295, without sign, fraction and exponent"},
		"args as an object":         {withRule(`, "args": §{}`), "wrong-type", ErrProfile, "syscalls[0].args: got an object, want a list"},
		"a null condition":          {withArg(`§null`), "wrong-type", ErrProfile, "syscalls[0].args[0]: got null, want an object"},
		"index 6":                   {withArg(`{"index": §6, "value": 0, "op": "SCMP_CMP_EQ"}`), "arg-index", ErrProfile, "syscalls[0].args[0].index: a call has no argument 6, want 0 to 5"},
		"index -1":                  {withArg(`{"index": §-1}`), "number", ErrProfile, "syscalls[0].args[0].index: -1: want a whole number from 0 to 4294967295, without sign, fraction and exponent"},
		"index 1.0":                 {withArg(`{"index": §1.0}`), "number", ErrProfile, "syscalls[0].args[0].index: 1.0: want a whole number from 0 to 4294967295, without sign, fraction and exponent"},
		"index as a string":         {withArg(`{"index": §"1"}`), "wrong-type", ErrProfile, "syscalls[0].args[0].index: got a string, want a number"},
		"value 2^64":                {withArg(`{"value": §18446744073709551616}`), "number", ErrProfile, "syscalls[0].args[0].value: 18446744073709551616 is too large, want 0 to 18446744073709551615"},
		"value 10^30":               {withArg(`{"value": §1000000000000000000000000000000}`), "number", ErrProfile, "syscalls[0].args[0].value: 1000000000000000000000000000000 is too large, want 0 to 18446744073709551615"},
		"value 1e3":                 {withArg(`{"value": §1e3}`), "number", ErrProfile, "syscalls[0].args[0].value: 1e3: want a whole number from 0 to 18446744073709551615, without sign, fraction and exponent"},
		"a negative value":          {withArg(`{"value": §-1}`), "number", ErrProfile, "syscalls[0].args[0].value: -1: want a whole number from 0 to 18446744073709551615, without sign, fraction and exponent"},
		"a value of minus zero":     {withArg(`{"value": §-0}`), "number", ErrProfile, "syscalls[0].args[0].value: -0: want a whole number from 0 to 18446744073709551615, without sign, fraction and exponent"},
		"an unknown operator":       {withArg(`{"index": 0, "value": 0, "op": §"SCMP_CMP_EQUAL"}`), "unknown-op", ErrProfile, `syscalls[0].args[0].op: unknown operator "SCMP_CMP_EQUAL", want ` + ops + `; did you mean "SCMP_CMP_EQ"?`},
		"no operator":               {withArg(`§{"index": 0, "value": 0}`), "unknown-op", ErrProfile, `syscalls[0].args[0].op: no operator, want ` + ops},
		"includes as a list":        {withRule(`, "includes": §[]`), "wrong-type", ErrProfile, "syscalls[0].includes: got a list, want an object"},
		"a kernel as a number":      {withRule(`, "includes": {"minKernel": §4.8}`), "wrong-type", ErrProfile, "syscalls[0].includes.minKernel: got a number, want a string"},
		"a kernel of three parts":   {withRule(`, "includes": {"minKernel": §"3.12.1"}`), "kernel", ErrProfile, `syscalls[0].includes.minKernel: invalid kernel version "3.12.1", want one like "4.8", both numbers up to 255; did you mean "3.12"?`},
		"a kernel of one part":      {withRule(`, "includes": {"minKernel": §"3"}`), "kernel", ErrProfile, `syscalls[0].includes.minKernel: invalid kernel version "3", want one like "4.8", both numbers up to 255`},
		"kernel 0.0":                {withRule(`, "includes": {"minKernel": §"0.0"}`), "kernel", ErrProfile, `syscalls[0].includes.minKernel: invalid kernel version "0.0", want one like "4.8", both numbers up to 255`},
		"kernel 256.1":              {withRule(`, "excludes": {"minKernel": §"256.1"}`), "kernel", ErrProfile, `syscalls[0].excludes.minKernel: invalid kernel version "256.1", want one like "4.8", both numbers up to 255`},
		"a kernel with a sign":      {withRule(`, "excludes": {"minKernel": §"+4.8"}`), "kernel", ErrProfile, `syscalls[0].excludes.minKernel: invalid kernel version "+4.8", want one like "4.8", both numbers up to 255; did you mean "4.8"?`},
		"capabilities as a string":  {withRule(`, "excludes": {"caps": §"CAP_CHOWN"}`), "wrong-type", ErrProfile, "syscalls[0].excludes.caps: got a string, want a list"},
		"a null capability":         {withRule(`, "excludes": {"caps": [§null]}`), "wrong-type", ErrProfile, "syscalls[0].excludes.caps[0]: got null, want a string"},
		"rule on the second line":   {"{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [\r\n\t{\"names\": [\"é\", 7]}]}", "wrong-type", ErrProfile, "2:19: syscalls[0].names[1]: got a number, want a string"},
		"nesting without end":       {withTop(`, "x": ` + strings.Repeat("[", 1_000_000)), "too-deep", ErrLimit, "1:297: x" + strings.Repeat("[0]", 255) + ": nested deeper than 256"},
		"objects without end":       {withTop(`, "x": ` + strings.Repeat(`{"":`, 1_000_000)), "too-deep", ErrLimit, "1:1062: x: nested deeper than 256"},
		"an architecture in docker": {withTop(`, "architectures": [§"amd64"]`), "unknown-arch", ErrProfile, `architectures[0]: unknown architecture "amd64", want ` + strings.Join(scmp.Archs(), ", ") + `; did you mean "SCMP_ARCH_X86_64"?`},
		"SCMP_ARCH_NATIVE":          {withTop(`, "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": [§"SCMP_ARCH_NATIVE"]}]`), "unknown-arch", ErrProfile, `archMap[0].subArchitectures[0]: unknown architecture "SCMP_ARCH_NATIVE", want ` + strings.Join(scmp.Archs(), ", ")},
		"an entry without a host":   {withTop(`, "archMap": [§{}]`), "unknown-arch", ErrProfile, `archMap[0].architecture: no architecture, want ` + strings.Join(scmp.Archs(), ", ")},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			doc, at := marked(tt.doc)
			p, err := Parse(doc)
			require.Error(t, err)
			assert.Nil(t, p)
			assert.EqualError(t, err, at+tt.want)
			var e *Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, tt.code, e.Code)
			assert.NotEmpty(t, codes.Of(e.Code).Meaning, "the code stands in no table")
			assert.ErrorIs(t, err, tt.is)

			_, err = Parse(doc, File("profile.json"))
			assert.EqualError(t, err, inFile(at+tt.want))
		})
	}
}

// marked is a document without the sign § that marks a place, and the place as
// messages have it.
func marked(text string) (doc []byte, at string) {
	before, after, ok := strings.Cut(text, "§")
	if !ok {
		return []byte(text), ""
	}
	line := 1 + strings.Count(before, "\n")
	column := len(before) - strings.LastIndex(before, "\n")
	return []byte(before + after), fmt.Sprintf("%d:%d: ", line, column)
}

// inFile is a message about profile.json.
func inFile(message string) string {
	if message[0] >= '0' && message[0] <= '9' {
		return "profile.json:" + message
	}
	return "profile.json: " + message
}

func TestParseWarns(t *testing.T) {
	tests := map[string]struct {
		doc  string
		opts []ParseOption
		want []string
	}{
		"nothing odd":               {doc: withRule("")},
		"an unknown key":            {doc: withTop(`, §"x": {"y": [1, -2.5e+3, true, false, null, "z"]}`), want: []string{`x: warning: unknown key "x" (unknown-key)`}},
		"an unknown key in a rule":  {doc: withRule(`, §"acton": 1`), want: []string{`syscalls[0].acton: warning: unknown key "acton", nearest is "action" (unknown-key)`}},
		"Podman's key":              {doc: withRule(`, §"errno": "EPERM"`), want: []string{`syscalls[0].errno: warning: only the podman dialect has the key "errno" (unknown-key)`}},
		"a key in another case":     {doc: `{§"DEFAULTACTION": "SCMP_ACT_ERRNO"}`, want: []string{`DEFAULTACTION: warning: key "DEFAULTACTION" is read as "defaultAction" (key-case)`}},
		"a key with a long s":       {doc: withTop(`, §"ſyscalls": []`), want: []string{`"ſyscalls": warning: key "ſyscalls" is read as "syscalls" (key-case)`}},
		"a value of null":           {doc: withArg(`§{"index": 0, "value": null, "op": "SCMP_CMP_EQ"}`), want: []string{`syscalls[0].args[0]: warning: no value, which is read as 0 (no-value)`}},
		"no index":                  {doc: withArg(`§{"value": 1, "op": "SCMP_CMP_EQ"}`), want: []string{`syscalls[0].args[0]: warning: no index, which is read as 0 (no-value)`}},
		"an empty kernel":           {doc: withRule(`, "includes": {"minKernel": §""}`), want: []string{`syscalls[0].includes.minKernel: warning: minKernel "" is read as 0.0, which every kernel is (empty-kernel)`}},
		"archMap in oci":            {doc: withTop(`, §"archMap": []`), opts: []ParseOption{In(OCI)}, want: []string{`archMap: warning: only the docker dialect has the key "archMap" (unknown-key)`}},
		"name in oci":               {doc: withRule(`, §"name": "x"`), opts: []ParseOption{In(OCI)}, want: []string{`syscalls[0].name: warning: only the docker dialect has the key "name" (unknown-key)`}},
		"empty conditions in oci":   {doc: withRule(`, "includes": {}, "excludes": null`), opts: []ParseOption{In(OCI)}},
		"null where it is harmless": {doc: withRule(`, "args": null, "includes": null, "excludes": {"caps": null, "arches": null, "minKernel": null}, "errnoRet": null, "comment": null, "name": null`)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			doc, at := marked(tt.doc)
			p, err := Parse(doc, tt.opts...)
			require.NoError(t, err)
			if tt.want != nil {
				tt.want[0] = at + tt.want[0]
			}
			assert.Equal(t, tt.want, texts(p.Warnings))
			for _, d := range p.Warnings {
				assert.NotEmpty(t, codes.Of(d.Code).Meaning, d.Code)
			}

			_, err = Parse(doc, append(tt.opts, Strict)...)
			if len(tt.want) == 0 {
				assert.NoError(t, err)
				return
			}
			assert.ErrorIs(t, err, ErrProfile, "Strict lets a warning pass")
		})
	}
}

func texts(diags []Diagnostic) []string {
	var list []string
	for _, d := range diags {
		list = append(list, d.String())
	}
	return list
}

func TestParseReads(t *testing.T) {
	p, err := Parse([]byte(`{
		"defaultAction": "SCMP_ACT_TRACE", "defaultErrnoRet": 65535,
		"archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]},
			{"architecture": "SCMP_ARCH_ARM", "subArchitectures": null}],
		"flags": [], "listenerPath": "/a", "listenerMetadata": "m\u00e9\ud83d\ude00\n",
		"syscalls": [
			{"names": ["read", "wr\u0069te"], "action": "SCMP_ACT_ERRNO", "errnoRet": 0, "comment": "c",
				"args": [{"index": 5, "value": 18446744073709551615, "valueTwo": 9223372036854775809, "op": "SCMP_CMP_MASKED_EQ"}],
				"includes": {"caps": ["CAP_CHOWN"], "arches": ["amd64"], "minKernel": "4.08"}, "excludes": {}},
			{"name": "open", "names": [], "action": "SCMP_ACT_KILL"}
		]}`))
	require.NoError(t, err)
	require.Empty(t, p.Warnings)
	assert.Equal(t, "SCMP_ACT_TRACE", p.DefaultAction)
	assert.Equal(t, uint32(65535), *p.DefaultErrnoRet)
	assert.Equal(t, "SCMP_ARCH_X86_64", p.ArchMap[0].Architecture)
	assert.Equal(t, []string{"SCMP_ARCH_X86"}, p.ArchMap[0].SubArchitectures)
	assert.Nil(t, p.ArchMap[1].SubArchitectures)
	assert.NotNil(t, p.Flags, "an empty list is not an absent one")
	assert.Equal(t, "/a", p.ListenerPath)
	assert.Equal(t, "mé😀\n", p.ListenerMetadata)
	r := p.Syscalls[0]
	assert.Equal(t, []string{"read", "write"}, r.Names)
	assert.Equal(t, uint32(0), *r.ErrnoRet)
	assert.Equal(t, "c", r.Comment)
	assert.Equal(t, uint32(5), r.Args[0].Index)
	assert.Equal(t, uint64(1<<64-1), r.Args[0].Value)
	assert.Equal(t, uint64(1<<63+1), r.Args[0].ValueTwo)
	assert.Equal(t, []string{"CAP_CHOWN"}, r.Includes.Caps)
	assert.Equal(t, "4.8", r.Includes.MinKernel.String())
	assert.Nil(t, r.Excludes)
	assert.Equal(t, []string{"open"}, p.Syscalls[1].Names)

	p, err = Parse([]byte(withTop("")))
	require.NoError(t, err)
	assert.Nil(t, p.Flags)
	assert.Nil(t, p.DefaultErrnoRet)
}

func TestParseOCIRefusesConditionsOfDocker(t *testing.T) {
	_, err := Parse([]byte(withRule(`, "includes": {"caps": ["CAP_SYS_ADMIN"]}`)), In(OCI))
	assert.EqualError(t, err, `1:110: syscalls[0].includes: only the docker dialect has the key "includes": without it the rule would apply everywhere`)
	assert.ErrorIs(t, err, ErrProfile)
}

func TestParseLimits(t *testing.T) {
	doc := []byte(withTop(`, "x": [[[]]]`))
	_, err := Parse(doc, Limits(len(doc), 4))
	require.NoError(t, err)
	_, err = Parse(doc, Limits(len(doc)-1, 0))
	require.ErrorIs(t, err, ErrLimit)
	assert.EqualError(t, err, "1:1: the document has 48 bytes, more than 47")
	_, err = Parse(doc, Limits(0, 3))
	require.ErrorIs(t, err, ErrLimit)
	assert.False(t, errors.Is(err, ErrSyntax))
}

func TestParseKeepsFewWarnings(t *testing.T) {
	p, err := Parse([]byte(withTop(`, "syscalls": [` + strings.Repeat(`{"names": ["read"], "action": "SCMP_ACT_ALLOW", "x": 1},`, 5000) +
		`{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]`)))
	require.NoError(t, err)
	require.Len(t, p.Warnings, maxWarnings+1)
	assert.Equal(t, "4000 more warnings", p.Warnings[maxWarnings].Message)
}

// TestDialects: of the dialects three are read here, docker where nothing is said.
func TestDialects(t *testing.T) {
	doc := []byte(`{"defaultAction": "SCMP_ACT_ALLOW"}`)
	for said, want := range map[Dialect]Dialect{"": Docker, Docker: Docker, OCI: OCI, Podman: Podman} {
		p, err := Parse(doc, In(said))
		require.NoError(t, err)
		assert.Equal(t, want, p.Dialect)
	}
	for _, d := range []Dialect{"Docker", Mesos, SPO, Systemd, Minijail, Firecracker} {
		_, err := Parse(doc, In(d), File("f"))
		require.ErrorIs(t, err, ErrProfile)
		assert.EqualError(t, err, fmt.Sprintf("f:1:1: unknown dialect %q, want docker, oci or podman; dialect.Parse reads others", string(d)))
	}
}
