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

// codes are all of them with what they stand for, in alphabetical order.
var codes = []document.Code{
	{Code: alwaysCode, Meaning: "an expression that always holds"},
	{Code: metadataCode, Meaning: "a condition on the machine that is not understood"},
	{Code: indexCode, Meaning: "an argument index above 5"},
	{Code: commentCode, Meaning: "a comment that ends with a backslash: for minijail0 it goes on in the next line, for compile_seccomp_policy.py it does not"},
	{Code: compilerCode, Meaning: "what only compile_seccomp_policy.py takes; minijail0 refuses it"},
	{Code: constantCode, Meaning: "a constant that is not known, or not on the target"},
	{Code: defaultCode, Meaning: "a default action that is none, or a second one"},
	{Code: denylistCode, Meaning: "a line of a deny list that is no plain return: the two compilers mean different things by it"},
	{Code: duplicateCode, Meaning: "a second line for a system call"},
	{Code: emptyCode, Meaning: "a policy without a line for a system call"},
	{Code: errnoCode, Meaning: "an errno above 4095; minijail cuts it to 16 bits"},
	{Code: frequencyCode, Meaning: "a file of frequencies, which changes no decision and is not read"},
	{Code: groupCode, Meaning: "a group of system calls, which only the file constants.json defines"},
	{Code: includeCode, Meaning: "a file that is included and cannot be read"},
	{Code: includeDepth, Meaning: "an included file that includes another, which minijail0 refuses"},
	{Code: multiplexCode, Meaning: "socketcall or ipc let calls through whatever their own lines say"},
	{Code: neverCode, Meaning: "an expression that never holds"},
	{Code: afterCode, Meaning: "a filter behind one that always holds"},
	{Code: otherArchsCode, Meaning: "a system call for other machines alone"},
	{Code: overflowCode, Meaning: "a number that does not fit the target's word"},
	{Code: returnCode, Meaning: "an errno behind an expression: minijail0 returns it where the expression does not hold, compile_seccomp_policy.py where it does"},
	{Code: syscallCode, Meaning: "a name that the target does not know, which minijail refuses"},
	{Code: targetCode, Meaning: "a target that is no ABI"},
	{Code: casesCode, Meaning: "an expression whose masks have too many bits together"},
	{Code: x32Code, Meaning: "calls through x32 are killed; minijail does not tell them from those of x86_64 and gives them the default action"},
}
