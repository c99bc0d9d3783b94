// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// TestEdgeCases goes through the places where readers of the format disagree: for
// each what Sieve makes of it, beside what Docker and runc do. A row has either
// the code of an error, or those of all diagnostics and what a call gets.
func TestEdgeCases(t *testing.T) {
	for _, tt := range edgeCases() {
		t.Run(tt.name, func(t *testing.T) { tt.check(t, Docker) })
	}
}

// TestPodmanEdgeCases goes through the same places for Podman, which reads all as
// Docker does but for these.
func TestPodmanEdgeCases(t *testing.T) {
	others := map[string]func(tt *edgeCase){
		"7 name and names of a rule that does not apply: an error": func(tt *edgeCase) { // an error only if it does
			tt.fails, tt.says, tt.call, tt.want = "", []Code{"podman-name"}, call(arch.X86_64, "read"), eperm_
		},
		"26 minKernel: compared": func(tt *edgeCase) { // not looked at
			tt.says, tt.want = []Code{"podman-min-kernel"}, seccomp.Allow
		},
		"26 an empty minKernel in excludes: always": func(tt *edgeCase) {
			tt.says, tt.want = []Code{"podman-min-kernel"}, seccomp.Allow
		},
	}
	for _, tt := range edgeCases() {
		if change := others[tt.name]; change != nil {
			change(&tt)
			delete(others, tt.name)
		}
		t.Run(tt.name, func(t *testing.T) { tt.check(t, Podman) })
	}
	assert.Empty(t, others)
}

type edgeCase struct {
	name   string // what Docker and runc do
	doc    string
	target arch.Arch
	fails  Code
	says   []Code
	call   seccomp.Call
	want   seccomp.Action
}

func edgeCases() []edgeCase {
	read := func(args ...uint64) seccomp.Call { return call(arch.X86_64, "read", args...) }
	const yes, no = seccomp.Allow, eperm_
	many := strings.Repeat(`{"names": ["read"], "action": "SCMP_ACT_ALLOW"},`, 5000)
	return []edgeCase{
		{name: "1 duplicate key: the last wins", doc: withRule(`, "action": "SCMP_ACT_KILL"`), fails: "duplicate-key"},
		{name: "2 duplicate syscalls: merged by element", doc: withTop(`, "syscalls": [], "syscalls": []`), fails: "duplicate-key"},
		{name: "3 other case: accepted", doc: `{"DefaultAction": "SCMP_ACT_ALLOW"}`, says: []Code{"key-case"}, call: read(), want: yes},
		{name: "4 unknown key: ignored", doc: withRule(`, "x": {}`), says: []Code{"unknown-key"}, call: read(), want: yes},
		{name: "5 {}: unconfined", doc: `{}`, fails: "no-default"},
		{name: "5 null: unconfined", doc: `null`, fails: "wrong-type"},
		{name: "6 no default action but rules: an error", doc: `{"syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}`, fails: "no-default"},
		{name: "7 name and names: an error", doc: withRule(`, "name": "write"`), fails: "name-and-names"},
		{name: "7 name and names of a rule that does not apply: an error", doc: withRule(`, "name": "write", "includes": {"arches": ["arm"]}`), fails: "name-and-names"},
		{name: "8 only name: fine", doc: withTop(`, "syscalls": [{"name": "read", "action": "SCMP_ACT_ALLOW"}]`), call: read(), want: yes},
		{name: "9 no name: the rule vanishes", doc: withTop(`, "syscalls": [{"action": "SCMP_ACT_ALLOW"}, {"names": [], "action": "SCMP_ACT_ALLOW"}]`), says: []Code{"no-names", "no-names"}, call: read(), want: no},
		{name: "10 an empty name: an error", doc: withTop(`, "syscalls": [{"names": [""], "action": "SCMP_ACT_ALLOW"}]`), fails: "empty-name"},
		{name: "10 null as a name: an error", doc: withTop(`, "syscalls": [{"names": [null], "action": "SCMP_ACT_ALLOW"}]`), fails: "wrong-type"},
		{name: "11 names as a string: an error", doc: withTop(`, "syscalls": [{"names": "read", "action": "SCMP_ACT_ALLOW"}]`), fails: "wrong-type"},
		{name: "12 an unknown call: ignored", doc: string(doc("ERRNO", rl("raed", "ALLOW"))), says: []Code{"unknown-syscall"}, call: read(), want: no},
		{name: "12 an unknown call that is denied: ignored", doc: string(doc("ALLOW", rl("raed", "ERRNO"))), fails: "unknown-syscall"},
		{name: "13 other case and prefixes: unknown", doc: string(doc("ERRNO", rl("READ", "ALLOW"), rl("__NR_read", "ALLOW"), rl(" read", "ALLOW"))), says: []Code{"unknown-syscall", "unknown-syscall", "unknown-syscall"}, call: read(), want: no},
		{name: "14 names twice: fine", doc: string(doc("ERRNO", `{"names": ["read", "read"], "action": "SCMP_ACT_ALLOW"}`)), call: read(), want: yes},
		{name: "14 a rule twice: fine", doc: string(doc("ERRNO", rl("read", "ALLOW"), rl("read", "ALLOW"))), says: []Code{"shadowed-rule"}, call: read(), want: yes},
		{name: "15 other actions: the first, silently", doc: string(doc("ERRNO", rl("read", "ALLOW"), rl("read", "KILL"))), says: []Code{"shadowed-rule"}, call: read(), want: yes},
		{name: "15 other actions with the same condition: an error", doc: string(doc("ERRNO", rl("read", "ALLOW", args("0 EQ 1")), rl("read", "KILL", args("0 EQ 1")))), fails: "overlap"},
		{name: "16 equal to the default: skipped", doc: string(doc("ERRNO", rl("read", "ERRNO"))), says: []Code{"equals-default"}, call: read(), want: no},
		{name: "17 an unknown action: an error", doc: withTop(`, "syscalls": [{"names": ["read"], "action": "SCMP_ACT_DENY"}]`), fails: "unknown-action"},
		{name: "17 an action in lower case: an error", doc: withTop(`, "syscalls": [{"names": ["read"], "action": "scmp_act_allow"}]`), fails: "unknown-action"},
		{name: "18 an unknown operator: an error", doc: withArg(`{"index": 0, "value": 1, "op": "=="}`), fails: "unknown-op"},
		{name: "18 an empty operator: an error", doc: withArg(`{"index": 0, "value": 1, "op": ""}`), fails: "unknown-op"},
		{name: "19 an unknown architecture: an error", doc: withTop(`, "architectures": ["SCMP_ARCH_Z80"]`), fails: "unknown-arch"},
		{name: "20 architectures and archMap: an error", doc: withTop(`, "architectures": ["SCMP_ARCH_X86"], "archMap": [{"architecture": "SCMP_ARCH_X86"}]`), fails: "architectures-and-archmap"},
		{name: "20 one of them empty: fine", doc: withTop(`, "architectures": [], "archMap": [{"architecture": "SCMP_ARCH_X86"}]`), call: read(), want: no},
		{name: "21 archMap without the host: its own ABI only", doc: withTop(`, "archMap": [{"architecture": "SCMP_ARCH_ARM", "subArchitectures": ["SCMP_ARCH_X86"]}]`), call: call(arch.X86, "read"), want: seccomp.KillThread},
		{name: "22 subArchitectures null: fine", doc: withTop(`, "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": null}]`), call: read(), want: no},
		{name: "22 subArchitectures missing: fine", doc: withTop(`, "archMap": [{"architecture": "SCMP_ARCH_X86_64"}]`), call: read(), want: no},
		{name: "23 an unknown machine in includes: never", doc: withRule(`, "includes": {"arches": ["z80"]}`), says: []Code{"unknown-filter-arch"}, call: read(), want: no},
		{name: "23 an unknown machine in excludes: never", doc: withRule(`, "excludes": {"arches": ["z80"]}`), says: []Code{"unknown-filter-arch"}, call: read(), want: yes},
		{name: "24 no machines in includes: no condition", doc: withRule(`, "includes": {"arches": []}`), call: read(), want: yes},
		{name: "25 an unknown capability in includes: never", doc: withRule(`, "includes": {"caps": ["cap_chown"]}`), says: []Code{"unknown-capability"}, call: read(), want: no},
		{name: "25 an unknown capability in excludes: never", doc: withRule(`, "excludes": {"caps": ["cap_chown"]}`), says: []Code{"unknown-capability"}, call: read(), want: yes},
		{name: "26 minKernel: compared", doc: withRule(`, "includes": {"minKernel": "255.255"}`), call: read(), want: no},
		{name: "26 an empty minKernel in excludes: always", doc: withRule(`, "excludes": {"minKernel": ""}`), says: []Code{"empty-kernel"}, call: read(), want: no},
		{name: "27 includes null: no condition", doc: withRule(`, "includes": null`), call: read(), want: yes},
		{name: "28 args null: no condition", doc: withRule(`, "args": null`), call: read(9), want: yes},
		{name: "29 args of another type: an error", doc: withRule(`, "args": "none"`), fails: "wrong-type"},
		{name: "30 null as a condition: an error", doc: withRule(`, "args": [null]`), fails: "wrong-type"},
		{name: "31 null as a rule: a panic", doc: withTop(`, "syscalls": [null]`), fails: "wrong-type"},
		{name: "32 index 6: an error", doc: withArg(`{"index": 6, "value": 1, "op": "SCMP_CMP_EQ"}`), fails: "arg-index"},
		{name: "33 index -1: an error", doc: withArg(`{"index": -1, "value": 1, "op": "SCMP_CMP_EQ"}`), fails: "number"},
		{name: "33 index 1.0: an error", doc: withArg(`{"index": 1.0, "value": 1, "op": "SCMP_CMP_EQ"}`), fails: "number"},
		{name: "33 index as a string: an error", doc: withArg(`{"index": "1", "value": 1, "op": "SCMP_CMP_EQ"}`), fails: "wrong-type"},
		{name: "34 2^64-1: exact", doc: withArg(`{"index": 0, "value": 18446744073709551615, "op": "SCMP_CMP_EQ"}`), call: read(1<<64 - 1), want: yes},
		{name: "34 2^63+1: exact", doc: withArg(`{"index": 0, "value": 9223372036854775809, "op": "SCMP_CMP_EQ"}`), call: read(1 << 63), want: no},
		{name: "35 2^64: an error", doc: withArg(`{"index": 0, "value": 18446744073709551616, "op": "SCMP_CMP_EQ"}`), fails: "number"},
		{name: "35 1e3: an error", doc: withArg(`{"index": 0, "value": 1e3, "op": "SCMP_CMP_EQ"}`), fails: "number"},
		{name: "35 a string: an error", doc: withArg(`{"index": 0, "value": "1", "op": "SCMP_CMP_EQ"}`), fails: "wrong-type"},
		{name: "35 hexadecimal: an error", doc: withArg(`{"index": 0, "value": 0x1, "op": "SCMP_CMP_EQ"}`), fails: "syntax"},
		{name: "36 value null: 0", doc: withArg(`{"index": 0, "value": null, "op": "SCMP_CMP_EQ"}`), says: []Code{"no-value"}, call: read(0), want: yes},
		{name: "37 a wide constant on a 32-bit ABI: cut", doc: withArg(`{"index": 0, "value": 4294967297, "op": "SCMP_CMP_EQ"}`), target: arch.X86, says: []Code{"constant-too-wide"}, call: call(arch.X86, "read", 1), want: no},
		{name: "38 valueTwo without a mask: ignored", doc: withArg(`{"index": 0, "value": 1, "valueTwo": 2, "op": "SCMP_CMP_EQ"}`), call: read(1), want: yes},
		{name: "39 a mask of 0: always", doc: withArg(`{"index": 0, "value": 0, "valueTwo": 2, "op": "SCMP_CMP_MASKED_EQ"}`), says: []Code{"mask-zero"}, call: read(9), want: yes},
		{name: "39 a datum outside the mask: masked", doc: withArg(`{"index": 0, "value": 1, "valueTwo": 3, "op": "SCMP_CMP_MASKED_EQ"}`), says: []Code{"datum-outside-mask"}, call: read(9), want: yes},
		{name: "40 an index twice: one is enough", doc: withArg(`{"index": 0, "value": 1, "op": "SCMP_CMP_GE"}, {"index": 0, "value": 5, "op": "SCMP_CMP_LE"}`), says: []Code{"repeated-arg"}, call: read(9), want: yes},
		{name: "41 seven conditions: one is enough", doc: withArg(strings.Repeat(`{"index": 0, "value": 5, "op": "SCMP_CMP_EQ"},`, 6) + `{"index": 1, "value": 5, "op": "SCMP_CMP_EQ"}`), says: []Code{"repeated-arg", "repeated-arg", "repeated-arg", "repeated-arg", "repeated-arg"}, call: read(9, 5), want: yes},
		{name: "42 errno 0: success", doc: string(doc("ALLOW", rl("read", "ERRNO", `"errnoRet": 0`))), says: []Code{"errno-zero"}, call: read(), want: seccomp.Errno(0)},
		{name: "43 errno 4095: refused by libseccomp", doc: string(doc("ALLOW", rl("read", "ERRNO", `"errnoRet": 4095`))), says: []Code{"errno-4095"}, call: read(), want: seccomp.Errno(4095)},
		{name: "43 errno 4096: refused by libseccomp", doc: string(doc("ALLOW", rl("read", "ERRNO", `"errnoRet": 4096`))), fails: "errno-range"},
		{name: "44 errno 65536: success", doc: string(doc("ALLOW", rl("read", "ERRNO", `"errnoRet": 65536`))), fails: "errno-range"},
		{name: "45 a negative errno: an error", doc: string(doc("ALLOW", rl("read", "ERRNO", `"errnoRet": -1`))), fails: "number"},
		{name: "46 errnoRet for ALLOW: ignored", doc: withRule(`, "errnoRet": 5`), says: []Code{"unused-errno"}, call: read(), want: yes},
		{name: "47 conditions on socket: lost through socketcall", doc: string(doc("ERRNO", rl("socket", "ALLOW", args("0 EQ 2")))), target: arch.X86, says: []Code{"multiplexer-conditions"}, call: call(arch.X86, "socketcall", 1), want: no},
		{name: "48 flags []: lost", doc: withTop(`, "flags": []`), says: []Code{"empty-flags"}, call: read(), want: no},
		{name: "49 a byte order mark: an error", doc: "\ufeff" + withTop(""), fails: "syntax"},
		{name: "50 two objects: an error", doc: withTop("") + withTop(""), fails: "syntax"},
		{name: "51 a comment: an error", doc: withTop("/* no */"), fails: "syntax"},
		{name: "51 a comma too many: an error", doc: withTop(","), fails: "syntax"},
		{name: "52 invalid UTF-8: replaced", doc: withTop(", \"x\": \"\xc3\x28\""), fails: "syntax"},
		{name: "52 half a surrogate pair: replaced", doc: withTop(`, "x": "\ud800"`), fails: "syntax"},
		{name: "53 nested deeper than 10000: an error", doc: withTop(`, "x": ` + strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001)), fails: "too-deep"},
		{name: "54 many rules: no limit", doc: withTop(`, "syscalls": [` + many[:len(many)-1] + `]`), says: nil, call: read(), want: yes},
		{name: "55 notify as default: an error", doc: `{"defaultAction": "SCMP_ACT_NOTIFY"}`, fails: "notify-default"},
		{name: "55 notify for write: an error", doc: string(doc("ERRNO", rl("write", "NOTIFY"))), fails: "notify-write"},
		{name: "56 metadata without a path: accepted", doc: withTop(`, "listenerMetadata": "x"`), says: []Code{"no-listener"}, call: read(), want: no},
		{name: "57 SCMP_ARCH_NATIVE: an error", doc: withTop(`, "architectures": ["SCMP_ARCH_NATIVE"]`), fails: "unknown-arch"},
		{name: "58 ALLOW by default and rules that allow: nothing", doc: string(doc("ALLOW", rl("read", "ALLOW"))), says: []Code{"equals-default"}, call: read(), want: yes},
	}
}

func (tt *edgeCase) check(t *testing.T, d Dialect) {
	target := linux
	if tt.target != 0 {
		target = on(tt.target)
	}
	p, err := Parse([]byte(tt.doc), d)
	var policy *seccomp.Policy
	var diags []Diagnostic
	if err == nil {
		policy, diags, err = p.Resolve(target, ENOSYSOff())
	}
	if tt.fails != "" {
		var e *Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, tt.fails, e.Code, err)
		return
	}
	require.NoError(t, err)
	var says []Code
	for _, d := range diags {
		if len(says) < 10 && d.Code != "more-warnings" {
			says = append(says, d.Code)
		}
	}
	if strings.HasPrefix(tt.name, "54") {
		says = nil // that the rules repeat one another
	}
	assert.Equal(t, tt.says, says)
	assert.Equal(t, tt.want, policy.Evaluate(&tt.call))
}
