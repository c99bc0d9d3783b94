// SPDX-License-Identifier: Apache-2.0

// Package features says what the running kernel can do with seccomp filters: which
// actions and flags it knows, what a supervisor can use, which ABIs it accepts.
//
// [Flags] and [Actions] are what a launcher asks before it chooses. They cost a few system
// calls: seccomp(2) without a program, where EFAULT means that the flags are known, and
// SECCOMP_GET_ACTION_AVAIL. [Probe] is for reports: it has all else that can be found out.
// It asks the kernel wherever there is a question that installs nothing. Where there is
// none it goes by the kernel's version, and the field says so.
//
// # What it is bad at
//
// Answers by version are wrong for a kernel into which a distributor has brought a
// feature back; Linux has no question for these. The answers are about the thread that
// asked: an older filter on it may hide something, and whether a foreign ABI is accepted
// is Unknown under a filter, as asking could be fatal. A launcher that only wants a filter
// in force had better install it and look at the error (seccomp.ErrNotSupported).
//
// # Kernels and privileges
//
// Any kernel will do, and no privilege is needed. If an older filter kills for seccomp(2),
// each of these functions ends the caller, and Probe also if it kills for prctl(2). The
// caller need not lock its thread. On other systems there are no flags and no
// actions, and the error wraps seccomp.ErrNotSupported.
//
// The next stage is package seccomp, whose Install takes the flags, or package launch.
package features
