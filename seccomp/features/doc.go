// SPDX-License-Identifier: Apache-2.0

// Package features says what the running kernel can do with seccomp filters: which
// actions and flags it knows, what a supervisor can use, which ABIs it accepts.
//
// [Probe] is the way in. It asks the kernel wherever there is a question that installs
// nothing, such as seccomp(2) without a program (EFAULT means that the flags are known).
// Where there is none it goes by the kernel's version, and the field says so.
//
// # What it is bad at
//
// Answers by version are wrong for a kernel into which a distributor has brought a
// feature back; Linux has no question for these. The answers are about the thread that
// asked: an older filter on it may hide something, and whether a foreign ABI is accepted
// is Unknown under a filter, as asking could be fatal. Probe is for reports and for
// choosing before anything is started. A launcher that only wants a filter in force had
// better install it and look at the error (seccomp.ErrNotSupported).
//
// # Kernels and privileges
//
// Any kernel will do, and no privilege is needed; some of the Sysctls are for root. Under
// a filter that kills for seccomp(2) or prctl(2) Probe dies. The caller need not hold its
// thread. On other systems the error wraps seccomp.ErrNotSupported.
//
// The next stage is package seccomp, whose Install takes the flags, or package launch.
package features
