// SPDX-License-Identifier: Apache-2.0

// Package profile reads seccomp profiles and resolves them into policies.
//
// A document goes two steps. Parse makes a Profile of it: what was written, word
// by word, with the place of each word. Resolve makes a seccomp.Policy of that for
// a Target, which is an ABI, a kernel version and a set of capabilities. Neither
// asks the machine anything, so that a policy can be made for any target anywhere;
// Host alone describes the machine at hand.
//
// Three dialects are read. Docker's is the default: names, conditions on arguments,
// and rules that apply only to some architectures, kernels or capabilities. Podman's
// is nearly the same, and has names for errnos. OCI's is the LinuxSeccomp object of
// the runtime specification, without those, alone or in a config.json. The packages
// profile/mesos, profile/minijail and so on read others, and profile/dialect all of them.
// DockerDefault is the profile that Docker uses when nothing else is said.
//
// # What a document means
//
// It means what runc with libseccomp would decide. For each call, that is for
// each number on each ABI, the first rule without conditions decides, wherever it
// stands; if there is none, the rules with conditions do; else the default action.
// A call through an ABI that the document does not list kills the thread. In runc
// calls with a number above all that are named get ENOSYS, and so they do here
// (ENOSYSRunc). With ENOSYSKnown, calls that are newer than the document get ENOSYS
// instead; with ENOSYSOff no call does.
//
// On machines where socketcall and ipc make other calls, a filter cannot see the
// arguments of those. If a call has a rule, the same call made through socketcall or
// ipc gets the most restrictive action that any of its arguments could give it.
//
// A program that has rules and no document, as callers of libseccomp do, gives them to
// Expand, which reads them in the same way.
//
// # What is wrong with a document
//
// What cannot be understood is refused, with the place and what would do. What is
// understood but probably not meant is a Diagnostic: the warnings of Parse are in
// Profile.Warnings, and Resolve returns them with its own. Strict makes every
// warning an error. Each has a Code. docs/deviations.md lists the codes and marks those
// where Sieve decides otherwise than Docker and runc, always towards the document's word
// or the more restrictive reading. A program gets the list from package profile/dialect: Codes.
// Package lint looks further than Resolve and mends what is mechanical in a text; package
// grant says what to change so that a call is allowed.
//
// # Where things are
//
// The files, in the order in which a document passes through them:
//
//   - Parse: parse.go and its parts, parse_config.go (a runtime's config.json),
//     parse_fields.go (the keys of an object) and parse_notes.go (errors and warnings).
//     mark.go and place.go keep the places; profile.go has what comes of it.
//   - Resolve: resolve.go, which lists the stages. check.go refuses words; head.go looks at
//     the document's head; filter.go decides which rules apply; rule.go, condition.go and
//     name.go look at each; order.go and overlap.go at rules for the same call.
//     enosys.go and multiplexer.go add rules. rule_writer.go writes the policy's.
//     finding.go keeps the diagnostics.
//   - Back: json.go writes a document, flatten.go one without conditions on the target.
//     expand.go goes from rules of a program to a policy.
//
// # Where it goes on
//
// The next stage is package seccomp: Policy.Compile lowers a policy to a filter. Nothing
// here knows filters, and nothing here proves: package proof does.
package profile
