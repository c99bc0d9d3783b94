// SPDX-License-Identifier: Apache-2.0

// Package kerneltest asks the running kernel what it does with calls under
// a filter.
//
// The test binary executes itself. The child installs the filter on a thread of
// its own, makes the calls that it was given there, reports every result on
// a pipe and ends with the word "done". A child that ends in any other way,
// by whatever signal or error, fails the test, unless the test asked for that
// very signal: a filter that kills its child never passes for one that works.
//
// A package that uses it hands its TestMain over to Main.
package kerneltest
