// SPDX-License-Identifier: Apache-2.0

package systemd

import (
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
)

// The codes of this package's diagnostics.
const (
	sectionCode  profile.Code = "systemd-section"
	lineCode     profile.Code = "systemd-line"
	settingCode  profile.Code = "systemd-setting"
	otherCode    profile.Code = "systemd-other-filter"
	nothingCode  profile.Code = "systemd-no-filter"
	syscallCode  profile.Code = "systemd-syscall"
	absentCode   profile.Code = "systemd-absent-syscall"
	groupCode    profile.Code = "systemd-group"
	errnoCode    profile.Code = "systemd-errno"
	allowErrno   profile.Code = "systemd-errno-allowed"
	numberCode   profile.Code = "systemd-error-number"
	removesCode  profile.Code = "systemd-removes-nothing"
	archCode     profile.Code = "systemd-arch"
	foreignArch  profile.Code = "systemd-foreign-arch"
	noArch       profile.Code = "systemd-no-arch"
	versionCode  profile.Code = "systemd-version"
	targetCode   profile.Code = "systemd-target"
	writeCode    profile.Code = "systemd-write"
	multiplexing profile.Code = "systemd-multiplexer"
)

// codes are all of them with what they stand for, in alphabetical order.
var codes = []document.Code{
	{Code: absentCode, Meaning: "a name that none of the target's ABIs has"},
	{Code: archCode, Meaning: "an unknown architecture: systemd skips it"},
	{Code: errnoCode, Meaning: "no errno behind a name: systemd skips the name"},
	{Code: allowErrno, Meaning: "an errno behind a name that is allowed: systemd skips the name"},
	{Code: numberCode, Meaning: "SystemCallErrorNumber= is no errno: systemd does not look at it"},
	{Code: foreignArch, Meaning: "an architecture that the target's kernel does not run"},
	{Code: groupCode, Meaning: "a set that systemd does not have: an error where skipping it lets more through, as systemd does"},
	{Code: lineCode, Meaning: "a line that is no setting, which systemd does not look at"},
	{Code: multiplexing, Meaning: "socketcall or ipc let calls through that the list denies"},
	{Code: noArch, Meaning: "an ABI that systemd has no word for, on which it installs no filter"},
	{Code: nothingCode, Meaning: "no system call filter: systemd runs the unit without one"},
	{Code: otherCode, Meaning: "another setting that filters system calls, which is not looked at"},
	{Code: removesCode, Meaning: "a name without ~ in a list that denies, which does not have it: it allows nothing else"},
	{Code: sectionCode, Meaning: "a setting outside of a section, which systemd does not look at"},
	{Code: settingCode, Meaning: "an unknown setting about system calls"},
	{Code: syscallCode, Meaning: "a name that no ABI has: an error where skipping it lets more through, as systemd does"},
	{Code: targetCode, Meaning: "a target that is no ABI"},
	{Code: versionCode, Meaning: "a version of systemd whose sets are not known"},
	{Code: writeCode, Meaning: "write is denied: systemd allows it where its own set-up needs it after the filter"},
}
