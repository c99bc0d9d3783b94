// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/argument"
	"github.com/gosieve/sieve/seccomp"
)

// auditType returns the type of a record and what follows its time stamp. Both are empty
// for a line without a record. Records come as
//
//	type=SECCOMP msg=audit(1700000000.123:42): auid=...      auditd
//	[ 12.3] audit: type=1326 audit(1700000000.123:42): ...   kernel
//
// The first "type=" counts. A process can choose its own name and so write "type=" into a
// record, but the name stands behind the true one.
func auditType(line string) (kind, body string) {
	at := 0
	if !strings.HasPrefix(line, "type=") {
		if at = strings.Index(line, " type="); at < 0 {
			return "", ""
		}
		at++
	}
	kind, rest, _ := strings.Cut(line[at+len("type="):], " ")
	rest = strings.TrimPrefix(rest, "msg=")
	if !strings.HasPrefix(rest, "audit(") {
		return "", ""
	}
	_, body, _ = strings.Cut(rest, ":") // the time, before the serial number
	if _, after, ok := strings.Cut(body, "):"); ok {
		body = after
	} else if _, after, ok := strings.Cut(body, ") :"); ok { // ausearch --interpret
		body = after
	}
	return kind, body
}

// parseAudit reads the fields of a record of seccomp (audit_seccomp, kernel/auditsc.c),
// as the kernel writes them or as ausearch --interpret does:
//
//	auid=0 uid=0 ... pid=7 comm="sh" exe="/bin/dash" sig=31 arch=c000003e syscall=41 compat=0 ip=0x7f code=0x80000000
//
// arch, syscall and code must be there; the rest only serves people. The kernel writes the
// action without its data (SECCOMP_RET_ACTION_FULL, seccomp_log in kernel/seccomp.c), so
// the errno of a denied call is not known from a log.
func parseAudit(body string) (*denied, error) {
	fields, err := auditFields(body)
	if err != nil {
		return nil, err
	}
	for _, key := range []string{"arch", "syscall", "code"} {
		if fields[key] == "" {
			return nil, fmt.Errorf("a record of seccomp without %s", key)
		}
	}
	d := &denied{Count: 1}
	interpreted, err := d.parseCall(fields["arch"], fields["syscall"])
	if err != nil {
		return nil, err
	}
	if d.Action, err = auditCode(fields["code"]); err != nil {
		return nil, err
	}
	d.Carries = d.Action.Data() != 0
	if sig := fields["sig"]; sig != "" {
		if d.Signal, err = signalName(d.ABI, sig); err != nil {
			return nil, err
		}
	}
	d.PID, _ = strconv.Atoi(fields["pid"])
	d.Command = auditText(fields["comm"], interpreted)
	d.Exe = auditText(fields["exe"], interpreted)
	return d, nil
}

// auditFields returns the fields of a record by name. A field that is there twice is an
// error: a process may have put the second one there with its name, which ausearch
// --interpret does not quote. For the same reason comm and exe, unquoted, end only where
// the next field's name begins.
func auditFields(body string) (map[string]string, error) {
	fields := map[string]string{}
	for rest := body; ; {
		rest = strings.TrimLeft(rest, " \t\x1d")
		key, after, ok := strings.Cut(rest, "=")
		if !ok {
			return fields, nil
		}
		if at := strings.LastIndexAny(key, " \x1d"); at >= 0 {
			key = key[at+1:] // a word without a value
		}
		value := after
		switch {
		case strings.HasPrefix(after, `"`):
			end := strings.IndexByte(after[1:], '"')
			if end < 0 {
				return nil, fmt.Errorf("%s: no quote at the end", clipped(key))
			}
			value, rest = after[:end+2], after[end+2:]
		case key == "comm":
			value, rest = upTo(after, " exe=")
		case key == "exe":
			value, rest = upTo(after, " sig=")
		default:
			value, rest = upTo(after, " ")
			if at := enrichment(value); at > 0 {
				value, rest = value[:at], value[at:]+rest
			}
		}
		if _, twice := fields[key]; twice {
			return nil, fmt.Errorf("%s is there twice", clipped(key))
		}
		fields[key] = value
	}
}

// enrichment is the index at which the names begin that auditd adds to numbers
// (log_format=ENRICHED, auditd.conf(5)), or -1. They follow a byte of 0x1d, which some
// programs that pass logs on leave out; AUID is the first of them.
func enrichment(value string) int {
	if at := strings.IndexByte(value, 0x1d); at >= 0 {
		return at
	}
	return strings.Index(value, "AUID=")
}

// upTo splits a text in front of a mark, or gives all of it if the mark is not there.
func upTo(text, mark string) (before, after string) {
	if at := strings.Index(text, mark); at >= 0 {
		return text[:at], text[at:]
	}
	return text, ""
}

// clipped is text from a log in an error: quoted, and not long enough to hide the error.
func clipped(s string) string {
	if len(s) > 64 {
		s = s[:64] + "..."
	}
	return strconv.Quote(s)
}

// parseCall reads the ABI and the call of a record, as numbers or, interpreted, as names.
// A call may be a number that no table has; a name must be one of the ABI's, since the
// row needs its number. Unlike the other numbers of a record, arch is in hexadecimal
// without 0x.
func (d *denied) parseCall(token, call string) (interpreted bool, err error) {
	if n, err := strconv.ParseUint(token, 16, 32); err == nil {
		d.Audit = uint32(n)
	} else {
		abi, err := arch.Parse(token)
		if err != nil {
			return true, fmt.Errorf("arch: %w", err)
		}
		d.Audit, interpreted = abi.Audit(), true
	}
	if inside, ok := strings.CutPrefix(call, "unknown-syscall("); ok {
		call, interpreted = strings.TrimSuffix(inside, ")"), true
	}
	if n, err := strconv.ParseInt(call, 10, 64); err == nil && n >= -1<<31 && n < 1<<32 {
		d.Nr = uint32(n) // the kernel writes a signed number
		d.ABI, _ = arch.Of(d.Audit, d.Nr)
		return interpreted, nil
	}
	abi, ok := arch.Of(d.Audit, 0)
	if ok {
		d.ABI = abi
		d.Nr, ok = abi.Number(call)
	}
	if !ok {
		return true, fmt.Errorf("syscall: %s is neither a number nor a call of arch=%s", clipped(call), token)
	}
	return true, nil
}

// auditCode reads the action of code=: a number, or the word that ausearch --interpret
// makes of it. Words say nothing of the action's data.
func auditCode(text string) (seccomp.Action, error) {
	switch strings.ReplaceAll(text, "_", "-") {
	case "kill", "kill-thread":
		return seccomp.KillThread, nil
	case "kill-process":
		return seccomp.KillProcess, nil
	case "trap":
		return seccomp.Trap(0), nil
	case "errno":
		return seccomp.Errno(0), nil
	case "user-notif", "user-notify", "notify":
		return seccomp.Notify, nil
	case "trace":
		return seccomp.Trace(0), nil
	case "log":
		return seccomp.Log, nil
	case "allow":
		return seccomp.Allow, nil
	}
	n, err := auditNumber("code", text, 0)
	return seccomp.Action(n), err
}

// auditNumber reads a number of 32 bits. The base 0 takes 0x as well.
func auditNumber(key, text string, base int) (uint32, error) {
	n, err := strconv.ParseUint(text, base, 32)
	if err != nil {
		return 0, fmt.Errorf("%s: %s is no number", key, clipped(text))
	}
	return uint32(n), nil
}

// auditText decodes a name that a process has chosen. The kernel quotes it or, if it
// holds a space, a quote or what cannot be printed, writes it in hexadecimal
// (audit_log_untrustedstring, kernel/audit.c). The result is printable, so that it cannot
// steer the terminal.
func auditText(text string, interpreted bool) string {
	if quoted, ok := strings.CutPrefix(text, `"`); ok {
		text = strings.TrimSuffix(quoted, `"`)
	} else if b, err := hex.DecodeString(text); err == nil && !interpreted {
		text = string(b)
	}
	if text == "(null)" {
		return ""
	}
	if len(text) > 4096 { // PATH_MAX
		text = text[:4096]
	}
	printable := func(r rune) bool { return unicode.IsPrint(r) && r != unicode.ReplacementChar }
	for _, r := range text {
		if !printable(r) {
			return strings.Trim(strconv.Quote(text), `"`)
		}
	}
	return text
}

// isSignal is a signal's name as ausearch --interpret writes it: SIGSYS, SIGRTMIN+3. Anything else could
// steer the terminal that shows it.
var isSignal = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^SIG[A-Z0-9+-]{1,16}$`) })

// signalName is a signal as the log has it, by name or by number; empty for 0, which the
// kernel writes where the filter sent none.
func signalName(abi arch.Arch, text string) (string, error) {
	if isSignal().MatchString(text) {
		return text, nil
	}
	n, err := auditNumber("sig", text, 10)
	if n == 0 || err != nil {
		return "", err
	}
	return argument.Signal(abi, n), nil
}
