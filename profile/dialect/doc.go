// SPDX-License-Identifier: Apache-2.0

// Package dialect is the door to all dialects: it reads, writes and converts documents of
// each.
//
//	doc, err := dialect.Parse(text, profile.File(name)) // finds the dialect out
//	policy, diagnostics, err := doc.Resolve(target)
//	text, err = dialect.Write(profile.Minijail, policy, dialect.Options{})
//
// Parse finds the dialect of a document, or reads it in the one that a profile.Dialect among
// the options says. A Document resolves for any target, as its own tool would take it. Write
// writes a policy, and a Conversion takes a document from one dialect to another; between
// dialects with Docker's rules it keeps the rules. What is written is proved: it is read again
// as its own tool reads it, and must decide every call as before.
//
// Each dialect is a package below profile, with a contract that is the same for all
// (internal/document.Contract). To add a dialect, write such a package, add its Contract to the
// list in names.go and a row to conformance_test.go.
//
// What this package is bad at: it links every dialect and a YAML reader. Who needs one
// dialect imports its own package, and importers of package profile get none. A conversion of
// a document that tells thousands of targets apart takes seconds, since each is proved.
//
// The next stage is package seccomp, which compiles the policy.
package dialect
