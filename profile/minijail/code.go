// SPDX-License-Identifier: Apache-2.0

package minijail

import (
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
)

// The codes of this package's diagnostics. A document that is none has package
// profile's.
const (
	includeCode    profile.Code = "minijail-include"
	includeDepth   profile.Code = "minijail-include-depth"
	frequencyCode  profile.Code = "minijail-frequency"
	compilerCode   profile.Code = "minijail-compiler"
	returnCode     profile.Code = "minijail-return"
	defaultCode    profile.Code = "minijail-default"
	denylistCode   profile.Code = "minijail-denylist"
	duplicateCode  profile.Code = "minijail-duplicate"
	afterCode      profile.Code = "minijail-never-reached"
	syscallCode    profile.Code = "minijail-syscall"
	constantCode   profile.Code = "minijail-constant"
	overflowCode   profile.Code = "minijail-overflow"
	errnoCode      profile.Code = "minijail-errno-range"
	indexCode      profile.Code = "minijail-arg-index"
	neverCode      profile.Code = "minijail-never"
	alwaysCode     profile.Code = "minijail-always"
	casesCode      profile.Code = "minijail-too-many-cases"
	commentCode    profile.Code = "minijail-comment-continues"
	x32Code        profile.Code = "minijail-x32"
	multiplexCode  profile.Code = "minijail-multiplexer"
	targetCode     profile.Code = "minijail-target"
	metadataCode   profile.Code = "minijail-arch"
	groupCode      profile.Code = "minijail-group"
	emptyCode      profile.Code = "minijail-empty"
	otherArchsCode profile.Code = "minijail-other-arch"
)

var meanings = map[profile.Code]string{
	includeCode:    "a file that is included and cannot be read",
	includeDepth:   "an included file that includes another, which minijail0 refuses",
	frequencyCode:  "a file of frequencies, which changes no decision and is not read",
	compilerCode:   "what only compile_seccomp_policy.py takes; minijail0 refuses it",
	returnCode:     "an errno behind an expression: minijail0 returns it where the expression does not hold, compile_seccomp_policy.py where it does",
	defaultCode:    "a default action that is none, or a second one",
	denylistCode:   "a line of a deny list that is no plain return: the two compilers mean different things by it",
	duplicateCode:  "a second line for a system call",
	afterCode:      "a filter behind one that always holds",
	syscallCode:    "a name that the target does not know, which minijail refuses",
	constantCode:   "a constant that is not known, or not on the target",
	overflowCode:   "a number that does not fit the target's word",
	errnoCode:      "an errno above 4095; minijail cuts it to 16 bits",
	indexCode:      "an argument index above 5",
	neverCode:      "an expression that never holds",
	alwaysCode:     "an expression that always holds",
	casesCode:      "an expression whose masks have too many bits together",
	commentCode:    "a comment that ends with a backslash: for minijail0 it goes on in the next line, for compile_seccomp_policy.py it does not",
	x32Code:        "calls through x32 are killed; minijail does not tell them from those of x86_64 and gives them the default action",
	multiplexCode:  "socketcall or ipc let calls through whatever their own lines say",
	targetCode:     "a target that is no ABI",
	metadataCode:   "a condition on the machine that is not understood",
	groupCode:      "a group of system calls, which only the file constants.json defines",
	emptyCode:      "a policy without a line for a system call",
	otherArchsCode: "a system call for other machines alone",
}

// Codes are the codes of this package's own diagnostics, in alphabetical order.
func Codes() []profile.Code { return document.Codes(meanings) }

// Meaning is what a code of this package stands for; empty for any other.
func Meaning(c profile.Code) string { return meanings[c] }
