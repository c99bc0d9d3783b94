// SPDX-License-Identifier: Apache-2.0

// Package codes is the table of the diagnostics of package profile and its neighbours: what
// each code stands for. The codes of other dialects stand in their packages.
//
// It is a package of its own so that a program that reads profiles does not link the texts.
package codes

import (
	"slices"
	"strings"
)

// Row is a code. Deviates marks the codes of documents that Sieve decides otherwise than
// Docker and runc with libseccomp do; docs/deviations.md is written from them.
type Row struct {
	Code     string // profile.Code
	Deviates bool
	Meaning  string
}

// rows are all of them, in alphabetical order. Programs compare codes, so a row keeps its code for good; its
// meaning may be worded anew.
var rows = []Row{
	{"absent-syscall", false, "no ABI of the target has the call, others do"},
	{"always-true", false, "a condition that every value meets (Lint)"},
	{"architectures-and-archmap", false, "the document has both architectures and archMap"},
	{"arch-map", true, "archMap is applied on a host where Docker does not find its entry (mips; before moby/profiles 0.3.0 loong64 and mipsle too)"},
	{"arch-not-in-runc", true, "an architecture that runc does not know (loong64: before 1.4.1)"},
	{"arg-index", false, "an argument index above 5"},
	{"artifact-duplicate", false, "a flag or an architecture that is there twice in an artifact, which runtimes refuse (sieve lint --for artifact)"},
	{"artifact-entries", false, "more rules for one call than runtimes take of an artifact: 128, or 256 once conditions stand alone (sieve lint --for artifact)"},
	{"artifact-listener", false, "listenerPath, listenerMetadata or WAIT_KILLABLE_RECV in an artifact: they are the node's (sieve lint --for artifact)"},
	{"artifact-names", false, "a rule with more names than runtimes take of an artifact: 1024 (sieve lint --for artifact)"},
	{"artifact-notify", false, "SCMP_ACT_NOTIFY in an artifact, which cannot bring a supervisor along (sieve lint --for artifact)"},
	{"artifact-rules", false, "a document that stands for more rules than runtimes take of an artifact: 16384 (sieve lint --for artifact)"},
	{"artifact-size", false, "a document that is larger than runtimes take of an artifact: 1 MiB (sieve lint --for artifact)"},
	{"byte-order", true, "an architecture of the other byte order than the target's, for which runc refuses the whole list"},
	{"constant-too-wide", true, "a constant of more than 32 bits on a 32-bit ABI keeps all its bits; libseccomp cuts it"},
	{"datum-outside-mask", false, "bits of a datum that the mask leaves out"},
	{"differs-containerd", false, "containerd, which reads a file as OCI does, decides otherwise (Lint)"},
	{"differs-crun", false, "crun decides otherwise or refuses the document (Lint)"},
	{"differs-mesos", false, "a Mesos agent decides otherwise or refuses the document (sieve lint)"},
	{"differs-podman", false, "Podman, Buildah and CRI-O decide otherwise (Lint)"},
	{"dialect", false, "an unknown dialect"},
	{"docker-key", true, "includes or excludes in the oci dialect, where runtimes would apply the rule everywhere"},
	{"duplicate-key", true, "a key that is there twice in an object; Docker takes the last, or mixes them"},
	{"duplicate-name", false, "a name that is there twice in a rule (Lint)"},
	{"empty-flags", true, "an empty list of flags asks for none; Docker loses it and runc (since 1.2) adds SPEC_ALLOW"},
	{"empty-kernel", false, "an empty minKernel, which every kernel is"},
	{"empty-name", false, "an empty name of a system call"},
	{"equals-default", false, "a rule whose action is the default's"},
	{"errno-4095", true, "errno 4095, which libseccomp refuses"},
	{"errno-range", true, "an errno above 4095 or a number for the tracer above 65535; runc cuts it to 16 bits"},
	{"errno-zero", false, "errno 0: denied calls pretend success"},
	{"fallback-denied", false, "a call that all programs of a kind make first is denied with another answer than ENOSYS, so that they do not make the older one, which is allowed (Lint)"},
	{"filters-nothing", false, "a default that allows, and no rule that denies (Lint)"},
	{"foreign-arch", false, "an architecture whose programs do not run on the target (Lint)"},
	{"ipc-version", true, "of ipc's first argument the low 16 bits count, as in the kernel; libseccomp compares all of it (not reported: it concerns every filter for an ABI that has ipc)"},
	{"kernel", false, "a minKernel that is no version"},
	{"key-case", false, "a key in another case, which counts"},
	{"kill-thread", false, "SCMP_ACT_KILL, which kills a thread and leaves the process (Lint)"},
	{"libseccomp-order", true, "several rules with several conditions, or with LT or LE of constants whose upper 32 bits differ, for which libseccomp is known to decide wrongly (2.5.4, 2.6.0)"},
	{"mask-zero", false, "a mask of 0: the condition always holds"},
	{"missing-calls", false, "calls that programs need and the default denies (Lint)"},
	{"more-warnings", false, "more diagnostics than are kept"},
	{"multiplexer-bypass", false, "a rule for socketcall or ipc that lets calls through whatever their own rules say"},
	{"multiplexer-conditions", true, "a call with conditions gets its most restrictive action through socketcall or ipc; libseccomp drops the conditions"},
	{"multiplexer-denied", false, "calls that are allowed, but not through socketcall or ipc, with which glibc makes them (Lint)"},
	{"multiplexer-default", true, "a rule for socketcall or ipc that is equal to the default counts; runc drops it"},
	{"name-and-names", false, "a rule with both name and names"},
	{"never-applies", false, "a rule whose excludes contradict its includes (Lint)"},
	{"never-true", false, "a condition, or several on one argument, that no value meets (Lint)"},
	{"new-call-denied", false, "a call that some programs make first, and that the default denies with another answer than ENOSYS, so that they do not make an older one (Lint)"},
	{"no-default", true, "no default action; Docker takes a document without rules for no filter at all"},
	{"no-listener", false, "SCMP_ACT_NOTIFY or listenerMetadata without a listenerPath"},
	{"no-names", false, "a rule without names"},
	{"not-examined", false, "a question about a document that takes more work than one document gets, so that nothing was found out (Lint)"},
	{"notify-default", false, "SCMP_ACT_NOTIFY as the default action"},
	{"notify-write", false, "SCMP_ACT_NOTIFY for write"},
	{"no-seccomp", true, "a config.json without a seccomp profile, with which a runtime uses no filter at all"},
	{"no-value", false, "a condition without index or value, which are read as 0"},
	{"number", false, "a number that is no whole number or out of range"},
	{"other-name", false, "a rule that allows a call by a name that an ABI lacks, where the call of another name is denied (Lint)"},
	{"overlap", true, "two rules with conditions give the same call different actions; libseccomp takes the one that its order comes upon"},
	{"podman-arch-map", false, "archMap on a host where Podman does not apply it: only the host's own ABI is filtered"},
	{"podman-errno", false, "an errno's name that counts in Podman, and another number for Docker, which does not read names"},
	{"podman-machine", false, "a machine in includes or excludes that Podman and Docker call by other names"},
	{"podman-min-kernel", false, "a minKernel in the podman dialect, where nothing looks at it: the rule is for every kernel"},
	{"podman-name", false, "a rule with both name and names, which Podman refuses only where the rule applies"},
	{"repeated-arg", false, "several conditions on one argument, of which one is enough"},
	{"runtime-calls", false, "calls that runc or crun make themselves under the filter and the default denies (Lint)"},
	{"shadowed-rule", false, "a rule that does not count for a call, for which another without conditions does"},
	{"sibling-open", false, "a rule that denies a call, and another call that does the same and is allowed (Lint)"},
	{"sibling-unseen", false, "a rule that looks at an argument, and another call that does the same with that argument in memory and is allowed (Lint)"},
	{"skipped-number", true, "number 0xffffffff gets the default action, never ENOSYS (not reported: it concerns every filter)"},
	{"socketcall-width", true, "of socketcall's first argument the low 32 bits count, as in the kernel; on s390x and ppc64 libseccomp compares all 64 (not reported: it concerns every filter for an ABI of 64 bits that has socketcall)"},
	{"syntax", false, "the document is not JSON"},
	{"target", false, "the target does not say what the document asks"},
	{"too-deep", false, "objects and lists nest deeper than the limit"},
	{"too-large", false, "the document is larger than the limit"},
	{"too-many-overlaps", true, "too many rules with conditions on one call to compare them all"},
	{"unfiltered-call", false, "a rule for a call about which the kernel asks no filter: uretprobe and uprobe of x86_64 (Lint)"},
	{"unknown-action", false, "an unknown action, or none"},
	{"unknown-arch", false, "an unknown architecture"},
	{"unknown-capability", false, "an unknown capability in includes or excludes, which never matches"},
	{"unknown-errno", false, "an errno's name that Podman does not know"},
	{"unknown-filter-arch", false, "an unknown machine in includes or excludes, which never matches"},
	{"unknown-flag", false, "an unknown flag"},
	{"unknown-key", false, "an unknown key, which is not looked at"},
	{"unknown-op", false, "an unknown operator, or none"},
	{"unknown-syscall", true, "a name that no table knows: an error where skipping it weakens the filter; runc skips it always"},
	{"unused-errno", false, "a number for an action that carries none"},
	{"wait-killable", false, "the flag WAIT_KILLABLE_RECV without a rule that asks a supervisor, for which the kernel refuses the filter (Lint)"},
	{"wide-bypass", false, "a comparison of 64 bits on an argument of which the kernel reads fewer, so that a program gets a weaker action for the same call (Lint)"},
	{"wide-comparison", false, "such a comparison that only denies more (Lint)"},
	{"wrong-type", false, "a value of the wrong type"},
	{"x32-alone", true, "number 0xffffffff is x86_64's and gets KILL_THREAD where x32 is listed without x86_64; for libseccomp it is x32's and gets the default action (not reported: it is no call)"},
}

// All are the rows in alphabetical order of their codes. The list is the caller's.
func All() []Row { return slices.SortedFunc(slices.Values(rows), byCode) }

func byCode(a, b Row) int { return strings.Compare(a.Code, b.Code) }

// Of is a code's row, an empty one for an unknown code: codes of dialects are not here. It is
// generic so that this package need not import package profile for the type of its codes.
func Of[C ~string](code C) Row {
	i := slices.IndexFunc(rows, func(r Row) bool { return r.Code == string(code) })
	if i < 0 {
		return Row{}
	}
	return rows[i]
}
