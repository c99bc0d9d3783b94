// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const auditMount = `type=SECCOMP msg=audit(1699999999.123:12): auid=1000 uid=0 gid=0 ses=1 subj=unconfined pid=4711 comm="mount" exe="/usr/bin/mount" sig=31 arch=c000003e syscall=165 compat=0 ip=0x7f12 code=0x80000000`

func TestAuditRecord(t *testing.T) {
	mount := denied{
		Count: 1, Command: "mount", Exe: "/usr/bin/mount", PID: 4711, ABI: arch.X86_64, Audit: arch.X86_64.Audit(), Nr: 165,
		Action: seccomp.KillProcess, Signal: "SIGSYS",
	}
	with := func(change func(*denied)) denied {
		d := mount
		change(&d)
		return d
	}
	tests := map[string]struct {
		line string
		want denied
	}{
		"auditd":                    {auditMount, mount},
		"auditd with names":         {auditMount + "\x1dAUID=\"user\" UID=\"root\" GID=\"root\" ARCH=x86_64 SYSCALL=mount", mount},
		"the same without its mark": {auditMount + `AUID="user" UID="root"`, mount},
		"auditd of another node":    {"node=web1 " + auditMount, mount},
		"dmesg": {
			`[ 1234.567890] audit: type=1326 audit(1699999999.123:12): auid=4294967295 pid=4711 comm="mount" exe="/usr/bin/mount" sig=31 arch=c000003e syscall=165 compat=0 ip=0x7f code=0x80000000`, mount,
		},
		"journalctl": {
			`Nov 14 10:00:00 host kernel: audit: type=1326 audit(1699999999.123:12): pid=4711 comm="mount" exe="/usr/bin/mount" sig=31 arch=c000003e syscall=165 compat=0 ip=0x7f code=0x80000000`, mount,
		},
		"ausearch --interpret": {
			`type=SECCOMP msg=audit(11/14/2023 10:00:00.123:15) : auid=unset uid=root ses=unset pid=4711 comm=mount exe=/usr/bin/mount sig=SIGSYS arch=x86_64 syscall=mount compat=0 ip=0x7f code=kill-process`, mount,
		},
		"interpreted, with a space in the name": {
			`type=SECCOMP msg=audit(11/14/2023 10:00:00.123:15) : pid=4711 comm=my prog exe=/opt/my prog sig=SIGSYS arch=x86_64 syscall=mount code=kill`,
			with(func(d *denied) { d.Command, d.Exe, d.Action = "my prog", "/opt/my prog", seccomp.KillThread }),
		},
		"interpreted, a name like hexadecimal": {
			`type=SECCOMP msg=audit(11/14/2023 10:00:00.123:15) : pid=4711 comm=cafe exe=/usr/bin/mount sig=SIGSYS arch=x86_64 syscall=mount code=kill-process`,
			with(func(d *denied) { d.Command = "cafe" }),
		},
		"fields in an interpreted name": {
			strings.Replace(auditMount, `"mount"`, "x sig=0 arch=c00000b7 syscall=0", 1),
			with(func(d *denied) { d.Command = "x sig=0 arch=c00000b7 syscall=0" }),
		},
		"a name in hexadecimal": {
			strings.Replace(auditMount, `"mount"`, "6D792070726F67", 1), with(func(d *denied) { d.Command = "my prog" }),
		},
		"a name that a terminal would obey": {
			strings.Replace(auditMount, `"mount"`, "1B5B33316DFF", 1), with(func(d *denied) { d.Command = `\x1b[31m\xff` }),
		},
		"no name": {
			strings.Replace(auditMount, `"mount"`, "(null)", 1), with(func(d *denied) { d.Command = "" }),
		},
		"32 bits": {
			strings.NewReplacer("c000003e", "40000003", "165", "21").Replace(auditMount),
			with(func(d *denied) { d.ABI, d.Audit, d.Nr = arch.X86, arch.X86.Audit(), 21 }),
		},
		"x32": {
			strings.Replace(auditMount, "165", "1073741989", 1), with(func(d *denied) { d.ABI, d.Nr = arch.X32, 0x400000a5 }),
		},
		"a number below 0": {
			strings.Replace(auditMount, "165", "-1", 1), with(func(d *denied) { d.Nr = 0xffffffff }),
		},
		"an architecture that is not known": {
			strings.Replace(auditMount, "c000003e", "deadbeef", 1), with(func(d *denied) { d.ABI, d.Audit, d.Signal = 0, 0xdeadbeef, "SIGSYS" }),
		},
		"MIPS has another number for the signal": {
			strings.NewReplacer("c000003e", "8", "sig=31", "sig=12", "165", "4021").Replace(auditMount),
			with(func(d *denied) { d.ABI, d.Audit, d.Nr = arch.MIPS, 8, 4021 }),
		},
		"no signal": {
			strings.NewReplacer("sig=31", "sig=0", "0x80000000", "0x50001").Replace(auditMount),
			with(func(d *denied) { d.Signal, d.Action, d.Carries = "", seccomp.Errno(1), true }),
		},
		"a call that ausearch does not know": {
			strings.Replace(auditMount, "165", "unknown-syscall(999)", 1), with(func(d *denied) { d.Nr = 999 }),
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			kind, body := auditType(tt.line)
			require.Contains(t, []string{"1326", "SECCOMP"}, kind)
			got, err := parseAudit(body)
			require.NoError(t, err)
			assert.Equal(t, tt.want, *got)
		})
	}
}

func TestAuditRecordErrors(t *testing.T) {
	tests := map[string]struct{ old, new, want string }{
		"no architecture":        {"arch=c000003e", "", "a record of seccomp without arch"},
		"no call":                {"syscall=165", "", "without syscall"},
		"no code":                {" code=0x80000000", "", "without code"},
		"a call that is none":    {"165", "zzz", `syscall: "zzz" is neither a number nor a call of arch=c000003e`},
		"a number too large":     {"165", "4294967296", "syscall: "},
		"an architecture's name": {"c000003e", "pdp11", `arch: unknown architecture "pdp11"`},
		"a code":                 {"0x80000000", "0x800000001", `code: "0x800000001" is no number`},
		"a signal":               {"sig=31", "sig=x", `sig: "x" is no number`},
		"a signal of a terminal": {"sig=31", "sig=SIG\x1b[31m", `sig: "SIG\x1b[31m" is no number`},
		"a quote":                {`exe="/usr/bin/mount"`, `exe="/usr`, "no quote at the end"},
		"a field that a process may have added": {
			`comm="mount"`, `comm=x exe=/y sig=0 arch=c000003e syscall=0 code=0x7fff0000`, `"exe" is there twice`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			line := strings.Replace(auditMount, tt.old, tt.new, 1)
			if name == "a quote" {
				line = line[:strings.Index(line, ` sig=`)]
			}
			_, body := auditType(line)
			_, err := parseAudit(body)
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

func TestAuditLog(t *testing.T) {
	unshare := `audit: type=1326 audit(1.1:2): pid=7 comm="nginx" exe="/usr/sbin/nginx" sig=0 arch=c000003e syscall=272 compat=0 ip=0x1 code=0x50000` + "\n"
	log := "\n" + auditMount + "\n" + unshare + `type=SYSCALL msg=audit(1.1:2): arch=c000003e syscall=165 comm="type=1326 audit(1.1:2): "` + "\n" +
		"Linux version 6.18\n\x00\xff garbage type=1326 \n" + strings.Replace(auditMount, "165", "zzz", 1) + "\r\n" + unshare +
		"type=1326 audit(1.1:1): " + strings.Repeat("x", longestLine) + " arch=c000003e\n" + strings.TrimSpace(unshare)
	got := call(t, log, "explain", "--audit", "-")
	assert.Equal(t, statusTrouble, got.status)
	assert.Equal(t, `COUNT  COMMAND  CALL     ABI     RESULT               SIGNAL
3      nginx    unshare  x86_64  fails with an errno  -
1      mount    mount    x86_64  kills the process    SIGSYS
`, got.stdout)
	assert.Equal(t, `<stdin>:7: syscall: "zzz" is neither a number nor a call of arch=c000003e
<stdin>:9: the line is longer than 65536 bytes
<stdin>: 1 record of other types
<stdin>: 2 lines without an audit record, the first is line 5
`, got.stderr)

	got = call(t, unshare, "explain", "--audit", "-", "--arch", "amd64", "--profile", "docker")
	assert.Equal(t, result{0, `COUNT  COMMAND  CALL     ABI     RESULT               RULE     TO ALLOW IT
1      nginx    unshare  x86_64  fails with an errno  default  add a rule for unshare
`, ""}, got)

	got = call(t, unshare, "explain", "--audit", "-", "--arch", "amd64", "--profile", "docker", "--format", "json")
	assert.Equal(t, result{0, `{"count":1,"command":"nginx","exe":"/usr/sbin/nginx","pid":7,"call":"unshare","nr":272,"arch":"x86_64","audit":3221225534,"action":"ERRNO","value":327680,"rule":"default","change":{"kind":"add-rule","text":"add a rule for unshare","json":"{\"names\":[\"unshare\"],\"action\":\"SCMP_ACT_ALLOW\"}","place":"docker-default.json: syscalls[60]"}}
`, ""}, got)

	got = call(t, "[ 30.1] kauditd_printk_skb: 43 callbacks suppressed\n[ 40.1] kauditd_printk_skb: 7 callbacks suppressed\n"+unshare, "explain", "--audit", "-")
	assert.Equal(t, "<stdin>: the kernel left out 50 records: counts are too low\n", got.stderr)

	got = call(t, "", "explain", "--audit", "-")
	assert.Equal(t, result{0, "", "<stdin>: no records of seccomp: they have type=1326 or type=SECCOMP, those of strace --- SIGSYS\n"}, got)
}

// TestAuditProfile says which rule a record may be from, though it has no arguments.
func TestAuditProfile(t *testing.T) {
	p := write(t, "p.json", `{"defaultAction":"SCMP_ACT_KILL_PROCESS","architectures":["SCMP_ARCH_X86"],"syscalls":[
{"names":["read"],"action":"SCMP_ACT_ALLOW"},
{"names":["socket"],"action":"SCMP_ACT_ERRNO","args":[{"index":0,"value":40,"op":"SCMP_CMP_EQ"}]},
{"names":["socket"],"action":"SCMP_ACT_ERRNO","errnoRet":97,"args":[{"index":0,"value":38,"op":"SCMP_CMP_EQ"}]},
{"names":["mount"],"action":"SCMP_ACT_TRAP"}]}`)
	record := func(token, nr, code string) string {
		return fmt.Sprintf("type=1326 audit(1.1:2): comm=\"x\" sig=0 arch=%s syscall=%s code=%s", token, nr, code)
	}
	tests := map[string]struct{ line, rule, change string }{
		"the default":             {record("c000003e", "101", "0x80000000"), "default", "add a rule for ptrace"},
		"a rule":                  {record("c000003e", "165", "0x30000"), p + ":5:1", "let syscalls[3] allow"},
		"one of two":              {record("c000003e", "41", "0x50000"), p + ":3:1 or " + p + ":4:1", "-"},
		"the default, beside two": {record("c000003e", "41", "0x80000000"), "default", "add a rule for socket"},
		"an ABI not listed":       {record("c00000b7", "63", "0x0"), "architecture not listed", "add SCMP_ARCH_AARCH64 to architectures"},
		"another profile's":       {record("c000003e", "0", "0x50000"), "none in this profile", "-"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := call(t, tt.line, "explain", "--audit", "-", "--arch", "amd64", "--profile", p)
			require.Equal(t, 0, got.status, got.stderr)
			assert.Contains(t, got.stdout, "  "+tt.rule)
			if tt.change != "-" {
				assert.Contains(t, got.stdout, "  "+tt.change+"\n")
			}
		})
	}
}

// TestAuditMemory reads more kinds of records than it keeps.
func TestAuditMemory(t *testing.T) {
	var log strings.Builder
	for i := range mostRows + 100 {
		fmt.Fprintf(&log, "type=1326 audit(1.1:2): comm=\"x\" sig=0 arch=c000003e syscall=%d code=0x50000\n", i)
	}
	got := call(t, log.String(), "explain", "--audit", "-")
	assert.Equal(t, 0, got.status)
	assert.Equal(t, mostRows+1, strings.Count(got.stdout, "\n"))
	assert.Contains(t, got.stderr, "100 records that differ from the first 4096 kinds")
}

// FuzzAudit reads any log: what comes out can be printed, and no row is invented.
func FuzzAudit(f *testing.F) {
	f.Add(auditMount)
	f.Add("--- SIGSYS {si_signo=SIGSYS, si_code=SYS_SECCOMP, si_call_addr=0x1, si_syscall=__NR_getpid, si_arch=AUDIT_ARCH_X86_64} ---")
	f.Add("Log: auid=0 comm=\"x\" exe=\"/x\" sig=0 arch=c000003e 314(sched_setattr) compat=0 ip=0x1 code=0x50000\nSyscall: sched_setattr")
	f.Add("type=1326 audit(1.1:1): comm=6D79 arch=c000003e syscall=1 code=0x0 exe=\"x\"\x1dAUID=\"y\"")
	f.Fuzz(func(t *testing.T, log string) {
		l := auditLog{name: "log", stderr: io.Discard, rows: map[auditKey]*denied{}}
		if err := l.read(strings.NewReader(log)); err != nil {
			t.Fatal(err)
		}
		l.summary()
		rows := l.sorted()
		count := uint64(0)
		for i := range rows {
			count += rows[i].Count
		}
		if count+l.omitted+uint64(l.bad) != l.seccomp {
			t.Fatalf("%d rows and %d bad of %d records", count, l.bad, l.seccomp)
		}
		var out strings.Builder
		if err := writeDenied(&out, "text", rows); err != nil {
			t.Fatal(err)
		}
		if at := strings.IndexFunc(out.String(), func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); at >= 0 {
			t.Fatalf("%q", out.String())
		}
	})
}
