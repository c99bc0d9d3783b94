// SPDX-License-Identifier: Apache-2.0

package formats

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// Parts of an agent's messages.
const (
	notFound  = "Not found"
	wrongType = "Found JSON value of wrong type"
	ofConf    = " for the Seccomp configuration: "
	ofRule    = " for 'syscalls' item: "
)

// objects are the rows about keys: 1 to 6.
func objects() []Row {
	return []Row{
		{1, "a key twice", document(`{"action": "SCMP_ACT_KILL", ` + rule()[1:]), read(),
			but("the last wins", allows(), refuses("duplicate-key")), same, like("the last wins", allows())},
		{2, "syscalls twice: other rules", whole()[:len(whole())-1] + `, "syscalls": [` + rule("names", `["write"]`) + `]}`, read(),
			but("merged by element: the second's keys count", denies(), refuses("duplicate-key")), same, like("the second replaces the first", denies())},
		{2, "syscalls twice: a part of a rule", whole()[:len(whole())-1] + `, "syscalls": [{"action": "SCMP_ACT_TRAP"}]}`, read(),
			but("merged by element: the first's name with the second's action", gives(seccomp.Trap(0)), refuses("duplicate-key")), same,
			like("the second replaces the first, and lacks keys", refuses("Cannot determine 'includes' field"+ofRule+notFound))},
		{3, "a key in another case", whole("defaultAction", "", "DefaultAction", `"SCMP_ACT_ERRNO"`), read(),
			like("read", allows("key-case")), same, like("not found", refuses("Cannot determine 'defaultAction'"+ofConf+notFound))},
		{3, "a key in two cases", whole("DefaultAction", `"SCMP_ACT_KILL"`, "syscalls", "[]"), read(),
			but("the last wins", gives(seccomp.KillThread), refuses("duplicate-key")), same, like("the one that is spelt right", denies())},
		{4, "an unknown key", whole("x", "{}"), read(), like("ignored", allows("unknown-key")), same, like("ignored", allows())},
		{4, "an unknown key of a rule", document(rule("x", "{}")), read(), like("ignored", allows("unknown-key")), same, like("ignored", allows())},
		{5, "{}", `{}`, read(), but("unconfined, without a word", allows(), refuses("no-default")), same,
			like("an error", refuses("Cannot determine 'defaultAction'"+ofConf+notFound))},
		{5, "null", `null`, read(), but("unconfined, without a word", allows(), refuses("wrong-type")), same, like("an error", refuses("Unexpected JSON type parsed"))},
		{5, "unknown keys alone", `{"defaultaction_": "SCMP_ACT_KILL"}`, read(), but("unconfined, without a word", allows(), refuses("no-default")), same,
			like("an error", refuses("Cannot determine 'defaultAction'"+ofConf+notFound))},
		{6, "rules without a default action", whole("defaultAction", ""), read(), like("loaded, and refused by runc", refuses("no-default")), same,
			like("an error", refuses("Cannot determine 'defaultAction'"+ofConf+notFound))},
	}
}

// names are the rows about names of calls, and about several rules for one call: 7 to 16.
func names() []Row {
	first := arg()
	return []Row{
		{7, "name and names", document(rule("name", `"write"`)), read(), like("an error", refuses("name-and-names")), same,
			like("name is ignored", allows("mesos-ignored-key"))},
		{7, "name and names of a rule that does not apply", document(rule("name", `"write"`, "includes", `{"arches": ["arm"]}`)), read(),
			like("an error", refuses("name-and-names")), like("an error only if the rule applies", denies("podman-name")), like("the rule does not apply", denies("mesos-arch"))},
		{8, "only name", document(rule("names", "", "name", `"read"`)), read(), like("read", allows()), same,
			like("an error", refuses("Cannot determine 'names' field"+ofRule+notFound))},
		{9, "neither name nor names", document(rule("names", "")), read(), like("the rule vanishes", denies("no-names")), same,
			like("an error", refuses("Cannot determine 'names' field"+ofRule+notFound))},
		{9, "no names in names", document(rule("names", "[]")), read(), like("the rule vanishes", denies("no-names")), same,
			like("an error", refuses("Syscall 'names' list is empty"))},
		{10, "an empty name", document(rule("names", `[""]`)), read(), like("loaded, and refused by runc", refuses("empty-name")), same,
			like("an error", refuses("Unrecognized syscall ''"))},
		{10, "null as a name", document(rule("names", `[null]`)), read(), like("an empty name", refuses("wrong-type")), same,
			like("an error", refuses("'names' contains a non-string item"))},
		{11, "names as a string", document(rule("names", `"read"`)), read(), like("an error", refuses("wrong-type")), same,
			like("an error", refuses("Cannot determine 'names' field"+ofRule+wrongType))},
		{12, "an unknown call that is allowed", document(rule("names", `["raed"]`)), read(), like("ignored", denies("unknown-syscall")), same,
			like("an error", refuses("Unrecognized syscall 'raed'"))},
		{12, "an unknown call that is denied", blacklist(denied("names", `["raed"]`)), read(), but("ignored: a slip denies nothing", allows(), refuses("unknown-syscall")), same,
			like("an error", refuses("Unrecognized syscall 'raed'"))},
		{13, "a name in another case", document(rule("names", `["READ"]`)), read(), like("unknown", denies("unknown-syscall")), same,
			like("an error", refuses("Unrecognized syscall 'READ'"))},
		{13, "a name with a prefix", document(rule("names", `["__NR_read"]`)), read(), like("unknown", denies("unknown-syscall")), same,
			like("an error", refuses("Unrecognized syscall '__NR_read'"))},
		{14, "a name twice", document(rule("names", `["read", "read"]`)), read(), like("fine", allows()), same, like("fine", allows())},
		{14, "a rule twice", document(rule(), rule()), read(), like("fine", allows("shadowed-rule")), same, like("fine", allows("shadowed-rule"))},
		{15, "two actions for a call", document(rule(), rule("action", `"SCMP_ACT_KILL"`)), read(), like("the first, silently", allows("shadowed-rule")), same,
			like("the first, silently", allows("shadowed-rule"))},
		{15, "two actions under one condition", document(rule("args", "["+first+"]"), rule("args", "["+first+"]", "action", `"SCMP_ACT_KILL"`)), read(1),
			like("libseccomp refuses", refuses("overlap")), same, like("libseccomp refuses", refuses("Failed to add rule for syscall 'read' with action 'ACT_KILL': File exists"))},
		{16, "a rule with the default action", document(denied()), read(), like("skipped", denies("equals-default")), same,
			like("libseccomp refuses", refuses("Failed to add rule for syscall 'read' with action 'ACT_ERRNO': Permission denied"))},
	}
}

// words are the rows about words with a meaning (actions, operators, architectures) and
// about a rule's conditions on the machine: 17 to 28.
func words() []Row {
	const foreign = `[{"architecture": "SCMP_ARCH_ARM", "subArchitectures": ["SCMP_ARCH_X86"]}]`
	asks := func(key, filter string) string { return document(rule(key, filter)) }
	return []Row{
		{17, "an unknown action", document(rule("action", `"SCMP_ACT_DENY"`)), read(), like("loaded, and refused by runc", refuses("unknown-action")), same,
			like("an error", refuses("Unknown syscall action: 'SCMP_ACT_DENY'"))},
		{17, "an action in lower case", document(rule("action", `"scmp_act_allow"`)), read(), like("loaded, and refused by runc", refuses("unknown-action")), same,
			like("an error", refuses("Unexpected syscall action: 'scmp_act_allow'"))},
		{18, "an unknown operator", where(arg("op", `"=="`)), read(1), like("loaded, and refused by runc", refuses("unknown-op")), same,
			like("an error", refuses("Unexpected operation: '=='"))},
		{18, "an empty operator", where(arg("op", `""`)), read(1), like("loaded, and refused by runc", refuses("unknown-op")), same,
			like("an error", refuses("Unexpected operation: ''"))},
		{19, "an unknown architecture", whole("archMap", "[]", "architectures", `["SCMP_ARCH_Z80"]`), read(), like("loaded, and refused by runc", refuses("unknown-arch")), same,
			like("architectures is ignored", allows("mesos-no-arch", "mesos-ignored-key"))},
		{20, "architectures and archMap", whole("architectures", `["SCMP_ARCH_X86"]`), read(), like("an error", refuses("architectures-and-archmap")), same,
			like("architectures is ignored", allows("mesos-ignored-key"))},
		{20, "architectures and archMap, one of them empty", whole("architectures", `[]`), read(), like("the other counts", allows()), same,
			like("architectures is ignored", allows())},
		{21, "archMap without the machine", whole("archMap", foreign), call(arch.X86, "read"), like("its own ABI alone", gives(seccomp.KillThread)), same,
			like("its own ABI alone", gives(seccomp.KillThread, "mesos-no-arch"))},
		{22, "subArchitectures null", whole("archMap", `[{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": null}]`), read(), like("fine", allows()), same,
			like("an error", refuses("Cannot determine 'subArchitectures' field for 'archMap' item: "+wrongType))},
		{22, "no subArchitectures", whole("archMap", `[{"architecture": "SCMP_ARCH_X86_64"}]`), read(), like("fine", allows()), same,
			like("an error", refuses("Cannot determine 'subArchitectures' field for 'archMap' item: "+notFound))},
		{22, "no subArchitectures of another machine", whole("archMap", `[{"architecture": "SCMP_ARCH_ARM"}]`), read(), like("fine", allows()), same,
			like("not looked at", allows("mesos-no-arch"))},
		{23, "an unknown machine in includes", asks("includes", `{"arches": ["z80"]}`), read(), like("never", denies("unknown-filter-arch")), same,
			like("an error", refuses("Unknown architecture: 'z80'"))},
		{23, "an unknown machine in excludes", asks("excludes", `{"arches": ["z80"]}`), read(), like("never", allows("unknown-filter-arch")), same,
			like("an error", refuses("Unknown architecture: 'z80'"))},
		{24, "no machines in includes", asks("includes", `{"arches": []}`), read(), like("no condition", allows()), same,
			like("the rule is dropped", denies("mesos-empty-arches"))},
		{25, "an unknown capability in includes", asks("includes", `{"caps": ["CAP_NONE"]}`), read(), like("never", denies("unknown-capability")), same,
			like("an error", refuses("Unknown capability: 'CAP_NONE'"))},
		{25, "a capability in lower case in excludes", asks("excludes", `{"caps": ["cap_chown"]}`), read(), like("never", allows("unknown-capability")), same,
			like("an error", refuses("Unexpected capability: 'cap_chown'"))},
		{26, "minKernel", asks("includes", `{"minKernel": "255.255"}`), read(), like("compared", denies()), like("ignored", allows("podman-min-kernel")),
			like("ignored", allows("mesos-ignored-key"))},
		{26, "an empty minKernel in excludes", asks("excludes", `{"minKernel": ""}`), read(), like("every kernel", denies("empty-kernel")),
			like("ignored", allows("podman-min-kernel")), like("ignored", allows("mesos-ignored-key"))},
		{26, "minKernel of one number", asks("includes", `{"minKernel": "4"}`), read(), like("an error", refuses("kernel")),
			like("ignored", allows("podman-min-kernel")), like("ignored", allows("mesos-ignored-key"))},
		{27, "includes null", asks("includes", "null"), read(), like("no condition", allows()), same,
			like("an error", refuses("Cannot determine 'includes' field"+ofRule+wrongType))},
		{28, "args null", asks("args", "null"), read(9), like("no condition", allows()), same, like("no condition", allows())},
		{28, "no args", asks("args", ""), read(9), like("no condition", allows()), same, like("an error", refuses("Cannot determine 'args' field"+ofRule+notFound))},
	}
}
