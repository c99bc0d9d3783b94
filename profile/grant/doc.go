// SPDX-License-Identifier: Apache-2.0

// Package grant finds what to change in a profile, or in the target that it is resolved
// for, so that a call is allowed.
//
// Changes makes candidates: a rule for the call with its arguments or with any, a wider
// condition, one denying rule less, a capability, a kernel, an ABI. Each candidate is
// tried: the changed document is resolved, and the call evaluated. What remains is
// sorted by how much else it allows, the least first.
//
// A Change is data: a kind, the rules to write and the place where they belong. Text is
// the same for people. Packages of other dialects give changes of this type, in their
// own language.
//
// Limits: 32 candidates are tried for a call, those of the first rules that name it; two
// independent changes at once are looked for only where one is an ABI or a removal. No
// change is known for a number without a name.
//
// The stage before is profile.Resolve, which says that a call is denied; package launch
// and sieve explain say which calls were.
package grant
