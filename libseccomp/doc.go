// SPDX-License-Identifier: Apache-2.0

// Package seccomp has the functions of libseccomp-golang, over Sieve: a program that
// imports github.com/seccomp/libseccomp-golang takes this package in its place with one
// line of its go.mod, and is built without cgo and without the C library:
//
//	replace github.com/seccomp/libseccomp-golang => github.com/gosieve/sieve/libseccomp v0.1.0
//
// From a checkout of Sieve the line names the folder, and there is a second one for what
// this module requires:
//
//	replace github.com/seccomp/libseccomp-golang => ../sieve/libseccomp
//	replace github.com/gosieve/sieve => ../sieve
//
// Names, signatures and errors are those of version 0.12, and what libseccomp 2.6 makes
// of them is the measure. A new program is better served by Sieve's own packages: they have no
// descriptors and codes to mistake, and say what was wrong.
//
// # What rules mean
//
// Rules are for a call, on each ABI that has it. Of a call's rules without conditions the
// first counts, and takes the place of those with conditions. Rules with conditions are
// tried in an order of their own, and the first of which all conditions hold decides. Two
// are compared condition by condition, from the lowest argument on, at the first that
// differs: the higher argument goes first; then equality, inequality and masks before less,
// and less before greater; then the larger operand, but of less the smaller, by the upper
// half of 64 bits and then by the lower. What ties goes by when it was added: a value and a
// mask with that value, or two masks that differ in the upper half. A rule that has only
// some of another's first conditions goes before it, and cannot be added after it with
// another action (syscall.EEXIST), nor can one with the same conditions. Sieve compiles
// the program from the rules in that order; the same rules make the same program.
//
// On a 32-bit ABI operands lose their upper half. A call of which the ABI has no number is left
// out there. Where calls go through socketcall(2) or ipc(2) as well, so do their rules.
//
// # Differences
//
// Where libseccomp decides otherwise than the rules say, or refuses what it could do:
//
//   - Some of its programs are wrong, most of them for several rules of one call with
//     several conditions or with ordered operators: a rule is lost, or another call gets
//     its action. Comparisons of 64 bits are two there, and rules that share half of one share
//     what follows it: of several that hold another may decide, and a longer one may be left
//     out in silence. Here the rules hold, in the order above.
//   - Of a call that goes through socketcall or ipc the arguments cannot be seen.
//     libseccomp drops the condition on the first argument, which allows what was not, and
//     compares the others with the multiplexer's own, which denies nothing. Here it gets
//     the most restrictive action that any arguments could give it. What libseccomp
//     refuses as two rules for one such call (EEXIST) is taken.
//   - socketcall's number is compared in 32 bits and ipc's in 16, as the kernel reads them.
//   - Rules that its tree cannot hold, as they share half a comparison, are refused there
//     (EEXIST), and taken here.
//   - The tables of calls reach Linux 7.2. sync_file_range2 is a name on ARM too, _llseek
//     is none on 64-bit PA-RISC, and sys_debug_setcontext has a pseudo number of its own (there
//     that of switch_endian, so that a rule for one was for both).
//   - An action that is none is an error of AddRule (there ActKillThread).
//   - Programs for big-endian machines have their byte order throughout.
//   - In a filter of x32 alone the number -1, which tracers use, gets the action for foreign
//     ABIs (there the default).
//
// Where the package does otherwise:
//
//   - Reset leaves a filter one for all threads (there for the calling thread).
//   - Load asks for a listener if any rule asks a supervisor, also one that was merged in or that
//     an earlier filter of this process had: a second listener on one thread is an error
//     (there calls fail with ENOSYS). GetNotifFd is the filter's own descriptor, not
//     the process's last one.
//   - A filter too long for one program is loaded as several, and not exported.
//   - SetSyscallPriority, SetOptimize and Precompute change nothing about a program.
//   - Nothing is done when a program starts: the kernel is asked for its API level at the
//     first filter.
//   - Errors of wrong rules say what is wrong (there mostly "two checks on same syscall
//     argument"). An index or level above 32 bits is refused (there cut off).
//   - Merge of a filter with itself is syscall.EEXIST (there it waits for ever), methods of a nil
//     or zero ScmpFilter give an error, and so does NotifReceive once no process has the
//     filter any more (there it waits for ever).
//   - ExportPFC compares 64 bits at once, and has no priorities.
//
// On other systems than Linux filters can be made and exported. Load and the functions of
// notifications give an error there.
package seccomp
