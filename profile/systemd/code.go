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

var meanings = map[profile.Code]string{
	sectionCode:  "a setting outside of a section, which systemd does not look at",
	lineCode:     "a line that is no setting, which systemd does not look at",
	settingCode:  "an unknown setting about system calls",
	otherCode:    "another setting that filters system calls, which is not looked at",
	nothingCode:  "no system call filter: systemd runs the unit without one",
	syscallCode:  "a name that no ABI has: an error where skipping it lets more through, as systemd does",
	absentCode:   "a name that none of the target's ABIs has",
	groupCode:    "a set that systemd does not have: an error where skipping it lets more through, as systemd does",
	errnoCode:    "no errno behind a name: systemd skips the name",
	allowErrno:   "an errno behind a name that is allowed: systemd skips the name",
	numberCode:   "SystemCallErrorNumber= is no errno: systemd does not look at it",
	removesCode:  "a name without ~ in a list that denies, which does not have it: it allows nothing else",
	archCode:     "an unknown architecture: systemd skips it",
	foreignArch:  "an architecture that the target's kernel does not run",
	noArch:       "an ABI that systemd has no word for, on which it installs no filter",
	versionCode:  "a version of systemd whose sets are not known",
	targetCode:   "a target that is no ABI",
	writeCode:    "write is denied: systemd allows it where its own set-up needs it after the filter",
	multiplexing: "socketcall or ipc let calls through that the list denies",
}

// Codes are the codes of this package's own diagnostics, in alphabetical order.
func Codes() []profile.Code { return document.Codes(meanings) }

// Meaning is what a code of this package stands for; empty for any other.
func Meaning(c profile.Code) string { return meanings[c] }
