// SPDX-License-Identifier: Apache-2.0

package formats

import (
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// conditions are the rows about the shape of conditions: 29 to 33 and 36 to 41.
func conditions() []Row {
	const invalid = "Failed to add rule for syscall 'read' with action 'ACT_ALLOW': Invalid argument"
	five := slices.Repeat([]string{arg("value", "5")}, 6)
	return []Row{
		{29, "args as a string", document(rule("args", `"none"`)), read(9), like("an error", refuses("wrong-type")), same,
			like("no condition", allows("mesos-args"))},
		{30, "null as a condition", where("null"), read(1), like("a condition of zeros, which runc refuses", refuses("wrong-type")),
			but("a panic", panics, refuses("wrong-type")), like("an error", refuses("'args' contains a non-object item"))},
		{31, "null as a rule", document("null"), read(), but("a panic", panics, refuses("wrong-type")), same,
			like("an error", refuses("'syscalls' contains a non-object item"))},
		{32, "index 6", where(arg("index", "6")), read(), like("loaded, and refused by runc", refuses("arg-index")), same, like("libseccomp refuses", refuses(invalid))},
		{33, "index -1", where(arg("index", "-1")), read(), like("an error", refuses("number")), same, like("2^32-1, which libseccomp refuses", refuses(invalid))},
		{33, "index 1.0", where(arg("index", "1.0")), read(0, 1), like("an error", refuses("number")), same, like("1", allows("mesos-number"))},
		{33, "index as a string", where(arg("index", `"1"`)), read(), like("an error", refuses("wrong-type")), same,
			like("an error", refuses("Cannot determine 'index' field for 'args' item: "+wrongType))},
		{36, "value null", where(arg("value", "null")), read(0), like("0", allows("no-value")), same,
			like("an error", refuses("Cannot determine 'value' field for 'args' item: "+wrongType))},
		{37, "a constant too wide for a 32-bit ABI", compat(rule("args", "["+arg("value", "4294967297")+"]")), call(arch.X86, "read", 1),
			but("cut to 32 bits", allows(), denies("constant-too-wide")), same, but("cut to 32 bits", allows(), denies("constant-too-wide"))},
		{38, "valueTwo without a mask", where(arg("valueTwo", "2")), read(1), like("ignored", allows()), same, like("ignored", allows())},
		{38, "no valueTwo", where(arg("valueTwo", "")), read(1), like("0", allows()), same,
			like("an error", refuses("Cannot determine 'valueTwo' field for 'args' item: "+notFound))},
		{39, "a mask of 0", where(arg("value", "0", "valueTwo", "2", "op", `"SCMP_CMP_MASKED_EQ"`)), read(9), like("always", allows("mask-zero")), same,
			like("always", allows("mask-zero"))},
		{39, "a datum outside the mask", where(arg("valueTwo", "3", "op", `"SCMP_CMP_MASKED_EQ"`)), read(9), like("masked", allows("datum-outside-mask")), same,
			like("masked", allows("datum-outside-mask"))},
		{40, "an index twice", where(arg("op", `"SCMP_CMP_GE"`), arg("value", "5", "op", `"SCMP_CMP_LE"`)), read(9), like("one is enough", allows("repeated-arg")), same,
			like("libseccomp refuses", refuses(invalid))},
		{41, "seven conditions", where(append(five, arg("index", "1", "value", "5"))...), read(9, 5),
			like("one is enough", allows(slices.Repeat(allows("repeated-arg").Codes, 5)...)), same, like("libseccomp refuses", refuses(invalid))},
		{47, "conditions on socket, where there is socketcall", compat(rule("names", `["socket"]`, "args", "["+arg("value", "2")+"]")), call(arch.X86, "socketcall", 1),
			but("socketcall(SYS_SOCKET) of any family", allows(), denies("multiplexer-conditions")), same,
			but("socketcall(SYS_SOCKET) of any family", allows(), denies("multiplexer-conditions"))},
	}
}

// numbers are the rows about values of arguments: 34 and 35.
func numbers() []Row {
	value := func(text string) string { return where(arg("value", text)) }
	return []Row{
		{34, "2^64-1", value("18446744073709551615"), read(1<<64 - 1), like("exact", allows()), same, like("a double of 2^64, whose value as an integer C++ leaves open", allows("mesos-number"))},
		{34, "2^63+1", value("9223372036854775809"), read(1 << 63), like("exact", denies()), same, like("2^63, as a double has it", allows("mesos-number"))},
		{34, "2^63-1", value("9223372036854775807"), read(1<<63 - 1), like("exact", allows()), same, like("exact", allows())},
		{35, "2^64", value("18446744073709551616"), read(0), like("an error", refuses("number")), same, like("a double of 2^64, whose value as an integer C++ leaves open", denies("mesos-number"))},
		{35, "-1", value("-1"), read(1<<64 - 1), like("an error", refuses("number")), same, like("2^64-1", allows("mesos-number"))},
		{35, "1.0", value("1.0"), read(1), like("an error", refuses("number")), same, like("1", allows("mesos-number"))},
		{35, "1e3", value("1e3"), read(1000), like("an error", refuses("number")), same, like("1000", allows("mesos-number"))},
		{35, "hexadecimal", value("0x1"), read(1), like("an error", refuses("syntax")), same, like("an error", refuses("syntax error at line 1 near: x1"))},
		{35, "a string", value(`"1"`), read(1), like("an error", refuses("wrong-type")), same,
			like("an error", refuses("Cannot determine 'value' field for 'args' item: "+wrongType))},
	}
}

// errnos are the rows about numbers that actions carry: 42 to 46.
func errnos() []Row {
	errno := func(text string) string { return blacklist(denied("errnoRet", text)) }
	always := like("ignored: always EPERM", denies("mesos-ignored-key"))
	return []Row{
		{42, "errnoRet 0", errno("0"), read(), like("the call succeeds", gives(seccomp.Errno(0), "errno-zero")), same, always},
		{43, "errnoRet 4094", errno("4094"), read(), like("fine", gives(seccomp.Errno(4094))), same, always},
		{43, "errnoRet 4095", errno("4095"), read(), but("libseccomp refuses", refused, gives(seccomp.Errno(4095), "errno-4095")), same, always},
		{43, "errnoRet 4096", errno("4096"), read(), like("libseccomp refuses", refuses("errno-range")), same, always},
		{44, "errnoRet 65536", errno("65536"), read(), but("cut to 16 bits: the call succeeds", gives(seccomp.Errno(0)), refuses("errno-range")), same, always},
		{44, "errnoRet 65549", errno("65549"), read(), but("cut to 16 bits: 13", gives(seccomp.Errno(13)), refuses("errno-range")), same, always},
		{45, "errnoRet -1", errno("-1"), read(), like("an error", refuses("number")), same, always},
		{45, "errnoRet as a string", errno(`"1"`), read(), like("an error", refuses("wrong-type")), same, always},
		{45, "errnoRet 1.5", errno("1.5"), read(), like("an error", refuses("number")), same, always},
		{46, "errnoRet for ALLOW", document(rule("errnoRet", "5")), read(), like("ignored", allows("unused-errno")), same, like("ignored", allows("mesos-ignored-key"))},
		{46, "errnoRet for KILL", blacklist(denied("action", `"SCMP_ACT_KILL"`, "errnoRet", "5")), read(), like("ignored", gives(seccomp.KillThread, "unused-errno")), same,
			like("ignored", gives(seccomp.KillThread, "mesos-ignored-key"))},
	}
}

// texts are the rows about the document as a whole: 48 to 58.
func texts() []Row {
	nested := func(n int) string { return whole("x", strings.Repeat("[", n)+strings.Repeat("]", n)) }
	many := slices.Repeat([]string{rule()}, 5000)
	const syntax = "syntax error at line 1 near: "
	return []Row{
		{48, "flags []", whole("flags", "[]"), read(), like("lost, as if absent: SPEC_ALLOW", allows("empty-flags")), same, like("no flags at all", allows())},
		{48, "no flags", whole(), read(), like("SPEC_ALLOW", allows()), same, like("no flags at all", allows())},
		{49, "a byte order mark", "\ufeff" + whole(), read(), like("an error", refuses("syntax")), same, like("an error", refuses(syntax+"\ufeff"))},
		{50, "two objects", whole() + whole(), read(), like("an error", refuses("syntax")), same,
			like("an error", refuses("Parsed JSON included non-whitespace trailing characters: "))},
		{50, "a letter after the object", whole() + "x", read(), like("an error", refuses("syntax")), same,
			like("an error", refuses("Parsed JSON included non-whitespace trailing characters: x"))},
		{51, "a comment", "{ /* no */" + whole()[1:], read(), like("an error", refuses("syntax")), same, like("an error", refuses(syntax+"/* no */"))},
		{51, "a comma too many", strings.TrimSuffix(whole(), "}") + ",}", read(), like("an error", refuses("syntax")), same, like("an error", refuses(syntax+"}"))},
		{52, "invalid UTF-8", whole("x", "\"\xc3\x28\""), read(), but("replaced", allows(), refuses("syntax")), same, like("kept as it is", allows())},
		{52, "half of a surrogate pair", whole("x", `"\ud800"`), read(), but("replaced", allows(), refuses("syntax")), same, like("an error", refuses(syntax))},
		{53, "lists in lists, 150 deep", nested(150), read(), like("fine", allows("unknown-key")), same, like("fine", allows())},
		{53, "lists in lists, 250 deep", nested(250), read(), like("fine", allows("unknown-key")), same, like("an error", refuses(syntax))},
		{53, "lists in lists, 10001 deep", nested(10_001), read(), like("an error", refuses("too-deep")), same, like("an error", refuses(syntax))},
		{54, "5000 rules", document(many...), read(), like("no limit", allows("shadowed-rule")), same, like("no limit", allows("shadowed-rule"))},
		{55, "notify by default", wholeDoc.with("defaultAction", `"SCMP_ACT_NOTIFY"`), read(), like("refused by runc", refuses("notify-default")), same,
			like("an error", refuses("Unknown syscall action: 'SCMP_ACT_NOTIFY'"))},
		{55, "notify for write", document(rule("names", `["write"]`, "action", `"SCMP_ACT_NOTIFY"`)), read(), like("refused by runc", refuses("notify-write")), same,
			like("an error", refuses("Unknown syscall action: 'SCMP_ACT_NOTIFY'"))},
		{56, "metadata without a listener", whole("listenerMetadata", `"x"`), read(), like("accepted", allows("no-listener")), same, like("ignored", allows("mesos-ignored-key"))},
		{57, "SCMP_ARCH_NATIVE in architectures", whole("archMap", "[]", "architectures", `["SCMP_ARCH_NATIVE"]`), read(), like("refused by runc", refuses("unknown-arch")), same,
			like("architectures is ignored", allows("mesos-no-arch", "mesos-ignored-key"))},
		{57, "SCMP_ARCH_NATIVE in archMap", whole("archMap", `[{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_NATIVE"]}]`), read(),
			like("refused by runc", refuses("unknown-arch")), same, like("an error", refuses("Unknown architecture: 'SCMP_ARCH_NATIVE'"))},
		{58, "rules that allow, in what allows by default", blacklist(rule()), read(), like("skipped", allows("equals-default")), same,
			like("libseccomp refuses", refuses("Failed to add rule for syscall 'read' with action 'ACT_ALLOW': Permission denied"))},
	}
}
