// SPDX-License-Identifier: Apache-2.0

package firecracker

import (
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
)

// The codes of this package's diagnostics. Those of reading JSON are package profile's.
const (
	threadCode      profile.Code = "firecracker-thread"
	duplicateThread profile.Code = "firecracker-duplicate-thread"
	unknownField    profile.Code = "firecracker-field"
	missingField    profile.Code = "firecracker-missing-field"
	identical       profile.Code = "firecracker-identical-actions"
	emptyRule       profile.Code = "firecracker-empty-rule"
	argIndex        profile.Code = "firecracker-arg-index"
	actionCode      profile.Code = "firecracker-action"
	actionRange     profile.Code = "firecracker-action-range"
	opCode          profile.Code = "firecracker-op"
	typeCode        profile.Code = "firecracker-type"
	syscallCode     profile.Code = "firecracker-syscall"
	archCode        profile.Code = "firecracker-arch"
	x32Code         profile.Code = "firecracker-x32"
	dwordCode       profile.Code = "firecracker-dword"
	wideValue       profile.Code = "firecracker-wide-value"
	shadowed        profile.Code = "firecracker-conditions-win"
	noRules         profile.Code = "firecracker-no-rules"
)

var meanings = map[profile.Code]string{
	threadCode:      "the document has several filters and none is chosen, or not the one that is",
	duplicateThread: "a thread that is there twice, which seccompiler refuses",
	unknownField:    "a field that seccompiler does not know, and refuses",
	missingField:    "a field that seccompiler asks for",
	identical:       "both actions of a filter are the same, which seccompiler refuses",
	emptyRule:       "a rule with an empty list of conditions, which seccompiler refuses",
	argIndex:        "an argument index above 5",
	actionCode:      "an unknown action",
	actionRange:     "an errno above 4095 or a number for the tracer above 65535; seccompiler cuts it to 16 bits",
	opCode:          "an unknown operator",
	typeCode:        "a type that is neither dword nor qword",
	syscallCode:     "a name that the target does not know, which seccompiler refuses",
	archCode:        "a target that seccompiler has no table for",
	x32Code:         "calls through x32 kill the process; seccompiler answers mismatch_action, libseccomp kills",
	dwordCode:       "an operator that compares 32 bits for seccompiler and 64 for Firecracker's own compiler",
	wideValue:       "the upper half of a dword's value, which seccompiler does not look at",
	shadowed:        "a rule without conditions beside others with some on one call: it does not count for seccompiler; for libseccomp it alone does",
	noRules:         "a filter without rules: every call gets mismatch_action",
}

// Codes are the codes of this package's own diagnostics, in alphabetical order.
func Codes() []profile.Code { return document.Codes(meanings) }

// Meaning is what a code of this package stands for; empty for any other.
func Meaning(c profile.Code) string { return meanings[c] }
