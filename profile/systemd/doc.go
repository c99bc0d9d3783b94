// SPDX-License-Identifier: Apache-2.0

// Package systemd reads and writes the system call filters of units: the settings
// SystemCallFilter=, SystemCallErrorNumber=, SystemCallArchitectures= and SystemCallLog=.
//
//	[Service]
//	SystemCallFilter=@system-service
//	SystemCallFilter=~@privileged @resources:EPERM
//
// A document is a unit file, of which [Service], [Socket], [Mount] and [Swap] count, such
// lines without a section, or the value of SystemCallFilter= alone. It means what systemd makes
// of it (systemd.exec(5)):
//
//   - The first value decides whether the list allows or, with "~", denies. Those behind it
//     add to it, or take away. An empty one begins anew (config_parse_syscall_filter).
//   - A list that allows has all of @default too.
//   - What is denied kills the process, or gives SystemCallErrorNumber=, or what stands behind
//     a name: name:EPERM, name:kill (apply_syscall_filter).
//   - In a list that allows, calls that systemd does not know get ENOSYS since version 255
//     (systemd#30291, override_default_action). Here those are the numbers that no table
//     has, and the calls that the native ABI lacks: systemd looks names up there.
//   - The native ABI and the machine's others are filtered alike (seccomp_local_archs), or those
//     in SystemCallArchitectures=; the native one is always among them. Calls through any other
//     kill the thread, libseccomp's answer (seccomp_restrict_archs).
//   - Through socketcall and ipc a call gets the same as itself, unless they have a rule of
//     their own: libseccomp adds that to rules without conditions.
//   - Names that no ABI has are skipped. That is an error here where it would let more through.
//
// Other settings that filter (RestrictAddressFamilies=, LockPersonality= and others) are not
// looked at; each has a diagnostic.
//
// The facts are those of systemd 255 and 256 (src/shared/seccomp-util.c,
// src/core/load-fragment.c, src/core/exec-invoke.c).
//
// Parse reads the settings, and Profile.Resolve makes the policy for a target; package
// profile/dialect does so for all dialects, and writes a section [Service]. The next stage
// is package seccomp, which compiles the policy.
//
// What the dialect is bad at: it has no conditions on arguments, no actions other than ALLOW,
// LOG, ERRNO and KILL_PROCESS, and KILL_THREAD alone for foreign ABIs. A name gets one answer
// on all ABIs. What it answers to numbers without a name depends on the version of systemd,
// not on the document: ENOSYS since 255 where the list allows.
//
//	p, err := systemd.Parse(text, profile.File("web.service"))
//	policy, diagnostics, err := p.Resolve(target)
package systemd
