// SPDX-License-Identifier: Apache-2.0

// Package document holds what the packages below profile share that read and write documents
// of their own: places in a text, what a reader has to say about it, and a policy taken apart
// into what it decides on each call.
//
// A dialect's package fills in a Contract and builds on these:
//
//	Open, Text, Notes          for reading: limits, places, warnings
//	Resolving, Explain, Runs   for resolving, and for proposed changes
//	Decide, Otherwise, Cases   for writing: a policy by the names of calls
//	Family, FromPolicy         for writing in a dialect of Docker's family
//	Contract.Write              for all: it reads what was written, and proves it
//
// A writer may therefore be simple. Where it is wrong, Contract.Write returns an error that
// names the calls on which the document and the policy differ, and no document.
package document
