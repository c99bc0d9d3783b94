// SPDX-License-Identifier: Apache-2.0

// Package launch starts a child under a seccomp filter, in the manner of os/exec.
//
// The launcher itself stays free. Everything that the child needs privileges or calls for
// is done before the filter, so the filter need allow execve alone, and a filter that
// kills every call kills the child alone. Command is the way in; [Cmd.Start] documents
// the order of the child's steps, and a [StartError] names the step that failed.
//
// # How it works
//
// The Go runtime cannot run between clone and execve: other threads are gone, and locks
// may be held. So the launcher first writes a plan, a list of system calls with their
// arguments and right results. The child only walks through it. The part of the plan
// that brings the filter into force is the very list that [seccomp.Filter.Install]
// uses. The child writes how far it came into memory that the launcher can read,
// because under the filter it may be unable to make another call.
//
// The files, in the order in which a start passes through them: command.go, files.go,
// start_linux.go, then share_linux.go, copy_linux.go or helper_linux.go, plan_linux.go and
// its parts, internal/child, outcome_linux.go, wait.go.
//
// With [Cmd.Listen] the child's filter gets a listener, for package notify. With
// [Cmd.Supervise] the launcher answers in the kernel's place what the policy denies or
// logs, and [Cmd.Denials] says what that was. [Cmd.Trace] adds calls that a signal
// answered. launch/internal/supervise does both.
//
// # What it is bad at
//
// A start takes longer than with os/exec where memory must be copied: with a new user
// namespace, Trace, HandOver, or a kernel before 5.16. Supervise makes every denied call
// wait for the launcher, and lasts only as long as the launcher lives. There is no
// equivalent of SysProcAttr.Ptrace.
//
// # Kernels and privileges
//
// Filters need Linux 3.5, flags 3.17, Listen 5.0, Supervise 5.9; Trace needs amd64 or arm64.
// No privilege is needed, but for [Cmd.Privileged] (CAP_SYS_ADMIN) and what SysProcAttr
// asks for. The caller need not hold its thread. On other systems Start returns an error
// that wraps seccomp.ErrNotSupported.
//
// A filter comes from [seccomp.Policy.Compile]. The next stage after a listener is package
// notify; notify/handover gives it to a supervisor elsewhere.
package launch
