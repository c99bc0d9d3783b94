// SPDX-License-Identifier: Apache-2.0

// Package child is what runs between clone and execve: it makes a child, or a helper that makes
// the child, which goes through a list of steps. Package launch writes the list.
//
// # The idea
//
// After clone there is one thread and no scheduler, and locks may be held. So nothing here
// that the child reaches may allocate, take a lock, grow the stack or call the Go
// runtime. Everything is worked out before: a Step is one system call with its arguments
// and its right result. The child writes how far it came into a Report, in memory that the
// launcher can read, because under a filter it may be unable to make another call.
//
// # The way in
//
//   - Fork makes a child; ForkHelped makes it through a helper, for a filter with a
//     listener. Both take steps.
//   - A Step's Op says how it is carried out and which of its results are errors.
//   - NewSharedReports are reports for a child that has a copy of the launcher's memory. One
//     that shares the memory takes any Report.
//
// # Limits, and what it is bad at
//
// Nothing is checked here: a step whose arguments are wrong is carried out. The caller
// keeps what the arguments point to alive, and holds syscall.ForkLock. Where memory is
// shared the launcher's thread stands still until the child calls execve or ends.
//
// # The stages before and after
//
// launch/plan_linux.go and its parts write the steps; the next stage is the kernel, and
// launch/outcome_linux.go reads the report.
//
// # Where things are
//
// fork_linux.go clones, with clone_linux_*.s; step_linux.go goes through the steps;
// report_linux.go is what they leave behind. On other systems the package is empty.
package child
