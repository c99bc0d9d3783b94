// SPDX-License-Identifier: Apache-2.0

// Package kerneltest asks the running kernel what it does with calls under a filter, and
// what the machine that runs the tests can do at all.
//
// A filter cannot be removed, so it must not be installed in the test process. The test
// binary executes itself instead. The child installs the filter on a thread of its own,
// makes the calls of its Job on that thread, reports every result on a pipe and ends with
// the word "done". A child that ends in any other way, by whatever signal or error, fails
// the test, unless the Job names that very signal: a filter that kills its child never
// passes for one that works.
//
// A package that runs Jobs lets Main be its TestMain:
//
//	func TestMain(m *testing.M) { kerneltest.Main(m, install, nil) }
//
//	job := kerneltest.Job{Programs: filter, Calls: []kerneltest.Call{{Nr: unix.SYS_GETPID}}}
//	results := job.Run(t)
//
// A test that needs more than every machine has asks for a Feature first (Need), and is
// skipped with the reason where it is missing.
//
// The child is a Go program: its runtime makes calls of its own, on other threads, which
// have no filter. A Job can therefore not show what a filter does to a whole process;
// package seccomp/launch has tests that start real children.
package kerneltest
