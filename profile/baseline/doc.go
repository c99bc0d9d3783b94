// SPDX-License-Identifier: Apache-2.0

// Package baseline holds a profile that somebody else wrote to a node's own: it proves that
// the profile is at most as permissive, or makes of both what neither goes beyond. It is for
// container runtimes that take profiles from a registry, admission webhooks and jobs of CI.
//
//	node := baseline.Baseline{Document: profile.DockerDefault(), Targets: []profile.Target{host}}
//	pulled, err := node.Parse(text)
//	if err == nil {
//		err = node.Check(ctx, pulled) // nil is a proof; every error is a refusal
//	}
//	effective, err := node.Intersect(ctx, host, pulled)
//
// # What is decided
//
// Profiles are not compared rule by rule. Both are resolved for a machine, as runc and
// libseccomp would load them there, and what the two policies mean is compared for every
// call (package seccomp/proof). So the order of rules, rules that shadow others, conditions
// that are said otherwise, names that an ABI lacks, and calls that are answered through
// socketcall all count as the kernel would decide them, and nothing else does.
//
// Answers are ordered as the kernel orders those of several filters: KILL_PROCESS,
// KILL_THREAD, TRAP, ERRNO, USER_NOTIF, TRACE, LOG, ALLOW. Their numbers do not count:
// ERRNO(0), with which a call pretends success, is as restrictive as ERRNO(1).
//
//   - An ABI that the artifact lists and the node's profile does not: runc's filter kills there
//     what the artifact would answer, so the artifact is looser, whatever its rules are. An ABI
//     that the machine's kernel cannot run makes no calls, and does not count. One
//     that the artifact leaves out is killed, and never looser.
//   - Flags: SPEC_ALLOW takes a mitigation away, and LOG writes what happened into the audit
//     log. An artifact is looser if it has the first where the node's profile has not, or lacks the
//     second where that has it. A document without a list of flags has SPEC_ALLOW in runc and
//     crun; one with an empty list has none.
//   - A listener, and who may ask it: only the node's own. SCMP_ACT_NOTIFY, listenerPath,
//     listenerMetadata and WAIT_KILLABLE_RECV of an artifact are refused unless the node's
//     profile has the same listener.
//   - defaultErrnoRet and errnoRet say how a denied call fails, and loosen nothing.
//
// # Undecided is refused
//
// A document that runc or crun loads is compiled by libseccomp. Some kinds of rules it is known to
// compile to something else than they say; an artifact with such rules is refused as undecided,
// unless the node installs filters of Sieve's (OwnFilters). docs/deviations.md has what else
// the two decide otherwise. Above all, libseccomp lets calls through socketcall and ipc whatever
// the conditions of their rules are, the node's own too; an artifact is refused where that may open
// more than it does for the node's profile.
//
// Work and memory are counted for every question (Limits), the document's size and the rules
// that it stands for are bounded before it is resolved, and a context ends the work early.
// What is not proved within that comes back as an error: proof.ErrUndecided, profile.ErrLimit,
// or the context's.
//
// It reads and installs nothing: documents come from profile.Parse, profile/oci or
// profile/dialect, and go on as a policy, a filter, a stack of filters or a profile.
package baseline
