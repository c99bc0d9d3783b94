// SPDX-License-Identifier: Apache-2.0

// Package seccomp is libseccomp-golang on top of Sieve. A program that imports
// github.com/seccomp/libseccomp-golang gets this package in its place with one line in its
// go.mod, and then builds without cgo and without the C library:
//
//	replace github.com/seccomp/libseccomp-golang => github.com/gosieve/sieve/libseccomp v0.1.0
//
// With a checkout of Sieve the line names the folder, and a second line is needed for what
// this module requires:
//
//	replace github.com/seccomp/libseccomp-golang => ../sieve/libseccomp
//	replace github.com/gosieve/sieve => ../sieve
//
// Names, signatures and errors are those of version 0.12, and calls do what they do with
// libseccomp 2.6, but for the differences below. A new program is better served by Sieve's own
// packages: they have no descriptors and codes to mistake, and their errors say what is wrong.
//
// # What rules mean
//
// A rule is for one call, on each ABI of the filter that has the call. A rule without
// conditions decides alone: it replaces the rules with conditions, and later rules of that
// call change nothing.
//
// Otherwise the rules of a call are tried in order, and the first whose conditions all hold
// decides. The order of adding matters only where it is said below. Take two rules and
// compare their conditions pair by pair, beginning at the lowest argument. The first pair
// that differs says which rule is tried first:
//
//   - the one whose condition is on the higher argument;
//   - on the same argument, equality, inequality and masks come before less, and less before
//     greater, each with or without equal;
//   - of the same kind, the larger operand comes first, for less the smaller. The upper 32
//     bits of operands are compared before the lower;
//   - on a 64-bit ABI less and greater on one argument stand together if the upper halves of
//     their operands are equal, where the first of them that was added stands;
//   - what is still a tie goes by the order of adding. Ties are a value and a mask with that
//     value, less and less or equal, greater and greater or equal, and two masks that differ
//     in the upper half.
//
// A rule hides longer ones that begin with all of its conditions: those are never tried. It
// cannot be added after one of them that has another action (syscall.EEXIST), nor can two
// rules have the same conditions and different actions. Sieve compiles the program from the
// rules in this order. The same rules, added in the same order, make the same program.
//
// On a 32-bit ABI operands lose their upper half, as arguments have none there: a condition
// that an argument equals 1<<32 holds for 0. A call that the ABI lacks is left out there. Where
// a call can also go through socketcall(2) or ipc(2), so does its rule.
//
// # Differences
//
// Where libseccomp decides otherwise than the rules say, or refuses what it could do:
//
//   - Some of libseccomp's programs are wrong. Most of these come from several rules of one
//     call with several conditions, or with ordered operators: a rule is lost, or another call
//     gets its action. It also compares 64 bits as two halves, and rules with one equal half
//     share what follows it, so that the wrong one of two matching rules may decide, or the
//     longer one is dropped without an error. Here all rules hold, in the order above.
//   - The arguments of a call that goes through socketcall or ipc cannot be seen. libseccomp
//     drops the condition on the first argument, which allows what was not allowed, and compares
//     the others with the arguments of socketcall itself, which denies nothing. Here such a
//     call gets the most restrictive action that any arguments could give it. Two such rules
//     that libseccomp refuses (EEXIST) are accepted.
//   - The number of the call in socketcall is compared in 32 bits, and in ipc in 16, as the
//     kernel reads them.
//   - libseccomp refuses rules that share half a comparison where its tree cannot hold both
//     (EEXIST). They are accepted here.
//   - The tables of calls reach Linux 7.2. sync_file_range2 is also a name on ARM, _llseek is
//     not one on 64-bit PA-RISC, and sys_debug_setcontext has its own pseudo number. In
//     libseccomp it has that of switch_endian, so that a rule for one was for both.
//   - AddRule refuses an action that does not exist; in libseccomp it is ActKillThread.
//   - Programs for big-endian machines have that byte order throughout.
//   - In a filter of x32 alone the number -1, which tracers use, gets the action for foreign
//     ABIs; in libseccomp it gets the default.
//
// Where the package does otherwise than libseccomp-golang:
//
//   - After Reset a filter is still loaded for all threads, and not for the calling thread only.
//   - Load makes a listener if the filter has a rule that asks a supervisor, for a call that
//     one of its ABIs has. That includes rules that were merged in, and filters that are not the
//     first of the process: a second listener on one thread is an error, where in libseccomp
//     the calls fail with ENOSYS. GetNotifFd is the descriptor of this filter, not the last
//     one of the process.
//   - A filter that is too long for one program is loaded as several. It cannot be exported.
//   - SetSyscallPriority, SetOptimize and Precompute do not change the program.
//   - The kernel is asked for its API level when the first filter is made, not when the
//     program starts.
//   - An error about a rule says what is wrong, where libseccomp-golang mostly says "two checks
//     on same syscall argument". An argument index or level above 32 bits is refused, not cut
//     to 32 bits.
//   - Merge of a filter with itself is syscall.EEXIST, and not a deadlock. Methods of a nil or
//     zero ScmpFilter give an error.
//   - NotifReceive is syscall.ECANCELED once no process has the filter any more. In
//     libseccomp it waits for ever, and since Linux 6.11 is syscall.ENOENT.
//   - NotifRespond refuses an Error that is not an errno from 1 to 4095 (syscall.ECANCELED), and
//     the call waits on. In libseccomp the call returns the number with its sign changed.
//   - ExportPFC compares 64 bits at once, and shows no priorities.
//
// On systems other than Linux filters can be made and exported. Load and the functions for
// notifications give an error there.
package seccomp
