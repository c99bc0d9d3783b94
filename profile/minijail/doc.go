// SPDX-License-Identifier: Apache-2.0

// Package minijail reads and writes the policies of minijail: a line for each
// system call.
//
//	read: 1
//	mmap: arg2 in ~PROT_EXEC || arg2 in ~PROT_WRITE
//	ioctl: arg1 == TCGETS; return EPERM
//
// A document means what minijail0 -S makes of it (minijail0(5), syscall_filter.c).
// There is a second compiler, tools/compile_seccomp_policy.py, which takes more: @default,
// several filters in braces, other actions than an errno. That is read too, and has
// the meaning which that compiler gives it; each such place has a diagnostic. Where both
// take the same words and mean opposite things, minijail0's meaning counts, again with a
// diagnostic, or the document is refused.
//
// Compiler reads policies that are written for that compiler by its own rules, and
// ParseConstants takes names from its file constants.json.
//
// Calls that no line allows kill the thread, and so do calls through another ABI
// (SECCOMP_RET_KILL, bpf.h); Profile.Kill changes that, as minijail does for filters of all
// threads. Arguments are compared as unsigned numbers of the ABI's word.
//
// The facts are those of minijail 8d20993c.
//
// Parse reads a policy, and Profile.Resolve makes the policy for a target; package
// profile/dialect does so for all dialects, and writes them. The next stage is package
// seccomp, which compiles the policy.
//
// What is not read: the frequencies of @frequency, which change no decision. What the
// dialect is bad at: a policy is for one ABI and kills the thread for others. minijail0 has
// no word for a default other than KILL_THREAD and ALLOW and for actions other than ALLOW and
// an errno, which has no conditions. The other compiler has the defaults KILL_PROCESS, TRAP
// and USER_NOTIF too, but no numbers without a name.
//
// The grammar, in which [x] may be left out and {x} be repeated:
//
//	line    = call ":" filter
//	filter  = "1" | "return" value | expr [";" "return" value]
//	expr    = clause {"||" clause}
//	clause  = atom {"&&" atom}
//	atom    = "arg" digit ("==" | "!=" | "<" | "<=" | ">" | ">=" | "&" | "in") value
//	value   = const {"|" const}
//	const   = ["~"] (number | name | "(" value ")")
//
// A statement ends with its line, "#" begins a comment, and a backslash at the end of a line
// continues it.
package minijail
