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

// codes are all of them with what they stand for, in alphabetical order.
var codes = []document.Code{
	{Code: actionCode, Meaning: "an unknown action"},
	{Code: actionRange, Meaning: "an errno above 4095 or a number for the tracer above 65535; seccompiler cuts it to 16 bits"},
	{Code: archCode, Meaning: "a target that seccompiler has no table for"},
	{Code: argIndex, Meaning: "an argument index above 5"},
	{Code: shadowed, Meaning: "a rule without conditions beside others with some on one call: it does not count for seccompiler; for libseccomp it alone does"},
	{Code: duplicateThread, Meaning: "a thread that is there twice, which seccompiler refuses"},
	{Code: dwordCode, Meaning: "an operator that compares 32 bits for seccompiler and 64 for Firecracker's own compiler"},
	{Code: emptyRule, Meaning: "a rule with an empty list of conditions, which seccompiler refuses"},
	{Code: unknownField, Meaning: "a field that seccompiler does not know, and refuses"},
	{Code: identical, Meaning: "both actions of a filter are the same, which seccompiler refuses"},
	{Code: missingField, Meaning: "a field that seccompiler asks for"},
	{Code: noRules, Meaning: "a filter without rules: every call gets mismatch_action"},
	{Code: opCode, Meaning: "an unknown operator"},
	{Code: syscallCode, Meaning: "a name that the target does not know, which seccompiler refuses"},
	{Code: threadCode, Meaning: "the document has several filters and none is chosen, or not the one that is"},
	{Code: typeCode, Meaning: "a type that is neither dword nor qword"},
	{Code: wideValue, Meaning: "the upper half of a dword's value, which seccompiler does not look at"},
	{Code: x32Code, Meaning: "calls through x32 kill the process; seccompiler answers mismatch_action, libseccomp kills"},
}
