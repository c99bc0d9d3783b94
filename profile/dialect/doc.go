// SPDX-License-Identifier: Apache-2.0

// Package dialect reads, writes and converts documents of every dialect.
//
// Parse reads a document of a dialect that is given, Detect finds which one a
// document is in, Format writes a policy in one, and Convert takes a document from one
// to another. What is written is proved: it is read again as its own tool reads it, and
// must decide every call as before.
//
// Importers of package profile alone get none of the other dialects and of what they
// depend on.
package dialect
