// SPDX-License-Identifier: Apache-2.0

// Package supervise carries out in the launcher what the kernel would have done about calls
// of a child that its policy denies or logs, and writes down which calls those were. It is
// behind launch.Cmd's Supervise, Trace and Denials.
//
// # The idea
//
// The kernel does not tell a launcher which calls it denied. A listener does: so the child
// gets another filter (Filter), which asks a supervisor where the policy says ERRNO or LOG,
// and decides everything else as the policy does. The Supervisor answers as the kernel
// would have, and keeps the call. TRAP and KILL stay the kernel's own: nobody is asked, and a
// signal comes. A tracer (Trace) sees the signal, and reads the call from the
// registers of the process that got it.
//
// # The way in
//
//   - Filter is the child's filter. It proves first that the child's own is the policy's.
//   - New makes a Supervisor, which Serve lets answer until nobody can ask any more.
//   - Trace makes it the tracer of a child that waits before its program.
//   - Denials, Omitted, Wait and Failure are what it has seen, and what went wrong.
//
// # Limits, and what it is bad at
//
// Each call that is denied waits for the launcher, which has to live as long as the
// child's last descendant. A policy that asks a supervisor itself cannot be supervised, as
// the kernel allows one listener for all filters of a thread. 4096 different calls are
// kept. Tracing needs amd64 or arm64, where registers_linux_*.go know the registers.
//
// # The stages before and after
//
// Package launch makes the child and hands its listener on; package notify has listeners;
// internal/argument writes arguments for people.
//
// # Where things are
//
// policy.go makes the filter. supervisor.go answers, view.go finds the rules that bear on a
// call, memory.go reads its arguments, denied.go keeps it, and result.go is for the launcher.
// trace_linux.go traces, and registers_linux.go reads the call of a process that has stopped.
package supervise
